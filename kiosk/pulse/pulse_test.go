package pulse

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"yimen/kiosk/central"
	"yimen/kiosk/journey/view"
)

// office is a central that hears heartbeats.
type office struct {
	mu    sync.Mutex
	heard []central.Heartbeat
	down  error
	every int
	ahead time.Duration // of central's clock
}

func (o *office) Beat(_ context.Context, h central.Heartbeat) (central.Beat, time.Time, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.heard = append(o.heard, h)
	return central.Beat{At: time.Now().Add(o.ahead), Every: o.every}, time.Now(), o.down
}

func (o *office) set(change func()) {
	o.mu.Lock()
	defer o.mu.Unlock()
	change()
}

// beats runs a pulse beside f, which may sleep; it gives what was logged.
func beats(t *testing.T, o *office, f func(p *Pulse)) string {
	t.Helper()
	var log bytes.Buffer
	synctest.Test(t, func(t *testing.T) {
		p := New(func(context.Context) central.Heartbeat { return central.Heartbeat{Journal: "x"} }, o, slog.New(slog.NewTextHandler(&log, nil)))
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- p.Run(ctx) }()
		f(p)
		synctest.Wait()
		stop()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
	return log.String()
}

func TestCentralHearsEachMinuteHowTheTerminalIs(t *testing.T) {
	o := &office{every: 60}
	beats(t, o, func(*Pulse) { time.Sleep(100*time.Minute + 30*time.Second) })
	if n := len(o.heard); n < 90 || n > 112 {
		t.Errorf("%d heartbeats in 100 minutes", n)
	}
	last := o.heard[len(o.heard)-1]
	if last.Journal != "x" || last.Running < 99*60 || last.Running > 101*60 || last.Skew == nil || o.heard[0].Skew != nil {
		t.Errorf("first %+v, last %+v", o.heard[0], last)
	}
}

func TestCentralMayAskForMoreOrFewerHeartbeatsWithinReason(t *testing.T) {
	for every, most := range map[int]int{0: 5, 1: 5, 300: 2, 1_000_000: 2} {
		o := &office{every: every}
		beats(t, o, func(*Pulse) { time.Sleep(55 * time.Second) })
		if n := len(o.heard); n < 1 || n > most {
			t.Errorf("asked for each %d s: %d heartbeats in 55 s", every, n)
		}
	}
	o := &office{every: 1_000_000}
	beats(t, o, func(*Pulse) { time.Sleep(12 * time.Minute) })
	if len(o.heard) < 2 {
		t.Error("silent for 12 minutes")
	}
}

func TestADeadLineIsToldOnceAndTriedOn(t *testing.T) {
	o := &office{every: 60, down: errors.New("dead line")}
	log := beats(t, o, func(p *Pulse) {
		time.Sleep(time.Hour)
		if _, known := p.Skew(); known {
			t.Error("a clock was compared over a dead line")
		}
	})
	if n := strings.Count(log, "dead line"); n != 1 || len(o.heard) < 50 {
		t.Errorf("told %d times, tried %d times", n, len(o.heard))
	}
}

func TestAClockThatDiffersIsToldOnceAndAgainWhenItAgrees(t *testing.T) {
	for _, ahead := range []time.Duration{MaxSkew, -MaxSkew, 26 * time.Hour} {
		o := &office{every: 60}
		log := beats(t, o, func(p *Pulse) {
			time.Sleep(5 * time.Minute)
			o.set(func() { o.ahead = -ahead })
			time.Sleep(5 * time.Minute)
			synctest.Wait()
			if got, known := p.Skew(); got != ahead || !known {
				t.Errorf("skew %v, want %v", got, ahead)
			}
			o.set(func() { o.ahead = time.Second })
			time.Sleep(5 * time.Minute)
		})
		if strings.Count(log, "differ") != 1 || strings.Count(log, "agree again") != 1 {
			t.Errorf("told\n%s", log)
		}
		if last := o.heard[len(o.heard)-1]; last.Skew == nil || *last.Skew != -1000 {
			t.Errorf("central hears of a skew of %v", last.Skew)
		}
	}
}

func TestTheScreensAgeCountsFromItsLastChange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s Screen
		if got := s.State(); got.Name != "starting" || got.Resting {
			t.Errorf("before the first view: %+v", got)
		}
		views := make(chan view.View)
		followed := make(chan struct{})
		go func() { defer close(followed); s.Follow(views) }()
		views <- view.View{Screen: view.ScreenAttract}
		time.Sleep(time.Hour)
		if got := s.State(); !got.Resting || got.Age != 3600 || got.Name != string(view.ScreenAttract) {
			t.Errorf("%+v", got)
		}
		views <- view.View{Screen: view.ScreenMenu}
		synctest.Wait()
		time.Sleep(time.Minute)
		views <- view.View{Screen: view.ScreenMenu, Seq: 2}
		synctest.Wait()
		time.Sleep(time.Second)
		if got := s.State(); got.Resting || got.Age != 1 {
			t.Errorf("%+v", got)
		}
		close(views)
		<-followed
	})
}
