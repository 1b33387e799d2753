package journeytest

import (
	"cmp"

	"yimen/drivers/device"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/policy"
)

// Answer goes through an interview to its end and gives the questions that were asked. Each is answered as given, or as it
// stands there, by 不清楚, or by what comes first.
func (h *Hands) Answer(given map[string]string) (asked []*view.Question) {
	h.T.Helper()
	for range 200 {
		v := h.View()
		if v.Screen != view.ScreenQuestion {
			return asked
		}
		asked = append(asked, v.Question)
		h.AnswerOne(given)
		if w := h.View(); w.Screen == view.ScreenQuestion && w.Question.Key == v.Question.Key {
			h.T.Fatalf("stuck at %s: %v", v.Question.Key, w.Notes)
		}
	}
	h.T.Fatal("the interview does not end")
	return nil
}

// AnswerOne answers the question that is asked now.
func (h *Hands) AnswerOne(given map[string]string) view.View {
	h.T.Helper()
	q := h.At(view.ScreenQuestion).Question
	value := cmp.Or(given[q.Key], q.Value)
	switch {
	case value != "":
	case !q.Must:
		return h.Tap(view.DoUnknown, "")
	case len(q.Options) > 0:
		value = q.Options[0].Code
	default:
		value = map[policy.Input]string{policy.InputName: "李明", policy.InputCount: "1", policy.InputText: "某处", policy.InputPhone: "13800000000"}[q.Input]
	}
	return h.Tap(view.DoAnswer, value)
}

// Corners are those of a page that lies straight on the bed.
func Corners() device.Quad {
	return device.Quad{{X: .1, Y: .1}, {X: .9, Y: .1}, {X: .9, Y: .9}, {X: .1, Y: .9}}
}

// ScanPage takes a picture in which no page was found, sets the corners by hand and keeps what is cut out.
func (h *Hands) ScanPage() {
	h.T.Helper()
	h.Tap(view.DoShoot, "")
	Wanted[journey.TakeFrame](h)
	h.Event(journey.FrameTaken{Frame: device.Frame{JPEG: []byte("frame"), At: h.Now}})
	corners := Corners()
	h.Touch(journey.Touch{Do: view.DoAccept, Quad: &corners})
	m := Wanted[journey.MakePage](h)
	h.Event(journey.PageMade{Frame: m.Frame, Page: device.Page{JPEG: []byte("page"), DPI: 200}})
	h.Tap(view.DoAccept, "")
}

// Papers scans one page of the first paper and brings the others later.
func (h *Hands) Papers() {
	h.T.Helper()
	h.At(view.ScreenMaterials)
	h.Tap(view.DoNext, "")
	h.At(view.ScreenScan)
	h.ScanPage()
	h.NoMorePapers()
}

// NoMorePapers goes on from the bed, with what is there.
func (h *Hands) NoMorePapers() {
	h.T.Helper()
	for h.View().Screen == view.ScreenScan {
		if h.Offered(view.DoNext) {
			h.Tap(view.DoNext, "")
		} else {
			h.Tap(view.DoLater, "")
		}
	}
}

// Sign signs every document.
func (h *Hands) Sign() {
	h.T.Helper()
	for h.View().Screen == view.ScreenSign {
		h.Touch(journey.Touch{Do: view.DoSign, Strokes: [][]device.Sample{{{X: 10, Y: 10}, {X: 60, Y: 40, T: 300}}}})
	}
}
