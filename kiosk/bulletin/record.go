package bulletin

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"yimen/kiosk/central"
	"yimen/kiosk/envelope"
)

// record is the file that is kept: replaced whole, so that no power cut leaves the number of one time with the
// events of another.
type record struct {
	Format int                   `json:"format"`
	Last   int64                 `json:"last"`   // number of the last event accepted
	Events []central.SignedEvent `json:"events"` // in force when accepted, by number
}

const recordFormat = 1

func writeRecord(last int64, inside []entry) ([]byte, error) {
	r := record{Format: recordFormat, Last: last, Events: []central.SignedEvent{}}
	for _, e := range inside {
		r.Events = append(r.Events, e.signed)
	}
	data, err := json.Marshal(r)
	if err != nil {
		return nil, fmt.Errorf("write events: %w", err)
	}
	return data, nil
}

// parseRecord reads a file that writeRecord wrote, and believes of it what the bureau signed.
func parseRecord(data []byte, word *envelope.Verifier) (last int64, inside []entry, err error) {
	var r record
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&r); err != nil {
		return 0, nil, fmt.Errorf("read events: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return 0, nil, errors.New("read events: something follows the record")
	}
	if r.Format != recordFormat || r.Last < 0 {
		return 0, nil, fmt.Errorf("read events: format %d, last %d", r.Format, r.Last)
	}
	number := int64(0)
	for _, signed := range r.Events {
		e, err := central.VerifyEvent(signed, word)
		if err != nil {
			return 0, nil, fmt.Errorf("read events: %w", err)
		}
		if e.Number <= number || e.Number > r.Last {
			return 0, nil, fmt.Errorf("read events: number %d after %d, last %d", e.Number, number, r.Last)
		}
		number = e.Number
		inside = append(inside, entry{e, signed})
	}
	return r.Last, inside, nil
}
