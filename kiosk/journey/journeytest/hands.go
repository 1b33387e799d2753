// Package journeytest is a desk and a pair of hands for tests of the journeys. It drives a journey.State event by event,
// as a desk would, keeps the transcript of what happened, and plays a transcript again.
package journeytest

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"yimen/drivers/device"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/policy"
)

// Terminal is the number of the terminal that Config is of.
const Terminal = "150102-0001"

// Hands are at one terminal.
type Hands struct {
	T          testing.TB
	State      journey.State
	Now        time.Time // of the last event; each comes a second after the one before
	Effects    []journey.Effect
	All        []journey.Effect // of all events so far
	Transcript Transcript       // what happened so far

	names string // what the ids of events begin with
	ids   int
}

// Helper is the card of somebody who comes along.
func Helper() device.Card {
	return device.Card{Kind: device.CitizenCard, Name: "帮试忙", Number: "440524188001010014", Birth: "18800101", LongTerm: true}
}

// Morning is when Hands begin: ten o'clock in the hall, on 22 November 2026.
func Morning() time.Time { return time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC) }

// Pack is the policy pack of 150102, with its illustrative values where the mode shows them.
func Pack(t testing.TB, mode policy.Mode) *policy.Pack {
	t.Helper()
	pack, err := policy.Load(filepath.Join(root(t), "kiosk/policy/packs/CN-150102"))
	if err != nil {
		t.Fatal(err)
	}
	return pack.With(mode)
}

// root is the folder of the module, above the one that the test runs in.
func root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; dir != "/"; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
	}
	t.Fatal("no go.mod above the test")
	return ""
}

// Config is a terminal that offers these services by a pack, in Chinese alone.
func Config(pack *policy.Pack, services ...journey.Service) *journey.Config {
	return &journey.Config{
		Pack: pack, Services: services, Terminal: Terminal, Hall: view.Hall{Name: "示例大厅", Hotline: "12349"},
		Languages: []string{"zh-CN"}, Zone: time.FixedZone("CST", 8*3600), Pad: view.Pad{Width: 180, Height: 70}, Idle: journey.DefaultIdle(),
	}
}

// At stands before a terminal at which nobody stood.
func At(t testing.TB, cfg *journey.Config) *Hands {
	return &Hands{T: t, State: journey.New(cfg, Morning()), Now: Morning(), names: "i"}
}

// Come makes the hands another person's: the ids of the events to come begin with name, and the first comes at a time.
func (h *Hands) Come(name string, at time.Time) {
	h.names, h.ids, h.Now, h.Effects, h.All, h.Transcript = name, 0, at, nil, nil, nil
}

// View is what the screen shows.
func (h *Hands) View() view.View { return h.State.View() }

// Event lets something happen, a second after what happened before.
func (h *Hands) Event(is journey.Happening) view.View {
	h.T.Helper()
	return h.after(time.Second, is)
}

// Pass lets time pass, and tells the terminal.
func (h *Hands) Pass(d time.Duration) view.View {
	h.T.Helper()
	return h.after(d, journey.Tick{})
}

func (h *Hands) after(d time.Duration, is journey.Happening) view.View {
	h.T.Helper()
	before := h.View()
	h.Transcript = append(h.Transcript, Move{Screen: before.Screen, Covered: before.Cover != nil, After: d, Is: is})
	h.Now = h.Now.Add(d)
	h.ids++
	h.State, h.Effects = journey.Step(h.State, journey.Event{At: h.Now, ID: fmt.Sprint(h.names, h.ids), Is: is})
	h.All = append(h.All, h.Effects...)
	return h.View()
}

// Touch touches what the screen offers.
func (h *Hands) Touch(t journey.Touch) view.View {
	h.T.Helper()
	v := h.View()
	if !slices.Contains(v.Offers, t.Do) {
		h.T.Fatalf("%s offers %v, not %s; notes %v", v.Screen, v.Offers, t.Do, v.Notes)
	}
	t.Visit, t.Seq = v.Visit, v.Seq
	return h.Event(t)
}

// Tap is Touch of what has no more to it than a value.
func (h *Hands) Tap(do view.Do, value string) view.View {
	h.T.Helper()
	return h.Touch(journey.Touch{Do: do, Value: value})
}

// Offered tells whether the screen offers something now.
func (h *Hands) Offered(do view.Do) bool { return slices.Contains(h.View().Offers, do) }

// At fails the test where another screen is shown.
func (h *Hands) At(want view.Screen) view.View {
	h.T.Helper()
	v := h.View()
	if v.Screen != want {
		h.T.Fatalf("at %s, want %s; notes %v", v.Screen, want, v.Notes)
	}
	return v
}

// Both gives the hands themselves: also those that are embedded in what a test calls its resident.
func (h *Hands) Both() *Hands { return h }

// Doer is Hands, or what embeds them.
type Doer interface{ Both() *Hands }

// Asked gives the first effect of a kind that the last event had, if there is one.
func Asked[E journey.Effect](by Doer) (E, bool) {
	for _, e := range by.Both().Effects {
		if want, ok := e.(E); ok {
			return want, true
		}
	}
	var none E
	return none, false
}

// Wanted is Asked of an effect that must be there.
func Wanted[E journey.Effect](by Doer) E {
	by.Both().T.Helper()
	e, ok := Asked[E](by)
	if !ok {
		by.Both().T.Fatalf("want a %T, got %T", e, by.Both().Effects)
	}
	return e
}

// Every gives the effects of a kind that all events so far had.
func Every[E journey.Effect](by Doer) (all []E) {
	for _, e := range by.Both().All {
		if want, ok := e.(E); ok {
			all = append(all, want)
		}
	}
	return all
}
