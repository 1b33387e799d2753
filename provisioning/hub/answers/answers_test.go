package answers

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"reflect"
	"testing"
	"testing/synctest"
	"time"

	"yimen/drivers/device"
	"yimen/kiosk/central"
	"yimen/kiosk/envelope"
	"yimen/kiosk/inquiry"
	"yimen/kiosk/policy"
)

const (
	terminal = "150102-0001"
	slipNo   = "SJ-150102-0001-20261122-00001-3"
	absent   = "SJ-150102-0001-20261122-00002-1"
	code     = "40718253"
	card     = "11010519491231002X"
)

// book is a docket with one case.
type book struct{}

func (book) Of(p inquiry.Proof) []inquiry.Case {
	if p.Number == card || p.SlipNo == slipNo && p.Code == code {
		return []inquiry.Case{{ID: "1", SlipNo: slipNo, ItemName: policy.Text{"zh-CN": "最低生活保障"}}}
	}
	return nil
}

// street is a terminal, a relay in memory and the bureau's clerk.
type street struct {
	asker   inquiry.Asker
	asks    chan central.Ask
	replies chan []byte
	down    chan error // what the relay answers next instead
	answers *Answers
	last    int
}

func (s *street) Asks(ctx context.Context, _ string) (central.AskPage, error) {
	select {
	case ask := <-s.asks:
		return central.AskPage{Asks: []central.Ask{ask}, Next: "next"}, nil
	case err := <-s.down:
		return central.AskPage{}, err
	case <-ctx.Done():
		return central.AskPage{}, ctx.Err()
	}
}

func (s *street) Answer(_ context.Context, _ string, sealed []byte) error {
	s.replies <- sealed
	return nil
}

// open starts the bureau in a synctest bubble.
func open(t *testing.T, b book) *street {
	t.Helper()
	opening, err1 := envelope.GenerateOpener(rand.Reader, envelope.SuiteX25519)
	word, err2 := envelope.GenerateSigner(rand.Reader, envelope.SuiteX25519)
	signing, err3 := envelope.GenerateSigner(rand.Reader, envelope.SuiteX25519)
	if err := errors.Join(err1, err2, err3); err != nil {
		t.Fatal(err)
	}
	s := &street{asks: make(chan central.Ask), replies: make(chan []byte), down: make(chan error)}
	s.asker = inquiry.Asker{Suite: envelope.SuiteX25519, Terminal: terminal, To: []envelope.Recipient{opening.Recipient()}, By: signing, Word: word.Verifier(), Random: rand.Reader}
	s.answers = &Answers{
		Relay: s, Now: time.Now, Log: slog.New(slog.DiscardHandler),
		Clerk:    inquiry.Clerk{With: opening, By: word, Terminals: envelope.NewSignatories(map[string]*envelope.Verifier{terminal: signing.Verifier()}), Random: rand.Reader},
		Handlers: map[inquiry.Kind]Handler{inquiry.Progress: Progress{Docket: b, Tries: DefaultTries(time.Now)}},
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); _ = s.answers.Run(ctx) }()
	t.Cleanup(func() { stop(); <-ended })
	return s
}

// ask asks as a visit would and waits for the answer.
func (s *street) ask(t *testing.T, kind inquiry.Kind, p inquiry.Proof) inquiry.Answer {
	t.Helper()
	s.last++
	id := "01k9zqv8w3m5n7p2r4s6t8v0" + string('a'+rune(s.last/10)) + string('0'+rune(s.last%10))
	sealed, waiting, err := s.asker.Seal(inquiry.Inquiry{Kind: kind, Proof: p}, id, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	s.asks <- central.Ask{ID: id, Terminal: terminal, Sealed: sealed}
	a, err := waiting.Answer(<-s.replies)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func byCode(no, code string) inquiry.Proof {
	return inquiry.Proof{SlipNo: no, Code: device.Personal(code)}
}

func TestTheCardOrTheSlipWithItsCodeTellsTheCase(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, book{})
		for _, p := range []inquiry.Proof{{Name: "佟子试", Number: card}, byCode(slipNo, code)} {
			if a := s.ask(t, inquiry.Progress, p); a.Outcome != inquiry.Found || len(a.Cases) != 1 || a.Cases[0].SlipNo != slipNo {
				t.Errorf("answer %+v", a)
			}
		}
	})
}

func TestNothingTellsWhichNumbersExist(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, book{})
		want := inquiry.Answer{Outcome: inquiry.Nothing, Pages: [][]byte{}}
		for what, p := range map[string]inquiry.Proof{
			"a wrong code": byCode(slipNo, "00000000"), "a number that is not there": byCode(absent, code), "no number": byCode("SJ", code),
			"a card without a case": {Number: "440524188001010014"}, "nothing": {},
			"a card beside a slip": {Number: card, SlipNo: absent, Code: device.Personal(code)}, // the slip's code is what counts then
		} {
			if a := s.ask(t, inquiry.Progress, p); !reflect.DeepEqual(a, want) {
				t.Errorf("%s is answered %+v", what, a)
			}
		}
	})
}

func TestFiveWrongCodesCloseANumberForAWhileWhetherItExistsOrNot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, book{})
		for _, no := range []string{slipNo, absent} {
			for range 5 {
				if a := s.ask(t, inquiry.Progress, byCode(no, "00000000")); a.Outcome != inquiry.Nothing {
					t.Fatalf("%s is %s before five tries", no, a.Outcome)
				}
			}
			if a := s.ask(t, inquiry.Progress, byCode(no, code)); a.Outcome != inquiry.Locked || a.Cases != nil {
				t.Errorf("%s is %s after five wrong codes", no, a.Outcome)
			}
		}
		if a := s.ask(t, inquiry.Progress, inquiry.Proof{Number: card}); a.Outcome != inquiry.Found {
			t.Errorf("the card's holder is told %s because of somebody's wrong codes", a.Outcome)
		}
		time.Sleep(time.Hour)
		if a := s.ask(t, inquiry.Progress, byCode(slipNo, code)); a.Outcome != inquiry.Found {
			t.Errorf("an hour later the number is %s", a.Outcome)
		}
	})
}

func TestARightCodeForgetsTheWrongOnesBeforeIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, book{})
		for range 3 {
			for range 4 {
				s.ask(t, inquiry.Progress, byCode(slipNo, "00000000"))
			}
			if a := s.ask(t, inquiry.Progress, byCode(slipNo, code)); a.Outcome != inquiry.Found {
				t.Fatalf("the right code is answered %s", a.Outcome)
			}
		}
	})
}

func TestAKindThatNobodyKnowsIsNotAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, book{})
		if a := s.ask(t, "riddle", inquiry.Proof{Number: card}); a.Outcome != inquiry.Unable {
			t.Errorf("it is answered %s", a.Outcome)
		}
	})
}

func TestARelayThatWasDownIsAskedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, book{})
		for range 8 {
			s.down <- errors.New("no route to host")
		}
		if a := s.ask(t, inquiry.Progress, inquiry.Proof{Number: card}); a.Outcome != inquiry.Found {
			t.Errorf("answered %s", a.Outcome)
		}
	})
}

func TestWhatAStrangerAsksIsNotAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, book{})
		s.asks <- central.Ask{ID: "01k9zqv8w3m5n7p2r4s6t8v0zz", Terminal: "150102-0002", Sealed: []byte("YMQ1")}
		if a := s.ask(t, inquiry.Progress, inquiry.Proof{Number: card}); a.Outcome != inquiry.Found { // and the next one is
			t.Errorf("answered %s", a.Outcome)
		}
	})
}
