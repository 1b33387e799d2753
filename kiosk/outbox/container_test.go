package outbox

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func container(t testing.TB, it Item) []byte {
	t.Helper()
	var b bytes.Buffer
	size, err := writeSections(&b, it, time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC))
	if err != nil || size != int64(b.Len()) {
		t.Fatalf("size %d of %d, %v", size, b.Len(), err)
	}
	return b.Bytes()
}

func TestEveryFlippedBitOfAnEntryIsNoticed(t *testing.T) {
	it := item(1)
	it.Parts = [][]byte{[]byte("part"), {}}
	whole := container(t, it)
	for bit := range len(whole) * 8 {
		b := bytes.Clone(whole)
		b[bit/8] ^= 1 << (bit % 8)
		e, err := readEntry(bytes.NewReader(b), int64(len(b)))
		if err == nil {
			err = e.check()
		}
		if !errors.Is(err, errDamaged) {
			t.Errorf("bit %d: %v, want errDamaged", bit, err)
		}
	}
}

func TestEveryCutOfAnEntryIsNoticed(t *testing.T) {
	it := item(1)
	it.Parts = [][]byte{[]byte("part"), {}}
	whole := container(t, it)
	for size := range whole {
		if _, err := readEntry(bytes.NewReader(whole[:size]), int64(size)); !errors.Is(err, errDamaged) {
			t.Errorf("%d of %d bytes: %v, want errDamaged", size, len(whole), err)
		}
	}
	longer := append(bytes.Clone(whole), 0)
	if _, err := readEntry(bytes.NewReader(longer), int64(len(longer))); !errors.Is(err, errDamaged) {
		t.Errorf("one byte more: %v, want errDamaged", err)
	}
}

func TestPartsAreReadApartAndAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), item(1).ID+entrySuffix)
	if err := os.WriteFile(path, container(t, item(1)), 0o600); err != nil {
		t.Fatal(err)
	}
	e, err := openEntry(path)
	if err != nil {
		t.Fatal(err)
	}
	defer e.close()
	a, _, errA := e.Part(0)
	b, _, errB := e.Part(2)
	if err := errors.Join(errA, errB); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Seek(-4, io.SeekEnd); err != nil { // as a resumed upload does
		t.Fatal(err)
	}
	tail, err := io.ReadAll(b)
	if want := item(1).Parts[2]; err != nil || string(tail) != string(want[len(want)-4:]) {
		t.Errorf("tail %q, %v", tail, err)
	}
	if head, err := io.ReadAll(a); err != nil || !bytes.Equal(head, item(1).Parts[0]) {
		t.Errorf("part 0 after part 2: %q, %v", head, err)
	}
	for _, no := range []int{-1, 3} {
		if _, _, err := e.Part(no); err == nil {
			t.Errorf("part %d of three was given", no)
		}
	}
}

func FuzzReadEntry(f *testing.F) {
	whole := container(f, item(1))
	f.Add(whole)
	f.Add(whole[:40])
	f.Add([]byte(magic + "\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, b []byte) {
		e, err := readEntry(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			if !errors.Is(err, errDamaged) {
				t.Errorf("%v, want errDamaged", err)
			}
			return
		}
		total := len(e.List()) + len(e.Signature())
		for no := range e.index.Sections[2:] {
			r, size, err := e.Part(no)
			if err != nil {
				t.Fatal(err)
			}
			part, err := io.ReadAll(r)
			if err != nil || int64(len(part)) != size {
				t.Errorf("part %d: %d of %d bytes, %v", no, len(part), size, err)
			}
			total += len(part)
		}
		if total > len(b) {
			t.Errorf("%d bytes read out of %d", total, len(b))
		}
	})
}
