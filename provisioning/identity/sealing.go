package identity

import (
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"

	"yimen/kiosk/envelope"
)

// Addressees are those that the terminal seals to, by kind. It fails where the terminal's folder lacks a key of the
// wanted suite, or the key of a desk for a kind that must be closed to the bureau: a terminal that could seal for
// nobody, or would seal a report for those whom it is about, does not start.
func (t *Terminal) Addressees(want envelope.Config) (envelope.Addressees, error) {
	to := envelope.Addressees{Usual: []envelope.Recipient{t.Bureau}, Closed: map[string][]envelope.Recipient{}}
	for _, kind := range want.Closed {
		if _, known := t.Closed[kind]; !known {
			return envelope.Addressees{}, fmt.Errorf("kind %s is closed to the bureau: there is no %s to seal it to", kind, closedPub(kind))
		}
	}
	var lack error
	check := func(file string, has []envelope.Suite) {
		if !slices.Contains(has, want.Suite) {
			lack = errors.Join(lack, fmt.Errorf("%s holds no key of suite %s", file, want.Suite))
		}
	}
	check(signingFile, t.Signing.Suites())
	check(bureauPub, t.Bureau.Suites())
	check(receiptPub, t.Receipts.Suites())
	for _, kind := range slices.Sorted(maps.Keys(t.Closed)) {
		to.Closed[kind] = []envelope.Recipient{t.Closed[kind]}
		check(closedPub(kind), t.Closed[kind].Suites())
	}
	return to, lack
}

// closedPub is the file with the key of the desk that reads a closed kind.
func closedPub(kind string) string { return filepath.Join(closedDir, kind+pubSuffix) }
