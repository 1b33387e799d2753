package desk

import (
	"context"

	"yimen/kiosk/journey/view"
)

// Idle reports whether nobody stands at the terminal, as far as its screen shows.
func (d *Desk) Idle() bool {
	at := d.views.now().Screen
	return at == view.ScreenAttract || at == view.ScreenMaintenance
}

// Answers waits until Run has looked up from its work, and gives ctx's error when that ends first.
func (d *Desk) Answers(ctx context.Context) error {
	select {
	case d.asked <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// now is the present value.
func (b *board[T]) now() T {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.value
}
