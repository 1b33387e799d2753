package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// answers plays a daemon by a script, one answer a question: a status code, 0 for a refused connection, or hangs.
type answers struct {
	t      *testing.T
	script []int
	asked  chan struct{} // closed when the script is at its end
}

const hangs = -1

func (a *answers) RoundTrip(request *http.Request) (*http.Response, error) {
	if request.URL.String() != "http://127.0.0.1:8080/healthz" {
		a.t.Errorf("asked %s", request.URL)
	}
	if len(a.script) == 0 {
		return nil, errors.New("connection refused")
	}
	answer := a.script[0]
	a.script = a.script[1:]
	if len(a.script) == 0 {
		defer close(a.asked)
	}
	switch answer {
	case 0:
		return nil, errors.New("connection refused")
	case hangs:
		<-request.Context().Done()
		return nil, request.Context().Err()
	}
	return &http.Response{
		StatusCode: answer,
		Header:     http.Header{"Location": {"/elsewhere"}},
		Body:       io.NopCloser(strings.NewReader("")),
		Request:    request,
	}, nil
}

// told is what a heartbeat tells while the daemon answers by the script.
func told(t *testing.T, script ...int) []bool {
	t.Helper()
	var all []bool
	synctest.Test(t, func(t *testing.T) {
		home := &url.URL{Scheme: "http", Host: "127.0.0.1:8080", Path: "/start", RawQuery: "size=elder"}
		h := newHeartbeat(home)
		played := &answers{t: t, script: script, asked: make(chan struct{})}
		h.client.Transport = played

		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() {
			h.Run(ctx, func(alive bool) { all = append(all, alive) })
			close(ended)
		}()
		<-played.asked
		time.Sleep(h.every / 2)
		cancel()
		<-ended
	})
	return all
}

func TestOneMissedBeatIsNotAnOutage(t *testing.T) {
	for name, missed := range map[string]int{"refused": 0, "slow": hangs, "unwell": http.StatusServiceUnavailable,
		"somebody else": http.StatusFound} {
		t.Run(name, func(t *testing.T) {
			if got, want := told(t, 200, missed, 200), []bool{true, true}; !slices.Equal(got, want) {
				t.Errorf("told %v, want %v", got, want)
			}
		})
	}
}

func TestTwoMissedBeatsAreAnOutageUntilTheNextAnswer(t *testing.T) {
	got := told(t, 200, 0, hangs, 503, 200)
	if want := []bool{true, false, false, true}; !slices.Equal(got, want) {
		t.Errorf("told %v, want %v", got, want)
	}
}
