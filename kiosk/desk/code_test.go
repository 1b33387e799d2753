package desk

import (
	"context"
	"log/slog"
	"testing"
	"testing/synctest"

	"yimen/drivers/device"
	"yimen/kiosk/journey"
)

// eye is a scanner that sees what the test shows to it.
type eye chan device.Code

func (e eye) Read(ctx context.Context) (device.Code, error) {
	select {
	case c := <-e:
		return c, nil
	case <-ctx.Done():
		return device.Code{}, ctx.Err()
	}
}

func TestACodeIsReadUntilNobodyWantsItAnyMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		scanner := make(eye)
		d := &Desk{hands: Hands{Codes: scanner}, log: slog.New(slog.DiscardHandler)}
		v := newVisit(t.Context())
		d.readCode(v)
		scanner <- device.Code{Text: "SJ"}
		if h, ok := (<-v.outcomes).(journey.CodeRead); !ok || h.Code.Text != "SJ" {
			t.Errorf("told %T", h)
		}
		d.readCode(v)
		d.stopCode(v)
		v.running.Wait() // nothing waits for a code any more, and nothing is told
		select {
		case h := <-v.outcomes:
			t.Errorf("told %T after the step", h)
		default:
		}
		v.stop()
	})
}

func TestATerminalWithoutAScannerSaysSo(t *testing.T) {
	d := &Desk{log: slog.New(slog.DiscardHandler)}
	v := newVisit(t.Context())
	defer v.stop()
	d.readCode(v)
	if h, ok := (<-v.outcomes).(journey.CodeFault); !ok || h.Err == nil {
		t.Errorf("told %T", h)
	}
}
