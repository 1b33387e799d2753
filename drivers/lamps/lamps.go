// Package lamps drives a Modbus relay board whose relays light a lamp beside each device, to point a resident to the one in
// use, and at whose inputs the switches of the case hang. A lamp is a courtesy: what cannot be lit is told in the status and
// stops nothing.
package lamps

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"yimen/drivers/device"
	"yimen/drivers/gauge"
	"yimen/drivers/wire"
)

// Config of Lamps.
type Config struct {
	Unit   byte              // address of the board; 1 when zero
	Relays map[device.ID]int // which relay lights the lamp beside a device, from 1 as on the label
	Count  int               // relays on the board; 8 when zero
	// Contacts tells at which input, from 1, a switch guards the case. Its loop is closed while all is well.
	Contacts map[device.Contact]int
	Inputs   int // inputs on the board; none when zero
	// Blind boards cannot tell which relays are on (firmware-notes/relay-board "Known troubles").
	Blind bool
	Poll  time.Duration // between two questions which relays are on; 2 s when zero
}

// Lamps is one board. Run must be running for anything to be lit; all methods may be called from any goroutine.
type Lamps struct {
	port  wire.Port
	cfg   Config
	log   *slog.Logger
	gauge *gauge.Gauge
	wake  chan struct{}

	contacts *contacts

	mu     sync.Mutex
	wanted map[int]bool  // by relay
	asked  int           // counts the changes of wanted
	shown  int           // the last of them that the board confirmed
	turned chan struct{} // closed, and replaced, when shown changes
}

// New makes the Lamps of the board at port; all are dark at first.
func New(port wire.Port, cfg Config, log *slog.Logger) *Lamps {
	cfg.Unit = cmp.Or(cfg.Unit, 1)
	cfg.Count = cmp.Or(cfg.Count, 8)
	cfg.Poll = cmp.Or(cfg.Poll, 2*time.Second)
	if len(cfg.Contacts) > 0 {
		cfg.Poll = min(cfg.Poll, lookOften)
	}
	l := &Lamps{
		port: port, cfg: cfg, log: log.With("device", device.Lamps, "port", port.String()),
		gauge:    gauge.New(device.Status{State: device.Starting}),
		contacts: newContacts(cfg.Contacts),
		wake:     make(chan struct{}, 1), turned: make(chan struct{}), wanted: map[int]bool{},
	}
	for _, relay := range cfg.Relays {
		l.wanted[relay] = false
	}
	return l
}

// Run keeps the port open and the board as it is wanted until ctx ends, and reopens a port that is gone. It leaves the lamps
// as they are.
func (l *Lamps) Run(ctx context.Context) error {
	return wire.Keep(ctx, l.port, time.Second, l.serve, l.lost)
}

// Status is what the board last said of itself.
func (l *Lamps) Status() device.Status { return l.gauge.Status() }

// Watch has f called after each change of Status; f must not wait.
func (l *Lamps) Watch(f func(device.Status)) { l.gauge.Watch(f) }

// Devices are those that a lamp stands beside, in the order of their names.
func (l *Lamps) Devices() []device.ID { return slices.Sorted(maps.Keys(l.cfg.Relays)) }

// Light wants the lamp beside a device on or off and does not wait: it follows as soon as the board is there. A device
// without a lamp is none of its business.
func (l *Lamps) Light(id device.ID, on bool) { l.want(id, on) }

// want gives the number of the change, 0 where there is no lamp.
func (l *Lamps) want(id device.ID, on bool) int {
	relay, ok := l.cfg.Relays[id]
	if !ok {
		return 0
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.wanted[relay] = on
	l.asked++
	select {
	case l.wake <- struct{}{}:
	default:
	}
	return l.asked
}

// Point does as Light and waits until the board has confirmed it. It gives up with ctx's error, or with a *device.Fault that
// wraps ErrGone, ErrSilent, ErrHardware or ErrProtocol while the board is out of order; the lamp follows when it is well again.
func (l *Lamps) Point(ctx context.Context, id device.ID, on bool) error {
	change := l.want(id, on)
	for {
		now, changed := l.gauge.Now()
		l.mu.Lock()
		turned, reached := l.turned, l.shown >= change
		l.mu.Unlock()
		switch {
		case reached:
			return nil
		case now.State != device.Online && now.State != device.Starting:
			return fault(now.Cause)
		}
		select {
		case <-turned:
		case <-changed:
		case <-ctx.Done():
			return fault(ctx.Err())
		}
	}
}

// goal is what is wanted now, and the number of the change that made it so.
func (l *Lamps) goal() (wanted map[int]bool, change int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	wanted = make(map[int]bool, len(l.wanted))
	for relay, on := range l.wanted {
		wanted[relay] = on
	}
	return wanted, l.asked
}

// reached notes that the board shows everything up to change.
func (l *Lamps) reached(change int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.shown = change
	close(l.turned)
	l.turned = make(chan struct{})
}

// lost notes why the board did not answer, or that the port is gone.
func (l *Lamps) lost(err error) {
	s := device.Status{State: device.NoDevice, Cause: device.ErrGone}
	switch {
	case errors.Is(err, device.ErrSilent):
		s.State, s.Cause = device.Offline, device.ErrSilent
	case errors.Is(err, device.ErrProtocol):
		s.State, s.Cause = device.Offline, device.ErrProtocol
	case errors.Is(err, device.ErrBusy), errors.Is(err, device.ErrGone):
		s.Cause = err // whose words say more to a technician: a right that is missing, two devices alike
	}
	l.log.Debug("lamps missed", "err", err)
	l.gauge.Miss(s)
}

func fault(err error) *device.Fault {
	return &device.Fault{Device: device.Lamps, Op: "light lamp", Err: err}
}
