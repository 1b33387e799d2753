package journal

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
)

//go:generate go run ./define

// Event is one thing that happened, of those that events.yaml defines.
type Event interface{ name() string }

// Intent is an event that is written before an act. An Outcome follows, unless the act was interrupted.
type Intent interface {
	Event
	intent()
}

// Outcome is an event that says what came of an Intent.
type Outcome interface {
	Event
	closes() uint32 // the intent's number
}

// Name is the event's name as events.yaml has it.
func Name(e Event) string { return e.name() }

// idSize is the length of the ids that a terminal makes, in characters.
const idSize = 26

// ID is a random id that the terminal made: 26 characters 0-9 a-z. The zero value is none and cannot be written.
type ID [idSize]byte

// ParseID refuses whatever is not of an id's shape.
func ParseID(s string) (ID, error) {
	var id ID
	return id, id.UnmarshalText([]byte(s))
}

// String gives the 26 characters.
func (id ID) String() string { return string(id[:]) }

// MarshalText gives the characters, or an error for the zero value.
func (id ID) MarshalText() ([]byte, error) {
	if err := checkID(id[:]); err != nil {
		return nil, err
	}
	return id[:], nil
}

// UnmarshalText reads the characters.
func (id *ID) UnmarshalText(b []byte) error {
	if err := checkID(b); err != nil {
		return err
	}
	copy(id[:], b)
	return nil
}

func checkID(b []byte) error {
	if len(b) != idSize || bytes.ContainsFunc(b, func(r rune) bool { return (r < '0' || r > '9') && (r < 'a' || r > 'z') }) {
		return fmt.Errorf("not an id of %d characters 0-9 a-z", idSize) // without what it is: that might be a name
	}
	return nil
}

// decode reads an event's fields strictly.
func decode[E Event](with []byte) (Event, error) {
	var e E
	d := json.NewDecoder(bytes.NewReader(with))
	d.DisallowUnknownFields()
	err := d.Decode(&e)
	return e, err
}

func wordOf(words []string, v uint8) string {
	if v == 0 || int(v) > len(words) {
		return fmt.Sprintf("none (%d)", v)
	}
	return words[v-1]
}

func textOf(words []string, v uint8) ([]byte, error) {
	if v == 0 || int(v) > len(words) {
		return nil, fmt.Errorf("value %d is none of %q", v, words)
	}
	return []byte(words[v-1]), nil
}

func valueOf(words []string, b []byte) (uint8, error) {
	at := slices.Index(words, string(b))
	if at < 0 {
		return 0, fmt.Errorf("not one of %q", words)
	}
	return uint8(at + 1), nil
}
