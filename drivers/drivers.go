// Package drivers opens the devices of one terminal, keeps them open, and reopens what comes back.
package drivers

import (
	"context"
	"fmt"
	"log/slog"

	"golang.org/x/sync/errgroup"

	"yimen/drivers/camera"
	"yimen/drivers/device"
	"yimen/drivers/doccam"
	"yimen/drivers/idcard"
	"yimen/drivers/lamps"
	"yimen/drivers/printer"
	"yimen/drivers/scanner"
)

// Terminal is the devices of one terminal.
type Terminal struct {
	idcard  *idcard.Reader
	printer *printer.Printer
	doccam  *doccam.DocCam
	facecam *camera.Camera
	scanner *scanner.Scanner
	lamps   *lamps.Lamps
	devices map[device.ID]part
}

// part is what all drivers have in common.
type part interface {
	Run(context.Context) error
	Status() device.Status
	Watch(func(device.Status))
}

// Open makes the devices that cfg names. It touches none of them: that is Run's part, so that a terminal starts with any
// of them away. ras draws what the printer's own font lacks.
func Open(cfg Config, ras printer.LineRasterizer, log *slog.Logger) (*Terminal, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	t := &Terminal{devices: map[device.ID]part{}}
	if err := t.openReaders(cfg, log); err != nil {
		return nil, err
	}
	if err := t.openDoers(cfg, ras, log); err != nil {
		return nil, err
	}
	for id, d := range t.devices {
		d.Watch(told(id, log))
	}
	return t, nil
}

// openReaders makes the devices that something is read from.
func (t *Terminal) openReaders(cfg Config, log *slog.Logger) error {
	if c := cfg.IDCard; c != nil {
		port, cfg, err := c.parts()
		if err != nil {
			return fmt.Errorf("idcard.%w", err)
		}
		t.idcard = idcard.New(port, cfg, log)
		t.devices[device.IDCardReader] = t.idcard
	}
	if c := cfg.Scanner; c != nil {
		port, cfg, err := c.parts()
		if err != nil {
			return fmt.Errorf("scanner.%w", err)
		}
		t.scanner = scanner.New(port, cfg, log)
		t.devices[device.Scanner] = t.scanner
	}
	if c := cfg.DocCam; c != nil {
		source, _, err := c.parts()
		if err != nil {
			return fmt.Errorf("doccam.%w", err)
		}
		t.doccam = doccam.New(source, log)
		t.devices[device.DocCam] = t.doccam
	}
	if c := cfg.FaceCam; c != nil {
		source, err := c.source()
		if err != nil {
			return fmt.Errorf("facecam.%w", err)
		}
		t.facecam = camera.New(device.FaceCam, source, log)
		t.devices[device.FaceCam] = t.facecam
	}
	return nil
}

// openDoers makes the devices that are told to do something.
func (t *Terminal) openDoers(cfg Config, ras printer.LineRasterizer, log *slog.Logger) error {
	if c := cfg.Printer; c != nil {
		port, cfg, err := c.parts()
		if err != nil {
			return fmt.Errorf("printer.%w", err)
		}
		t.printer = printer.New(port, cfg, ras, log)
		t.devices[device.Printer] = t.printer
	}
	if c := cfg.Lamps; c != nil {
		port, cfg, err := c.parts()
		if err != nil {
			return fmt.Errorf("lamps.%w", err)
		}
		t.lamps = lamps.New(port, cfg, log)
		t.devices[device.Lamps] = t.lamps
	}
	return nil
}

// told writes to log how a device does, whenever that changes. Cards that come and go are no news.
func told(id device.ID, log *slog.Logger) func(device.Status) {
	last := device.Status{State: device.Starting}
	return func(s device.Status) {
		if s.State == last.State && s.Paper == last.Paper {
			return
		}
		last = s
		level := slog.LevelInfo
		if !s.Ready() {
			level = slog.LevelWarn
		}
		log.Log(context.Background(), level, "device status", "device", id, "state", s.State, "paper", s.Paper, "cause", s.Cause)
	}
}

// Run runs every device until ctx ends, and leaves none open.
func (t *Terminal) Run(ctx context.Context) error {
	all, ctx := errgroup.WithContext(ctx)
	for _, d := range t.devices {
		all.Go(func() error { return d.Run(ctx) })
	}
	all.Go(func() error { <-ctx.Done(); return context.Cause(ctx) })
	return all.Wait()
}

// IDCard is the card reader, nil where the terminal has none.
func (t *Terminal) IDCard() *idcard.Reader { return t.idcard }

// Printer is the receipt printer, nil where the terminal has none.
func (t *Terminal) Printer() *printer.Printer { return t.printer }

// DocCam is the document camera, nil where the terminal has none.
func (t *Terminal) DocCam() *doccam.DocCam { return t.doccam }

// FaceCam is the camera before which people stand, nil where the terminal has none. It sends only while somebody takes
// frames from it.
func (t *Terminal) FaceCam() *camera.Camera { return t.facecam }

// Scanner is the QR engine, nil where the terminal has none.
func (t *Terminal) Scanner() *scanner.Scanner { return t.scanner }

// Lamps is the board of the lamps beside the devices, nil where the terminal has none.
func (t *Terminal) Lamps() *lamps.Lamps { return t.lamps }

// Light wants the lamp beside a device on or off, and does not wait. A terminal without lamps does nothing.
func (t *Terminal) Light(id device.ID, on bool) {
	if t.lamps != nil {
		t.lamps.Light(id, on)
	}
}

// Contacts is how the switches that guard the case stand; none where the terminal has none.
func (t *Terminal) Contacts() map[device.Contact]device.ContactState {
	if t.lamps == nil {
		return nil
	}
	return t.lamps.Contacts()
}

// WatchContacts has f called after each change of a contact; f must not wait.
func (t *Terminal) WatchContacts(f func(device.Contact, device.ContactState)) {
	if t.lamps != nil {
		t.lamps.WatchContacts(f)
	}
}

// Statuses is what every device last said of itself.
func (t *Terminal) Statuses() map[device.ID]device.Status {
	all := make(map[device.ID]device.Status, len(t.devices))
	for id, d := range t.devices {
		all[id] = d.Status()
	}
	return all
}

// Watch has f called after each change of a device's status, from several goroutines; f must not wait. A blip is no
// change: a device is away only after it missed several times.
func (t *Terminal) Watch(f func(device.ID, device.Status)) {
	for id, d := range t.devices {
		d.Watch(func(s device.Status) { f(id, s) })
	}
}
