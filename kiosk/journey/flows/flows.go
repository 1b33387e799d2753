// Package flows is what people come to the terminal for, each from the first screen to the last, as tests play it: every
// service that a terminal has, with the answers of the bureau, and people who do not exist.
package flows

import (
	"testing"

	"yimen/drivers/device"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/apply"
	"yimen/kiosk/journey/checkin"
	"yimen/kiosk/journey/journeytest"
	"yimen/kiosk/journey/lookup"
	"yimen/kiosk/journey/notices"
	"yimen/kiosk/journey/progress"
	"yimen/kiosk/journey/reckon"
	"yimen/kiosk/journey/staff"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/policy"
)

// Flow is one thing that somebody comes for.
type Flow struct {
	Name string
	Play func(h *journeytest.Hands) // from the first screen to the first screen
}

// All are the flows of a terminal.
func All() []Flow {
	return []Flow{
		{"apply", applies}, {"apply-assisted", appliesAssisted}, {"park", parks}, {"resume", resumes},
		{"reckon", reckons}, {"lookup", looksUp},
		{"checkin-staff", checksInVouched}, {"checkin-face", checksInByFace}, {"checkin-guardian", checksInWithGuardian}, {"checkin-assisted", checksInAssisted},
		{"progress-card", asksByCard}, {"progress-slip", asksBySlip}, {"supplement", supplies},
		{"notice", readsNotice}, {"objection", objects},
		{"staff-reprint", reprints}, {"staff-work", works}, {"reprint-by-code", reprintsByCode},
		{"locked", comesWhileLocked},
	}
}

// Config is a terminal that offers everything.
func Config(t testing.TB) *journey.Config {
	t.Helper()
	cfg := journeytest.Config(journeytest.Pack(t, policy.Demo),
		apply.Service{}, progress.Service{}, checkin.Service{}, reckon.Service{}, lookup.Service{}, notices.Service{})
	cfg.Staff, cfg.Languages = staff.Service{}, []string{"zh-CN", "en"}
	return cfg
}

// Standing is how the terminal stands: all is well, and faces can be compared.
func Standing() journey.Standing { return journey.Standing{Faces: true} }

// The people of the flows, with the specimen numbers of GB 11643-1999 and of nobody.
var (
	elder = device.Card{
		Kind: device.CitizenCard, Name: "王𠮷䶮", Sex: "2", Ethnic: "01", Birth: "19491231", Address: "内蒙古呼和浩特市新城区示例街1号",
		Number: "11010519491231002X", ValidFrom: "20200101", ValidTo: "20400101", Picture: []byte("the elder's photo"),
	}
	son    = device.Card{Kind: device.CitizenCard, Name: "王试样", Sex: "1", Birth: "18800101", Number: "440524188001010014", LongTerm: true}
	member = device.Card{Kind: device.CitizenCard, Name: "李测试", Sex: "1", Birth: "19850101", Number: "932682198501010017", LongTerm: true}
)

// What the flows' slips say.
const (
	slipNo  = "SJ-150102-0001-20261122-00001-3"
	slipNo2 = "SJ-150102-0001-20261122-00002-1"
	code    = "40718253"
	pin     = "246810"
)

// goTo goes from the first screen through a door, and to the tile behind it where there are several.
func goTo(h *journeytest.Hands, door, tile string) {
	h.T.Helper()
	h.Tap(view.DoStart, "")
	h.Tap(view.DoNext, "")
	h.At(view.ScreenMenu)
	h.Tap(view.DoChoose, door)
	if tile != "" {
		h.Tap(view.DoChoose, tile)
	}
}

// lays lays a card and says that it is the right one.
func lays(h *journeytest.Hands, card device.Card) {
	h.T.Helper()
	h.At(view.ScreenCard)
	journeytest.Wanted[journey.ReadCard](h)
	h.Event(journey.CardRead{Card: card})
	h.At(view.ScreenConfirm)
	h.Tap(view.DoNext, "")
}

// sent waits for the slip of what was handed in, and takes it.
func sent(h *journeytest.Hands, no string) {
	h.T.Helper()
	h.Event(journey.Kept{Dossier: "d" + no, SlipNo: no, QueryCode: code})
	journeytest.Wanted[journey.Await](h)
	h.Event(journey.Central{Delivered: true})
	printed(h)
	h.At(view.ScreenSlip)
	h.Tap(view.DoFinish, "")
	h.At(view.ScreenAttract)
}

// printed has the printer say that it has printed.
func printed(h *journeytest.Hands) {
	h.T.Helper()
	journeytest.Wanted[journey.Print](h)
	h.Event(journey.Printed{Printed: device.Printed{Confirmed: true}})
}

// leaves ends a visit that only looked.
func leaves(h *journeytest.Hands) {
	h.T.Helper()
	h.Tap(view.DoLeave, "")
	if h.Offered(view.DoLeaveYes) {
		h.Tap(view.DoLeaveYes, "")
	}
	h.At(view.ScreenAttract)
}

// Secrets are what the people of the flows give, are given and are told: none of it is for anybody else.
func Secrets() []string {
	secrets := []string{
		slipNo, slipNo2, code, pin, "王试样", "新城区试样巷七号", "13900000000", "613.50", "48321", "51200", "2187", "他家只有两口人", "待补正", "不予确认",
		"page of a bankbook", "frame of a bankbook", "sealed to the bureau", "the session of number seven",
	}
	for _, card := range []device.Card{elder, son, member} {
		for _, p := range []device.Personal{card.Name, card.Number, card.Birth, card.Address, device.Personal(card.Picture)} {
			if !p.Empty() {
				secrets = append(secrets, p.Reveal())
			}
		}
	}
	return secrets
}
