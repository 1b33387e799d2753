package witness

import (
	"context"

	"yimen/kiosk/inquiry"
	"yimen/kiosk/journal"
)

// Enquirer asks the bureau; see desk.Enquirer.
type Enquirer interface {
	Ask(ctx context.Context, q inquiry.Inquiry) (inquiry.Answer, error)
}

// Enquirer makes by an enquirer whose questions are witnessed: what kind, proved with what, and how it ended. Neither whom a
// question is about nor what was told is written down.
func (w *Witness) Enquirer(by Enquirer) Enquirer { return &enquirer{w, by} }

type enquirer struct {
	*Witness
	by Enquirer
}

// Ask asks between an intent and an outcome.
func (e *enquirer) Ask(ctx context.Context, q inquiry.Inquiry) (inquiry.Answer, error) {
	no, ok := e.intend(journal.AskIntended{About: abouts[q.Kind], Proof: proved(q.Proof)})
	a, err := e.by.Ask(ctx, q)
	if ok {
		outcome := answers[a.Outcome]
		if err != nil || outcome == 0 {
			outcome = journal.AskEndedOutcomeUnanswered
		}
		e.record(journal.AskEnded{Intent: no, Outcome: outcome})
	}
	return a, err
}

// The journal's words for what is asked, and for what is answered.
var (
	abouts = map[inquiry.Kind]journal.AskIntendedAbout{
		inquiry.Progress: journal.AskIntendedAboutProgress, inquiry.Draft: journal.AskIntendedAboutDraft, inquiry.Staff: journal.AskIntendedAboutStaff,
	}
	answers = map[inquiry.Outcome]journal.AskEndedOutcome{
		inquiry.Found: journal.AskEndedOutcomeTold, inquiry.Nothing: journal.AskEndedOutcomeNothing, inquiry.Locked: journal.AskEndedOutcomeLocked,
		inquiry.Unable: journal.AskEndedOutcomeUnable,
	}
)

func proved(p inquiry.Proof) journal.AskIntendedProof {
	switch {
	case p.SlipNo != "":
		return journal.AskIntendedProofCode
	case !p.Number.Empty():
		return journal.AskIntendedProofCard
	}
	return journal.AskIntendedProofSession
}
