// Package witness stands beside the acts that must not go unseen: a dossier is put into the outbox, its file is
// removed after the receipt, a slip is printed, the bureau is asked about somebody. It writes the intent into the journal before the act and the outcome
// after it. What a sudden end left without an outcome is looked up at the next start, and told.
//
// A journal that cannot be written keeps nobody from being served: the act is done, and the log says what is missing.
package witness

import (
	"context"
	"errors"
	"log/slog"

	"yimen/drivers/device"
	"yimen/kiosk/journal"
	"yimen/kiosk/outbox"
)

// Journal is where intents and outcomes are written; *journal.Journal is one. An answer without error means that the
// record survives a power cut.
type Journal interface {
	Append(e journal.Event) (no uint32, err error)
}

// Witness writes into one journal.
type Witness struct {
	journal Journal
	log     *slog.Logger
}

// New makes a witness.
func New(j Journal, log *slog.Logger) *Witness { return &Witness{j, log} }

// intend writes an intent. Without it, ok is false, and no outcome is to be written.
func (w *Witness) intend(e journal.Intent) (no uint32, ok bool) {
	no, err := w.journal.Append(e)
	if err != nil {
		w.log.Error("act goes on without its intent in the journal", "intent", journal.Name(e), "err", err)
	}
	return no, err == nil
}

func (w *Witness) record(e journal.Outcome) {
	if _, err := w.journal.Append(e); err != nil {
		w.log.Error("outcome is missing in the journal", "outcome", journal.Name(e), "err", err)
	}
}

// Printer puts slips on paper; see desk.Printer.
type Printer interface {
	Print(ctx context.Context, s device.Slip) (device.Printed, error)
}

// Printer makes by a printer whose slips are witnessed.
func (w *Witness) Printer(by Printer, paper journal.PrintIntendedPaper) Printer {
	return &printer{w, by, paper}
}

type printer struct {
	*Witness
	by    Printer
	paper journal.PrintIntendedPaper
}

// Print prints between an intent and an outcome.
func (p *printer) Print(ctx context.Context, s device.Slip) (device.Printed, error) {
	no, ok := p.intend(journal.PrintIntended{Paper: p.paper})
	printed, err := p.by.Print(ctx, s)
	if ok {
		p.record(journal.PrintEnded{Intent: no, Outcome: said(printed, err)})
	}
	return printed, err
}

// said is the printer's answer in the journal's words.
func said(p device.Printed, err error) journal.PrintEndedOutcome {
	switch {
	case errors.Is(err, device.ErrUnconfirmed), err == nil && !p.Confirmed:
		return journal.PrintEndedOutcomeUnconfirmed
	case err != nil:
		return journal.PrintEndedOutcomeFailed
	}
	return journal.PrintEndedOutcomePrinted
}

// Box is an outbox whose Put is witnessed.
type Box struct {
	*outbox.Outbox
	witness *Witness
}

// Box makes by an outbox whose Put and whose purges are witnessed. It must be called before by runs.
func (w *Witness) Box(by *outbox.Outbox) *Box {
	by.WatchPurges(w.purging)
	return &Box{by, w}
}

// Put keeps the item between an intent and an outcome.
func (b *Box) Put(ctx context.Context, it outbox.Item) error {
	no, ok := b.witness.submitting(it.ID)
	err := b.Outbox.Put(ctx, it)
	if ok {
		outcome := journal.SubmitEndedOutcomeKept
		if err != nil {
			outcome = journal.SubmitEndedOutcomeNotKept
		}
		b.witness.record(journal.SubmitEnded{Intent: no, Outcome: outcome})
	}
	return err
}

func (w *Witness) submitting(dossier string) (no uint32, ok bool) {
	id, err := journal.ParseID(dossier)
	if err != nil {
		w.log.Error("act goes on without its intent in the journal", "err", err)
		return 0, false
	}
	return w.intend(journal.SubmitIntended{Dossier: id})
}

// purging writes that an entry's file is about to go; what it gives is told whether it went.
func (w *Witness) purging(dossier string) (ended func(gone bool)) {
	id, err := journal.ParseID(dossier)
	if err != nil {
		w.log.Error("act goes on without its intent in the journal", "err", err)
		return func(bool) {}
	}
	no, ok := w.intend(journal.PurgeIntended{Dossier: id})
	return func(gone bool) {
		if ok {
			w.record(journal.PurgeEnded{Intent: no, Outcome: purged(gone)})
		}
	}
}

func purged(gone bool) journal.PurgeEndedOutcome {
	if gone {
		return journal.PurgeEndedOutcomePurged
	}
	return journal.PurgeEndedOutcomeLeft
}
