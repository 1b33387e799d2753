// Package camera takes frames from a camera that serves motion JPEG over HTTP, and shares the one stream among all who look.
package camera

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
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

// Camera is one camera. Run must be running for Next to give anything; all methods may be called from any goroutine.
type Camera struct {
	id    device.ID
	url   string
	log   *slog.Logger
	gauge *gauge.Gauge
	dial  func(ctx context.Context, network, addr string) (net.Conn, error) // as net.Dialer does

	mu     sync.Mutex
	wanted int // how many Next wait
	latest device.Frame
	fresh  chan struct{} // closed, and replaced, at each frame that was wanted
}

// New makes the camera known as id whose stream is at url.
func New(id device.ID, url string, log *slog.Logger) *Camera {
	return &Camera{
		id: id, url: url, log: log.With("device", id, "url", url),
		gauge: gauge.New(device.Status{State: device.Starting}),
		dial:  (&net.Dialer{Timeout: frozen}).DialContext,
		fresh: make(chan struct{}),
	}
}

// Status is how the stream was last seen.
func (c *Camera) Status() device.Status { return c.gauge.Status() }

// Watch has f called after each change of Status; f must not wait.
func (c *Camera) Watch(f func(device.Status)) { c.gauge.Watch(f) }

// Run keeps the stream open until ctx ends, and opens it anew when it is cut or frozen.
func (c *Camera) Run(ctx context.Context) error {
	client := &http.Client{Transport: &http.Transport{
		DialContext:           c.dial,
		ResponseHeaderTimeout: frozen,
		DisableKeepAlives:     true,
	}}
	for {
		if err := c.stream(ctx, client); ctx.Err() == nil {
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

func missed(err error) device.Status {
	for _, cause := range []error{device.ErrProtocol, device.ErrSilent} {
		if errors.Is(err, cause) {
			return device.Status{State: device.Offline, Cause: cause}
		}
	}
	return device.Status{State: device.NoDevice, Cause: device.ErrGone}
}

// stream opens the stream once and takes frames from it until it ends, which is always an error.
func (c *Camera) stream(ctx context.Context, client *http.Client) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.url, nil)
	if err != nil {
		return err
	}
	resp, err := client.Do(req)
	if err, ok := errors.AsType[net.Error](err); ok && err.Timeout() {
		return fmt.Errorf("%w: %w", device.ErrSilent, err)
	}
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode >= 500 { // a camera server without its camera
		return fmt.Errorf("stream answers %s: %w", resp.Status, device.ErrGone)
	} else if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("stream answers %s: %w", resp.Status, device.ErrProtocol)
	}
	frames, err := newSplitter(resp.Body, resp.Header.Get("Content-Type"))
	if err != nil {
		return err
	}
	watchdog := time.AfterFunc(frozen, func() { cancel(device.ErrSilent) })
	defer watchdog.Stop()
	for {
		jpeg, at, err := frames.next()
		barked := errors.Is(context.Cause(ctx), device.ErrSilent)
		switch {
		case barked && frames.broken > 0:
			return fmt.Errorf("%d broken pictures and no whole one: %w", frames.broken, device.ErrProtocol)
		case barked:
			return fmt.Errorf("stream stands still: %w", device.ErrSilent)
		case err != nil:
			return err
		}
		watchdog.Reset(frozen)
		c.publish(jpeg, at)
		c.gauge.Set(device.Status{State: device.Online})
	}
}

// publish copies a frame for those who wait, if somebody does.
func (c *Camera) publish(jpeg []byte, at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.wanted == 0 {
		return
	}
	c.latest = device.Frame{JPEG: bytes.Clone(jpeg), At: at}
	close(c.fresh)
	c.fresh = make(chan struct{})
}

// Next waits for a frame whose first byte came after the given time. It gives up when ctx ends, and with a *device.Fault
// around ErrGone, ErrSilent (the stream stands still) or ErrProtocol (it is none, or holds no whole picture) while the camera is
// away.
func (c *Camera) Next(ctx context.Context, after time.Time) (device.Frame, error) {
	c.want(1)
	defer c.want(-1)
	for {
		now, changed := c.gauge.Now()
		if now.State != device.Online && now.State != device.Starting {
			return device.Frame{}, c.fault(now.Cause)
		}
		frame, fresh := c.peek()
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

func (c *Camera) want(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.wanted += n; c.wanted == 0 {
		c.latest = device.Frame{} // what lay under the camera is nobody's any more
	}
}

func (c *Camera) peek() (device.Frame, <-chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.latest, c.fresh
}

func (c *Camera) fault(err error) *device.Fault {
	return &device.Fault{Device: c.id, Op: "take picture", Err: err}
}
