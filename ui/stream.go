package ui

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"yimen/kiosk/journey/view"
)

const (
	// pulse is how often the page hears from a desk that has nothing new: by it the page tells a quiet desk from
	// a dead one.
	pulse = 2 * time.Second
	// sendPatience is how long a browser may leave what was sent unread before its stream is cut. It asks anew.
	sendPatience = 10 * time.Second
)

// events sends the drawn screen at once and on every change, as server-sent events named "view", what stands over the
// live picture as "guide", and "pulse" in between. Guides come on the same stream as Views: a connection of their own
// would be one of a browser's six, and they could come after the screen they belong to has gone.
func (s *Server) events(w http.ResponseWriter, r *http.Request) {
	out := http.NewResponseController(w)
	w.Header().Set("Content-Type", "text/event-stream")
	beat := time.NewTicker(pulse)
	defer beat.Stop()
	views, guides := s.source.Views(r.Context()), s.source.Guides(r.Context())
	var now view.View
	shown := false // a View has come
	heard, changed := s.hearing()
	for {
		var event []byte
		select {
		case v, ok := <-views:
			if !ok {
				return
			}
			now, shown = v, true
			event = encodeEvent("view", s.draw.screen(v, heard))
		case <-changed:
			if heard, changed = s.hearing(); !shown {
				continue
			}
			event = encodeEvent("view", s.draw.screen(now, heard))
		case g, ok := <-guides:
			if !ok {
				return
			}
			event = encodeEvent("guide", encodeGuide(g))
		case <-beat.C:
			event = encodeEvent("pulse", nil)
		case <-r.Context().Done():
			return
		}
		out.SetWriteDeadline(time.Now().Add(sendPatience))
		if _, err := w.Write(event); err != nil {
			return
		}
		if err := out.Flush(); err != nil {
			return
		}
	}
}

// encodeEvent writes one server-sent event; each line of data needs a field of its own.
func encodeEvent(name string, data []byte) []byte {
	var b bytes.Buffer
	b.WriteString("event: " + name + "\n")
	for line := range bytes.Lines(data) {
		b.WriteString("data: ")
		b.Write(bytes.TrimRight(line, "\r\n"))
		b.WriteByte('\n')
	}
	if len(data) == 0 {
		b.WriteString("data:\n")
	}
	b.WriteByte('\n')
	return b.Bytes()
}

const (
	frameBoundary = "frame"
	// frameHeader goes out at once behind each picture, without a length: a browser shows a picture when the next
	// part begins, so anything later costs one frame of delay (101 instead of 37 ms).
	frameHeader = "\r\n--" + frameBoundary + "\r\nContent-Type: image/jpeg\r\n\r\n"
	// lastBoundary is RFC 2046's close delimiter. Without it WebKit keeps the connection of an ended picture.
	lastBoundary = "\r\n--" + frameBoundary + "--\r\n"
)

// livePicture names the live picture on v's screen; empty if there is none. While the name stays, the picture goes on.
func livePicture(v view.View) string {
	if v.Screen == view.ScreenFace && v.Face != nil && v.Face.Live {
		return fmt.Sprint("face-", v.Face.Left)
	}
	if v.Screen != view.ScreenScan || v.Scan == nil || !v.Scan.Live || v.Scan.Still != "" {
		return ""
	}
	return fmt.Sprintf("live-%d-%s", len(v.Scan.Pages), v.Scan.Material.Code)
}

// live sends the live picture named "of" as MJPEG until it ends or the screen no longer shows it.
func (s *Server) live(w http.ResponseWriter, r *http.Request) {
	ctx, end := context.WithCancel(r.Context())
	defer end()
	picture := r.FormValue("of")
	go func() {
		defer end()
		s.awaitOther(ctx, picture)
	}()
	out := http.NewResponseController(w)
	send := func(jpeg []byte, boundary string) error {
		out.SetWriteDeadline(time.Now().Add(sendPatience))
		if _, err := w.Write(jpeg); err != nil {
			return err
		}
		if _, err := io.WriteString(w, boundary); err != nil {
			return err
		}
		return out.Flush()
	}
	w.Header().Set("Content-Type", "multipart/x-mixed-replace; boundary="+frameBoundary)
	if send(nil, frameHeader) != nil {
		return
	}
	for jpeg := range s.source.Frames(ctx) {
		if send(jpeg, frameHeader) != nil {
			return
		}
	}
	send(nil, lastBoundary)
}

// awaitOther waits until the screen shows another live picture or none. WebKit goes on receiving a picture that the
// page took away, whatever the page does to it, and with six of them open it sends no more touches.
func (s *Server) awaitOther(ctx context.Context, picture string) {
	for v := range s.source.Views(ctx) {
		if livePicture(v) != picture {
			return
		}
	}
}

// picture sends a still or a kept page.
func (s *Server) picture(w http.ResponseWriter, r *http.Request) {
	jpeg, ok := s.source.Picture(r.PathValue("id"))
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "image/jpeg")
	w.Write(jpeg)
}
