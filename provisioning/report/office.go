package report

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"yimen/drivers/device"
)

// Path is where the daemon's socket answers with a readiness report.
const Path = "/report"

// Printer puts slips on paper; see desk.Printer.
type Printer interface {
	Print(ctx context.Context, s device.Slip) (device.Printed, error)
}

// Paper is what the printer said of a report.
type Paper string

// The outcomes of printing; none when it was not asked for.
const (
	Printed     Paper = "printed"
	Unconfirmed Paper = "unconfirmed" // sent, and the printer did not say that it is done
	Failed      Paper = "failed"
)

// Answer is what whoever asked is told.
type Answer struct {
	Report Report `json:"report"`
	Paper  Paper  `json:"paper,omitempty"`
	Cause  string `json:"cause,omitempty"` // why nothing was printed, for technicians
}

// Office answers with readiness reports, and prints them on demand.
type Office struct {
	Idle    func() bool // whether nobody stands at the terminal
	Printer Printer
	Gather  func(ctx context.Context) Report
}

// ServeHTTP answers a POST with an Answer; with paper=yes it is printed, which during a visit is refused by 409: the printer
// is the resident's.
func (o Office) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	paper := r.URL.Query().Get("paper") == "yes"
	switch {
	case r.Method != http.MethodPost:
		http.Error(w, "want POST", http.StatusBadRequest)
		return
	case paper && !o.Idle():
		http.Error(w, "a visit is going on", http.StatusConflict)
		return
	}
	answer := Answer{Report: o.Gather(r.Context())}
	if paper {
		answer.Paper, answer.Cause = o.print(r.Context(), answer.Report)
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(answer) // whoever asked may have left
}

// print is not stopped when whoever asked leaves: half a report helps nobody.
func (o Office) print(ctx context.Context, r Report) (Paper, string) {
	slip, err := r.Slip()
	if err != nil {
		return Failed, err.Error()
	}
	p, err := o.Printer.Print(context.WithoutCancel(ctx), slip)
	switch {
	case errors.Is(err, device.ErrUnconfirmed), err == nil && !p.Confirmed:
		return Unconfirmed, ""
	case err != nil:
		return Failed, err.Error()
	}
	return Printed, ""
}

// ExportPath is where the daemon's socket is told that the logs are taken away.
const ExportPath = "/log-exported"

// LatchPath is where the daemon's socket closes and opens the technician's lock.
const LatchPath = "/lock"

// Latch is what whoever closed or opened it is told.
type Latch struct {
	Locked bool `json:"locked"`
	Was    bool `json:"was"`   // locked before
	Visit  bool `json:"visit"` // a visit that had begun still goes on
}
