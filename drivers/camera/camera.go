// Package camera takes frames from a camera, on the USB or as a motion JPEG stream over HTTP, and shares them among all who
// look.
package camera

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"yimen/drivers/device"
	"yimen/drivers/gauge"
)

const (
	retryPause = time.Second
	// frozen is how long a stream may bring no whole picture before it is opened anew (firmware-notes/mjpeg-http "Known troubles").
	frozen = 2 * time.Second
)

// Source is where a camera's frames come from: HTTP or V4L2.
type Source interface {
	fmt.Stringer
	// stream opens the camera once and takes frames from it until it is lost, which is always an error, or ctx ends.
	stream(ctx context.Context, c *Camera) error
}

// Camera is one camera. Run must be running for the frames to come; all methods may be called from any goroutine.
type Camera struct {
	id     device.ID
	source Source
	log    *slog.Logger
	gauge  *gauge.Gauge

	live, still shelf
	wake        chan struct{} // tells a source that rests of somebody who waits
}

// New makes the camera known as id whose frames come from source.
func New(id device.ID, source Source, log *slog.Logger) *Camera {
	return &Camera{
		id: id, source: source, log: log.With("device", id, "source", source),
		gauge: gauge.New(device.Status{State: device.Starting}),
		live:  shelf{fresh: make(chan struct{})}, still: shelf{fresh: make(chan struct{})},
		wake: make(chan struct{}, 1),
	}
}

// Status is how the camera was last seen.
func (c *Camera) Status() device.Status { return c.gauge.Status() }

// Watch has f called after each change of Status; f must not wait.
func (c *Camera) Watch(f func(device.Status)) { c.gauge.Watch(f) }

// Run keeps the camera open until ctx ends, and opens it anew when it was unplugged, cut or frozen.
func (c *Camera) Run(ctx context.Context) error {
	for {
		if err := c.source.stream(ctx, c); ctx.Err() == nil {
			c.log.Debug("stream missed", "err", err)
			c.gauge.Miss(missed(err))
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(retryPause):
		}
	}
}

// missed keeps the whole error as the cause, since it may tell a technician what to do.
func missed(err error) device.Status {
	switch {
	case errors.Is(err, device.ErrBusy):
		return device.Status{State: device.DeviceBusy, Cause: err}
	case errors.Is(err, device.ErrProtocol), errors.Is(err, device.ErrSilent):
		return device.Status{State: device.Offline, Cause: err}
	case errors.Is(err, device.ErrGone):
		return device.Status{State: device.NoDevice, Cause: err}
	}
	return device.Status{State: device.NoDevice, Cause: fmt.Errorf("%w: %w", device.ErrGone, err)}
}

// seen notes a whole frame.
func (c *Camera) seen() { c.gauge.Set(device.Status{State: device.Online}) }

// Next waits for a frame of the live picture whose first byte came after the given time. It gives up when ctx ends, and with
// a *device.Fault while the camera is away: around ErrGone, ErrSilent (the stream stands still), ErrBusy (another program
// has it, or the bus has no room for it) or ErrProtocol (it is no stream, or holds no whole picture).
func (c *Camera) Next(ctx context.Context, after time.Time) (device.Frame, error) {
	return c.take(ctx, &c.live, after)
}

// Still is Next for a frame to keep: in the camera's full size, and after its exposure has settled. While it is taken, a
// camera that has to change its size sends no live picture.
func (c *Camera) Still(ctx context.Context, after time.Time) (device.Frame, error) {
	return c.take(ctx, &c.still, after)
}

// Capture is Still for a frame that began after the call.
func (c *Camera) Capture(ctx context.Context) (device.Frame, error) { return c.Still(ctx, time.Now()) }

func (c *Camera) take(ctx context.Context, from *shelf, after time.Time) (device.Frame, error) {
	from.want(1)
	defer from.want(-1)
	select {
	case c.wake <- struct{}{}:
	default: // it knows
	}
	for {
		now, changed := c.gauge.Now()
		if now.State != device.Online && now.State != device.Starting {
			return device.Frame{}, c.fault(now.Cause)
		}
		frame, fresh := from.peek()
		if frame.At.After(after) {
			return frame, nil
		}
		select {
		case <-fresh:
		case <-changed:
		case <-ctx.Done():
			return device.Frame{}, c.fault(ctx.Err())
		}
	}
}

func (c *Camera) fault(err error) *device.Fault {
	return &device.Fault{Device: c.id, Op: "take picture", Err: err}
}

// shelf holds the latest frame for all who wait for one.
type shelf struct {
	mu     sync.Mutex
	wanted int // how many wait
	latest device.Frame
	fresh  chan struct{} // closed, and replaced, at each frame
}

func (s *shelf) want(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.wanted += n; s.wanted == 0 {
		s.latest = device.Frame{} // what lay under the camera is nobody's any more
	}
}

func (s *shelf) isWanted() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.wanted > 0
}

func (s *shelf) peek() (device.Frame, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.latest, s.fresh
}

// put lays a frame there, if somebody still waits. The frame's bytes are the shelf's from now on.
func (s *shelf) put(f device.Frame) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.wanted == 0 {
		return
	}
	s.latest = f
	close(s.fresh)
	s.fresh = make(chan struct{})
}

// awaited tells whether somebody waits for a live frame, if this is one, and for a still, if this is one to keep.
func (c *Camera) awaited(isLive, isStill bool) (live, still bool) {
	return isLive && c.live.isWanted(), isStill && c.still.isWanted()
}

// publish hands a frame to those who wait. Its bytes are theirs from now on.
func (c *Camera) publish(f device.Frame, live, still bool) {
	if live {
		c.live.put(f)
	}
	if still {
		c.still.put(f)
	}
}
