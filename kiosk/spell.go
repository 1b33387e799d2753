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

// openSpeller finds the program that spells and its schemas, beside this program or where the Debian package puts them.
// Without them the page spells single characters by itself: nil.
func openSpeller(log *slog.Logger) *speller {
	program, err := os.Executable()
	if err != nil {
		log.Warn("nothing is spelled", "err", err)
		return nil
	}
	for _, dir := range []string{filepath.Dir(program), "/usr/lib/yimen"} {
		p := &spelling.Process{Program: filepath.Join(dir, "pinyin"), Data: filepath.Join(dir, "spelling")}
		_, missing := os.Stat(p.Program)
		if _, err := os.Stat(p.Data); err == nil && missing == nil {
			return &speller{p}
		}
	}
	log.Warn("nothing is spelled: the program or its schemas are missing", "beside", program)
	return nil
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
