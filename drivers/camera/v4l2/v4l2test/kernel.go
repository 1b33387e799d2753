package v4l2test

import (
	"slices"
	"sync"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Kernel has video nodes. The zero Kernel has none.
type Kernel struct {
	mu      sync.Mutex
	nodes   map[string]*Camera
	files   []*file // by descriptor; nil once closed
	mapped  int
	changed chan struct{} // closed, and replaced, when a wait may be over
}

// file is one opening of a node.
type file struct {
	camera *Camera
	path   string
	gone   bool
	queue
}

// Plug makes a camera appear at a path.
func (k *Kernel) Plug(path string, c *Camera) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.nodes == nil {
		k.nodes = map[string]*Camera{}
	}
	k.nodes[path] = c
}

// Unplug takes the camera at a path away, also from those who have it open.
func (k *Kernel) Unplug(path string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if c := k.nodes[path]; c != nil {
		c.forget()
	}
	delete(k.nodes, path)
	for _, f := range k.files {
		if f != nil && f.path == path {
			f.gone = true
		}
	}
	k.stir()
}

// Held counts the descriptors and the mappings that have not been given back.
func (k *Kernel) Held() (open, mapped int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, f := range k.files {
		if f != nil {
			open++
		}
	}
	return open, k.mapped
}

// stir ends all waits for a new look.
func (k *Kernel) stir() {
	if k.changed != nil {
		close(k.changed)
	}
	k.changed = make(chan struct{})
}

// Open implements v4l2.Kernel.
func (k *Kernel) Open(path string) (int, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	c := k.nodes[path]
	if c == nil {
		return -1, unix.ENOENT
	}
	if errno := c.refuses("open", queue{}); errno != 0 {
		return -1, errno
	}
	k.files = append(k.files, &file{camera: c, path: path})
	return len(k.files) - 1, nil
}

// Close implements v4l2.Kernel.
func (k *Kernel) Close(fd int) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.files[fd] = nil
	return nil
}

// Mmap implements v4l2.Kernel.
func (k *Kernel) Mmap(fd int, offset int64, length int) ([]byte, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	f := k.files[fd]
	i := int(offset / pageSize)
	if i >= len(f.buffers) || offset%pageSize != 0 || length != len(f.buffers[i].mem) {
		return nil, unix.EINVAL
	}
	k.mapped++
	return f.buffers[i].mem, nil
}

// Munmap implements v4l2.Kernel.
func (k *Kernel) Munmap([]byte) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.mapped--
	return nil
}

// Monotonic implements v4l2.Kernel.
func (k *Kernel) Monotonic() time.Duration { return monotonic(time.Now()) }

func monotonic(t time.Time) time.Duration { return time.Duration(t.UnixNano() % int64(1000*time.Hour)) }

// Poll implements v4l2.Kernel.
func (k *Kernel) Poll(fd int, wait time.Duration) (bool, error) {
	end := time.Now().Add(wait)
	for {
		k.mu.Lock()
		if k.changed == nil {
			k.changed = make(chan struct{})
		}
		f, changed, now := k.files[fd], k.changed, time.Now()
		f.advance(f.camera, now)
		// POLLERR and POLLHUP for a node that is gone or sends nothing, POLLIN for a picture.
		ready := f.gone || !f.streaming || slices.ContainsFunc(f.buffers, func(b *frame) bool { return b.done })
		due := f.due(f.camera)
		k.mu.Unlock()
		if ready || !now.Before(end) {
			return ready, nil
		}
		sleep := end.Sub(now)
		if !due.IsZero() {
			sleep = min(sleep, due.Sub(now))
		}
		select {
		case <-time.After(sleep):
		case <-changed:
		}
	}
}

// Ioctl implements v4l2.Kernel.
func (k *Kernel) Ioctl(fd int, request uint32, arg unsafe.Pointer) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	name, known := requests[request]
	if !known {
		return unix.ENOTTY
	}
	f := k.files[fd]
	if f.gone {
		return unix.ENODEV
	}
	if errno := f.camera.refuses(name, f.queue); errno != 0 {
		return errno
	}
	size := request >> 16 & 0x3FFF
	if errno := k.answer(f, name, message(unsafe.Slice((*byte)(arg), size))); errno != 0 {
		return errno
	}
	return nil
}

func (c *Camera) refuses(request string, q queue) unix.Errno {
	if c.Refuse == nil {
		return 0
	}
	return c.Refuse(request, q.size)
}
