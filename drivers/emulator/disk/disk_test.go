package disk

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

const sectors = 64

// fresh gives a disk that writes single sectors whole, if nothing else is said: the hardest one.
func fresh(t testing.TB, o Options) *Disk {
	t.Helper()
	o.Atomic = cmp.Or(o.Atomic, SectorSize)
	d, err := New(NewMemory(sectors*SectorSize, nil), sectors*SectorSize, o)
	must(t, err)
	return d
}

// content is a sector that says which write made it.
func content(write int) []byte {
	return bytes.Repeat(fmt.Appendf(nil, "write %9d\n", write), SectorSize/16)
}

// writeOf tells from a sector which write made it, 0 for none.
func writeOf(t testing.TB, sector []byte) (write int) {
	t.Helper()
	if bytes.Equal(sector, make([]byte, SectorSize)) {
		return 0
	}
	_, err := fmt.Sscanf(string(sector[:16]), "write %d\n", &write)
	must(t, err)
	if !bytes.Equal(sector, content(write)) {
		t.Fatalf("a sector is torn: %q", sector)
	}
	return write
}

// found is which write is found in each sector.
func found(t testing.TB, d *Disk) (writes [sectors]int) {
	t.Helper()
	b := make([]byte, sectors*SectorSize)
	must(t, d.read(0, b))
	for s := range writes {
		writes[s] = writeOf(t, b[s*SectorSize:][:SectorSize])
	}
	return writes
}

// history writes and flushes at random and gives for each sector the writes that a cut may leave there, and the last one.
func history(t testing.TB, d *Disk, seed uint64) (allowed [sectors][]int, last [sectors]int) {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 1))
	for s := range allowed {
		allowed[s] = []int{0}
	}
	for write := 1; write <= 40; write++ {
		first, n := r.IntN(sectors), 1+r.IntN(8)
		n = min(n, sectors-first)
		forced := r.IntN(5) == 0
		must(t, d.write(int64(first)*SectorSize, bytes.Repeat(content(write), n), forced))
		for s := first; s < first+n; s++ {
			last[s] = write
			if forced {
				allowed[s] = nil
			}
			allowed[s] = append(allowed[s], write)
		}
		if r.IntN(8) == 0 {
			must(t, d.flush())
			for s := range allowed {
				allowed[s] = allowed[s][len(allowed[s])-1:]
			}
		}
	}
	return allowed, last
}

func TestACutLeavesInEachSectorWhatWasFlushedOrALaterWrite(t *testing.T) {
	seen := map[Way]int{}
	for seed := range uint64(600) {
		d := fresh(t, Options{})
		allowed, last := history(t, d, seed)
		if found(t, d) != last {
			t.Fatalf("seed %d: before the cut the disk reads otherwise than it was written", seed)
		}
		cached := d.Unflushed()
		loss, err := d.Cut(seed)
		must(t, err)
		lost := 0
		for s, write := range found(t, d) {
			if !slices.Contains(allowed[s], write) {
				t.Fatalf("seed %d, %s: sector %d holds write %d, want one of %v", seed, loss.Way, s, write, allowed[s])
			}
			if write != last[s] {
				lost++
			}
		}
		if loss.Cached != cached || loss.Lost != lost || d.Unflushed() != 0 {
			t.Fatalf("seed %d: told %+v; %d sectors were cached, %d are lost, %d are cached now", seed, loss, cached, lost, d.Unflushed())
		}
		if lost > 0 {
			seen[loss.Way]++
		}
	}
	for _, w := range ways {
		if seen[w] < 20 {
			t.Errorf("%q lost something in %d of 600 cuts: too few to prove anything", w, seen[w])
		}
	}
}

func TestTheSameSeedLeavesTheSameDisk(t *testing.T) {
	for seed := range uint64(30) {
		one, two := fresh(t, Options{}), fresh(t, Options{})
		history(t, one, seed)
		history(t, two, seed)
		first, err := one.Cut(seed)
		must(t, err)
		second, err := two.Cut(seed)
		must(t, err)
		if first != second || found(t, one) != found(t, two) {
			t.Errorf("seed %d: %+v and %+v", seed, first, second)
		}
	}
}

// Each way is looked at for what makes it dangerous.
func TestEachWayLosesInItsOwnWay(t *testing.T) {
	overwritten, torn, behind := 0, 0, 0
	for seed := range uint64(400) {
		d := fresh(t, Options{})
		for write := 1; write <= 8; write++ { // write n to four sectors from 4n on, and always to sector 0
			must(t, d.write(0, content(write), false))
			must(t, d.write(int64(write)*4*SectorSize, bytes.Repeat(content(write), 4), false))
		}
		loss, err := d.Cut(seed)
		must(t, err)
		there := found(t, d)
		if loss.Way == Scattered && there[0] != 0 && there[0] != 8 {
			overwritten++
		}
		missing, gap := 0, false
		for write := 1; write <= 8; write++ {
			n := 0
			for _, w := range there[write*4 : write*4+4] {
				if w == write {
					n++
				}
			}
			if n == 4 && gap {
				behind++
				if loss.Way == InOrder {
					t.Errorf("seed %d: write %d is there, and one before it is not", seed, write)
				}
			}
			gap = gap || n < 4
			missing += 4 - n
			if n%4 != 0 && loss.Way == InOrder {
				torn++
			}
			if n%4 != 0 && (loss.Way == Shuffled || loss.Way == OneLost || loss.Way == AllLost) {
				t.Errorf("seed %d: %s left %d of 4 sectors of a write", seed, loss.Way, n)
			}
		}
		if loss.Way == AllLost && missing != 32 || loss.Way == OneUnit && missing > 1 || loss.Way == OneLost && missing > 4 {
			t.Errorf("seed %d: %s lost %d of 32 sectors", seed, loss.Way, missing)
		}
	}
	if overwritten == 0 || torn == 0 || behind == 0 {
		t.Errorf("in 400 cuts %d sectors held an older write, %d writes were torn, %d were there before earlier ones", overwritten, torn, behind)
	}
}

func TestWhatIsWrittenAtOnceIsNotTorn(t *testing.T) {
	lost := 0
	for seed := range uint64(300) {
		d := fresh(t, Options{Atomic: 4 * SectorSize})
		r := rand.New(rand.NewPCG(seed, 9))
		for write := 1; write <= 20; write++ {
			units := 1 + r.IntN(3)
			first := 4 * r.IntN(sectors/4-units+1)
			must(t, d.write(int64(first)*SectorSize, bytes.Repeat(content(write), 4*units), false))
		}
		loss, err := d.Cut(seed)
		must(t, err)
		lost += loss.Lost
		there := found(t, d)
		for s := 0; s < sectors; s += 4 {
			if there[s] != there[s+1] || there[s] != there[s+2] || there[s] != there[s+3] {
				t.Fatalf("seed %d, %s: the unit at %d is torn: %v", seed, loss.Way, s, there[s:s+4])
			}
		}
	}
	if lost == 0 {
		t.Error("nothing was lost in 300 cuts")
	}
}

func TestADiskThatIgnoresFlushesLosesWhatWasFlushed(t *testing.T) {
	lost := 0
	for seed := range uint64(20) {
		d := fresh(t, Options{IgnoreFlush: true})
		must(t, d.write(0, content(1), true))
		must(t, d.flush())
		_, err := d.Cut(seed)
		must(t, err)
		if found(t, d)[0] == 0 {
			lost++
		}
	}
	if lost == 0 {
		t.Error("nothing was lost in 20 cuts")
	}
}

func TestACacheKeepsToItsBoundsAndLosesNothingByIt(t *testing.T) {
	for _, lies := range []bool{false, true} {
		d := fresh(t, Options{Cache: 10, IgnoreFlush: lies})
		_, last := history(t, d, 5)
		if d.cache.held > 10 {
			t.Errorf("the cache holds %d versions, at most 10", d.cache.held)
		}
		if found(t, d) != last {
			t.Error("the disk reads otherwise than it was written")
		}
		must(t, d.settle(d.cache.last))
		if d.cache.held != 0 || found(t, d) != last {
			t.Errorf("written out, the cache holds %d versions and the disk is as it was: %v", d.cache.held, found(t, d) == last)
		}
	}
}

func TestAMemoryLeavesItsBaseAlone(t *testing.T) {
	base := bytes.Repeat([]byte("base"), 50_000) // ends within the fourth page
	before := bytes.Clone(base)
	m := NewMemory(300_000, bytes.NewReader(base))
	want := append(bytes.Clone(base), make([]byte, 100_000)...)
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		at, n := r.IntN(len(want)), r.IntN(100_000)
		n = min(n, len(want)-at)
		for i := range n {
			want[at+i] = byte(r.Uint32())
		}
		_, err := m.WriteAt(want[at:at+n], int64(at))
		must(t, err)
		at = r.IntN(len(want))
		b := make([]byte, r.IntN(len(want)-at))
		if n, err := m.ReadAt(b, int64(at)); n != len(b) || err != nil {
			t.Fatalf("read %d bytes at %d: %d, %v", len(b), at, n, err)
		}
		if !bytes.Equal(b, want[at:at+len(b)]) {
			t.Fatalf("%d bytes at %d are not what was written", len(b), at)
		}
	}
	if !bytes.Equal(base, before) {
		t.Error("the base has changed")
	}
	if n, err := m.ReadAt(make([]byte, 10), 299_995); n != 5 || err != io.EOF {
		t.Errorf("at the end: %d, %v", n, err)
	}
	if _, err := m.WriteAt(make([]byte, 10), 299_995); err == nil {
		t.Error("written over the end")
	}
}

func TestADiskIsMadeOfWholeSectors(t *testing.T) {
	for _, size := range []int64{-512, 0, 511, 513} {
		if _, err := New(NewMemory(1024, nil), size, Options{}); err == nil {
			t.Errorf("a disk of %d bytes", size)
		}
	}
	for _, atomic := range []int{-512, 100, 513} {
		if _, err := New(NewMemory(1024, nil), 1024, Options{Atomic: atomic}); err == nil {
			t.Errorf("a disk that writes %d bytes at once", atomic)
		}
	}
}

// served gives the address of a socket on which the disk is served until the test ends.
func served(t testing.TB, d *Disk) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "nbd")
	l, err := net.Listen("unix", path)
	must(t, err)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- d.Serve(ctx, l) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(path); err == nil {
			t.Error("the socket is left behind")
		}
	})
	return path
}

func TestACutEndsTheUseAndTheNextUserFindsWhatSurvived(t *testing.T) {
	d := fresh(t, Options{})
	path := served(t, d)
	u := dial(t, path)
	u.want(request{command: cmdWrite, offset: 0, length: SectorSize}, content(1), 0, nil)
	u.want(request{command: cmdFlush}, nil, 0, nil)
	u.want(request{command: cmdWrite, offset: SectorSize, length: SectorSize}, content(2), 0, nil)
	seed := uint64(0)
	for ways[rand.New(rand.NewPCG(seed, 0x6e6264)).IntN(len(ways))] != AllLost {
		seed++
	}
	loss, err := d.Cut(seed)
	must(t, err)
	if loss != (Loss{AllLost, 1, 1, 1}) {
		t.Errorf("%+v", loss)
	}
	if n, err := u.Read(make([]byte, 1)); err != io.EOF {
		t.Errorf("after the cut a user reads %d bytes, %v", n, err)
	}
	u = dial(t, path)
	u.want(request{command: cmdRead, length: 2 * SectorSize}, nil, 0, append(content(1), make([]byte, SectorSize)...))
}

// A request that was on its way when the power went must not reach the disk of the next life.
func TestNothingIsWrittenByAUserFromBeforeTheCut(t *testing.T) {
	d := fresh(t, Options{})
	late := newUser(t, request{command: cmdWrite, length: SectorSize}, content(7))
	_, err := d.Cut(1)
	must(t, err)
	if err := d.talk(late, 0); err != errCut {
		t.Errorf("%v, want %v", err, errCut)
	}
	if found(t, d)[0] != 0 {
		t.Error("it was written")
	}
}

func TestPowerThatFailsLeavesARequestUndoneAndUnanswered(t *testing.T) {
	d := fresh(t, Options{})
	path := served(t, d)
	u := dial(t, path)
	d.FailAfter(2, false)
	failed := d.Failed()
	u.want(request{command: cmdWrite, length: SectorSize}, content(1), 0, nil)
	u.want(request{command: cmdRead, length: SectorSize}, nil, 0, content(1))
	u.want(request{command: cmdFlush}, nil, 0, nil)
	select {
	case <-failed:
		t.Fatal("the power failed too early")
	default:
	}
	for range 2 {
		_, err := u.Write(append(request{command: cmdWrite, length: SectorSize}.wire(), content(2)...))
		must(t, err)
	}
	<-failed
	d.FailAfter(0, false) // it cannot fail twice
	for _, q := range []request{{command: cmdFlush}, {command: cmdRead, length: SectorSize}} {
		if err := d.talk(newUser(t, q, nil), 0); err != errFailed {
			t.Errorf("the next user is answered: %v", err)
		}
	}
	if found(t, d)[0] != 1 {
		t.Error("the request was carried out")
	}
	answered := make(chan error, 1)
	go func() { _, err := u.Read(make([]byte, 1)); answered <- err }()
	if loss, err := d.Cut(1); err != nil || loss.Cached != 0 {
		t.Errorf("%+v, %v", loss, err)
	}
	if err := <-answered; err != io.EOF {
		t.Errorf("the user hears %v", err)
	}
	u = dial(t, path)
	u.want(request{command: cmdWrite, length: SectorSize}, content(3), 0, nil)
	u.want(request{command: cmdFlush}, nil, 0, nil)
	select {
	case <-d.Failed():
		t.Error("it has failed in the next life")
	default:
	}
}

func TestPowerThatFailsAtAFlushFailsWithTheCacheFull(t *testing.T) {
	for _, last := range []request{{command: cmdFlush}, {command: cmdWrite, flags: flagFUA, length: SectorSize}} {
		d := fresh(t, Options{})
		d.FailAfter(1, true)
		write := request{command: cmdWrite, length: SectorSize}
		for n := 1; n <= 3; n++ {
			if err := d.during(0, write, func() error { return d.write(int64(n)*SectorSize, content(n), false) }); err != nil {
				t.Errorf("write %d: %v", n, err)
			}
		}
		if err := d.during(0, last, func() error { t.Error("it was carried out"); return nil }); err != errFailed {
			t.Errorf("%v, want %v", err, errFailed)
		}
		if n := d.Unflushed(); n != 3 {
			t.Errorf("%d sectors at stake, want 3", n)
		}
	}
}

func TestStatsCountWhatWasAsked(t *testing.T) {
	d := fresh(t, Options{})
	u := dial(t, served(t, d))
	u.want(request{command: cmdWrite, flags: flagFUA, length: SectorSize}, content(1), 0, nil)
	u.want(request{command: cmdWrite, length: SectorSize}, content(2), 0, nil)
	if n := d.Unflushed(); n != 1 {
		t.Errorf("%d sectors unflushed", n)
	}
	u.want(request{command: cmdFlush}, nil, 0, nil)
	u.want(request{command: cmdRead, length: SectorSize}, nil, 0, content(2))
	if s := d.Stats(); s != (Stats{Reads: 1, Writes: 2, Flushes: 1, Forced: 1}) {
		t.Errorf("%+v", s)
	}
}
