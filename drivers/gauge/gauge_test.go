package gauge

import (
	"fmt"
	"testing"

	"yimen/drivers/device"
)

func TestBlipIsNotAnOutage(t *testing.T) {
	online := device.Status{State: device.Online}
	offline := device.Status{State: device.Offline, Cause: device.ErrSilent}
	g := New(online)
	var told []device.State
	g.Watch(func(s device.Status) { told = append(told, s.State) })
	for range 5 {
		g.Miss(offline)
		g.Miss(offline)
		g.Set(online)
	}
	if len(told) != 0 {
		t.Fatalf("told of a blip: %v", told)
	}
	for range 4 {
		g.Miss(offline)
	}
	g.Set(online)
	if got := fmt.Sprint(told); got != "[offline online]" {
		t.Fatalf("told %s", got)
	}
}

func TestSameFaultInOtherWordsIsNoChange(t *testing.T) {
	g := New(device.Status{State: device.HardwareFail, Cause: fmt.Errorf("status 66: %w", device.ErrHardware)})
	_, changed := g.Now()
	for _, cause := range []error{device.ErrHardware, fmt.Errorf("status 60: %w", device.ErrHardware)} {
		g.Set(device.Status{State: device.HardwareFail, Cause: cause})
		select {
		case <-changed:
			t.Error("told of a change")
		default:
		}
		if now := g.Status(); now.Cause != cause {
			t.Errorf("says %v, not what was last seen", now.Cause)
		}
	}
	g.Set(device.Status{State: device.HardwareFail, Cause: device.ErrJammed})
	<-changed
}
