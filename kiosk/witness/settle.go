package witness

import (
	"context"
	"errors"
	"fmt"

	"yimen/kiosk/journal"
	"yimen/kiosk/outbox"
)

// Settle looks up what became of the acts that a sudden end interrupted, writes their outcomes, and tells each in the
// log. The outbox has been opened, so a dossier is in it or is not. What was on its way to the printer nobody can know:
// slips gives how many residents' slips that are, also when the journal cannot be written: they may not have come out.
func (w *Witness) Settle(ctx context.Context, interrupted []journal.Record, box *outbox.Outbox) (slips int, err error) {
	for _, r := range interrupted {
		outcome, err := w.found(ctx, r, box)
		if err != nil {
			return slips, fmt.Errorf("settle record %d: %w", r.No, err)
		}
		if outcome == nil { // an intent of another edition: it stays open, and the day sheet lists it
			continue
		}
		if e, ok := r.Event.(journal.PrintIntended); ok && e.Paper == journal.PrintIntendedPaperSlip {
			slips++
		}
		if _, err := w.journal.Append(outcome); err != nil {
			return slips, fmt.Errorf("settle record %d: %w", r.No, err)
		}
		w.log.Warn("interrupted act settled", "record", r.No, "intent", r.Is, "with", string(r.With), "outcome", fmt.Sprintf("%+v", outcome))
	}
	return slips, nil
}

// found is what an interrupted act came to.
func (w *Witness) found(ctx context.Context, r journal.Record, box *outbox.Outbox) (journal.Outcome, error) {
	switch e := r.Event.(type) {
	case journal.PrintIntended:
		return journal.PrintEnded{Intent: r.No, Outcome: journal.PrintEndedOutcomeUnknown}, nil
	case journal.AskIntended:
		return journal.AskEnded{Intent: r.No, Outcome: journal.AskEndedOutcomeUnanswered}, nil // whoever asked is gone
	case journal.SubmitIntended:
		outcome := journal.SubmitEndedOutcomeKept
		_, err := box.State(ctx, e.Dossier.String())
		if errors.Is(err, outbox.ErrUnknown) {
			outcome, err = journal.SubmitEndedOutcomeNotKept, nil
		}
		return journal.SubmitEnded{Intent: r.No, Outcome: outcome}, err
	case journal.PurgeIntended:
		has, err := box.HasFile(e.Dossier.String())
		return journal.PurgeEnded{Intent: r.No, Outcome: purged(!has)}, err
	}
	return nil, nil
}
