// Package ui is the terminal's screen: it renders each view.View as a page, sends it to the browser on every
// change, and hands what was touched back as a journey.Touch. It decides nothing and knows no device.
package ui

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"yimen/kiosk/journey"
	"yimen/kiosk/journey/view"
	"yimen/ui/voice"
)

// Source is the desk as the screen needs it.
type Source interface {
	// Views gives the present View at once and each later one; a slow reader may miss some but never the last.
	// The channel closes when ctx ends or the desk does.
	Views(ctx context.Context) <-chan view.View
	// Touch hands over what was touched. It does not wait for what comes of it.
	Touch(journey.Touch)
	// Frames gives live JPEG pictures, latest wins. The channel closes when the live picture ends or ctx does;
	// a frame is not changed after it was sent.
	Frames(ctx context.Context) <-chan []byte
	// Guides gives what stands over the live picture, the latest first; a slow reader misses some. It closes when ctx ends.
	Guides(ctx context.Context) <-chan view.Guide
	// Picture gives the JPEG of a still or kept page that the present View names.
	Picture(id string) ([]byte, bool)
}

// Config is the screen's part of the terminal's configuration.
type Config struct {
	// MMPerPixel is the panel's pixel pitch in millimetres; every size on the screen is derived from it.
	// 0.27 for a 23.8 inch panel of 1920 pixels.
	MMPerPixel float64 `yaml:"mm_per_pixel"`
}

// Validate tells what is wrong with c, naming the key.
func (c Config) Validate() error {
	if c.MMPerPixel < 0.05 || c.MMPerPixel > 1 {
		return fmt.Errorf("mm_per_pixel: %v is no panel's pixel pitch: measure the lit width in millimetres and divide by its pixels", c.MMPerPixel)
	}
	return nil
}

// ErrNotBuilt says that the page's scripts are missing from this binary: it was built before `make ui`.
var ErrNotBuilt = errors.New("the page's scripts are not built in: run make ui, then build again")

// Server answers the one browser in front of the terminal. It is an http.Handler and must be reached at the
// loopback address it listens on; whatever comes by another name is refused.
type Server struct {
	source Source
	log    *slog.Logger
	draw   *renderer
	token  string // of this start; only the page that GET / gave knows it
	panel  []byte // panel.css: the pixel pitch
	mux    *http.ServeMux

	// Hand reads handwriting. Set before Serve; nil where nothing does, and residents are told to use the keys.
	Hand    Hand
	reading chan struct{} // full while Hand is asked
	// Speller turns pinyin and strokes into characters. Set before Serve; nil where nothing does, and the page offers single
	// characters by a small table of its own.
	Speller Speller
	// Voice reads the screens out. Set before Serve; nil where nothing can speak, and nothing offers it.
	Voice *voice.Speaker
}

// New makes a Server of the embedded screens. It returns ErrNotBuilt if the scripts are missing.
func New(c Config, source Source, log *slog.Logger) (*Server, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	if _, err := static.Open("static/dist/page.js"); err != nil {
		return nil, ErrNotBuilt
	}
	draw, err := newRenderer(log)
	if err != nil {
		return nil, err
	}
	s := &Server{
		source: source,
		log:    log,
		draw:   draw,
		token:  rand.Text(),
		panel:  fmt.Appendf(nil, ":root{--mm:%.5fpx}\n", 1/c.MMPerPixel),
		mux:    http.NewServeMux(),

		reading: make(chan struct{}, 1),
	}
	s.mux.HandleFunc("GET /{$}", s.page)
	s.mux.HandleFunc("GET /healthz", s.health)
	s.mux.HandleFunc("GET /favicon.ico", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	s.mux.Handle("GET /events", s.own(s.events))
	s.mux.Handle("POST /touch", s.own(s.touch))
	s.mux.Handle("POST /ink", s.own(s.readInk))
	s.mux.Handle("POST /spell", s.own(s.spell))
	s.mux.Handle("POST /voice", s.own(s.control))
	s.mux.Handle("POST /say", s.own(s.say))
	s.mux.Handle("GET /live", s.own(s.live))
	s.mux.Handle("GET /picture/{id}", s.own(s.picture))
	s.mux.Handle("GET /static/{name}", s.own(s.file))
	return s, nil
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	setHeaders(w.Header())
	if why := foreign(r); why != "" {
		s.log.Warn("request refused", "why", why, "path", r.URL.Path)
		http.Error(w, "refused", http.StatusForbidden)
		return
	}
	s.mux.ServeHTTP(w, r)
}

// Serve answers on l until ctx ends, then closes l and every connection. l must listen on a loopback address.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	h := &http.Server{
		Handler:           s,
		ReadHeaderTimeout: 5 * time.Second,
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    16 << 10,
		BaseContext:       func(net.Listener) context.Context { return ctx },
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	}
	stop := context.AfterFunc(ctx, func() { h.Close() })
	defer stop()
	if s.Voice != nil {
		go s.follow(ctx)
	}
	if err := h.Serve(l); ctx.Err() == nil {
		return fmt.Errorf("serve the screen: %w", err)
	}
	return nil
}

// health tells the window that the daemon is alive. It needs no token: the window asks from outside the page.
func (s *Server) health(w http.ResponseWriter, _ *http.Request) {
	fmt.Fprintln(w, "ok")
}

// page is the one page, with the present View drawn in, and gives the token that all else asks for.
func (s *Server) page(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	select {
	case v, ok := <-s.source.Views(ctx):
		if !ok {
			http.Error(w, "closing", http.StatusServiceUnavailable)
			return
		}
		http.SetCookie(w, &http.Cookie{
			Name: cookieName(r), Value: s.token, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode,
		})
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		heard, _ := s.hearing()
		w.Write(s.draw.page(v, heard))
	case <-ctx.Done():
	}
}
