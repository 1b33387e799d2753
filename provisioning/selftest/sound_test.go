package selftest

import (
	"context"
	"errors"
	"strings"
	"testing"

	"yimen/drivers/device"
)

// hall is a loudspeaker that sounds and an ear-piece whose cable is cut.
type hall struct{ played []device.ID }

func (h *hall) Devices() []device.ID { return []device.ID{device.Earpiece, device.Loudspeaker} }

func (h *hall) Sound(_ context.Context, id device.ID) error {
	if id == device.Earpiece {
		return errors.New("play by plughw:CARD=Ear: no such device")
	}
	h.played = append(h.played, id)
	return nil
}

func TestASoundThatDidNotComeOutIsToldAndOneThatDidIsForPeopleToHear(t *testing.T) {
	h := &hall{}
	var told strings.Builder
	report, err := Run(t.Context(), Devices{Sounds: h}, Wait, func(s Step) {
		if err := Tell(&told, s); err != nil {
			t.Error(err)
		}
	})
	if err != nil || report.Passed || len(report.Results) != 2 || len(h.played) != 1 {
		t.Fatalf("%+v, %v, played %v", report, err, h.played)
	}
	for _, want := range []string{"听筒", "没有声音出来", "no such device", "喇叭", "请听听"} {
		if !strings.Contains(told.String(), want) {
			t.Errorf("%s is not told:\n%s", want, told.String())
		}
	}
}
