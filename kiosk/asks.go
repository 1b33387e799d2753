package main

import (
	"context"
	"crypto/rand"
	"time"

	"yimen/kiosk/central"
	"yimen/kiosk/desk"
	"yimen/kiosk/envelope"
	"yimen/kiosk/inquiry"
	"yimen/provisioning/config"
	"yimen/provisioning/identity"
)

// enquirer asks the bureau over central's relay.
type enquirer struct {
	asker inquiry.Asker
	relay *central.Client
	now   func() time.Time
}

var _ desk.Enquirer = enquirer{}

func newEnquirer(cfg config.Config, id *identity.Terminal, relay *central.Client, now func() time.Time) enquirer {
	return enquirer{inquiry.Asker{
		Suite: cfg.Envelope.Suite, Terminal: cfg.Terminal, To: []envelope.Recipient{id.Bureau}, By: id.Signing, Word: id.Word, Random: rand.Reader,
	}, relay, now}
}

// Ask seals the question, waits for the answer and opens it.
func (e enquirer) Ask(ctx context.Context, q inquiry.Inquiry) (inquiry.Answer, error) {
	id := newID()
	sealed, open, err := e.asker.Seal(q, id, e.now())
	if err != nil {
		return inquiry.Answer{}, err
	}
	answer, err := e.relay.Ask(ctx, id, sealed)
	if err != nil {
		return inquiry.Answer{}, err
	}
	return open.Answer(answer)
}

// codes is the scanner, or nothing where the terminal has none.
func (t *terminal) codes() desk.Scanner {
	if s := t.devices.Scanner(); s != nil {
		return s
	}
	return nil
}
