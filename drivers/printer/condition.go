package printer

import "yimen/drivers/device"

// condition is what a printer says of itself, whichever way it said it (firmware-notes/escpos "Status bytes").
type condition struct {
	offline, coverOpen, nearEnd, paperEnd, cutter, broken, hot bool
}

// fromASB reads the four bytes of an automatic status.
func fromASB(b [4]byte) condition {
	return condition{
		offline:   b[0]&0x08 != 0,
		coverOpen: b[0]&0x20 != 0,
		cutter:    b[1]&(0x04|0x08) != 0,
		broken:    b[1]&0x20 != 0,
		hot:       b[1]&0x40 != 0,
		nearEnd:   b[2]&0x03 != 0,
		paperEnd:  b[2]&0x0C != 0,
	}
}

// learn takes in the answer to DLE EOT n.
func (c *condition) learn(n, b byte) {
	switch n {
	case 1:
		c.offline = b&0x08 != 0
	case 2:
		c.coverOpen = b&0x04 != 0
		c.paperEnd = b&0x20 != 0
	case 3:
		c.cutter = b&(0x04|0x08) != 0
		c.broken = b&0x20 != 0
		c.hot = b&0x40 != 0
	case 4:
		c.nearEnd = b&(0x04|0x08) != 0
		c.paperEnd = c.paperEnd || b&(0x20|0x40) != 0
	}
}

// learnPort takes in the status of the printer's port (firmware-notes/escpos "Port status"). A byte without any bit says
// nothing.
func (c *condition) learnPort(b byte) bool {
	c.paperEnd = c.paperEnd || b&0x20 != 0
	c.offline = c.offline || b != 0 && b&(0x10|0x08) != 0x10|0x08
	return b != 0
}

// stopped tells why nothing can be printed now, nil when it can. A hot head only makes the printer slow, and a printer that
// is offline for no reason may be moving paper by its button.
func (c condition) stopped() error {
	switch {
	case c.broken:
		return device.ErrHardware
	case c.cutter:
		return device.ErrJammed
	case c.coverOpen:
		return device.ErrNeedsUser
	case c.paperEnd:
		return device.ErrPaperOut
	}
	return nil
}

// refused tells why a job should not begin. Some printers only say that they are offline when the paper has ended.
func (c condition) refused() error {
	if err := c.stopped(); err != nil || !c.offline {
		return err
	}
	return device.ErrNeedsUser
}

func (c condition) status() device.Status {
	s := device.Status{State: device.Online, Paper: c.paper(), Cause: c.refused()}
	switch {
	case c.broken, c.cutter:
		s.State = device.HardwareFail
	case c.coverOpen, c.paperEnd, c.offline:
		s.State = device.UserError
	case c.hot:
		s.State = device.DeviceBusy
	}
	return s
}

func (c condition) paper() device.Paper {
	switch {
	case c.cutter:
		return device.PaperJammed
	case c.paperEnd:
		return device.PaperOut
	case c.nearEnd:
		return device.PaperLow
	}
	return device.PaperFull
}
