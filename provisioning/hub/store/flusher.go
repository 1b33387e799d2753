package store

import (
	"errors"
	"os"
)

// flushEvery is how many bytes of a part are written before their flush begins, beside the writing of those that follow:
// the disk works while the line does, and what a power cut takes back of a long piece stays small.
const flushEvery = 4 << 20

// flusher writes to the end of a file and flushes what it wrote. It is one writer's.
type flusher struct {
	file    *os.File
	dirty   int64      // bytes since the last flush began
	running chan error // of the flush that is under way; nil if none is
	failed  error      // of an earlier one
}

func (f *flusher) Write(b []byte) (int, error) {
	n, err := f.file.Write(b)
	f.dirty += int64(n)
	if err == nil && f.dirty >= flushEvery {
		f.flush()
	}
	return n, err
}

// flush starts one beside what follows, unless one is still under way: the line is not held up.
func (f *flusher) flush() {
	if f.running != nil {
		select {
		case err := <-f.running:
			f.failed = errors.Join(f.failed, err)
		default:
			return
		}
	}
	f.dirty, f.running = 0, make(chan error, 1)
	go func(ended chan<- error) { ended <- fdatasync(f.file) }(f.running)
}

// end answers nil when everything that was written survives a power cut. A flush that failed says so once, so none is
// left unheard.
func (f *flusher) end() error {
	if f.running != nil {
		f.failed = errors.Join(f.failed, <-f.running)
	}
	return errors.Join(f.failed, fdatasync(f.file))
}
