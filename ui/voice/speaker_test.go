package voice

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"yimen/ui/voice/sound"
)

// hall is everything around a Speaker: what it knows, what it was given, and what was heard.
type hall struct {
	mu     sync.Mutex
	given  []string // to the engine
	heard  []string // with their channel: begun, and + when they came to their end
	broken bool     // the engine is
	deaf   bool     // nothing can be heard
	noEar  bool
	clips  map[string]sound.Clip // recorded, by wording
	now    int                   // how many are being heard
}

func (h *hall) Read(p Prompt) ([]Piece, error) {
	if strings.HasPrefix(p.Text, "?") {
		return nil, errors.New("unread")
	}
	return []Piece{{Lang: p.Lang, Text: p.Text}}, nil
}

func (h *hall) Find(_ context.Context, _, _, text string) (sound.Clip, error) {
	if c, ok := h.clips[text]; ok {
		return c, nil
	}
	return sound.Clip{}, fs.ErrNotExist
}

// Speak makes a clip that lasts a second and says which text it is by its first sample.
func (h *hall) Speak(_ context.Context, p Piece, rate int) (sound.Clip, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.broken {
		return sound.Clip{}, errors.New("killed")
	}
	h.given = append(h.given, p.Text)
	return sound.Clip{Rate: 1, Samples: []int16{int16(1000 * len(h.given))}}, nil
}

func (h *hall) Has(ch sound.Channel) bool { return !h.noEar || ch == sound.Loudspeaker }

func (h *hall) Try(context.Context, sound.Channel) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.deaf {
		return sound.ErrNone
	}
	return nil
}

func (h *hall) Play(ctx context.Context, ch sound.Channel, c sound.Clip) error {
	h.mu.Lock()
	text := "recorded"
	if int(c.Samples[0]) != recordedAsHeard {
		text = h.given[len(h.given)-1]
	}
	h.heard = append(h.heard, string(ch)[:4]+" "+text)
	h.now++
	if h.now > 1 {
		h.heard = append(h.heard, "two at once")
	}
	h.mu.Unlock()
	defer func() { h.mu.Lock(); h.now--; h.mu.Unlock() }()
	select {
	case <-time.After(time.Second):
		h.mu.Lock()
		h.heard[len(h.heard)-1] += "+"
		h.mu.Unlock()
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// recorded is a recording's only sample, and recordedAsHeard the same at the usual volume.
const recorded, recordedAsHeard = 100, 65

// told is what was heard since the last call.
func (h *hall) told() string {
	synctest.Wait()
	h.mu.Lock()
	defer h.mu.Unlock()
	all := strings.Join(h.heard, ", ")
	h.heard = nil
	return all
}

// within runs f in a bubble with a Speaker that runs there.
func within(t *testing.T, h *hall, f func(t *testing.T, s *Speaker)) {
	synctest.Test(t, func(t *testing.T) {
		s := New(Parts{Reader: h, Recordings: h, Engine: h, Out: h}, slog.New(slog.DiscardHandler))
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- s.Run(ctx) }()
		synctest.Wait()
		f(t, s)
		stop()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
}

// screen is a script whose prompts are words; one with a * is the resident's own.
func screen(visit string, seq uint64, words ...string) Script {
	s := Script{Visit: visit, Seq: seq, Things: map[string][]Prompt{}}
	for _, w := range words {
		text, own := strings.CutSuffix(w, "*")
		p := Prompt{Lang: "zh-CN", Text: text, Own: own}
		s.Screen = append(s.Screen, p)
		s.Things["do:"+text] = []Prompt{p}
	}
	return s
}

func want(t *testing.T, h *hall, what, heard string) {
	t.Helper()
	if got := h.told(); got != heard {
		t.Errorf("%s: heard %q, want %q", what, got, heard)
	}
}

func TestNothingIsSaidUntilItIsAskedFor(t *testing.T) {
	h := &hall{}
	within(t, h, func(t *testing.T, s *Speaker) {
		s.Show(screen("a", 1, "title", "text"))
		s.Focus("a", 1, "do:text")
		want(t, h, "off", "")
		s.Do("a", ControlOn)
		time.Sleep(3 * time.Second)
		want(t, h, "on", "loud title+, loud text+")
		s.Show(screen("a", 2, "next"))
		time.Sleep(3 * time.Second)
		want(t, h, "next screen", "loud next+")
		s.Focus("a", 2, "do:next")
		s.Focus("a", 1, "do:next") // of a screen that is gone
		time.Sleep(3 * time.Second)
		want(t, h, "focus", "loud next+")
		s.Do("a", ControlOff)
		s.Show(screen("a", 3, "later"))
		want(t, h, "off again", "")
	})
}

func TestOneScreenIsReadAlthoughTheVoiceIsOff(t *testing.T) {
	h := &hall{}
	within(t, h, func(t *testing.T, s *Speaker) {
		s.Show(screen("a", 1, "notice"))
		s.Do("a", ControlWhole)
		if st := s.State(); st.On || !st.Once {
			t.Errorf("%+v while it reads", st)
		}
		time.Sleep(2 * time.Second)
		want(t, h, "the notice", "loud notice+")
		if st := s.State(); st.Once {
			t.Errorf("%+v after it has read", st)
		}
		s.Show(screen("a", 2, "next"))
		want(t, h, "the next screen", "")
	})
}

func TestWhatComesNewInterruptsAndTwoVoicesAreNeverHeard(t *testing.T) {
	h := &hall{}
	within(t, h, func(t *testing.T, s *Speaker) {
		s.Show(screen("a", 1, "one", "two", "three"))
		s.Do("a", ControlOn)
		time.Sleep(1500 * time.Millisecond)
		want(t, h, "before", "loud one+, loud two")
		for i := range 20 {
			s.Show(screen("a", uint64(i+2), "new", "more"))
			s.Focus("a", uint64(i+2), "do:more")
			s.Focus("a", uint64(i+2), "do:new")
		}
		time.Sleep(5 * time.Second)
		if got := h.told(); strings.Count(got, "+") != 1 || !strings.HasSuffix(got, "loud new+") || strings.Contains(got, "two at once") {
			t.Errorf("after: %s", got)
		}
	})
}

func TestOnlyWhatIsNewOnAScreenIsSaid(t *testing.T) {
	h := &hall{}
	within(t, h, func(t *testing.T, s *Speaker) {
		s.Do("", ControlOn)
		s.Show(screen("a", 1, "title", "first", "second", "third"))
		time.Sleep(5 * time.Second)
		h.told()
		s.Show(screen("a", 2, "title", "first", "second", "third", "59*"))
		time.Sleep(5 * time.Second)
		want(t, h, "a number counts down", "")
		s.Show(screen("a", 3, "please enter", "title", "first", "second", "third"))
		time.Sleep(5 * time.Second)
		want(t, h, "a note more", "loud please enter+")
	})
}

func TestWhatIsSaidByTheWayWaitsForSilenceAndIsNotRepeatedAtOnce(t *testing.T) {
	h := &hall{}
	within(t, h, func(t *testing.T, s *Speaker) {
		left, right := Prompt{Lang: "zh-CN", Text: "left"}, Prompt{Lang: "zh-CN", Text: "right"}
		s.Show(screen("a", 1, "lay it down"))
		s.Aside(left)
		want(t, h, "off", "")
		s.Do("a", ControlOn)
		for range 40 { // ten times a second, as the camera sees it
			s.Aside(left)
			time.Sleep(100 * time.Millisecond)
		}
		want(t, h, "the same", "loud lay it down+, loud left+")
		s.Aside(right)
		time.Sleep(2 * time.Second)
		s.Aside(left)
		time.Sleep(2 * time.Second)
		want(t, h, "another", "loud right+, loud left+")
		time.Sleep(repeated)
		s.Aside(left)
		time.Sleep(2 * time.Second)
		want(t, h, "the same later", "loud left+")
	})
}

func TestACoverSilencesAndTheNextVisitHearsNothingOfTheFormerOne(t *testing.T) {
	h := &hall{}
	within(t, h, func(t *testing.T, s *Speaker) {
		s.Show(screen("a", 1, "one", "two"))
		s.Do("a", ControlOn)
		time.Sleep(200 * time.Millisecond)
		s.Do("a", ControlLouder)
		time.Sleep(200 * time.Millisecond)
		s.Do("a", ControlFaster)
		time.Sleep(500 * time.Millisecond)
		s.Show(screen("a", 2)) // nothing to say: a privacy cover
		time.Sleep(5 * time.Second)
		want(t, h, "covered", "loud one, loud one, loud one")
		s.Show(screen("a", 3, "one", "two"))
		time.Sleep(500 * time.Millisecond)
		s.Show(screen("", 4, "welcome"))
		time.Sleep(5 * time.Second)
		want(t, h, "left", "loud one")
		if st := s.State(); st.On || st.Rate != 0 || st.Volume != 0 || st.Ear {
			t.Errorf("after the visit: %+v", st)
		}
		s.Show(screen("b", 5, "menu"))
		s.Do("a", ControlOn) // a late touch of the former
		time.Sleep(5 * time.Second)
		want(t, h, "the next visit", "")
	})
}

func TestWhoSwitchesItOnAtTheFirstScreenHearsTheVisitAndNobodyElse(t *testing.T) {
	h := &hall{}
	within(t, h, func(t *testing.T, s *Speaker) {
		s.Show(screen("", 1, "welcome"))
		s.Do("", ControlOn)
		time.Sleep(2 * time.Second)
		s.Show(screen("a", 2, "menu"))
		time.Sleep(2 * unclaimed)
		want(t, h, "the visit", "loud welcome+, loud menu+")
		s.Show(screen("", 3, "welcome"))
		s.Do("", ControlOn)
		time.Sleep(2 * unclaimed)
		s.Show(screen("b", 4, "menu"))
		time.Sleep(2 * time.Second)
		want(t, h, "somebody later", "loud welcome+")
	})
}

func TestWhatIsTheResidentsOwnIsSaidOnlyWhenAskedForAndIntoTheEarpiece(t *testing.T) {
	h := &hall{}
	within(t, h, func(t *testing.T, s *Speaker) {
		s.Show(screen("a", 1, "title", "725*"))
		s.Do("a", ControlOn)
		time.Sleep(3 * time.Second)
		s.Focus("a", 1, "do:725")
		time.Sleep(3 * time.Second)
		want(t, h, "not asked for", "loud title+")
		s.Do("a", ControlOwn)
		time.Sleep(3 * time.Second)
		want(t, h, "asked for", "earp title+, earp 725+")
		s.Do("a", ControlEar)
		time.Sleep(3 * time.Second)
		s.Focus("a", 1, "do:725")
		time.Sleep(3 * time.Second)
		want(t, h, "into the ear-piece", "earp title+, earp 725+")
	})
	h = &hall{noEar: true}
	within(t, h, func(t *testing.T, s *Speaker) {
		s.Show(screen("a", 1, "title", "725*"))
		s.Do("a", ControlOn)
		s.Do("a", ControlEar)
		s.Do("a", ControlOwn)
		s.Focus("a", 1, "do:725")
		time.Sleep(5 * time.Second)
		if got := h.told(); strings.Contains(got, "725") || strings.Contains(got, "earp") {
			t.Errorf("without an ear-piece: %s", got)
		}
	})
}

func TestAVisitGoesOnInSilenceWhereNothingCanBeHeard(t *testing.T) {
	h := &hall{deaf: true}
	within(t, h, func(t *testing.T, s *Speaker) {
		s.Show(screen("a", 1, "title"))
		s.Do("a", ControlOn)
		if st := s.State(); st.Ready || st.On {
			t.Errorf("deaf: %+v", st)
		}
		h.mu.Lock()
		h.deaf = false
		h.mu.Unlock()
		time.Sleep(tryAgain + time.Second)
		s.Do("a", ControlOn)
		time.Sleep(2 * time.Second)
		want(t, h, "plugged in again", "loud title+")
		h.mu.Lock()
		h.broken = true
		h.mu.Unlock()
		s.Show(screen("a", 2, "one", "two", "three", "four"))
		synctest.Wait()
		if st := s.State(); st.On || st.Ready {
			t.Errorf("an engine that dies each time: %+v", st)
		}
		want(t, h, "a broken engine", "")
	})
}

func TestWhatNobodyCanPronounceIsLeftOutAndARecordingComesFirst(t *testing.T) {
	h := &hall{clips: map[string]sound.Clip{"spoken": {Rate: 1, Samples: []int16{recorded}}}}
	within(t, h, func(t *testing.T, s *Speaker) {
		s.Show(screen("a", 1, "title", "?odd", "spoken", "last"))
		s.Do("a", ControlOn)
		time.Sleep(5 * time.Second)
		want(t, h, "all", "loud title+, loud recorded+, loud last+")
	})
}

func TestACurtainSilencesAtOnceAndUntilItIsLifted(t *testing.T) {
	h := &hall{}
	within(t, h, func(t *testing.T, s *Speaker) {
		s.Show(screen("a", 1, "one", "two"))
		s.Do("a", ControlOn)
		time.Sleep(500 * time.Millisecond)
		s.Do("a", ControlCurtain)
		time.Sleep(3 * time.Second)
		want(t, h, "drawn while it speaks", "loud one")
		s.Focus("a", 1, "do:one")
		s.Aside(Prompt{Lang: "zh-CN", Text: "left"})
		s.Show(screen("a", 2, "three"))
		s.Focus("a", 2, Top)
		time.Sleep(3 * time.Second)
		want(t, h, "drawn", "")
		s.Do("a", ControlCurtainEnd)
		time.Sleep(3 * time.Second)
		want(t, h, "lifted", "loud three+")
		s.Do("a", ControlCurtain)
		s.Show(screen("", 3, "welcome"))
		s.Do("", ControlOn)
		time.Sleep(3 * time.Second)
		want(t, h, "the next one", "loud welcome+")
	})
}

func TestACurtainThatIsLiftedLeavesASilentVoiceSilent(t *testing.T) {
	h := &hall{}
	within(t, h, func(t *testing.T, s *Speaker) {
		s.Show(screen("a", 1, "one"))
		s.Do("a", ControlCurtain)
		s.Do("a", ControlCurtainEnd)
		time.Sleep(3 * time.Second)
		want(t, h, "off", "")
	})
}

func TestWhatIsTypedIsSaidIntoTheEarpieceOrNotAtAll(t *testing.T) {
	h := &hall{}
	within(t, h, func(t *testing.T, s *Speaker) {
		s.Show(screen("a", 1, "title"))
		s.Typed("a", 1, "off")
		s.Do("a", ControlOn)
		time.Sleep(500 * time.Millisecond)
		s.Typed("a", 1, "hall")
		time.Sleep(3 * time.Second)
		want(t, h, "out of the loudspeaker", "loud title")
		s.Do("a", ControlEar)
		time.Sleep(3 * time.Second)
		s.Typed("a", 1, "ear")
		s.Typed("a", 2, "later")
		s.Typed("b", 1, "other")
		time.Sleep(3 * time.Second)
		want(t, h, "into the ear-piece", "earp title+, earp ear+")
	})
}
