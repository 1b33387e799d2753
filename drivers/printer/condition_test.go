package printer

import (
	"errors"
	"testing"

	"yimen/drivers/device"
)

func TestEitherBitOfAPairCounts(t *testing.T) {
	for _, b := range []byte{0x04, 0x08, 0x0C, 0x0F} {
		if c := fromASB([4]byte{0x14, 0, b, 0x0F}); !c.paperEnd {
			t.Errorf("ASB %02X: paper has not ended", b)
		}
	}
	for _, b := range []byte{0x01, 0x02, 0x03} {
		if c := fromASB([4]byte{0x14, 0, b, 0x0F}); !c.nearEnd || c.paperEnd {
			t.Errorf("ASB %02X: %+v", b, c)
		}
	}
	for b, want := range map[byte]device.Paper{0x12: device.PaperFull, 0x16: device.PaperLow, 0x1A: device.PaperLow, 0x1E: device.PaperLow,
		0x32: device.PaperOut, 0x52: device.PaperOut, 0x72: device.PaperOut, 0x7E: device.PaperOut} {
		var c condition
		c.learn(4, b)
		if got := c.paper(); got != want {
			t.Errorf("DLE EOT 4 %02X: %s, want %s", b, got, want)
		}
	}
}

func TestWorstNewsIsToldFirst(t *testing.T) {
	for _, c := range []struct {
		asb   [4]byte
		state device.State
		cause error
	}{
		{[4]byte{0x14, 0, 0, 0x0F}, device.Online, nil},
		{[4]byte{0x14, 0, 3, 0x0F}, device.Online, nil},
		{[4]byte{0x14, 0x40, 0, 0x0F}, device.DeviceBusy, nil},
		{[4]byte{0x1C, 0, 0, 0x0F}, device.UserError, device.ErrNeedsUser},
		{[4]byte{0x1C, 0, 0x0F, 0x0F}, device.UserError, device.ErrPaperOut},
		{[4]byte{0x3C, 0, 0x0F, 0x0F}, device.UserError, device.ErrNeedsUser},
		{[4]byte{0x3C, 0x04, 0, 0x0F}, device.HardwareFail, device.ErrJammed},
		{[4]byte{0x3C, 0x08, 0x0F, 0x0F}, device.HardwareFail, device.ErrJammed},
		{[4]byte{0x3C, 0x28, 0x0F, 0x0F}, device.HardwareFail, device.ErrHardware},
	} {
		s := fromASB(c.asb).status()
		if s.State != c.state || !errors.Is(s.Cause, c.cause) {
			t.Errorf("ASB % X: %+v", c.asb, s)
		}
	}
}
