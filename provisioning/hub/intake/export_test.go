package intake

import (
	"context"
	"time"
)

// Sweep clears away what stood still since before.
func (in *Intake) Sweep(ctx context.Context, before time.Time) (int, error) {
	return in.sweep(ctx, before)
}
