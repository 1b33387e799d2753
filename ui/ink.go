package ui

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"time"
)

// Point is where a finger was on the page: pixels to the right and down from anywhere.
type Point struct{ X, Y float64 }

// Hand reads what a finger wrote: one character's strokes, in a field of a kind ("name", "address" or empty) in which
// something stands before. It gives the likeliest characters first, and keeps nothing of what it was given. It may be
// asked by several goroutines at once.
type Hand interface {
	Read(strokes [][]Point, kind, before string) []string
}

// Bounds of what a page may send as one character: far above what a finger does.
const (
	maxInk        = 256 << 10 // bytes
	maxInkStrokes = 200
	maxInkPoints  = 10000 // of all strokes together
)

// readInk answers what a finger wrote with the characters it may be, and with 204 where nothing reads it. Neither is logged or kept: it is often a name.
func (s *Server) readInk(w http.ResponseWriter, r *http.Request) {
	http.NewResponseController(w).SetReadDeadline(time.Now().Add(touchPatience))
	if s.Hand == nil {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxInk))
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		http.Error(w, "too large", http.StatusRequestEntityTooLarge)
		return
	} else if err != nil {
		http.Error(w, "cut off", http.StatusBadRequest)
		return
	}
	ink, err := parseInk(body)
	if err != nil {
		s.log.Warn("ink refused", "err", err)
		http.Error(w, "malformed", http.StatusBadRequest)
		return
	}
	select {
	case s.reading <- struct{}{}: // one at a time: the page asks for the last state of one character
		defer func() { <-s.reading }()
	case <-r.Context().Done():
		return
	}
	found := s.Hand.Read(ink.points(), ink.Kind, ink.Before)
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(append([]string{}, found...))
}

// written is what the page sends: a list of x and y for each stroke.
type written struct {
	Strokes [][][2]float64 `json:"strokes"`
	Kind    string         `json:"kind"`
	Before  string         `json:"before"`
}

// parseInk reads one character's ink. Errors never quote what was sent.
func parseInk(body []byte) (written, error) {
	ink, err := only[written](body)
	if err != nil {
		return written{}, fmt.Errorf("ink: %w", err)
	}
	if len(ink.Kind) > maxName || len(ink.Before) > maxValue || len(ink.Strokes) > maxInkStrokes {
		return written{}, errors.New("ink: too long")
	}
	points := 0
	for _, s := range ink.Strokes {
		points += len(s)
		for _, p := range s {
			if math.Abs(p[0]) > 1e5 || math.Abs(p[1]) > 1e5 {
				return written{}, errors.New("ink: beyond any panel")
			}
		}
	}
	if points > maxInkPoints {
		return written{}, errors.New("ink: too many points")
	}
	return ink, nil
}

func (ink written) points() [][]Point {
	strokes := make([][]Point, len(ink.Strokes))
	for i, s := range ink.Strokes {
		for _, p := range s {
			strokes[i] = append(strokes[i], Point{p[0], p[1]})
		}
	}
	return strokes
}
