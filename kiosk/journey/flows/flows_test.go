package flows_test

import (
	"testing"

	"yimen/kiosk/journey/flows"
	"yimen/kiosk/journey/journeytest"
	"yimen/kiosk/journey/view"
)

// A transcript is a test only if it meets what it is to protect.
func TestTheFlowsMeetEveryScreenAndEverySecret(t *testing.T) {
	cfg, met := flows.Config(t), map[view.Screen]bool{}
	var told []any
	for _, f := range flows.All() {
		h := journeytest.At(t, cfg)
		h.Event(flows.Standing())
		f.Play(h)
		for _, m := range h.Transcript {
			met[m.Screen] = true
			told = append(told, m.Is)
		}
		told = append(told, h.All)
	}
	for _, s := range []view.Screen{
		view.ScreenAttract, view.ScreenLanguage, view.ScreenMenu, view.ScreenItem, view.ScreenNotice, view.ScreenCard, view.ScreenConfirm, view.ScreenQuestion,
		view.ScreenEstimate, view.ScreenResults, view.ScreenTopics, view.ScreenPolicy, view.ScreenForm, view.ScreenMaterials, view.ScreenScan, view.ScreenSign,
		view.ScreenReview, view.ScreenSending, view.ScreenSlip, view.ScreenMaintenance, view.ScreenWays, view.ScreenConsent, view.ScreenFace, view.ScreenCheckIn,
		view.ScreenEntrance, view.ScreenPIN, view.ScreenStaff, view.ScreenSlips, view.ScreenWhy, view.ScreenQueue, view.ScreenDevices,
		view.ScreenProof, view.ScreenSlipNo, view.ScreenCode, view.ScreenAsking, view.ScreenCases, view.ScreenCase, view.ScreenCopy, view.ScreenBoard, view.ScreenPosting,
	} {
		if !met[s] {
			t.Errorf("no flow comes to %s", s)
		}
	}
	for _, secret := range flows.Secrets() {
		if len(journeytest.Traces(told, []string{secret})) == 0 {
			t.Errorf("nobody says %q", secret)
		}
	}
}
