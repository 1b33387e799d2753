package estimate

import (
	"bytes"
	"encoding/json"
	"fmt"

	"yimen/kiosk/household"
	"yimen/kiosk/policy"
)

// Sealed is what the bytes of a result say about how it can be reckoned again.
type Sealed struct {
	Programme  string
	AsOf       Date
	PackID     string
	Edition    string
	PackDigest string
}

// ReadSealed reads it from what Canonical gave.
func ReadSealed(sealed []byte) (s Sealed, err error) {
	written := struct {
		*Sealed
		AsOf int32 // a day's digits, as Canonical writes them
	}{Sealed: &s}
	if err := json.Unmarshal(sealed, &written); err != nil {
		return Sealed{}, fmt.Errorf("sealed result: %w", err)
	}
	s.AsOf = Date(written.AsOf)
	if s.Programme == "" || s.PackDigest == "" {
		return Sealed{}, fmt.Errorf("sealed result: it names no programme or no edition")
	}
	return s, nil
}

// Replay reckons a sealed result again, from the edition that it names and the answers it was made of, and reports
// whether it gives the same bytes. Whether illustrative figures were reckoned with is not in a result: where the
// production reading differs the demonstration's is tried.
func Replay(p *policy.Pack, sealed []byte, a household.Answers) (again Result, same bool, err error) {
	s, err := ReadSealed(sealed)
	if err != nil {
		return Result{}, false, err
	}
	if p.Digest != s.PackDigest {
		return Result{}, false, fmt.Errorf("replay: the result is of edition %s, %s, and not of %s", s.Edition, s.PackDigest, p.Digest)
	}
	for _, mode := range []policy.Mode{policy.Production, policy.Demo} {
		if again, err = Compute(p.With(mode), s.Programme, a, s.AsOf); err != nil {
			return Result{}, false, err
		}
		if bytes.Equal(Canonical(again), sealed) {
			return again, true, nil
		}
	}
	return again, false, nil
}
