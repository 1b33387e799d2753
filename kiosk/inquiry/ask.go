package inquiry

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"yimen/kiosk/envelope"
)

// Kinds of the two envelopes.
const (
	kindAsk    = "ask"
	kindAnswer = "answer"
)

// Asker seals a terminal's questions.
type Asker struct {
	Suite    envelope.Suite // SuiteSM where it is empty
	Terminal string
	To       []envelope.Recipient // the bureau
	By       *envelope.Signer     // this terminal
	Word     *envelope.Verifier   // of what the bureau says
	Random   io.Reader            // crypto/rand
}

// Open is a question that waits for its answer; the key that opens the answer is nowhere else.
type Open struct {
	asker Asker
	id    string
	key   *envelope.Opener
}

// Seal seals a question under a fresh random id of an envelope's form. The answer can be opened by the Open alone, and by
// nobody once that is gone.
func (a Asker) Seal(q Inquiry, id string, at time.Time) ([]byte, *Open, error) {
	suite := a.Suite
	if suite == "" {
		suite = envelope.SuiteSM
	}
	key, err := envelope.GenerateOpener(a.Random, suite)
	if err != nil {
		return nil, nil, fmt.Errorf("ask %s: %w", id, err)
	}
	public, err := key.Recipient().MarshalPEM()
	if err != nil {
		return nil, nil, fmt.Errorf("ask %s: %w", id, err)
	}
	body, err := q.write(public)
	if err != nil {
		return nil, nil, fmt.Errorf("ask %s: %w", id, err)
	}
	head := envelope.Head{Suite: suite, ID: id, Kind: kindAsk, Terminal: a.Terminal, SealedAt: at}
	sealed, err := envelope.Seal(head, [][]byte{filled(body, lotAsked)}, a.To, a.By, a.Random)
	if err != nil {
		return nil, nil, err
	}
	return join(sealed), &Open{a, id, key}, nil
}

// Answer opens what came back. Errors: it is not the bureau's word (envelope.ErrSignature), not the answer to this question
// or no answer at all (ErrAsk), altered or sealed to another key (envelope's own).
func (o *Open) Answer(sealed []byte) (Answer, error) {
	a, err := o.answer(sealed)
	if err != nil {
		return Answer{}, fmt.Errorf("answer to %s: %w", o.id, err)
	}
	return a, nil
}

func (o *Open) answer(sealed []byte) (Answer, error) {
	bodies, err := unseal(sealed, o.id, kindAnswer, o.asker.Terminal, o.asker.Word, o.key)
	if err != nil {
		return Answer{}, err
	}
	var a Answer
	if err := json.Unmarshal(bodies[0], &a); err != nil {
		return Answer{}, fmt.Errorf("%w: %w", ErrAsk, err)
	}
	a.Pages = bodies[1:]
	return a, nil
}

// unseal checks that by signed an envelope of exactly this id, kind and terminal, and opens its parts.
func unseal(sealed []byte, id, kind, terminal string, by *envelope.Verifier, with *envelope.Opener) ([][]byte, error) {
	s, err := split(sealed)
	if err != nil {
		return nil, err
	}
	list, err := envelope.VerifyList(s.List, s.Signature, by)
	if err != nil {
		return nil, err
	}
	if list.Envelope != id || list.Kind != kind || list.Terminal != terminal || len(list.Parts) != len(s.Parts) {
		return nil, fmt.Errorf("%w: it is %s %s of %s with %d parts", ErrAsk, list.Kind, list.Envelope, list.Terminal, len(list.Parts))
	}
	var bodies [][]byte
	for no, part := range s.Parts {
		body, err := envelope.OpenPart(part, list, no, with)
		if err != nil {
			return nil, err
		}
		bodies = append(bodies, body)
	}
	return bodies, nil
}
