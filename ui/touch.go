package ui

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
	"unicode"
	"unicode/utf8"

	"yimen/kiosk/journey"
)

// Bounds of what a page may send. They are far above what a hand can do and far below what could hurt.
const (
	maxTouch   = 512 << 10 // bytes of a touch; a signature is the largest
	maxName    = 64        // bytes of a visit or of what to do
	maxValue   = 2000      // bytes of an answer
	maxStrokes = 400
	maxSamples = 20000       // of all strokes together
	maxReach   = 2000        // millimetres from the pad's corner
	maxPenTime = 3600 * 1000 // milliseconds

	touchPatience = 10 * time.Second // for the whole body to arrive
)

// touch hands what was touched to the desk. 204 says that it arrived, not what came of it: that is told by the
// next View.
func (s *Server) touch(w http.ResponseWriter, r *http.Request) {
	// A deadline for this request alone: one for the whole server would cut the event stream.
	http.NewResponseController(w).SetReadDeadline(time.Now().Add(touchPatience))
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxTouch))
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		http.Error(w, "too large", http.StatusRequestEntityTooLarge)
		return
	} else if err != nil {
		http.Error(w, "cut off", http.StatusBadRequest)
		return
	}
	t, err := parseTouch(body)
	if err != nil {
		s.log.Warn("touch refused", "err", err)
		http.Error(w, "malformed", http.StatusBadRequest)
		return
	}
	s.source.Touch(t)
	w.WriteHeader(http.StatusNoContent)
}

// only reads the one JSON value that the page sent. Errors never quote it.
func only[T any](body []byte) (T, error) {
	var v, none T
	if !utf8.Valid(body) {
		return none, errors.New("not UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(&v); err != nil {
		return none, errors.New("not what the page sends")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return none, errors.New("more than one")
	}
	return v, nil
}

// parseTouch reads one Touch. Whether the View offered it is for the journey to say; here only its form counts.
// Errors never quote what was sent.
func parseTouch(body []byte) (journey.Touch, error) {
	t, err := only[journey.Touch](body)
	if err != nil {
		return journey.Touch{}, fmt.Errorf("touch: %w", err)
	}
	if err := checkTouch(t); err != nil {
		return journey.Touch{}, fmt.Errorf("touch: %w", err)
	}
	return t, nil
}

func checkTouch(t journey.Touch) error {
	if t.Do == "" || len(t.Do) > maxName || len(t.Visit) > maxName || len(t.Value) > maxValue {
		return errors.New("a field is empty or too long")
	}
	for _, r := range t.Value {
		if unicode.IsControl(r) {
			return errors.New("a control character")
		}
	}
	if t.Quad != nil {
		for _, p := range t.Quad {
			if p.X < 0 || p.X > 1 || p.Y < 0 || p.Y > 1 {
				return errors.New("a corner outside the picture")
			}
		}
	}
	if len(t.Strokes) > maxStrokes {
		return errors.New("too many strokes")
	}
	samples := 0
	for _, stroke := range t.Strokes {
		samples += len(stroke)
		if len(stroke) == 0 || samples > maxSamples {
			return errors.New("an empty stroke or too many samples")
		}
		for _, p := range stroke {
			if p.X < -maxReach || p.X > maxReach || p.Y < -maxReach || p.Y > maxReach || p.T < 0 || p.T > maxPenTime {
				return errors.New("a pen outside the room")
			}
		}
	}
	return nil
}
