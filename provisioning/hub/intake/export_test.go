package intake

import (
	"context"
	"time"
)

// Sweep clears away what stood still since before.
func (in *Intake) Sweep(ctx context.Context, before time.Time) (int, error) {
	return in.sweep(ctx, before)
}

// ClearGone is what Run does every day about drafts that were let go.
func (in *Intake) ClearGone(ctx context.Context) error { return in.clearGone(ctx) }

// NoteGone is letGo as far as a process came that ended before it cleared the parts.
func (in *Intake) NoteGone(ctx context.Context, id, until string) error {
	return in.envelopes.LetGo(ctx, id, in.now(), until)
}
