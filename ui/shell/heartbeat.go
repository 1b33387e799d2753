package main

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// heartbeat asks the daemon again and again whether it is alive. A page cannot tell by itself: it stays on the screen,
// with nobody behind it, when its daemon dies after it was loaded.
type heartbeat struct {
	url    string        // answers 200 while the daemon is alive
	every  time.Duration // between two questions
	wait   time.Duration // for an answer
	misses int           // so many in a row mean that the daemon is away
	client *http.Client
}

// newHeartbeat asks /healthz at the origin of home, each second. A daemon that a supervisor restarts at once is
// not away: its page finds it again by itself.
func newHeartbeat(home *url.URL) *heartbeat {
	return &heartbeat{
		url:    home.ResolveReference(&url.URL{Path: "/healthz"}).String(),
		every:  time.Second,
		wait:   2 * time.Second,
		misses: 2,
		client: &http.Client{
			Transport:     &http.Transport{}, // no proxy: the daemon is on this machine
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
}

// Run tells what it finds after every question until ctx ends: true when the daemon answered, false when it has not for
// misses questions in a row, nothing in between.
func (h *heartbeat) Run(ctx context.Context, tell func(alive bool)) {
	defer h.client.CloseIdleConnections()
	ticker := time.NewTicker(h.every)
	defer ticker.Stop()
	for missed := 0; ; {
		switch answered := h.ask(ctx); {
		case ctx.Err() != nil:
			return
		case answered:
			missed = 0
			tell(true)
		default:
			missed++
			if missed >= h.misses {
				tell(false)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

func (h *heartbeat) ask(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, h.wait)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, h.url, nil)
	if err != nil {
		return false
	}
	response, err := h.client.Do(request)
	if err != nil {
		return false
	}
	defer response.Body.Close()
	return response.StatusCode == http.StatusOK
}
