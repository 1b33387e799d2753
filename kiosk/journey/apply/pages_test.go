package apply

import (
	"slices"
	"testing"

	"yimen/drivers/device"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/journeytest"
	"yimen/kiosk/journey/view"
)

// keeps takes good pages, each with its own bytes.
func (r *resident) keeps(names ...string) view.View {
	r.T.Helper()
	for _, name := range names {
		r.Tap(view.DoShoot, "")
		r.Event(journey.FrameTaken{Frame: device.Frame{JPEG: []byte("frame " + name), At: r.Now}, Page: device.Page{JPEG: []byte(name), DPI: 300, Sight: device.Sight{Quad: corners}}})
		r.Tap(view.DoAccept, "")
	}
	return r.View()
}

// remembered is what the screen has been given to show under an id, by the last event.
func remembered(r *resident, id string) string {
	for _, e := range r.Effects {
		if p, ok := e.(journey.Remember); ok && p.ID == id {
			return string(p.JPEG)
		}
	}
	return ""
}

// several is a paper that may have several pages.
func several(t *testing.T) *resident {
	r := atCamera(t)
	for most := r.View().Scan.Most; most == 1 || most == 2; most = r.View().Scan.Most {
		r.Tap(view.DoLater, "")
	}
	return r
}

func TestATurnedPageIsCutOutAnewAndSaysWhoTurnedIt(t *testing.T) {
	r := atCamera(t)
	v := r.shot()
	before := v.Scan.Cut
	r.Tap(view.DoTurn, "")
	m := journeytest.Wanted[journey.MakePage](r)
	if want := (device.Quad{corners[3], corners[0], corners[1], corners[2]}); m.Quad != want || !m.Turned || string(m.JPEG) != "frame" {
		t.Fatalf("cut out as %+v", m)
	}
	v = r.Event(journey.PageMade{Frame: m.Frame, Page: device.Page{JPEG: []byte("turned"), DPI: 300, WayUp: device.WayUpPerson,
		Sight: device.Sight{Quad: m.Quad, Flaws: []device.Flaw{"shadow"}}}})
	if v.Scan.Cut == "" || v.Scan.Cut == before || remembered(r, v.Scan.Cut) != "turned" {
		t.Fatalf("shows %q after %q", v.Scan.Cut, before)
	}
	v = r.Tap(view.DoAccept, "")
	if len(v.Scan.Pages) != 1 || v.Scan.Pages[0].Check {
		t.Errorf("turning it changed how it was judged: %+v", v.Scan.Pages)
	}
}

func TestAKeptPageCanBeTurnedToo(t *testing.T) {
	r := several(t)
	v := r.keeps("one")
	id, lay := v.Scan.Pages[0].ID, v.Scan.Pages[0].Turn
	v = r.Tap(view.DoLook, id)
	if v.Scan.Look == nil || v.Scan.Live || v.Scan.Look.ID != id {
		t.Fatalf("shows %+v", v.Scan)
	}
	r.Tap(view.DoTurn, "")
	m := journeytest.Wanted[journey.MakePage](r)
	v = r.Event(journey.PageMade{Frame: m.Frame, Page: device.Page{JPEG: []byte("turned"), WayUp: device.WayUpPerson, Sight: device.Sight{Quad: m.Quad}}})
	if v.Scan.Look == nil || v.Scan.Look.Turn == lay || remembered(r, id) != "turned" {
		t.Errorf("after turning it shows %+v", v.Scan.Look)
	}
	if v = r.Tap(view.DoAccept, ""); v.Scan.Look != nil || !v.Scan.Live {
		t.Errorf("it cannot be left: %+v", v.Scan)
	}
}

func TestPagesChangePlacesOneByOne(t *testing.T) {
	r := several(t)
	first := r.keeps("one", "two", "three").Scan.Pages[0].ID
	v := r.Tap(view.DoLook, first)
	if slices.Contains(v.Offers, view.DoSooner) || !slices.Contains(v.Offers, view.DoAfter) {
		t.Errorf("of the first page it offers %v", v.Offers)
	}
	r.Tap(view.DoAfter, "")
	v = r.Tap(view.DoAfter, "")
	if v.Scan.Look.No != 3 || v.Scan.Pages[2].ID != first || v.Scan.Pages[0].No != 1 || slices.Contains(v.Offers, view.DoAfter) {
		t.Errorf("the pages are %+v, offers %v", v.Scan.Pages, v.Offers)
	}
	v = r.Tap(view.DoSooner, "")
	if v.Scan.Look.No != 2 || v.Scan.Pages[1].ID != first {
		t.Errorf("the pages are %+v", v.Scan.Pages)
	}
	r.Tap(view.DoDelete, "")
	if v = r.View(); len(v.Scan.Pages) != 2 || v.Scan.Pages[1].No != 2 || v.Scan.Look != nil || !v.Scan.Live {
		t.Errorf("after one was thrown away there are %+v", v.Scan)
	}
}

func TestAPageIsTakenAgainInItsPlaceEvenWhereNoMoreHaveRoom(t *testing.T) {
	r := several(t)
	v := r.keeps("one", "two")
	for v.Scan.Most > 0 && len(v.Scan.Pages) < v.Scan.Most {
		v = r.keeps("more")
	}
	all := len(v.Scan.Pages)
	if v.Scan.Most > 0 && slices.Contains(v.Offers, view.DoShoot) {
		t.Errorf("one more than %d could be taken", v.Scan.Most)
	}
	second := v.Scan.Pages[1].ID
	r.Tap(view.DoLook, second)
	v = r.Tap(view.DoReplace, "")
	if v.Scan.Instead != 2 || !v.Scan.Live || slices.Contains(v.Offers, view.DoNext) {
		t.Fatalf("taking it again shows %+v, offers %v", v.Scan, v.Offers)
	}
	if v = r.Tap(view.DoBack, ""); v.Scan.Instead != 0 || v.Scan.Pages[1].ID != second {
		t.Fatalf("thought better of it, and it is gone: %+v", v.Scan)
	}
	r.Tap(view.DoLook, second)
	r.Tap(view.DoReplace, "")
	v = r.keeps("better")
	if len(v.Scan.Pages) != all || v.Scan.Pages[1].ID == second || v.Scan.Pages[1].No != 2 || v.Scan.Instead != 0 {
		t.Errorf("the pages are %+v", v.Scan.Pages)
	}
	if remembered(r, v.Scan.Pages[1].ID) != "better" {
		t.Error("its picture is another one's")
	}
}

// TestNoPageIsTakenByItselfWhileOneIsLookedAt, nor while the picture of another is being made.
func TestNoPageIsTakenByItselfWhileOneIsLookedAt(t *testing.T) {
	r := several(t)
	r.Tap(view.DoLook, r.keeps("one").Scan.Pages[0].ID)
	r.Event(journey.Settled{})
	if _, taken := journeytest.Asked[journey.TakeFrame](r); taken {
		t.Error("a picture was taken")
	}
}
