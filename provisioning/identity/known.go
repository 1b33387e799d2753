package identity

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"yimen/kiosk/durable"
	"yimen/kiosk/envelope"
)

// A bureau knows a terminal's key from its own folder: terminals/NAME.pub, and NAME+2.pub and so on for keys that came
// later. The hub may name it a terminal that it does not know yet; it cannot exchange the key of one that it knows. So
// whoever gets hold of the hub cannot sign in the name of a terminal that has sent something.

// ErrOtherKey means that a terminal is known by another key. A person decides whether the new one is believed.
var ErrOtherKey = errors.New("the terminal is known by another key")

// Meet has the bureau know a terminal by a key (PEM), from now on and after a restart. anew tells whether it did not
// before. A terminal that is known by another key stays as it is: ErrOtherKey.
func (b *Bureau) Meet(terminal string, signing []byte) (anew bool, err error) {
	key, err := envelope.ParseVerifier(signing)
	if err != nil || !TerminalName(terminal) {
		return false, fmt.Errorf("meet terminal %q: %w", terminal, cmp.Or(err, errors.New("not a terminal's name")))
	}
	known := b.Terminals.All(terminal)
	switch {
	case slices.ContainsFunc(known, func(k *envelope.Verifier) bool { return k.ID() == key.ID() }):
		return false, nil
	case len(known) > 0:
		return false, fmt.Errorf("%w: %s came with %s", ErrOtherKey, terminal, key.ID())
	}
	return true, b.Believe(terminal, signing)
}

// Believe has the bureau know a terminal by a further key (PEM): a person has made sure that it is the terminal's.
func (b *Bureau) Believe(terminal string, signing []byte) error {
	key, err := envelope.ParseVerifier(signing)
	if err != nil || !TerminalName(terminal) {
		return fmt.Errorf("believe terminal %q: %w", terminal, cmp.Or(err, errors.New("not a terminal's name")))
	}
	name := terminal + pubSuffix
	if n := len(b.Terminals.All(terminal)); n > 0 {
		name = terminal + "+" + strconv.Itoa(n+1) + pubSuffix
	}
	scratch, err := durable.Scratch(b.dir)
	if err != nil {
		return fmt.Errorf("believe terminal %s: %w", terminal, err)
	}
	if err := durable.Replace(filepath.Join(b.dir, terminalsDir, name), signing, scratch); err != nil {
		return fmt.Errorf("believe terminal %s: %w", terminal, err)
	}
	b.Terminals.Add(terminal, key)
	return nil
}

// Reread has the bureau know what another process has had it believe.
func (b *Bureau) Reread() error {
	return readSignatories(filepath.Join(b.dir, terminalsDir), b.Terminals)
}

func loadSignatories(dir string) (*envelope.Signatories, error) {
	s := envelope.NewSignatories(nil)
	return s, readSignatories(dir, s)
}

// readSignatories adds the keys of a folder, of each terminal in the order in which they came.
func readSignatories(dir string, s *envelope.Signatories) error {
	keys, err := loadNamed(dir, envelope.ParseVerifier)
	if err != nil {
		return err
	}
	names := slices.SortedFunc(maps.Keys(keys), func(a, b string) int {
		terminalA, noA := keyName(a)
		terminalB, noB := keyName(b)
		return cmp.Or(strings.Compare(terminalA, terminalB), cmp.Compare(noA, noB))
	})
	for _, name := range names {
		terminal, _ := keyName(name)
		s.Add(terminal, keys[name])
	}
	return nil
}

// keyName takes a file's name apart: a terminal's name has no plus sign.
func keyName(name string) (terminal string, no int) {
	terminal, digits, found := strings.Cut(name, "+")
	if !found {
		return terminal, 1
	}
	no, err := strconv.Atoi(digits)
	if err != nil {
		return name, 1
	}
	return terminal, no
}
