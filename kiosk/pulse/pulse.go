// Package pulse tells central again and again how the terminal is, and notices when the two clocks differ. It sets no
// clock: which of the two is wrong is for people to find out.
package pulse

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"yimen/kiosk/central"
)

// Central takes heartbeats, as central.Client does.
type Central interface {
	Beat(ctx context.Context, h central.Heartbeat) (answer central.Beat, middle time.Time, err error)
}

const (
	usually  = time.Minute      // between two heartbeats, until central says otherwise
	soonest  = 15 * time.Second // whatever central says
	latest   = 10 * time.Minute // likewise
	patience = 30 * time.Second // for one heartbeat
	// MaxSkew is how far apart the two clocks may be before somebody is told.
	MaxSkew = 2 * time.Minute
)

// Pulse is one terminal's. Run must not run twice at once.
type Pulse struct {
	gather func(ctx context.Context) central.Heartbeat
	to     Central
	log    *slog.Logger
	began  time.Time

	mu    sync.Mutex
	skew  time.Duration
	known bool
	wrong bool // somebody was told
}

// New makes a pulse. gather tells how the terminal is; Running, At and Skew are added to it.
func New(gather func(ctx context.Context) central.Heartbeat, to Central, log *slog.Logger) *Pulse {
	return &Pulse{gather: gather, to: to, log: log, began: time.Now()}
}

// Skew is how far this terminal's clock was ahead of central's at the last heartbeat that was answered; known is false
// before the first.
func (p *Pulse) Skew() (ahead time.Duration, known bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.skew, p.known
}

// Run tells central until ctx ends. A dead line is no error: that nothing comes is what central notices.
func (p *Pulse) Run(ctx context.Context) error {
	every, dead := usually, false
	for {
		answer, err := p.beat(ctx)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err == nil:
			every, dead = min(max(time.Duration(answer.Every)*time.Second, soonest), latest), false
		case !dead: // once, not every minute
			p.log.WarnContext(ctx, "central does not hear how the terminal is", "err", err)
			dead = true
		}
		// Terminals that were switched on together do not go on in step.
		pause := every - every/10 + rand.N(every/5)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
	}
}

func (p *Pulse) beat(ctx context.Context) (central.Beat, error) {
	ctx, stop := context.WithTimeout(ctx, patience)
	defer stop()
	h := p.gather(ctx)
	h.At, h.Running = time.Now().UTC(), int64(time.Since(p.began)/time.Second)
	if ahead, known := p.Skew(); known {
		ms := ahead.Milliseconds()
		h.Skew = &ms
	}
	answer, middle, err := p.to.Beat(ctx, h)
	if err != nil {
		return central.Beat{}, err
	}
	p.compare(ctx, middle.Round(0).Sub(answer.At))
	return answer, nil
}

// compare notes how far ahead this clock is, and tells once when that becomes too much, and when it is over.
func (p *Pulse) compare(ctx context.Context, ahead time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.skew, p.known = ahead, true
	switch wrong := ahead.Abs() >= MaxSkew; {
	case wrong && !p.wrong:
		p.log.ErrorContext(ctx, "this clock and central's differ", "ahead", ahead.Round(time.Second).String())
	case !wrong && p.wrong:
		p.log.InfoContext(ctx, "this clock and central's agree again", "ahead", ahead.Round(time.Second).String())
	}
	p.wrong = ahead.Abs() >= MaxSkew
}
