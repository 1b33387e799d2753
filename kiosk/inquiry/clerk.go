package inquiry

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"yimen/kiosk/envelope"
)

// Clerk opens questions and seals answers, at the bureau.
type Clerk struct {
	With      *envelope.Opener
	By        *envelope.Signer
	Terminals *envelope.Signatories
	Random    io.Reader // crypto/rand
}

// Question is an inquiry that was opened.
type Question struct {
	Inquiry
	ID       string
	Terminal string
	suite    envelope.Suite
	replyTo  envelope.Recipient
}

// Open opens a question that came under an id and from a terminal, as the relay says; both must be what was signed.
// Errors: a terminal that is not known, or did not sign it (envelope.ErrSignature); one for another desk
// (envelope.ErrRecipient); what is no question (ErrAsk).
func (c Clerk) Open(id, terminal string, sealed []byte) (Question, error) {
	q, err := c.open(id, terminal, sealed)
	if err != nil {
		return Question{}, fmt.Errorf("ask %s: %w", id, err)
	}
	return q, nil
}

func (c Clerk) open(id, terminal string, sealed []byte) (Question, error) {
	by, known := c.Terminals.Newest(terminal)
	if !known {
		return Question{}, fmt.Errorf("%w: terminal %s is not known", envelope.ErrSignature, terminal)
	}
	bodies, err := unseal(sealed, id, kindAsk, terminal, by, c.With)
	if err != nil {
		return Question{}, err
	}
	asked, pem, err := readAsked(bodies[0])
	if err != nil {
		return Question{}, err
	}
	to, err := envelope.ParseRecipient(pem)
	if err != nil {
		return Question{}, fmt.Errorf("%w: %w", ErrAsk, err)
	}
	if len(to.Suites()) != 1 {
		return Question{}, fmt.Errorf("%w: %d keys to reply to", ErrAsk, len(to.Suites()))
	}
	return Question{Inquiry: asked, ID: id, Terminal: terminal, suite: to.Suites()[0], replyTo: to}, nil
}

// Answer seals an answer to the key that asked, in the suite of that key.
func (c Clerk) Answer(q Question, a Answer, at time.Time) ([]byte, error) {
	body, err := json.Marshal(a)
	if err != nil {
		return nil, fmt.Errorf("answer %s: %w", q.ID, err)
	}
	head := envelope.Head{Suite: q.suite, ID: q.ID, Kind: kindAnswer, Terminal: q.Terminal, SealedAt: at}
	sealed, err := envelope.Seal(head, append([][]byte{filled(body, lotAnswered)}, a.Pages...), []envelope.Recipient{q.replyTo}, c.By, c.Random)
	if err != nil {
		return nil, err
	}
	return join(sealed), nil
}
