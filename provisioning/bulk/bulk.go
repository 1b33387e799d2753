// Package bulk takes files of a household a line (NDJSON) through a reckoning: on every processor, in the order of the
// lines, and with one batch in memory however long the file is.
package bulk

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"runtime"
	"sync"
)

// batch is how many lines are in memory at once; longest bounds one, in bytes.
const (
	batch   = 512
	longest = 1 << 20
)

// Lines works every line of in out and gives tell what came of each, in the order of the lines, with its number from 1.
// worker is called once for each goroutine that works; what it gives is that goroutine's own and keeps nothing of the
// line. tell is called by one. It ends with ctx, with an error of tell, and with a line that is too long.
func Lines[T any](ctx context.Context, in io.Reader, worker func() func(line []byte) T, tell func(no int, t T) error) error {
	crew := make([]func([]byte) T, runtime.GOMAXPROCS(0))
	for i := range crew {
		crew[i] = worker()
	}
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 64<<10), longest)
	no, room := 0, make([][]byte, batch)
	for more := true; more; {
		n := 0
		for n < batch {
			if more = lines.Scan(); !more {
				break
			}
			room[n] = append(room[n][:0], lines.Bytes()...)
			n++
		}
		for _, t := range all(room[:n], crew) {
			no++
			if err := tell(no, t); err != nil {
				return err
			}
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("line %d: %w", no+1, err)
	}
	return nil
}

// all works a batch out, every n-th line by one of the n workers.
func all[T any](lines [][]byte, crew []func([]byte) T) []T {
	out := make([]T, len(lines))
	var working sync.WaitGroup
	for first, work := range crew {
		working.Go(func() {
			for i := first; i < len(lines); i += len(crew) {
				out[i] = work(lines[i])
			}
		})
	}
	working.Wait()
	return out
}
