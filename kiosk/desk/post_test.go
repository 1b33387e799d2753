package desk

import (
	"context"
	"log/slog"
	"testing"
	"testing/synctest"

	"yimen/kiosk/journey"
	"yimen/kiosk/letter"
)

// slowly is a keeper that takes its time over a letter.
type slowly struct {
	*hands
	hold  chan struct{}
	ended error // of the context, when the letter was kept
	kept  bool
}

func (s *slowly) Post(ctx context.Context, _ letter.Letter) (Receipt, error) {
	<-s.hold
	s.kept, s.ended = true, ctx.Err()
	return Receipt{}, nil
}

func TestALetterIsKeptWholeThoughTheVisitEndsWithIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		keeper := &slowly{hands: &hands{}, hold: make(chan struct{})}
		d := &Desk{hands: Hands{Keeper: keeper}, log: slog.New(slog.DiscardHandler)}
		v := newVisit(t.Context())
		d.carryOut(v, journey.Post{Letter: letter.Letter{Record: letter.Supplied{}}})
		free := d.end(v, nil) // as when the resident has walked away
		synctest.Wait()
		select {
		case <-free:
			t.Fatal("the next visit begins before the letter is kept")
		default:
		}
		close(keeper.hold)
		<-free
		if !keeper.kept || keeper.ended != nil {
			t.Errorf("kept %v, broken off %v", keeper.kept, keeper.ended)
		}
	})
}
