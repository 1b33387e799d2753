package main

import (
	"context"
	"net/http"
	"sync"
)

// httpCable stands between the camera and those who watch it. Pulling it drops them all.
type httpCable struct {
	mu   sync.Mutex
	ctx  context.Context // the time that the cable is in; done while it is not
	pull context.CancelFunc
}

// newHTTPCable gives a cable that is not plugged in.
func newHTTPCable() *httpCable {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return &httpCable{ctx: ctx, pull: cancel}
}

func (c *httpCable) plug() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ctx.Err() != nil {
		c.ctx, c.pull = context.WithCancel(context.Background())
	}
	return nil
}

func (c *httpCable) unplug() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pull()
	return nil
}

func (c *httpCable) plugged() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ctx.Err() == nil
}

// through serves h while the cable is in.
func (c *httpCable) through(h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c.mu.Lock()
		in := c.ctx
		c.mu.Unlock()
		if in.Err() != nil {
			http.Error(w, "the camera is unplugged", http.StatusServiceUnavailable)
			return
		}
		ctx, cancel := context.WithCancel(r.Context())
		defer cancel()
		defer context.AfterFunc(in, cancel)()
		h(w, r.WithContext(ctx))
	}
}
