package voice

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"yimen/ui/voice/sound"
)

// Reader knows how prompts are pronounced. It does not wait and returns an error for what it does not know.
type Reader interface {
	Read(Prompt) ([]Piece, error)
}

// Engine speaks pieces, the rate in steps as State has it. It returns soon after ctx ends, and within some seconds anyway.
type Engine interface {
	Speak(ctx context.Context, p Piece, rate int) (sound.Clip, error)
}

// Recordings has prompts that somebody has spoken; fs.ErrNotExist where it has none of a wording.
type Recordings interface {
	Find(ctx context.Context, id, lang, text string) (sound.Clip, error)
}

// Out is the ways out. Play returns at the clip's end, or soon after ctx ends; then it is silent.
type Out interface {
	Has(sound.Channel) bool
	Try(context.Context, sound.Channel) error
	Play(context.Context, sound.Channel, sound.Clip) error
}

// Parts are what a Speaker speaks with.
type Parts struct {
	Reader     Reader
	Recordings Recordings
	Engine     Engine
	Out        Out
}

const (
	// tryAgain is how often a way out that did not work is tried.
	tryAgain = time.Minute
	// unclaimed is how long the voice stays on at the first screen where nobody begins a visit.
	unclaimed = time.Minute
	// repeated is after how long the same is said by the way once more.
	repeated = 6 * time.Second
	// patienceLost is after how many failures in a row the rest of a screen is not tried.
	patienceLost = 3
)

// Speaker says what is asked for, one thing at a time: what comes new interrupts what is being said. Of a visit that is over
// it knows nothing.
type Speaker struct {
	parts  Parts
	log    *slog.Logger
	silent map[sound.Channel]string // why a way out did not work when that was told; Run's alone

	mu      sync.Mutex
	state   State
	script  Script
	silence context.CancelFunc // ends what is being said
	said    chan struct{}      // closed when that has ended
	changed chan struct{}      // closed at the next change of state
	begun   int                // counts what was begun to be said
	curtain bool               // is drawn: nothing is said
	expire  *time.Timer        // while the voice is on and nobody has begun a visit
	aside   Prompt             // said last by the way, at asideAt
	asideAt time.Time
	base    context.Context
	end     context.CancelFunc
}

// New makes a Speaker that is silent until Run has found that something can be heard.
func New(p Parts, log *slog.Logger) *Speaker {
	s := &Speaker{parts: p, log: log, silent: map[sound.Channel]string{}, silence: func() {}, said: make(chan struct{}), changed: make(chan struct{})}
	close(s.said)
	s.base, s.end = context.WithCancel(context.Background())
	return s
}

// Run tries the ways out, again where they do not work, until ctx ends; then it is silent.
func (s *Speaker) Run(ctx context.Context) error {
	look := time.NewTicker(tryAgain)
	defer look.Stop()
	for {
		s.try(ctx)
		select {
		case <-look.C:
		case <-ctx.Done():
			s.end()
			s.mu.Lock()
			said := s.said
			s.mu.Unlock()
			<-said
			return ctx.Err()
		}
	}
}

// try finds out whether anything can be heard, unless that is known or somebody is listening.
func (s *Speaker) try(ctx context.Context) {
	s.mu.Lock()
	ready := s.state.Ready
	s.mu.Unlock()
	if ready {
		return
	}
	hall, ear := s.works(ctx, sound.Loudspeaker), s.works(ctx, sound.Earpiece)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.Ready, s.state.HasEar, s.state.OnlyEar = hall || ear, ear, ear && !hall
	s.state.Ear = s.state.OnlyEar
	s.tell()
}

func (s *Speaker) works(ctx context.Context, ch sound.Channel) bool {
	if !s.parts.Out.Has(ch) {
		return false
	}
	err := s.parts.Out.Try(ctx, ch)
	if why := fmt.Sprint(err); err != nil && why != s.silent[ch] && ctx.Err() == nil { // told once, not every minute
		s.silent[ch] = why
		s.log.WarnContext(ctx, "nothing can be heard", "channel", string(ch), "err", err)
	}
	return err == nil
}

// State is how the voice stands now.
func (s *Speaker) State() State {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state
}

// Changed gives the present state and a channel that closes at the next change.
func (s *Speaker) Changed() (State, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state, s.changed
}

// tell wakes who waits for a change. Locked.
func (s *Speaker) tell() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// Show takes the script of the screen that is there now. What is being said of another ends at once; if the voice is on it
// says what is new. A visit's end resets everything.
func (s *Speaker) Show(next Script) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := s.script
	s.script = next
	if next.Visit != before.Visit {
		s.hush()
		if before.Visit != "" { // somebody who switched it on at the first screen is the one who begins
			s.reset()
		}
	}
	if s.expire != nil && next.Visit != "" {
		s.expire.Stop()
	}
	fresh := news(before.Screen, next.Screen)
	if next.Visit == before.Visit && len(fresh) == 0 && len(gone(before.Screen, next.Screen)) == 0 {
		return
	}
	s.hush()
	if s.state.On && s.state.Ready {
		s.say(fresh, false)
	}
}

// reset puts everything back to how a visit begins. Locked.
func (s *Speaker) reset() {
	s.curtain = false
	s.state = State{Ready: s.state.Ready, HasEar: s.state.HasEar, OnlyEar: s.state.OnlyEar, Ear: s.state.OnlyEar}
	s.tell()
}

// news is what a screen says that the one before did not; all of it, where that is most of it.
func news(before, now []Prompt) []Prompt {
	fresh := gone(now, before)
	if 2*len(fresh) >= len(now) {
		fresh = slices.DeleteFunc(slices.Clone(now), func(p Prompt) bool { return p.Own })
	}
	return fresh
}

// gone is what was said publicly before and is not now.
func gone(before, now []Prompt) (list []Prompt) {
	for _, p := range before {
		if !p.Own && !slices.ContainsFunc(now, p.same) {
			list = append(list, p)
		}
	}
	return list
}

func (p Prompt) same(q Prompt) bool {
	return p.ID == q.ID && p.Text == q.Text && p.Lang == q.Lang && p.Own == q.Own && p.Typed == q.Typed && slices.EqualFunc(p.Args, q.Args, func(a, b Arg) bool {
		if a.Said != nil && b.Said != nil {
			return a.Name == b.Name && a.Said.same(*b.Said)
		}
		return a == b
	})
}

// Do does what a resident of this visit asks for. What another visit's page asks for is not done.
func (s *Speaker) Do(visit string, c Control) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if visit != s.script.Visit || !s.state.Ready {
		return
	}
	lifted := s.curtain && c != ControlCurtain
	s.curtain = c == ControlCurtain
	switch c {
	case ControlCurtain:
		s.state.Once = false
		s.hush()
	case ControlCurtainEnd:
		if lifted && s.state.On {
			s.say(s.script.Screen, false)
		}
	case ControlOn:
		s.state.On, s.state.Once = true, false
		s.await()
		s.say(s.script.Screen, false)
	case ControlOff:
		s.state.On, s.state.Once = false, false
		s.hush()
	case ControlWhole:
		s.state.Once = !s.state.On
		s.say(s.script.Screen, false)
	case ControlOwn:
		if s.state.HasEar {
			s.state.Once = !s.state.On
			s.say(s.script.Screen, true)
		}
	case ControlSlower, ControlFaster, ControlSofter, ControlLouder:
		s.step(c)
		s.say(s.script.Screen, false)
	case ControlSheet, ControlSheetEnd:
		s.state.Sheet = c == ControlSheet
	case ControlEar, ControlHall:
		s.state.Ear = c == ControlEar && s.state.HasEar || s.state.OnlyEar
		s.say(s.script.Screen, false)
	}
	s.tell()
}

// step moves rate or volume by one. Locked.
func (s *Speaker) step(c Control) {
	move := func(at *int, by int) { *at = min(max(*at+by, -most), most) }
	switch c {
	case ControlSlower:
		move(&s.state.Rate, -1)
	case ControlFaster:
		move(&s.state.Rate, 1)
	case ControlSofter:
		move(&s.state.Volume, -1)
	case ControlLouder:
		move(&s.state.Volume, 1)
	}
}

// await switches the voice off again where nobody begins a visit. Locked.
func (s *Speaker) await() {
	if s.script.Visit != "" {
		return
	}
	if s.expire != nil {
		s.expire.Stop()
	}
	s.expire = time.AfterFunc(unclaimed, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.script.Visit == "" {
			s.hush()
			s.reset()
		}
	})
}

// Focus says what a thing of the screen seq is, while the voice is on; what concerns the resident only into the ear-piece.
func (s *Speaker) Focus(visit string, seq uint64, thing string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if visit != s.script.Visit || seq != s.script.Seq || !s.state.On || !s.state.Ready {
		return
	}
	if thing == Top {
		s.say(s.script.Screen, false)
		return
	}
	if prompts := s.script.Things[thing]; len(prompts) > 0 {
		s.say(prompts, s.state.Ear)
	}
}

// Aside says something by the way, as what to do about a paper under the camera: while the voice is on and nothing else is
// being said. The same is not said again at once.
func (s *Speaker) Aside(p Prompt) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.state.On || !s.state.Ready {
		return
	}
	select {
	case <-s.said:
	default:
		return
	}
	now := time.Now()
	if p.same(s.aside) && now.Sub(s.asideAt) < repeated {
		return
	}
	s.aside, s.asideAt = p, now
	s.say([]Prompt{p}, false)
}

// Works tells of each way out that there should be whether it worked when it was last tried or used.
func (s *Speaker) Works() map[sound.Channel]bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	works := map[sound.Channel]bool{}
	if s.parts.Out.Has(sound.Loudspeaker) {
		works[sound.Loudspeaker] = s.state.Ready && !s.state.OnlyEar
	}
	if s.parts.Out.Has(sound.Earpiece) {
		works[sound.Earpiece] = s.state.Ready && s.state.HasEar
	}
	return works
}

// Tone plays a short tone, whatever else is to be heard.
func (s *Speaker) Tone(ctx context.Context, ch sound.Channel) error {
	return s.parts.Out.Play(ctx, ch, sound.Tone())
}

// Typed says what somebody may type at the screen seq, text being the words on a key or a character to choose: while the voice
// is on and in the ear-piece, else nothing, for who stands behind could follow it.
func (s *Speaker) Typed(visit string, seq uint64, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if visit != s.script.Visit || seq != s.script.Seq || !s.state.On || !s.state.Ready {
		return
	}
	if !s.state.Ear {
		s.hush() // what was under the focus before is not there any more
		return
	}
	s.say([]Prompt{{Lang: s.script.Lang, Text: text, Own: true, Typed: true}}, true)
}
