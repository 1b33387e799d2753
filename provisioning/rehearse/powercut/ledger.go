package powercut

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Finding is a promise that was not kept.
type Finding struct {
	Kind   Kind
	Life   int    // since the file system was made, from 1
	ID     string // of the dossier, if it is about one
	Detail string
}

func (f Finding) String() string {
	return fmt.Sprintf("life %d: %s: %s %s", f.Life, f.Kind, f.ID, f.Detail)
}

// Kind is which promise it was.
type Kind string

// The promises.
const (
	Lost        Kind = "lost"         // kept, and no longer there
	Damaged     Kind = "damaged"      // kept, and no longer what it was
	SentTwice   Kind = "sent twice"   // delivered, and sent again
	NumberTwice Kind = "number twice" // two slips have one number
	Unsound     Kind = "unsound"      // a database or the file system is broken
	Unusable    Kind = "unusable"     // the next life could not begin
)

// ledger is what the host was told by one terminal through all its lives, and what it said: the host never loses power.
type ledger struct {
	life     int
	kept     map[string]string // id -> digest: acknowledged
	carried  map[string]string // id -> digest: the hub has acknowledged
	done     map[string]bool   // ids that the outbox called delivered
	numbers  map[string]string // slip number -> id
	states   map[string]string // id -> state in the outbox, as this life began
	held     map[string]string // id -> digest of what the hub holds, as this life began
	findings []Finding

	ready, drained bool // in this life
	begun, ended   int  // Puts in this life
}

func newLedger() *ledger {
	return &ledger{kept: map[string]string{}, carried: map[string]string{}, done: map[string]bool{}, numbers: map[string]string{}}
}

// begin begins a life.
func (l *ledger) begin() {
	l.life++
	l.states, l.held = map[string]string{}, map[string]string{}
	l.ready, l.drained, l.begun, l.ended = false, false, 0, 0
}

func (l *ledger) find(kind Kind, id, format string, args ...any) {
	l.findings = append(l.findings, Finding{kind, l.life, id, fmt.Sprintf(format, args...)})
}

// hear takes in one line of the submitter, whose package lists them, and gives the answer, if there is one.
func (l *ledger) hear(line string) (answer string, err error) {
	word, rest, _ := strings.Cut(line, " ")
	f := strings.Fields(rest)
	switch {
	case word == "row" && len(f) == 2:
		l.states[f[0]] = f[1]
	case word == "held" && len(f) == 2:
		l.held[f[0]] = f[1]
	case word == "sound" && len(f) >= 2:
		if rest != f[0]+` "ok"` {
			l.find(Unsound, "", "%s", rest)
		}
	case word == "ready" && len(f) == 0:
		l.ready = true
		l.compare()
		l.compareHub()
	case word == "putting" && len(f) == 1:
		l.begun++
	case word == "kept" && len(f) == 3:
		l.keep(f[0], f[1], f[2])
	case word == "carry" && len(f) == 2:
		l.carry(f[0], f[1])
		return "receipt " + f[0], nil
	case word == "done" && len(f) == 1:
		l.done[f[0]] = true
	case word == "drained" && len(f) == 0:
		l.drained = true
		l.close()
	case word == "error":
		l.find(Unusable, "", "%s", rest)
	default:
		return "", fmt.Errorf("the submitter says %q", line)
	}
	return "", nil
}

func (l *ledger) keep(id, number, digest string) {
	l.ended++
	l.kept[id] = digest
	if other, given := l.numbers[number]; given {
		l.find(NumberTwice, id, "%s was given to %s", number, other)
	}
	l.numbers[number] = id
	l.same(id)
}

func (l *ledger) carry(id, digest string) {
	if l.done[id] {
		l.find(SentTwice, id, "")
	}
	if before, again := l.carried[id]; again && before != digest {
		l.find(Damaged, id, "sent as %s, and again as %s", before, digest)
	}
	l.carried[id] = digest
	l.same(id)
}

// same holds what was carried against what was kept; one of the two may still be on its way.
func (l *ledger) same(id string) {
	kept, wasKept := l.kept[id]
	carried, wasCarried := l.carried[id]
	if wasKept && wasCarried && kept != carried {
		l.find(Damaged, id, "kept as %s, carried as %s", kept, carried)
	}
}

// compare holds what the new life has found against what the old ones promised.
func (l *ledger) compare() {
	for _, id := range slices.Sorted(maps.Keys(l.kept)) {
		_, carried := l.carried[id]
		switch state := l.states[id]; {
		case state == "":
			l.find(Lost, id, "no row, no file")
		case state == "quarantined":
			l.find(Damaged, id, "quarantined")
		case state == "delivered" && !carried:
			l.find(Lost, id, "called delivered, and never sent")
		case state == "waiting" && l.done[id]:
			l.find(SentTwice, id, "its delivery is forgotten")
		}
	}
}

// compareHub does the same for what the hub has acknowledged. That it was acknowledged before the host was told is no harm.
func (l *ledger) compareHub() {
	for _, id := range slices.Sorted(maps.Keys(l.carried)) {
		switch held := l.held[id]; held {
		case l.carried[id]:
		case "":
			l.find(Lost, id, "not at the hub")
		default:
			l.find(Damaged, id, "acknowledged as %s, held as %s", l.carried[id], held)
		}
	}
}

// close is the end of all lives: what was kept must have arrived.
func (l *ledger) close() {
	for _, id := range slices.Sorted(maps.Keys(l.kept)) {
		if _, carried := l.carried[id]; !carried {
			l.find(Lost, id, "never arrived")
		}
	}
}
