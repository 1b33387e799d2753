package desk

import "yimen/kiosk/journey"

// Idle reports whether nobody stands at the terminal, as far as its screen shows.
func (d *Desk) Idle() bool { return d.views.now().Screen == journey.ScreenAttract }

// now is the present value.
func (b *board[T]) now() T {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.value
}
