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
// work is called by several goroutines at once and keeps nothing of the line; tell by one. It ends with ctx, with an
// error of tell, and with a line that is too long.
func Lines[T any](ctx context.Context, in io.Reader, work func(line []byte) T, tell func(no int, t T) error) error {
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
		for _, t := range all(room[:n], work) {
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

// all works a batch out on every processor.
func all[T any](lines [][]byte, work func([]byte) T) []T {
	out := make([]T, len(lines))
	var workers sync.WaitGroup
	n := runtime.GOMAXPROCS(0)
	for worker := range n {
		workers.Go(func() {
			for i := worker; i < len(lines); i += n {
				out[i] = work(lines[i])
			}
		})
	}
	workers.Wait()
	return out
}
