// Package selftest tries every device of a terminal once, looks whether its policy packs arrive, and says what came of it,
// in plain words for people and as JSON for machines. It claims nothing that a device did not say: a slip that was not confirmed is "sent", and a lamp
// that answered is "look whether it lit". Cards and codes are shown masked.
package selftest

import (
	"context"
	"time"

	"yimen/drivers"
	"yimen/drivers/device"
)

// CardReader waits for a card and gives what is on it.
type CardReader interface {
	Read(ctx context.Context) (device.Card, error)
}

// Camera gives a frame that was taken after the call.
type Camera interface {
	Capture(ctx context.Context) (device.Frame, error)
}

// Printer puts a slip on paper and reports what the printer said.
type Printer interface {
	Print(ctx context.Context, s device.Slip) (device.Printed, error)
}

// Scanner waits for a code and gives what it says.
type Scanner interface {
	Read(ctx context.Context) (device.Code, error)
}

// Lamps switches the lamp beside a device.
type Lamps interface {
	Devices() []device.ID // that have a lamp
	Point(ctx context.Context, id device.ID, on bool) error
}

// Sounds plays a tone. That it was played is all that a device says: whether it was heard, only who stands there can.
type Sounds interface {
	Devices() []device.ID // that there should be
	Sound(ctx context.Context, id device.ID) error
}

// Packs says which edition of the policy pack is in force, and why the newest is not; nil when all is well.
type Packs interface {
	InForce() (edition string, trouble error)
}

// PacksArrive is the id of the packs' result. They are no device, but stand among them.
const PacksArrive device.ID = "packs"

// Devices are what is tried; one that is nil the terminal does not have.
type Devices struct {
	Cards   CardReader
	Camera  Camera
	FaceCam Camera
	Printer Printer
	Scanner Scanner
	Lamps   Lamps
	Packs   Packs
	Sounds  Sounds
	// Statuses is what every device last said of itself.
	Statuses func() map[device.ID]device.Status
}

// Of are the devices of t, which must be running.
func Of(t *drivers.Terminal) Devices {
	d := Devices{Statuses: t.Statuses}
	if r := t.IDCard(); r != nil {
		d.Cards = r
	}
	if c := t.DocCam(); c != nil {
		d.Camera = c
	}
	if c := t.FaceCam(); c != nil {
		d.FaceCam = c
	}
	if p := t.Printer(); p != nil {
		d.Printer = p
	}
	if s := t.Scanner(); s != nil {
		d.Scanner = s
	}
	if l := t.Lamps(); l != nil {
		d.Lamps = l
	}
	return d
}

// Outcome of one device's try.
type Outcome string

const (
	Passed Outcome = "passed"
	Failed Outcome = "failed"
	Unsure Outcome = "unsure" // the work was sent, and the device did not say that it is done
)

// Result is what came of trying one device.
type Result struct {
	Device  device.ID         `json:"device"`
	Outcome Outcome           `json:"outcome"`
	Remark  string            `json:"remark"`         // a phrase of words.yaml
	Args    map[string]string `json:"args,omitempty"` // what the phrase names; masked where it is about a person
	Cause   string            `json:"cause,omitempty"`
}

// Report is what came of all.
type Report struct {
	Passed  bool     `json:"passed"` // every device did
	Results []Result `json:"results"`
}

// Step is told while a self-test runs: either what a person is asked to do now, or a result.
type Step struct {
	Ask    device.ID `json:"ask,omitempty"` // lay a card, hold a code
	Result *Result   `json:"result,omitempty"`
}

// Wait is how long a person is given to lay a card or hold a code when nothing else is said.
const Wait = 30 * time.Second

// Run tries every device in turn. wait is how long a person is given. tell hears each Step, in this goroutine. When ctx
// ends the devices that were not tried are missing from the report, and Run gives the cause.
func Run(ctx context.Context, d Devices, wait time.Duration, tell func(Step)) (Report, error) {
	r := &round{Devices: d, wait: wait, tell: tell}
	report := Report{Passed: true, Results: []Result{}}
	for _, try := range r.tries() {
		result := try(ctx)
		if ctx.Err() != nil {
			report.Passed = false
			return report, context.Cause(ctx)
		}
		report.Passed = report.Passed && result.Outcome == Passed
		report.Results = append(report.Results, result)
		tell(Step{Result: &result})
	}
	return report, nil
}
