// Package scanner drives a QR engine on a serial line: it lights the engine when somebody asks for a code, gives the
// content of the first one that is shown, and darkens it again. It judges no content.
package scanner

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"time"

	"yimen/drivers/device"
	"yimen/drivers/gauge"
	"yimen/drivers/wire"
)

// Command is what the engine is sent, and what it answers when it has understood; engines without an Answer are believed.
type Command struct{ Send, Answer []byte }

// Config of a Scanner, as a model file gives it.
type Config struct {
	On, Off Command
	// Relight is how long the engine is left to look for a code before it is triggered again, since each goes dark after a
	// time of its own and says nothing; 3 s when zero.
	Relight time.Duration
	Poll    time.Duration // between two questions whether the engine is there; 2 s when zero
}

// Scanner is one engine. Run must be running for Read to do anything; all methods may be called from any goroutine.
type Scanner struct {
	port  wire.Port
	cfg   Config
	log   *slog.Logger
	gauge *gauge.Gauge
	jobs  chan *job
}

// job is a Read. Run answers it exactly once.
type job struct {
	ctx    context.Context
	result chan result
}

type result struct {
	code device.Code
	err  error
}

// New makes a Scanner at port.
func New(port wire.Port, cfg Config, log *slog.Logger) *Scanner {
	cfg.Relight = cmp.Or(cfg.Relight, 3*time.Second)
	cfg.Poll = cmp.Or(cfg.Poll, 2*time.Second)
	return &Scanner{
		port: port, cfg: cfg, log: log.With("device", device.Scanner, "port", port.String()),
		gauge: gauge.New(device.Status{State: device.Starting}),
		jobs:  make(chan *job),
	}
}

// Run keeps the port open and serves Read until ctx ends, and reopens a port that is gone.
func (s *Scanner) Run(ctx context.Context) error {
	return wire.Keep(ctx, s.port, time.Second, s.serve, s.lost)
}

// Status is what the engine last said of itself. Of an engine that never answers it tells only that the port is there.
func (s *Scanner) Status() device.Status { return s.gauge.Status() }

// Watch has f called after each change of Status; f must not wait.
func (s *Scanner) Watch(f func(device.Status)) { s.gauge.Watch(f) }

// Read lights the engine and waits until a code is shown. A code shown before Read was called is not given. Read gives up
// when ctx ends, with ctx's error, and else with a *device.Fault that wraps one of the sentinels: ErrInvalidMedia when
// what came is no text (the code may be shown again), ErrGone, ErrSilent or ErrProtocol while the engine is out of order.
func (s *Scanner) Read(ctx context.Context) (device.Code, error) {
	j := &job{ctx: ctx, result: make(chan result, 1)}
	for {
		now, changed := s.gauge.Now()
		if now.State != device.Online && now.State != device.Starting {
			return device.Code{}, fault(now.Cause)
		}
		select {
		case s.jobs <- j:
			r := <-j.result
			return r.code, r.err
		case <-changed:
		case <-ctx.Done():
			return device.Code{}, fault(ctx.Err())
		}
	}
}

// lost notes why the engine did not answer, or that the port is gone.
func (s *Scanner) lost(err error) {
	st := device.Status{State: device.NoDevice, Cause: device.ErrGone}
	switch {
	case errors.Is(err, device.ErrSilent):
		st.State, st.Cause = device.Offline, device.ErrSilent
	case errors.Is(err, device.ErrProtocol):
		st.State, st.Cause = device.Offline, device.ErrProtocol
	case errors.Is(err, device.ErrBusy), errors.Is(err, device.ErrGone):
		st.Cause = err // whose words say more to a technician: a right that is missing, two devices alike
	}
	s.log.Debug("scanner missed", "err", err)
	s.gauge.Miss(st)
}

func fault(err error) *device.Fault {
	return &device.Fault{Device: device.Scanner, Op: "read code", Err: err}
}
