// Package printer drives a receipt printer that speaks ESC/POS: it lays out slips for the printer's width, sends them, and
// says that a slip is printed only when the printer has said so.
package printer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"yimen/drivers/device"
	"yimen/drivers/gauge"
	"yimen/drivers/wire"
)

// Config of a Printer. The zero value is a printer of 80 mm paper that answers and draws QR codes itself.
type Config struct {
	Dots     int  // printable width; 576 when zero
	RasterQR bool // QR codes are sent as pictures
	// Mute printers have no return channel: a job ends as sent, never as printed.
	Mute bool
	// PortStatus of the printer can be believed, where its port gives one (firmware-notes/escpos "Port status").
	PortStatus bool
	// USB is what the printer is on the bus, in the words of a port usb:…
	USB      string
	Poll     time.Duration // between two questions for its state; 2 s when zero
	Patience time.Duration // for the answer that a job is on paper; 45 s when zero
}

// Printer is one printer. Run must be running for Print to do anything; all methods may be called from any goroutine.
type Printer struct {
	port   wire.Port
	cfg    Config
	render renderer
	log    *slog.Logger
	gauge  *gauge.Gauge
	jobs   chan *job
}

// job is handed to Run, which answers it exactly once.
type job struct {
	ctx    context.Context
	bytes  []byte
	result chan result
}

type result struct {
	printed device.Printed
	err     error
}

// New makes a Printer at port. ras draws what the printer's font lacks; without one such a slip is an error.
func New(port wire.Port, cfg Config, ras LineRasterizer, log *slog.Logger) *Printer {
	cfg.Dots = cmp.Or(cfg.Dots, 576)
	cfg.Poll = cmp.Or(cfg.Poll, 2*time.Second)
	cfg.Patience = cmp.Or(cfg.Patience, 45*time.Second)
	return &Printer{
		port: port, cfg: cfg,
		render: renderer{dots: cfg.Dots, rasterQR: cfg.RasterQR, ras: ras},
		log:    log.With("device", device.Printer, "port", port.String()),
		gauge:  gauge.New(device.Status{State: device.Starting, Paper: device.PaperUnknown}),
		jobs:   make(chan *job),
	}
}

// Run keeps the port open, watches the printer's state and prints until ctx ends, and reopens a port that is gone.
func (p *Printer) Run(ctx context.Context) error {
	return wire.Keep(ctx, p.port, time.Second, p.serve, p.lost)
}

// Status is what the printer last said of itself.
func (p *Printer) Status() device.Status { return p.gauge.Status() }

// Watch has f called after each change of Status; f must not wait.
func (p *Printer) Watch(f func(device.Status)) { p.gauge.Watch(f) }

// Print waits until slip is on paper. Printed.Confirmed is true, and the error nil, only when the printer answered that all
// of it is. Any other end is a *device.Fault: around ErrNeedsUser, ErrPaperOut, ErrJammed or ErrHardware when the printer
// said why; ErrGone or ErrSilent when nothing was sent; ErrUnconfirmed when some or all was sent and no answer came, in
// which case the slip may be on paper. Print never sends twice; whether to print again is for the caller to ask.
func (p *Printer) Print(ctx context.Context, slip device.Slip) (device.Printed, error) {
	bytes, err := p.render.job(slip)
	if err != nil {
		return device.Printed{}, fault(fmt.Errorf("lay out slip: %w", err))
	}
	j := &job{ctx: ctx, bytes: bytes, result: make(chan result, 1)}
	for {
		now, changed := p.gauge.Now()
		if now.State == device.NoDevice || now.State == device.Offline {
			return device.Printed{}, fault(now.Cause)
		}
		select {
		case p.jobs <- j:
			r := <-j.result
			return r.printed, r.err
		case <-changed:
		case <-ctx.Done():
			return device.Printed{}, fault(ctx.Err())
		}
	}
}

// lost notes why the printer did not answer, or that the port is gone.
func (p *Printer) lost(err error) {
	s := device.Status{State: device.NoDevice, Paper: device.PaperUnknown, Cause: device.ErrGone}
	switch {
	case errors.Is(err, device.ErrSilent):
		s.State, s.Cause = device.Offline, device.ErrSilent
	case errors.Is(err, device.ErrBusy), errors.Is(err, device.ErrGone):
		s.Cause = err // whose words say more to a technician: a right that is missing, two devices alike
	}
	p.log.Debug("printer missed", "err", err)
	p.gauge.Miss(s)
}

func fault(err error) *device.Fault {
	return &device.Fault{Device: device.Printer, Op: "print", Err: err}
}
