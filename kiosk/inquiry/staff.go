package inquiry

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"time"

	"yimen/drivers/device"
	"yimen/kiosk/envelope"
)

// StaffAsk is the body of a question of the kind Staff. Signing in is proved by the member's own card and PIN, everything
// after it by the session that signing in gave.
type StaffAsk struct {
	Do      StaffDo
	PIN     device.Personal // of SignIn: six digits
	Session string          // of everything else
	Copy    []byte          // of OpenCopy: what SealCopy made
	Why     string          // of OpenCopy: a word of those to choose from
}

// StaffDo says what a member of the staff wants.
type StaffDo string

// What they may want.
const (
	SignIn   StaffDo = "sign-in"
	Vouch    StaffDo = "vouch" // signs in for one signature: that a person is who the card says
	OpenCopy StaffDo = "open-copy"
)

// Member is who signed in.
type Member struct {
	No      int       `json:"no"`   // in the roster; the journal and a slip name it and nothing else of the person
	Name    string    `json:"name"` // masked: 李*
	Session string    `json:"session,omitempty"`
	Until   time.Time `json:"until"` // when the session ends, whatever is done meanwhile
}

// ErrPIN: what was typed is no PIN.
var ErrPIN = errors.New("a PIN has six digits")

var pinShape = regexp.MustCompile(`^[0-9]{6}$`)

// ParsePIN refuses whatever is not six digits.
func ParsePIN(s string) (device.Personal, error) {
	if !pinShape.MatchString(s) {
		return "", ErrPIN
	}
	return device.Personal(s), nil
}

// staffBody is a StaffAsk as it is written into what is sealed, and nowhere else.
type staffBody struct {
	Do      StaffDo `json:"do"`
	PIN     string  `json:"pin,omitempty"`
	Session string  `json:"session,omitempty"`
	Copy    []byte  `json:"copy,omitempty"`
	Why     string  `json:"why,omitempty"`
}

// Inquiry makes the question; card is the member's own, for signing in.
func (a StaffAsk) Inquiry(card device.Card) (Inquiry, error) {
	body, err := json.Marshal(staffBody{Do: a.Do, PIN: a.PIN.Reveal(), Session: a.Session, Copy: a.Copy, Why: a.Why})
	if err != nil {
		return Inquiry{}, fmt.Errorf("write staff's ask: %w", err)
	}
	return Inquiry{Kind: Staff, Proof: Proof{Name: card.Name, Number: card.Number}, Body: body}, nil
}

// ReadStaffAsk reads the body of a question of the kind Staff. Errors wrap ErrAsk.
func ReadStaffAsk(body []byte) (StaffAsk, error) {
	var b staffBody
	if err := json.Unmarshal(body, &b); err != nil {
		return StaffAsk{}, fmt.Errorf("%w: %w", ErrAsk, err)
	}
	return StaffAsk{Do: b.Do, PIN: device.Personal(b.PIN), Session: b.Session, Copy: b.Copy, Why: b.Why}, nil
}

// ReadMember reads what signing in was answered with.
func ReadMember(a Answer) (Member, error) {
	var m Member
	if err := json.Unmarshal(a.Body, &m); err != nil {
		return Member{}, fmt.Errorf("%w: %w", ErrAsk, err)
	}
	if m.No < 1 || m.Until.IsZero() {
		return Member{}, fmt.Errorf("%w: no member", ErrAsk)
	}
	return m, nil
}

// kindCopy is the kind of a sealed copy of a slip.
const kindCopy = "slipcopy"

// SealCopy seals what was printed for a resident, so that the bureau alone can open it, under an id of an envelope's form.
func (a Asker) SealCopy(body []byte, id string, at time.Time) ([]byte, error) {
	suite := a.Suite
	if suite == "" {
		suite = envelope.SuiteSM
	}
	head := envelope.Head{Suite: suite, ID: id, Kind: kindCopy, Terminal: a.Terminal, SealedAt: at}
	sealed, err := envelope.Seal(head, [][]byte{body}, a.To, a.By, a.Random)
	if err != nil {
		return nil, err
	}
	return join(sealed), nil
}

// OpenCopy opens what the terminal sealed. Errors are Open's.
func (c Clerk) OpenCopy(terminal string, sealed []byte) ([]byte, error) {
	by, known := c.Terminals.Newest(terminal)
	if !known {
		return nil, fmt.Errorf("open copy: %w: terminal %s is not known", envelope.ErrSignature, terminal)
	}
	s, err := split(sealed)
	if err != nil {
		return nil, fmt.Errorf("open copy: %w", err)
	}
	list, err := envelope.VerifyList(s.List, s.Signature, by)
	if err != nil {
		return nil, fmt.Errorf("open copy: %w", err)
	}
	if list.Kind != kindCopy || list.Terminal != terminal || len(list.Parts) != 1 || len(s.Parts) != 1 {
		return nil, fmt.Errorf("open copy: %w: it is %s of %s with %d parts", ErrAsk, list.Kind, list.Terminal, len(list.Parts))
	}
	return envelope.OpenPart(s.Parts[0], list, 0, c.With)
}
