package main

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"

	"yimen/ui"
	"yimen/ui/typing/spelling"
)

// speller spells for the screen.
type speller struct{ process *spelling.Process }

// openSpeller finds the program that spells and its schemas beside this program. Without them the page spells single
// characters by itself: nil.
func openSpeller(log *slog.Logger) *speller {
	program, err := os.Executable()
	if err != nil {
		log.Warn("nothing is spelled", "err", err)
		return nil
	}
	beside := filepath.Dir(program)
	p := &spelling.Process{Program: filepath.Join(beside, "pinyin"), Data: filepath.Join(beside, "spelling")}
	for _, needed := range []string{p.Program, p.Data} {
		if _, err := os.Stat(needed); err != nil {
			log.Warn("nothing is spelled", "err", err)
			return nil
		}
	}
	return &speller{p}
}

// Spell implements ui.Speller.
func (s *speller) Spell(ctx context.Context, asked ui.Spelled) (ui.Spelling, error) {
	r := spelling.Request{Way: spelling.Way(asked.Way), Keys: asked.Keys, Name: asked.Name}
	for _, c := range asked.Chosen {
		r.Chosen = append(r.Chosen, spelling.Offer(c))
	}
	a, err := s.process.Spell(ctx, r)
	if err != nil {
		return ui.Spelling{}, err
	}
	found := ui.Spelling{Done: a.Done, Typing: a.Typing, Offers: []ui.Offer{}}
	for _, o := range a.Offers {
		found.Offers = append(found.Offers, ui.Offer(o))
	}
	return found, nil
}
