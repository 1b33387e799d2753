package pulse

import (
	"sync"
	"time"

	"yimen/kiosk/central"
	"yimen/kiosk/journey/view"
)

// Screen notes since when the screen is as it is. The zero Screen has seen nothing yet.
type Screen struct {
	mu    sync.Mutex
	name  view.Screen
	since time.Time
}

// Follow notes each view until views ends.
func (s *Screen) Follow(views <-chan view.View) {
	for v := range views {
		s.mu.Lock()
		s.name, s.since = v.Screen, time.Now()
		s.mu.Unlock()
	}
}

// State is what the screen shows and since when.
func (s *Screen) State() central.ScreenState {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.since.IsZero() {
		return central.ScreenState{Name: "starting"}
	}
	resting := s.name == view.ScreenAttract || s.name == view.ScreenMaintenance
	return central.ScreenState{Name: string(s.name), Resting: resting, Age: int64(time.Since(s.since) / time.Second)}
}
