package emulator

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
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
func (m *mechanism) nextCommand() (printCommand, error) {
	for {
		m.mu.Lock()
		m.cleared = m.Printer.cleared
		var c printCommand
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
		rows := min(rowsAtOnce, strip.h-y)
		m.mu.Lock()
		if m.dotsLeft >= 0 {
			rows = min(rows, m.dotsLeft)
			if m.dotsLeft -= rows; m.dotsLeft == 0 {
				m.dotsLeft = UntilOff
				m.runOut()
			}
		}
		m.paper.dots = append(m.paper.dots, strip.dots[y*strip.w:(y+rows)*strip.w]...)
		m.paper.h += rows
		m.revision++
		m.mu.Unlock()
		y += rows
		pace := m.DotTime * time.Duration(rows)
		if m.faults.on(PrinterSlow) {
			pace *= slowness
		}
		if err := sleep(m.ctx, pace); err != nil {
			return err
		}
	}
	return nil
}

// runOut is the end of the roll. The caller holds mu.
func (m *mechanism) runOut() {
	for f, times := range map[Fault]int{PrinterRunsOut: 0, PrinterPaperOut: UntilOff} {
		if err := m.faults.set(f, times); err != nil {
			panic(fmt.Sprintf("the printer does not know its own fault: %v", err))
		}
	}
	m.poke()
}

// feed moves the paper without printing.
func (m *mechanism) feed(dots int) error { return m.print(newBitmap(PrinterDots, dots)) }

// cut cuts the paper, or jams.
func (m *mechanism) cut() error {
	for {
		if err := m.ready(); err != nil {
			return err
		}
		m.mu.Lock()
		if m.faults.take(PrinterCutterJam) {
			m.cutterError = true
			m.mu.Unlock()
			continue
		}
		m.lastSlip, m.paper = m.paper, newBitmap(PrinterDots, 0)
		m.slips++
		m.revision++
		m.mu.Unlock()
		return nil
	}
}

// unrecognised notes a command that the printer does not know.
func (m *mechanism) unrecognised(c printCommand) error {
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
