package outbox

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// bare does the least that a file needs to last: write, flush, rename, flush the folder.
func bare(dir, name string, parts [][]byte) error {
	f, err := os.Create(filepath.Join(dir, name+tmpSuffix))
	if err != nil {
		return err
	}
	for _, p := range parts {
		if _, err := f.Write(p); err != nil {
			return errors.Join(err, f.Close())
		}
	}
	if err := errors.Join(syncData(f), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), filepath.Join(dir, name)); err != nil {
		return err
	}
	return syncFolder(dir)
}

// BenchmarkPut keeps 16 MB. The peer, in turn with it, is the bare file.
func BenchmarkPut(b *testing.B) {
	o, err := Open(b.Context(), b.TempDir(), quick(), quiet())
	if err != nil {
		b.Fatal(err)
	}
	defer o.Close()
	beside := b.TempDir()
	it := Item{Kind: "application", List: []byte("list"), Signature: []byte("signature"), Parts: make([][]byte, 16)}
	for i := range it.Parts {
		it.Parts[i] = make([]byte, 1<<20)
	}
	b.SetBytes(16 << 20)
	var peer time.Duration
	for n := 0; b.Loop(); n++ {
		b.StopTimer()
		it.ID = fmt.Sprintf("%026d", n)
		begun := time.Now()
		if err := bare(beside, it.ID, it.Parts); err != nil {
			b.Fatal(err)
		}
		peer += time.Since(begun)
		b.StartTimer()
		if err := o.Put(b.Context(), it); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		if err := errors.Join(os.Remove(filepath.Join(beside, it.ID)), os.Remove(o.path(it.ID))); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
	b.ReportMetric(float64(b.Elapsed())/float64(peer), "x-bare-file")
}
