package printer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"yimen/drivers/emulator"
)

// rowsAtOnce is how many rows of dots come out between two looks at the sensors.
const rowsAtOnce = 8

// mechanism carries out the buffer for one link.
type mechanism struct {
	*Printer
	ctx     context.Context
	answers chan<- []byte
	tell    byte      // mask of GS a
	told    condition // what ASB said last
	cleared int       // Printer.cleared when the present command began
}

// runMechanism carries out commands until ctx ends.
func (p *Printer) runMechanism(ctx context.Context, answers chan<- []byte) {
	m := &mechanism{Printer: p, ctx: ctx, answers: answers}
	for {
		c, err := m.nextCommand()
		if err != nil {
			return
		}
		if err := m.execute(c); err != nil && !errors.Is(err, errCleared) {
			return
		}
	}
}

// nextCommand waits for a command and for the printer to be ready for it.
func (m *mechanism) nextCommand() (command, error) {
	for {
		m.mu.Lock()
		m.cleared = m.Printer.cleared
		var c command
		ready := len(m.queue) > 0 && !m.condition().offline()
		if ready {
			c = m.queue[0]
			m.queue = m.queue[1:]
			m.queued -= c.size
			m.poke()
		}
		changed := m.changed
		m.mu.Unlock()
		m.tellChange()
		if ready {
			return c, m.ctx.Err()
		}
		select {
		case <-m.ctx.Done():
			return c, m.ctx.Err()
		case <-changed:
		}
	}
}

// tellChange sends ASB when something changed that the host wants to know.
func (m *mechanism) tellChange() {
	m.mu.Lock()
	now := m.condition()
	m.mu.Unlock()
	if now.worthTelling(m.told, m.tell) {
		b := now.automatic()
		m.answer(m.answers, b[:])
	}
	m.told = now
}

// ready waits until the printer can move paper.
func (m *mechanism) ready() error {
	for {
		m.mu.Lock()
		offline, cleared, changed := m.condition().offline(), m.Printer.cleared != m.cleared, m.changed
		m.mu.Unlock()
		m.tellChange()
		switch {
		case cleared:
			return errCleared
		case !offline:
			return m.ctx.Err()
		}
		select {
		case <-m.ctx.Done():
			return m.ctx.Err()
		case <-changed:
		}
	}
}

// print moves the paper by the strip's height and burns its dots.
func (m *mechanism) print(strip *bitmap) error {
	for y := 0; y < strip.h; {
		if err := m.ready(); err != nil {
			return err
		}
		rows, rollEnds := m.advance(strip, y)
		if rollEnds {
			if err := errors.Join(m.Faults.Set(RunsOut, 0), m.Faults.Set(PaperOut, emulator.UntilOff)); err != nil {
				return err
			}
		}
		y += rows
		pace := m.DotTime * time.Duration(rows)
		if m.Faults.On(Slow) {
			pace *= slowness
		}
		if err := emulator.Sleep(m.ctx, pace); err != nil {
			return err
		}
	}
	return nil
}

// advance brings the next few rows of the strip out, fewer when the roll ends with them.
func (m *mechanism) advance(strip *bitmap, from int) (rows int, rollEnds bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	rows = min(rowsAtOnce, strip.h-from)
	if m.dotsLeft >= 0 {
		rows = min(rows, m.dotsLeft)
		m.dotsLeft -= rows
		rollEnds = m.dotsLeft == 0
	}
	m.paper.dots = append(m.paper.dots, strip.dots[from*strip.w:(from+rows)*strip.w]...)
	m.paper.h += rows
	m.revision++
	return rows, rollEnds
}

// feed moves the paper without printing.
func (m *mechanism) feed(dots int) error { return m.print(newBitmap(m.dots, dots)) }

// cut cuts the paper, or jams.
func (m *mechanism) cut() error {
	for {
		if err := m.ready(); err != nil {
			return err
		}
		m.mu.Lock()
		if m.Faults.Take(CutterJam) {
			m.cutterError = true
			m.mu.Unlock()
			continue
		}
		m.lastSlip, m.paper = m.paper, newBitmap(m.dots, 0)
		m.slips++
		m.revision++
		m.mu.Unlock()
		return nil
	}
}

// unrecognised notes a command that the printer does not know.
func (m *mechanism) unrecognised(c command) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	name := fmt.Sprintf("% X", c.op[:])
	if c.op[1] == '(' && len(c.args) > 0 {
		name = fmt.Sprintf("% X %02X", c.op[:], c.args[0])
	}
	if !slices.Contains(m.unknown, name) {
		m.unknown = append(m.unknown, name)
	}
	return nil
}
