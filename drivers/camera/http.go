package camera

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"yimen/drivers/device"
)

// HTTP is a camera that serves motion JPEG at a URL. Its frames have one size.
type HTTP struct {
	URL  string
	dial func(ctx context.Context, network, addr string) (net.Conn, error) // nil: as net.Dialer does
}

func (h HTTP) String() string { return h.URL }

// stream implements Source.
func (h HTTP) stream(ctx context.Context, c *Camera) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	resp, err := h.open(ctx)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
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
		if live, still := c.awaited(true, true); live || still {
			c.publish(device.Frame{JPEG: bytes.Clone(jpeg), At: at}, live, still)
		}
		c.seen()
	}
}

// open asks for the stream and gives the answer that begins it, whose body is to be closed.
func (h HTTP) open(ctx context.Context) (*http.Response, error) {
	dial := h.dial
	if dial == nil {
		dial = (&net.Dialer{Timeout: frozen}).DialContext
	}
	client := &http.Client{Transport: &http.Transport{DialContext: dial, ResponseHeaderTimeout: frozen, DisableKeepAlives: true}}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, h.URL, nil)
	if err != nil {
		return nil, err
	}
	resp, err := client.Do(req)
	if err, ok := errors.AsType[net.Error](err); ok && err.Timeout() {
		return nil, fmt.Errorf("%w: %w", device.ErrSilent, err)
	}
	switch {
	case err != nil:
		return nil, err
	case resp.StatusCode >= 500: // a camera server without its camera
		err = fmt.Errorf("stream answers %s: %w", resp.Status, device.ErrGone)
	case resp.StatusCode != http.StatusOK:
		err = fmt.Errorf("stream answers %s: %w", resp.Status, device.ErrProtocol)
	default:
		return resp, nil
	}
	resp.Body.Close()
	return nil, err
}
