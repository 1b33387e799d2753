package apply

import (
	"slices"
	"strings"
	"testing"

	"yimen/drivers/device"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/journeytest"
	"yimen/kiosk/journey/view"
)

// atCamera is a resident whose first paper is under the camera.
func atCamera(t *testing.T) *resident {
	r := newResident(t).withCard().answers(alone)
	r.Tap(view.DoNext, "")
	r.Tap(view.DoNext, "")
	r.At(view.ScreenScan)
	return r
}

// shot takes a picture in which the page has these flaws.
func (r *resident) shot(flaws ...device.Flaw) view.View {
	r.T.Helper()
	r.Tap(view.DoShoot, "")
	journeytest.Wanted[journey.TakeFrame](r)
	return r.pictured(flaws...)
}

func (r *resident) pictured(flaws ...device.Flaw) view.View {
	page := device.Page{JPEG: []byte("page"), DPI: 300, Sight: device.Sight{Quad: corners, Flaws: flaws, Scores: device.PageScores{Light: 90}}}
	if slices.Contains(flaws, device.NoPage) {
		page = device.Page{Sight: device.Sight{Flaws: flaws}}
	}
	return r.Event(journey.FrameTaken{Frame: device.Frame{JPEG: []byte("frame"), At: r.Now}, Page: page})
}

func TestAGoodPageIsKeptAsItWasFound(t *testing.T) {
	r := atCamera(t)
	v := r.shot()
	if v.Scan.Hint != "" || v.Scan.Cut == "" || v.Scan.Adjust {
		t.Fatalf("the still shows %+v", v.Scan)
	}
	if v = r.Tap(view.DoAdjust, ""); !v.Scan.Adjust || v.Scan.Cut != "" || v.Scan.Quad != corners {
		t.Fatalf("the corners cannot be set: %+v", v.Scan)
	}
	v = r.Touch(journey.Touch{Do: view.DoAccept, Quad: &corners})
	if _, anew := journeytest.Asked[journey.MakePage](r); anew || v.Scan.Cut == "" {
		t.Error("a page whose corners nobody moved is cut out anew")
	}
	v = r.Tap(view.DoAccept, "")
	if len(v.Scan.Pages) != 1 || v.Scan.Pages[0].Check {
		t.Errorf("kept %+v", v.Scan.Pages)
	}
}

func TestAStillPageIsTakenByItselfUnlessSwitchedOff(t *testing.T) {
	r := atCamera(t)
	r.Event(journey.Settled{})
	journeytest.Wanted[journey.TakeFrame](r)
	r.pictured()
	r.Tap(view.DoRetake, "")
	if live := journeytest.Wanted[journey.Live](r); !live.On || !live.Auto || !live.Again {
		t.Errorf("after a retake the live picture is %+v", live)
	}
	v := r.Tap(view.DoAuto, "")
	if live := journeytest.Wanted[journey.Live](r); live.Auto || v.Scan.Auto {
		t.Error("it cannot be switched off")
	}
	r.Event(journey.Settled{})
	if _, taken := journeytest.Asked[journey.TakeFrame](r); taken {
		t.Error("a picture was taken although that was switched off")
	}
	if !slices.Contains(r.View().Offers, view.DoShoot) {
		t.Error("no picture can be taken by hand")
	}
}

func TestAPageThatIsNotGoodSaysWhyAndAsksAgain(t *testing.T) {
	v := atCamera(t).shot("shadow", "dark", device.Coarse)
	if v.Scan.Hint != "hint.dark" || v.Scan.Left != 2 {
		t.Errorf("says %q, %d left", v.Scan.Hint, v.Scan.Left)
	}
	if slices.Contains(v.Offers, view.DoAccept) || !slices.Contains(v.Offers, view.DoRetake) {
		t.Errorf("offers %v", v.Offers)
	}
}

// TestACoarseCameraIsNotTheResidentsFault: nothing that a resident does gives it more dots.
func TestACoarseCameraIsNotTheResidentsFault(t *testing.T) {
	r := atCamera(t)
	if v := r.shot(device.Coarse); v.Scan.Hint != "" || !slices.Contains(v.Offers, view.DoAccept) {
		t.Errorf("says %q, offers %v", v.Scan.Hint, v.Offers)
	}
}

func TestTheThirdFailureIsTakenAndAPersonHelps(t *testing.T) {
	r := atCamera(t)
	for range 2 {
		r.shot("blurred")
		r.Tap(view.DoRetake, "")
	}
	v := r.shot("blurred")
	if len(v.Scan.Pages) != 1 || !v.Scan.Pages[0].Check || v.Notes[0].ID != view.PhrasePageCheck {
		t.Fatalf("kept %+v, notes %v", v.Scan.Pages, v.Notes)
	}
	ticket := words(journeytest.Wanted[journey.Print](r).Slip)
	if !strings.Contains(ticket, "需工作人员核对") || !strings.Contains(ticket, v.Scan.Material.Name.In("zh-CN")) || strings.Contains(ticket, card.Name.Reveal()) {
		t.Errorf("the ticket says:\n%s", ticket)
	}
	if slices.Contains(v.Offers, view.DoNext) {
		t.Error("the next slip's outcome could be this one's")
	}
	v = r.Event(journey.Printed{Printed: device.Printed{Confirmed: true}})
	if !slices.Contains(v.Offers, view.DoNext) {
		t.Fatalf("it blocks the application: %v", v.Offers)
	}
	r.NoMorePapers()
	r.signatures().Tap(view.DoSubmit, "")
	page := journeytest.Wanted[journey.Keep](r).Draft.Pages[0]
	if !page.Check || page.Shots != 3 || !slices.Equal(page.Flaws, []device.Flaw{"blurred"}) || page.Scores.Light != 90 {
		t.Errorf("the dossier has %+v", page)
	}
	r.Event(journey.Kept{Dossier: "d1", SlipNo: "SJ-1", QueryCode: "12345678"})
	r.Event(journey.Central{Delivered: true})
	if text := words(journeytest.Wanted[journey.Print](r).Slip); !strings.Contains(text, "需工作人员核对") {
		t.Errorf("the receipt says:\n%s", text)
	}
}

func TestATicketThatCannotBePrintedBlocksNothing(t *testing.T) {
	r := atCamera(t)
	for range 2 {
		r.shot("glare")
		r.Tap(view.DoRetake, "")
	}
	r.shot("glare")
	v := r.Event(journey.PrintFault{Err: &device.Fault{Device: device.Printer, Op: "print", Err: device.ErrPaperOut}})
	if !slices.Contains(v.Offers, view.DoNext) || len(v.Scan.Pages) != 1 {
		t.Errorf("offers %v with %d pages", v.Offers, len(v.Scan.Pages))
	}
	if !slices.ContainsFunc(v.Notes, func(n view.Note) bool { return n.ID == view.PhrasePrinterPaper }) {
		t.Errorf("notes %v", v.Notes)
	}
}

// TestCornersSetByAPersonEndTheDoubt: a finder that sees no page, or is not sure of it, lets itself be helped.
func TestCornersSetByAPersonEndTheDoubt(t *testing.T) {
	for _, doubt := range []device.Flaw{device.NoPage, device.Unsure} {
		r := atCamera(t)
		v := r.shot(doubt)
		if !v.Scan.Adjust || v.Scan.Hint != view.FlawHint(doubt) {
			t.Fatalf("%s: the still shows %+v", doubt, v.Scan)
		}
		r.Touch(journey.Touch{Do: view.DoAccept, Quad: &corners})
		m := journeytest.Wanted[journey.MakePage](r)
		if v = r.Event(journey.PageMade{Frame: m.Frame, Page: device.Page{JPEG: []byte("page"), DPI: 200}}); v.Scan.Cut == "" {
			t.Errorf("%s: what was cut out is not shown: %+v", doubt, v.Scan)
		}
		v = r.Tap(view.DoAccept, "")
		if len(v.Scan.Pages) != 1 || v.Scan.Pages[0].Check {
			t.Errorf("%s: kept %+v", doubt, v.Scan.Pages)
		}
	}
}

// TestAPageNobodyCanFindIsTakenOnTheThirdTime: corners set by hand, still not good, and yet the application goes on.
func TestAPageNobodyCanFindIsTakenOnTheThirdTime(t *testing.T) {
	r := atCamera(t)
	for try := 1; try <= 3; try++ {
		r.shot(device.NoPage)
		r.Touch(journey.Touch{Do: view.DoAccept, Quad: &corners})
		m := journeytest.Wanted[journey.MakePage](r)
		v := r.Event(journey.PageMade{Frame: m.Frame, Page: device.Page{JPEG: []byte("page"), Sight: device.Sight{Flaws: []device.Flaw{"dark"}}}})
		if kept := len(v.Scan.Pages); (kept == 1) != (try == 3) {
			t.Fatalf("after try %d there are %d pages", try, kept)
		}
		if try < 3 {
			if v.Scan.Hint != "hint.dark" {
				t.Errorf("try %d says %q", try, v.Scan.Hint)
			}
			r.Tap(view.DoRetake, "")
		}
	}
	if !r.View().Scan.Pages[0].Check {
		t.Error("taken without the mark")
	}
}

func TestAnotherPaperBeginsWithAllItsTries(t *testing.T) {
	r := atCamera(t)
	for range 2 {
		r.shot("dark")
		r.Tap(view.DoRetake, "")
	}
	r.Tap(view.DoLater, "")
	if v := r.shot("dark"); v.Scan.Left != 2 || len(v.Scan.Pages) != 0 {
		t.Errorf("the next paper has %d tries left", v.Scan.Left)
	}
}
