package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"yimen/provisioning/hall"
	"yimen/provisioning/visitor"
)

// judging is the daemon's test program, which brings a made-up verifier (kiosk/lookalike_test.go); built once.
var judging struct {
	once sync.Once
	err  error
}

// judgingHall starts a hall whose terminal compares faces. While the file that it gives is there, the verifier thinks.
func judgingHall(t *testing.T, change func(*hall.Options)) (h *hall.Hall, thinks string) {
	t.Helper()
	program := filepath.Join(programs(t), "kiosk-judging")
	judging.once.Do(func() {
		if out, err := exec.Command("go", "test", "-c", "-o", program, "yimen/kiosk").CombinedOutput(); err != nil {
			judging.err = fmt.Errorf("build the judging daemon: %w\n%s", err, out)
		}
	})
	must(t, judging.err)
	h = startHall(t, func(o *hall.Options) {
		thinks = filepath.Join(o.Dir, "thinks")
		o.Kiosk = program
		o.Verifier = fmt.Sprintf("{library: %q, likeness: /made/up, living: /made/up, same_from: 0.95, other_to: 0.9, living_from: 0.8}", thinks)
		if change != nil {
			change(o)
		}
	})
	return h, thinks
}

// checkIn is what the bureau reads of one.
type checkIn struct {
	Kind, Proof string
	Record      struct {
		Way, Confirmed, Next string
		Staff                int
		Faces                []struct{ Band string }
		Consent              *struct{ Document, Digest string }
		Companion            *struct{ Role string }
	}
}

// atBureau waits for the check-in of a slip at the bureau, and looks whether any of its parts holds a picture.
func atBureau(ctx context.Context, t *testing.T, h *hall.Hall, slipNo string) (in checkIn) {
	t.Helper()
	desk := &visitor.BureauDesk{URL: h.Bureau}
	d, err := desk.Find(ctx, slipNo, time.Minute)
	must(t, err)
	for i, part := range d.Parts {
		body, err := desk.Part(ctx, d, part)
		must(t, err)
		if i == 0 {
			must(t, json.Unmarshal(body, &in))
		}
		for _, begin := range pictures {
			if bytes.Contains(body, []byte(begin)) {
				t.Errorf("part %v of %s holds a picture", part, slipNo)
			}
		}
	}
	return in
}

// pictures are how the pictures begin that are about: the camera's, and the card's photo decoded and as read.
var pictures = []string{"\xFF\xD8\xFF\xDB\x00\x84\x00", "\x89PNG\r\n\x1A\n", "WL\x66\x00\x7E\x00\x32\x00"}

// noPicture looks at every file of the terminal and of the hub.
func noPicture(t *testing.T, h *hall.Hall) {
	t.Helper()
	for _, dir := range []string{h.Data(), h.Store()} {
		for _, begin := range pictures {
			if holds(t, dir, begin) {
				t.Errorf("%s holds a picture that begins with %q", dir, begin)
			}
		}
	}
}

// dark tells whether the screen's page gives no live picture any more.
func dark(ctx context.Context, t *testing.T, h *hall.Hall) bool {
	t.Helper()
	jar, err := cookiejar.New(nil)
	must(t, err)
	page := http.Client{Jar: jar, Timeout: 5 * time.Second}
	var got []byte
	for _, path := range []string{"", "live?of=face-3&n=1", "live?of=face-2&n=1", "picture/face-3", "picture/face-2"} {
		req, err := http.NewRequestWithContext(ctx, "GET", h.Screen+path, nil)
		must(t, err)
		resp, err := page.Do(req)
		must(t, err)
		b := new(bytes.Buffer)
		_, _ = b.ReadFrom(resp.Body) // a live picture that goes on ends with the patience
		must(t, resp.Body.Close())
		got = append(got, b.Bytes()...)
	}
	return !slices.ContainsFunc(pictures, func(begin string) bool { return bytes.Contains(got, []byte(begin)) })
}

// unmoved watches a screen for a while: nothing comes, and nobody is named.
func unmoved(ctx context.Context, t *testing.T, line *visitor.Line, before visitor.Seen, name string) {
	t.Helper()
	for range 30 {
		s, err := line.Look(ctx)
		must(t, err)
		if s.Screen != before.Screen || s.Visit != before.Visit || strings.Contains(s.Text, name) {
			t.Fatalf("something came to the next resident: %s %q", s.Screen, s.Text)
		}
		time.Sleep(100 * time.Millisecond)
	}
}
