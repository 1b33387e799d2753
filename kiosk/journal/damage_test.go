package journal

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
)

// lines are a journal's records with their ends.
func lines(b []byte) [][]byte { return slices.Collect(bytes.Lines(b)) }

func fault(t testing.TB, b []byte, heads ...HeadSeen) *Fault {
	t.Helper()
	_, err := Verify(bytes.NewReader(b), heads, nil)
	var f *Fault
	if err != nil && !errors.As(err, &f) {
		t.Fatal(err)
	}
	return f
}

func TestVerifyNamesTheDamageAndWhereItIs(t *testing.T) {
	b, head := kept(t, Config{})
	all := lines(b)
	at := func(no int) int64 { return int64(len(bytes.Join(all[:no-1], nil))) }
	join := func(parts ...[][]byte) []byte { return bytes.Join(slices.Concat(parts...), nil) }
	other, _ := kept(t, Config{Digest: "sha-256"})
	forged := bytes.Clone(b)
	forged[at(6)+70]++
	for name, c := range map[string]struct {
		journal []byte
		want    *Fault
	}{
		"nothing done":           {b, nil},
		"one byte changed":       {forged, &Fault{Changed, 6, at(6)}},
		"one record removed":     {join(all[:4], all[5:]), &Fault{Removed, 5, at(5)}},
		"the first one removed":  {join(all[1:]), &Fault{Removed, 1, 0}},
		"two records exchanged":  {join(all[:4], all[5:6], all[4:5], all[6:]), &Fault{Reordered, 5, at(5)}},
		"one record twice":       {join(all[:5], all[4:]), &Fault{Reordered, 6, at(6)}},
		"the end cut off":        {join(all[:20]), &Fault{Truncated, 21, at(21)}},
		"the end cut within one": {b[:at(21)+9], &Fault{Truncated, 21, at(21)}},
		"all of it gone":         {nil, &Fault{Truncated, 1, 0}},
		"another journal":        {other, &Fault{Rewritten, head.No, 0}},
	} {
		got := fault(t, c.journal, seen(t, head))
		if name == "another journal" && got != nil {
			got.Offset = 0
		}
		if fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// TestNoPowerCutRaisesAFalseAlarm leaves the last record at every length it can have, and with zeros for each block of
// it that did not reach the disk: what was told to be written before is all there, and the journal goes on.
func TestNoPowerCutRaisesAFalseAlarm(t *testing.T) {
	b, _ := kept(t, Config{})
	all := lines(b)
	last := all[len(all)-1]
	rest := b[:len(b)-len(last)]
	s, err := Read(bytes.NewReader(rest), nil)
	must(t, err)
	before := seen(t, s.Head)
	var cuts [][]byte
	for n := range last {
		cuts = append(cuts, last[:n])
		zeros := bytes.Clone(last)
		clear(zeros[:n+1])
		cuts = append(cuts, zeros)
		zeros = bytes.Clone(last)
		clear(zeros[n:])
		cuts = append(cuts, zeros)
	}
	dir := t.TempDir()
	for n, cut := range cuts {
		left := slices.Concat(rest, cut)
		s, err := Verify(bytes.NewReader(left), []HeadSeen{before}, nil)
		if err != nil || s.Torn != int64(len(cut)) {
			t.Fatalf("%q: torn %d, error %v", cut, s.Torn, err)
		}
		if n%20 > 0 { // opening flushes: some are enough
			continue
		}
		must(t, os.WriteFile(path(dir), left, 0o600))
		j := reopen(t, dir, Config{})
		var started Record
		s, err = j.Read(func(r Record) { started = r })
		must(t, err)
		if e, ok := started.Event.(DaemonStarted); !ok || int(e.Torn) != len(cut) || s.Torn != 0 || s.Head != j.Head() || s.Head.No != before.No+1 {
			t.Fatalf("after a cut at %d bytes: %+v, story %+v", len(cut), started, s)
		}
		must(t, j.closeFile())
	}
}

// TestATornRecordBeforeOthersIsDamage: no power cut leaves that.
func TestATornRecordBeforeOthersIsDamage(t *testing.T) {
	b, _ := kept(t, Config{})
	all := lines(b)
	zeros := slices.Concat(bytes.Join(all[:9], nil), make([]byte, len(all[9])-1), []byte("\n"), bytes.Join(all[10:], nil))
	if f := fault(t, zeros); f == nil || f.No != 10 {
		t.Errorf("fault %v, want one at record 10", f)
	}
	long := slices.Concat(b, make([]byte, maxLine+1))
	if f := fault(t, long); f == nil {
		t.Error("a tail longer than a record is taken for one half written")
	}
}

// TestNoMutationPassesVerify changes journals at random in every way somebody could, and more than once: verify against
// the head finds each, and names no record after the first that is not as it was written.
func TestNoMutationPassesVerify(t *testing.T) {
	b, head := kept(t, Config{})
	heads := []HeadSeen{seen(t, head)}
	random := rand.New(rand.NewPCG(6, 2))
	for n := range 20_000 {
		all := lines(bytes.Clone(b))
		for range 1 + random.IntN(3) {
			all = mutate(random, all)
		}
		changed := bytes.Join(all, nil)
		if bytes.HasPrefix(changed, b) && !bytes.ContainsRune(changed[len(b):], '\n') {
			continue // undone, or a tail that a power cut could leave
		}
		same := 0
		for same < min(len(b), len(changed)) && b[same] == changed[same] {
			same++
		}
		first := 1 + bytes.Count(b[:same], []byte("\n"))
		f := fault(t, changed, heads...)
		if f == nil || int(f.No) != first {
			t.Fatalf("mutation %d: fault %v, but record %d is the first that differs", n, f, first)
		}
	}
}

// mutate does one thing to the records; a record with its end is one of all.
func mutate(random *rand.Rand, all [][]byte) [][]byte {
	if len(all) == 0 {
		return all
	}
	i, k := random.IntN(len(all)), random.IntN(len(all))
	at := random.IntN(len(all[i]))
	switch random.IntN(6) {
	case 0:
		return slices.Delete(all, i, i+1)
	case 1:
		all[i], all[k] = all[k], all[i]
	case 2:
		all[i] = bytes.Clone(all[i])
		all[i][at] ^= 1 << random.IntN(8)
	case 3:
		return slices.Insert(all, i, all[k])
	case 4:
		all[i] = slices.Delete(bytes.Clone(all[i]), at, min(at+1+random.IntN(5), len(all[i])))
		if len(all[i]) == 0 {
			return slices.Delete(all, i, i+1)
		}
	case 5:
		return all[:i]
	}
	return all
}

// FuzzRead: no bytes make the reader fall; and what it finds sound goes on soundly.
func FuzzRead(f *testing.F) {
	b, _ := kept(f, Config{})
	all := lines(b)
	few := bytes.Join(all[:4], nil) // long inputs take the fuzzer its time to shorten
	f.Add(few)
	f.Add(few[:len(few)-7])
	f.Add(bytes.Join(all[1:3], nil))
	f.Add([]byte{})
	f.Add(bytes.Repeat([]byte{0}, 9))
	f.Fuzz(func(t *testing.T, b []byte) {
		var last uint32
		s, err := Read(bytes.NewReader(b), func(r Record) {
			if r.No != last+1 {
				t.Errorf("record %d after %d", r.No, last)
			}
			last = r.No
		})
		if s.Head.No != last || s.Size+s.Torn > int64(len(b)) || err == nil && s.Size+s.Torn != int64(len(b)) {
			t.Errorf("story %+v of %d bytes, %d records, error %v", s, len(b), last, err)
		}
		if err != nil || last == 0 {
			return
		}
		l, next, err := line(s.digest, s.Head, moment(), DaemonStopped{})
		must(t, err)
		again, err := Read(bytes.NewReader(slices.Concat(b[:s.Size], l)), nil)
		if err != nil || again.Head != next {
			t.Errorf("one record more: %+v, error %v", again, err)
		}
	})
}
