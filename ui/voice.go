package ui

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"time"

	"yimen/kiosk/journey/view"
	"yimen/ui/voice"
)

const (
	maxSaid  = 4 << 10 // bytes of what the page asks to be said
	maxThing = 200     // bytes of a thing's name, and of what may be typed with it
)

// wish is what the page sends to POST /voice and POST /say (see package voice).
type wish struct {
	Visit string        `json:"visit"`
	Seq   uint64        `json:"seq"`
	Do    voice.Control `json:"do,omitempty"`
	Thing string        `json:"thing,omitempty"`
	Typed string        `json:"typed,omitempty"`
}

// follow tells the voice of each screen, and of what is to be done about the live picture, until ctx ends.
func (s *Server) follow(ctx context.Context) {
	views, guides := s.source.Views(ctx), s.source.Guides(ctx)
	var now view.View
	for {
		select {
		case v, ok := <-views:
			if !ok {
				return
			}
			now = v
			s.Voice.Show(s.scriptOf(v))
		case g, ok := <-guides:
			if !ok {
				return
			}
			if g.Hint != "" && now.Cover == nil && livePicture(now) != "" {
				s.Voice.Aside(s.draw.prompt(now.Lang, g.Hint))
			}
		}
	}
}

// scriptOf is what v's screen has to say; nothing where it cannot be read.
func (s *Server) scriptOf(v view.View) voice.Script {
	said, err := s.draw.script(v)
	if err != nil {
		s.log.Error("screen cannot be read out", "screen", string(v.Screen), "err", err)
		return voice.Script{Visit: v.Visit, Seq: v.Seq}
	}
	return said
}

// hearing is how the voice stands, and a channel that closes when it stands otherwise; nil where there is no voice.
func (s *Server) hearing() (voice.State, <-chan struct{}) {
	if s.Voice == nil {
		return voice.State{}, nil
	}
	return s.Voice.Changed()
}

// control does to the voice what a resident asks for.
func (s *Server) control(w http.ResponseWriter, r *http.Request) {
	a, ok := s.readWish(w, r)
	if !ok {
		return
	}
	if !slices.Contains(voice.Controls(), a.Do) || a.Thing != "" || a.Typed != "" {
		http.Error(w, "malformed", http.StatusBadRequest)
		return
	}
	if s.Voice != nil {
		s.Voice.Do(a.Visit, a.Do)
	}
	w.WriteHeader(http.StatusNoContent)
}

// say says what a thing of the screen is, or what somebody may type with it.
func (s *Server) say(w http.ResponseWriter, r *http.Request) {
	a, ok := s.readWish(w, r)
	if !ok {
		return
	}
	if (a.Thing == "") == (a.Typed == "") || max(len(a.Thing), len(a.Typed)) > maxThing || a.Do != "" {
		http.Error(w, "malformed", http.StatusBadRequest)
		return
	}
	switch {
	case s.Voice == nil:
	case a.Typed != "":
		s.Voice.Typed(a.Visit, a.Seq, a.Typed)
	default:
		s.Voice.Focus(a.Visit, a.Seq, a.Thing)
	}
	w.WriteHeader(http.StatusNoContent)
}

// readWish reads what the page sent; false where it was answered that it makes no sense.
func (s *Server) readWish(w http.ResponseWriter, r *http.Request) (wish, bool) {
	http.NewResponseController(w).SetReadDeadline(time.Now().Add(touchPatience))
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxSaid))
	if err != nil {
		http.Error(w, "too large, or cut off", http.StatusBadRequest)
		return wish{}, false
	}
	a, err := parseWish(body)
	if err != nil {
		s.log.Warn("nothing is said: not what the page sends", "err", err)
		http.Error(w, "malformed", http.StatusBadRequest)
		return wish{}, false
	}
	return a, true
}

func parseWish(body []byte) (wish, error) {
	a, err := only[wish](body)
	if err == nil && (len(a.Visit) > maxName || len(a.Do) > maxName) {
		err = errors.New("a field is too long")
	}
	return a, err
}
