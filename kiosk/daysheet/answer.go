package daysheet

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"yimen/drivers/device"
)

// Path is where the daemon's socket answers with a day sheet.
const Path = "/day-sheet"

// Printer puts slips on paper; see desk.Printer.
type Printer interface {
	Print(ctx context.Context, s device.Slip) (device.Printed, error)
}

// Outcome is what the printer said of a day sheet.
type Outcome string

// The outcomes.
const (
	Printed     Outcome = "printed"
	Unconfirmed Outcome = "unconfirmed" // sent, and the printer did not say that it is done
	Failed      Outcome = "failed"
)

// Answer is what whoever asked is told.
type Answer struct {
	Outcome Outcome `json:"outcome"`
	Cause   string  `json:"cause,omitempty"` // for technicians
	Head    string  `json:"head"`            // that stands on the sheet
}

// Office prints day sheets on demand.
type Office struct {
	Idle    func() bool // whether nobody stands at the terminal
	Now     func() time.Time
	Printer Printer
	// Sheet gathers what is to be told of the day that at is in.
	Sheet func(ctx context.Context, at time.Time) (Sheet, error)
}

// ServeHTTP answers a POST, with day=2026-11-22 for another day than this, with an Answer. During a visit it answers 409:
// the printer is the resident's.
func (o Office) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	at, err := o.asked(r.URL.Query().Get("day"))
	if r.Method != http.MethodPost || err != nil {
		http.Error(w, "want POST, and a day such as 2026-11-22 or none", http.StatusBadRequest)
		return
	}
	if !o.Idle() {
		http.Error(w, "a visit is going on", http.StatusConflict)
		return
	}
	answer, err := o.print(r.Context(), at)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(answer) // whoever asked may have left
}

func (o Office) asked(day string) (time.Time, error) {
	now := o.Now()
	if day == "" {
		return now, nil
	}
	return time.ParseInLocation(time.DateOnly, day, now.Location())
}

// print is not stopped when whoever asked leaves: half a sheet helps nobody.
func (o Office) print(ctx context.Context, at time.Time) (Answer, error) {
	sheet, err := o.Sheet(ctx, at)
	if err != nil {
		return Answer{}, err
	}
	slip, err := sheet.Slip()
	if err != nil {
		return Answer{}, err
	}
	answer := Answer{Outcome: Printed, Head: sheet.Head.String()}
	p, err := o.Printer.Print(context.WithoutCancel(ctx), slip)
	switch {
	case errors.Is(err, device.ErrUnconfirmed), err == nil && !p.Confirmed:
		answer.Outcome = Unconfirmed
	case err != nil:
		answer.Outcome, answer.Cause = Failed, err.Error()
	}
	return answer, nil
}
