package idcard

import (
	"context"
	"io"
	"math/rand/v2"
	"sync"
	"time"

	"yimen/drivers/emulator"
)

// What a SAM_V reader can do wrong. Beside these, Answer makes it answer any status code.
const (
	Silent        emulator.Fault = "silent"         // hears, answers nothing
	Late          emulator.Fault = "late"           // answers after Late
	Split         emulator.Fault = "split"          // answers in small pieces with pauses
	Flipped       emulator.Fault = "flipped"        // one bit of the answer is wrong
	WrongChecksum emulator.Fault = "wrong-checksum" // the answer's last byte is wrong
	Noise         emulator.Fault = "noise"          // rubbish before each answer, half a preamble among it
	CutShort      emulator.Fault = "cut-short"      // the answer stops half way
	CardPulled    emulator.Fault = "card-pulled"    // the card leaves the field in the middle of a read
	Locked        emulator.Fault = "locked"         // the module is not authorised (66)
)

// Status is SW3 of an answer (firmware-notes/sam-v "Status codes").
type Status byte

const (
	StatusOK            Status = 0x90
	StatusNoContent     Status = 0x91
	StatusCardFound     Status = 0x9F
	StatusBadChecksum   Status = 0x10
	StatusBadLength     Status = 0x11
	StatusUnknown       Status = 0x21
	StatusNotPermitted  Status = 0x23
	StatusUnidentified  Status = 0x24
	StatusCardRejectSAM Status = 0x31
	StatusSAMRejectCard Status = 0x32
	StatusMAC           Status = 0x33
	StatusUnknownCard   Status = 0x40
	StatusReadFailed    Status = 0x41
	StatusRandom        Status = 0x47
	StatusSelfTest      Status = 0x60
	StatusLocked        Status = 0x66
	StatusNotFound      Status = 0x80
	StatusNotSelected   Status = 0x81
)

// phase is where the reader stands with the card that lies on it
// (firmware-notes/sam-v "Sequence and repeat read").
type phase int

const (
	noCard phase = iota
	inField
	found
	selected
)

// wireByte115200 is how long one byte takes on the line: 8N1 at 115200 baud.
const wireByte115200 = 10 * time.Second / 115200

// Reader is a SAM_V reader. It is served on one link at a time and remembers its card between links.
type Reader struct {
	// ByteTime is how long a byte takes on the wire, 0 for at once. Late is the delay of a late answer.
	// They are set before Serve.
	ByteTime time.Duration
	Late     time.Duration
	Faults   *emulator.Faults

	mu     sync.Mutex
	card   *Card
	phase  phase
	forced Status // answered to every card command while not 0
	rand   *rand.Rand
}

// NewReader gives a reader without a card, at the speed of a 115200 baud line.
func NewReader() *Reader {
	return &Reader{
		ByteTime: wireByte115200,
		Late:     4 * time.Second,
		Faults:   emulator.NewFaults(Silent, Late, Split, Flipped, WrongChecksum, Noise, CutShort, CardPulled, Locked),
		rand:     rand.New(rand.NewPCG(1, 2)),
	}
}

// Lay puts a card on the reader, in place of the one that lies there.
func (r *Reader) Lay(c Card) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.card, r.phase = &c, inField
}

// Take takes the card away.
func (r *Reader) Take() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.card, r.phase = nil, noCard
}

// Card is what lies on the reader; false when nothing does.
func (r *Reader) Card() (Card, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.card == nil {
		return Card{}, false
	}
	return *r.card, true
}

// Answer makes every card command be answered with sw; 0 ends it.
func (r *Reader) Answer(sw Status) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.forced = sw
}

// Ordered is the status code that Answer ordered, 0 for none.
func (r *Reader) Ordered() Status {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.forced
}

// Serve is the reader on one link, until the link or ctx ends. Closing the link is the caller's.
func (r *Reader) Serve(ctx context.Context, link io.ReadWriter) error {
	var p parser
	buf := make([]byte, 256)
	for {
		n, err := link.Read(buf)
		if err != nil {
			return err
		}
		p.feed(buf[:n])
		for {
			cmd, status, ok := p.next()
			if !ok {
				break
			}
			var answer []byte
			if status != 0 {
				answer = answerFrame(status, nil)
			} else {
				answer = answerFrame(r.execute(cmd))
			}
			if err := r.send(ctx, link, answer); err != nil {
				return err
			}
		}
	}
}
