package printer

import (
	"bytes"
	"context"
	"errors"
	"image"
	"io"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"yimen/drivers/emulator"
)

// What a receipt printer can do wrong.
const (
	PaperLow          emulator.Fault = "paper-low"
	PaperOut          emulator.Fault = "paper-out"
	RunsOut           emulator.Fault = "paper-out-mid-slip" // paper ends after RunOutAfter more dots
	CoverOpen         emulator.Fault = "cover-open"
	CutterJam         emulator.Fault = "cutter-jam" // at the next cut
	Swallows          emulator.Fault = "swallows"   // takes every byte, prints nothing, answers nothing
	Mute              emulator.Fault = "mute"       // prints, answers nothing
	Garbage           emulator.Fault = "garbage"    // answers rubbish
	Slow              emulator.Fault = "slow"       // ten times slower
	Overflows         emulator.Fault = "overflow"   // loses what comes when its buffer is full
	overflowBuffer                   = 4096
	flowControlBuffer                = 64 << 10
	slowness                         = 10
	answersOnTheirWay                = 256
)

// Printer is an ESC/POS receipt printer with a cutter. Commands are understood as
// they arrive, so that real-time status is answered even when nothing moves; the mechanism carries them out
// one after the other. It is served on one link at a time; its buffer and paper outlive the link.
type Printer struct {
	// DotTime is how long a row of dots takes, 0 for at once. RunOutAfter is for RunsOut. Both are
	// set before Serve.
	DotTime     time.Duration
	RunOutAfter int
	Faults      *emulator.Faults

	pens *pens
	dots int

	mu          sync.Mutex // guards what follows
	changed     chan struct{}
	parser      parser
	queue       []command
	queued      int // bytes in queue
	cutterError bool
	cleared     int // how often the buffer was cleared
	dotsLeft    int // until the paper runs out; emulator.UntilOff when it does not
	raw         []byte
	paper       *bitmap // since the last cut
	lastSlip    *bitmap // what was cut last, nil when it was taken or there is none
	slips       int
	revision    int
	unknown     []string

	mode mode // the mechanism's own
}

// Dots to a row on paper of 58 and of 80 mm (firmware-notes/escpos "Widths").
const (
	Dots58 = 384
	Dots80 = 576
)

// New gives a printer with a full roll and so many dots to a row.
func New(t *emulator.Typeface, dots int) (*Printer, error) {
	pens, err := newPens(t)
	if err != nil {
		return nil, err
	}
	p := &Printer{
		RunOutAfter: 150, dots: dots, pens: pens, changed: make(chan struct{}), dotsLeft: emulator.UntilOff, paper: newBitmap(dots, 0),
		Faults: emulator.NewFaults(PaperLow, PaperOut, RunsOut, CoverOpen, CutterJam, Swallows, Mute,
			Garbage, Slow, Overflows),
	}
	p.Faults.OnChange = p.faultChanged
	p.mode.initialise(dots)
	return p, nil
}

// faultChanged lets the mechanism look at its sensors anew.
func (p *Printer) faultChanged(f emulator.Fault, times int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if f == RunsOut {
		p.dotsLeft = emulator.UntilOff
		if times != 0 {
			p.dotsLeft = p.RunOutAfter
		}
	}
	p.poke()
}

// poke wakes who waits for something to change. The caller holds mu.
func (p *Printer) poke() {
	close(p.changed)
	p.changed = make(chan struct{})
}

// condition is how the printer is now. The caller holds mu.
func (p *Printer) condition() condition {
	out := p.Faults.On(PaperOut)
	return condition{coverOpen: p.Faults.On(CoverOpen), nearEnd: out || p.Faults.On(PaperLow), paperEnd: out, cutterError: p.cutterError}
}

// PortStatus is what a USB printer answers to GET_PORT_STATUS (firmware-notes/escpos "Port status"): 0x20 paper is out, 0x10 it
// is selected, 0x08 there is no error.
func (p *Printer) PortStatus() byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	c := p.condition()
	return bit(c.paperEnd, 0x20) | bit(!c.offline(), 0x10) | bit(!c.coverOpen && !c.cutterError, 0x08)
}

// Forget drops what waits in the buffer, as a soft reset does.
func (p *Printer) Forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.parser = parser{}
	p.queue, p.queued = nil, 0
	p.cleared++
	p.poke()
}

// Report is what can be seen of a printer from outside.
type Report struct {
	Bytes        int      `json:"bytes"`        // received since the paper was taken
	Slips        int      `json:"slips"`        // cut off since then
	Waiting      int      `json:"waiting"`      // bytes understood and not carried out yet
	Revision     int      `json:"revision"`     // changes whenever the paper does
	Unrecognised []string `json:"unrecognised"` // commands that it did not know
}

// Report says how the printer stands.
func (p *Printer) Report() Report {
	p.mu.Lock()
	defer p.mu.Unlock()
	return Report{Bytes: len(p.raw), Slips: p.slips, Waiting: p.queued + len(p.parser.buf), Revision: p.revision, Unrecognised: p.unknown}
}

// Received is every byte the printer got since the paper was taken.
func (p *Printer) Received() []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	return bytes.Clone(p.raw)
}

// Paper is the paper as it shows: what came out since the last cut or, while that is blank, the slip that
// was cut last.
func (p *Printer) Paper() *image.Gray {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.lastSlip != nil && !slices.Contains(p.paper.dots, 1) {
		return p.lastSlip.picture()
	}
	return p.paper.picture()
}

// Tear takes all paper away that came out.
func (p *Printer) Tear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.paper, p.lastSlip, p.slips, p.raw, p.unknown = newBitmap(p.dots, 0), nil, 0, nil, nil
	p.revision++
}

// Serve is the printer on one link, until the link or ctx ends. Closing the link is the caller's.
func (p *Printer) Serve(ctx context.Context, link io.ReadWriter) error {
	ctx, cancel := context.WithCancel(ctx)
	answers := make(chan []byte, answersOnTheirWay)
	var others sync.WaitGroup
	others.Go(func() { p.sendAnswers(ctx, link, answers) })
	others.Go(func() { p.runMechanism(ctx, answers) })
	err := p.receive(ctx, link, answers)
	cancel()
	others.Wait()
	return err
}

// receive takes in bytes, understands them and answers what is asked in real time.
func (p *Printer) receive(ctx context.Context, link io.Reader, answers chan<- []byte) error {
	buf := make([]byte, 1024)
	for {
		if err := p.waitForRoom(ctx); err != nil {
			return err
		}
		n, err := link.Read(buf)
		if err != nil {
			return err
		}
		for _, answer := range p.take(buf[:n]) {
			p.answer(answers, answer)
		}
	}
}

// waitForRoom holds the line while the buffer is full: what flow control does.
func (p *Printer) waitForRoom(ctx context.Context) error {
	for {
		p.mu.Lock()
		full, changed := p.queued >= flowControlBuffer, p.changed
		p.mu.Unlock()
		if !full {
			return ctx.Err()
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-changed:
		}
	}
}

// take understands b: real-time commands are answered, all others put into the buffer.
func (p *Printer) take(b []byte) (answers [][]byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.raw = append(p.raw, b...)
	if p.Faults.On(Swallows) {
		return nil
	}
	if p.queued > overflowBuffer && p.Faults.On(Overflows) {
		return nil
	}
	p.parser.feed(b)
	for {
		c, ok := p.parser.next()
		if !ok {
			break
		}
		switch c.op {
		case opcode{dle, 0x04}:
			answers = append(answers, p.condition().realTime(c.args[0]))
		case opcode{dle, 0x05}:
			p.recover(c.args[0])
		default:
			p.queue = append(p.queue, c)
			p.queued += c.size
		}
	}
	p.poke()
	return answers
}

// recover does DLE ENQ: 1 goes on after an error, 2 forgets the buffer first. The caller holds mu.
func (p *Printer) recover(n byte) {
	p.cutterError = false
	if n == 2 {
		p.queue, p.queued = nil, 0
		p.cleared++
	}
}

// answer puts an answer on its way, unless the printer cannot answer.
func (p *Printer) answer(answers chan<- []byte, b []byte) {
	if len(b) == 0 || p.Faults.On(Mute) || p.Faults.On(Swallows) {
		return
	}
	if p.Faults.Take(Garbage) {
		b = []byte{byte(rand.Uint32()), byte(rand.Uint32()), 0xFF}
	}
	select {
	case answers <- b:
	default: // nobody reads them
	}
}

// sendAnswers writes answers until ctx ends.
func (p *Printer) sendAnswers(ctx context.Context, link io.Writer, answers <-chan []byte) {
	for {
		select {
		case <-ctx.Done():
			return
		case b := <-answers:
			if _, err := link.Write(b); err != nil {
				return // receive sees the same end
			}
		}
	}
}

// errCleared ends a command whose buffer was cleared.
var errCleared = errors.New("buffer cleared")
