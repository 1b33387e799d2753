// Package desk serves one visit at a time. One goroutine owns the journey's State; touches, time and outcomes
// come in through one select, and the effects that journey.Step answers with are carried out here. The desk
// knows resources, never services: each family of effects has its runner in a file of its own.
package desk

import (
	"context"
	"log/slog"
	"reflect"
	"sync"
	"time"

	"yimen/drivers/device"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/view"
)

// Hands is what the desk carries effects out with.
type Hands struct {
	Cards  CardReader
	Camera Camera
	Pages  PageMaker
	Faces  Faces // nil where there is no face camera
	// Office is what the staff work with; a terminal without one keeps no copies and offers staff nothing.
	Office Office
	Keeper Keeper
	// Board is looked at by the service of public notices; a terminal without that service needs none.
	Board Board
	// Enquirer asks the bureau; a terminal whose services never ask needs none.
	Enquirer Enquirer
	Codes    Scanner // nil where the terminal has none
	Printer  Printer
	Lamps    Lamps
	// Devices tells how the terminal's devices are now.
	Devices func() map[device.ID]device.Status
	// LostSlip says whether a slip may not have come out when the daemon ended suddenly, not long ago; nil for never.
	LostSlip func() bool
	// Maintenance is what the screen tells while a technician has locked the terminal, nil while none has; nil for never.
	Maintenance func() *view.Maintenance
	// NewID gives a fresh random id of 26 characters.
	NewID func() string
	// Now is the clock.
	Now func() time.Time
}

// Desk is one terminal's desk. Run serves; the other methods may be called from any goroutine.
type Desk struct {
	cfg     *journey.Config
	hands   Hands
	log     *slog.Logger
	touches chan journey.Touch
	changed chan struct{} // the standing may have changed
	asked   chan struct{} // whether Run still serves
	views   board[view.View]
	configs board[*journey.Config] // for the visits to come
	album   album
}

// New makes a desk; nothing happens before Run.
func New(cfg *journey.Config, hands Hands, log *slog.Logger) *Desk {
	d := &Desk{cfg: cfg, hands: hands, log: log, touches: make(chan journey.Touch, 8), changed: make(chan struct{}, 1), asked: make(chan struct{})}
	s := journey.New(cfg, hands.Now())
	d.views.set(s.View())
	d.album.dark()
	return d
}

// Touch brings a touch to the visit. When more come than can be served, the rest are dropped: a Touch that
// is late would be dropped by the journey anyway.
func (d *Desk) Touch(t journey.Touch) {
	select {
	case d.touches <- t:
	default:
	}
}

// StandingChanged tells the desk to look at the devices and the outbox again.
func (d *Desk) StandingChanged() {
	select {
	case d.changed <- struct{}{}:
	default:
	}
}

// Views gives the present view at once and then each change; a slow reader sees the latest. It ends with ctx.
func (d *Desk) Views(ctx context.Context) <-chan view.View { return d.views.watch(ctx) }

// visit is what belongs to one visit: its outcomes die with it.
type visit struct {
	ctx      context.Context
	stop     context.CancelFunc
	lasting  context.Context // outlives the visit: for what must not be broken off in the middle
	outcomes chan journey.Happening
	running  sync.WaitGroup
	stopCard context.CancelFunc
	stopCode context.CancelFunc
	stopLive context.CancelFunc
	stopFace context.CancelFunc
	framer   framer
}

func newVisit(ctx context.Context) *visit {
	v := &visit{outcomes: make(chan journey.Happening), lasting: ctx}
	v.ctx, v.stop = context.WithCancel(ctx)
	return v
}

// do runs f beside the visit; what f returns comes back as an event, unless the visit has ended meanwhile.
func (v *visit) do(f func(ctx context.Context) journey.Happening) context.CancelFunc {
	ctx, stop := context.WithCancel(v.ctx)
	v.running.Add(1)
	go func() {
		defer v.running.Done()
		defer stop()
		if h := f(ctx); h != nil {
			v.tell(ctx, h)
		}
	}()
	return stop
}

// tell brings an outcome back, unless ctx ends first: then it is not wanted any more.
func (v *visit) tell(ctx context.Context, h journey.Happening) {
	select {
	case v.outcomes <- h:
	case <-ctx.Done():
	}
}

// Run serves visits until ctx ends. It returns when nothing that it started runs any more.
func (d *Desk) Run(ctx context.Context) error {
	state := journey.New(d.cfg, d.hands.Now())
	v := newVisit(ctx)
	var free chan struct{} // closed when all runners of the visits before have ended; until then nobody is served
	defer func() {
		v.stop()
		v.running.Wait()
		if free != nil {
			<-free
		}
	}()
	poll := time.NewTicker(5 * time.Second) // disk space changes without telling
	defer poll.Stop()
	wake := time.NewTimer(time.Hour)
	defer wake.Stop()
	var standing journey.Standing
	configs := d.configs.watch(ctx)
	d.StandingChanged()
	for {
		d.views.set(state.View())
		d.setWake(wake, state)
		touches, renewed := d.touches, configs
		if free != nil {
			touches = nil
		}
		if free != nil || !state.Vacant() {
			renewed = nil
		}
		var is journey.Happening
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-free:
			free = nil
			continue
		case <-d.asked:
			continue
		case cfg, ok := <-renewed:
			if ok { // not ctx's end
				state = state.Renewed(cfg, d.hands.Now())
			}
			continue
		case t := <-touches:
			is = t
		case h := <-v.outcomes:
			is = h
		case <-wake.C:
			is = journey.Tick{}
		case <-poll.C:
			d.StandingChanged()
			continue
		case <-d.changed:
			now := d.standing()
			if reflect.DeepEqual(now, standing) {
				continue
			}
			standing, is = now, now
		}
		var effects []journey.Effect
		state, effects = journey.Step(state, journey.Event{At: d.hands.Now(), ID: d.hands.NewID(), Is: is})
		for _, e := range effects {
			if _, over := e.(journey.End); over {
				free = d.end(v, free)
				v = newVisit(ctx)
				continue
			}
			d.carryOut(v, e)
		}
	}
}

// end stops a visit; the channel is closed when all its runners are gone, and those of the visits before, for which before
// was given: a visit that was wiped ends once more when nobody reads that any longer.
func (d *Desk) end(v *visit, before <-chan struct{}) chan struct{} {
	v.stop()
	d.album.clear()
	free := make(chan struct{})
	go func() {
		v.running.Wait()
		if before != nil {
			<-before
		}
		d.album.clear() // a runner may have put a picture back
		close(free)
	}()
	return free
}

func (d *Desk) setWake(t *time.Timer, s journey.State) {
	at, ok := s.Wake()
	if !ok {
		t.Stop()
		return
	}
	t.Reset(max(0, at.Sub(d.hands.Now())))
}

func (d *Desk) standing() journey.Standing {
	var locked *view.Maintenance
	if d.hands.Maintenance != nil {
		locked = d.hands.Maintenance()
	}
	return journey.Standing{
		Maintenance: locked,
		Devices:     d.hands.Devices(), Full: d.hands.Keeper.Room() != nil,
		LostSlip: d.hands.LostSlip != nil && d.hands.LostSlip(), Faces: d.hands.Faces != nil && d.hands.Faces.Ready(),
	}
}

// carryOut starts an effect. The switch is over the closed set of journey.Effect.
func (d *Desk) carryOut(v *visit, e journey.Effect) {
	switch e := e.(type) {
	case journey.ReadCard:
		d.readCard(v, e)
	case journey.StopCard:
		d.stopCard(v)
	case journey.MatchFace:
		d.matchFace(v, e)
	case journey.StopFace:
		d.stopFace(v)
	case journey.ReadCode:
		d.readCode(v)
	case journey.StopCode:
		d.stopCode(v)
	case journey.Light:
		d.hands.Lamps.Light(e.Device, e.On)
	case journey.Live:
		d.live(v, e)
	case journey.TakeFrame:
		d.takeFrame(v)
	case journey.MakePage:
		d.makePage(v, e)
	case journey.Remember:
		d.album.put(e.ID, e.JPEG)
	case journey.Forget:
		d.album.drop(e.ID)
	case journey.Keep:
		d.keep(v, e)
	case journey.Post:
		d.post(v, e)
	case journey.Await:
		d.await(v, e)
	case journey.Ask:
		d.ask(v, e)
	case journey.LookAtBoard:
		d.lookAtBoard(v, e)
	case journey.Print:
		d.print(v, e)
	case journey.ListCopies, journey.OpenCopy, journey.FetchCopy, journey.CountCopy, journey.Survey, journey.PutBack, journey.PrintDaySheet, journey.Attend:
		d.office(v, e)
	}
}
