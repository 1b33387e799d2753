package sealedlog

import (
	"bytes"
	"crypto/rand"
	"errors"
	"strings"
	"testing"
	"time"

	"yimen/kiosk/envelope"
)

// parties are a terminal, the bureau, and another bureau.
type parties struct {
	terminal       *envelope.Signer
	bureau, others *envelope.Opener
}

func newParties(t testing.TB) parties {
	t.Helper()
	var p parties
	var errs [3]error
	p.terminal, errs[0] = envelope.GenerateSigner(rand.Reader, envelope.SuiteSM)
	p.bureau, errs[1] = envelope.GenerateOpener(rand.Reader, envelope.SuiteSM)
	p.others, errs[2] = envelope.GenerateOpener(rand.Reader, envelope.SuiteSM)
	if err := errors.Join(errs[:]...); err != nil {
		t.Fatal(err)
	}
	return p
}

func (p parties) known(terminal string, list, signature []byte) (envelope.List, error) {
	return envelope.NewSignatories(map[string]*envelope.Verifier{"150102-0001": p.terminal.Verifier()}).VerifyList(terminal, list, signature)
}

func (p parties) seal(t testing.TB, pieces ...Piece) []byte {
	t.Helper()
	b, err := Seal(envelope.Head{ID: strings.Repeat("a", 26), Terminal: "150102-0001", SealedAt: time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)},
		pieces, []envelope.Recipient{p.bureau.Recipient()}, p.terminal, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

var logs = []Piece{{"system.log", []byte(strings.Repeat("a line of the log\n", 1000))}, {"journal.log", []byte("{}\n")}}

func TestOnlyTheBureauReadsTheLogs(t *testing.T) {
	p := newParties(t)
	file := p.seal(t, logs...)
	if bytes.Contains(file, []byte("a line")) || bytes.Contains(file, []byte("system.log")) {
		t.Error("something can be read on the way")
	}
	list, pieces, err := Open(file, p.bureau, p.known)
	if err != nil || list.Terminal != "150102-0001" || len(pieces) != 2 || pieces[0].Name != "system.log" || !bytes.Equal(pieces[0].Body, logs[0].Body) {
		t.Fatalf("%+v, %d pieces, %v", list, len(pieces), err)
	}
	if _, _, err := Open(file, p.others, p.known); err == nil {
		t.Error("another bureau reads them")
	}
	stranger := newParties(t)
	if _, _, err := Open(file, p.bureau, stranger.known); err == nil {
		t.Error("logs of a terminal that did not sign them were opened")
	}
}

func TestAnAlteredFileIsRefused(t *testing.T) {
	p := newParties(t)
	file := p.seal(t, logs...)
	for at := 600; at < len(file)-1024; at += 997 {
		b := bytes.Clone(file)
		b[at] ^= 1
		if _, pieces, err := Open(b, p.bureau, p.known); err == nil && !bytes.Equal(pieces[0].Body, logs[0].Body) {
			t.Errorf("a byte at %d was changed and nobody noticed", at)
		}
	}
	for name, b := range map[string][]byte{"nothing": nil, "half": file[:len(file)/2], "text": []byte("logs")} {
		if _, _, err := Open(b, p.bureau, p.known); err == nil {
			t.Errorf("%s was opened", name)
		}
	}
}

func TestAPieceCannotBecomeAFileElsewhere(t *testing.T) {
	p := newParties(t)
	if _, _, err := Open(p.seal(t, Piece{"../system.log", nil}), p.bureau, p.known); err == nil {
		t.Error("a name that leads out was taken")
	}
}

func FuzzOpen(f *testing.F) {
	p := newParties(f)
	f.Add(p.seal(f, logs...))
	f.Add([]byte("x"))
	f.Fuzz(func(t *testing.T, file []byte) { _, _, _ = Open(file, p.bureau, p.known) })
}
