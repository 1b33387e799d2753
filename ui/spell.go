package ui

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"time"
)

// Spelled is what was typed as pinyin or strokes so far, and what was chosen for its beginning.
type Spelled struct {
	Way    string  `json:"way"`  // "pinyin" or "strokes"
	Keys   string  `json:"keys"` // lower-case letters
	Chosen []Offer `json:"chosen"`
	Name   bool    `json:"name"` // of a person
}

// Offer is text for the keys, or for the first of them.
type Offer struct {
	Text string `json:"text"`
	Rare bool   `json:"rare,omitempty"`
}

// Spelling is what the keys may mean.
type Spelling struct {
	Done   string  `json:"done"`   // the whole text, once every key has become a character
	Typing string  `json:"typing"` // what stands there until then
	Offers []Offer `json:"offers"`
}

// Speller turns keys into characters. It keeps nothing of what it was asked.
type Speller interface {
	Spell(ctx context.Context, s Spelled) (Spelling, error)
}

const maxSpelled = 8 << 10 // bytes

// spell answers what keys may mean, and with 204 where nothing spells. Neither is logged or kept: it is often a name.
func (s *Server) spell(w http.ResponseWriter, r *http.Request) {
	http.NewResponseController(w).SetReadDeadline(time.Now().Add(touchPatience))
	if s.Speller == nil {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxSpelled))
	if err != nil {
		http.Error(w, "too large, or cut off", http.StatusBadRequest)
		return
	}
	asked, err := only[Spelled](body)
	if err != nil {
		s.log.Warn("spelling refused", "err", err)
		http.Error(w, "malformed", http.StatusBadRequest)
		return
	}
	found, err := s.Speller.Spell(r.Context(), asked)
	if err != nil {
		s.log.Warn("nothing was spelled", "err", err)
		http.Error(w, "nothing was spelled", http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(found)
}
