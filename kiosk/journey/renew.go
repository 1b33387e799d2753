package journey

import (
	"time"

	"yimen/kiosk/journey/view"
)

// Vacant tells that nobody stands at the terminal, not even at the help on its first screen.
func (s *State) Vacant() bool { return s.screen == view.ScreenAttract && s.cover == "" }

// Renewed is the same vacant terminal under another config. It must not be asked of one where somebody stands:
// a visit ends by the config it began with.
func (s State) Renewed(cfg *Config, at time.Time) State {
	s.cfg, s.now = cfg, at
	s.reset()
	s.refresh()
	return s
}
