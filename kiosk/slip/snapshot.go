package slip

import (
	"encoding/json"
	"errors"
	"fmt"

	"yimen/drivers/device"
)

// ErrSnapshot: the bytes are not what Encode writes.
var ErrSnapshot = errors.New("not a slip's snapshot")

// Bounds of a snapshot: a long receipt has a hundred rows.
const (
	mostRows = 2000
	mostText = 4096 // bytes in a row
)

// written is a row as it is kept: Is says which one.
type written struct {
	Is    string       `json:"is"`
	Text  string       `json:"text,omitempty"` // of a code: what it holds
	Right string       `json:"right,omitempty"`
	Align device.Align `json:"align,omitempty"`
	Size  int          `json:"size,omitempty"` // of a code: dots; of a feed: lines
	Bold  bool         `json:"bold,omitempty"`
}

// Encode writes a slip so that Decode gives the same rows again: what is printed then is the same paper.
func Encode(s device.Slip) ([]byte, error) {
	rows := make([]written, len(s.Rows))
	for i, row := range s.Rows {
		switch r := row.(type) {
		case device.Text:
			rows[i] = written{Is: "text", Text: r.Text, Align: r.Align, Size: r.Size, Bold: r.Bold}
		case device.Columns:
			rows[i] = written{Is: "columns", Text: r.Left, Right: r.Right, Bold: r.Bold}
		case device.Rule:
			rows[i] = written{Is: "rule"}
		case device.QR:
			rows[i] = written{Is: "qr", Text: r.Data, Size: r.Dots}
		case device.Feed:
			rows[i] = written{Is: "feed", Size: r.Lines}
		default:
			return nil, fmt.Errorf("encode slip: row %d: %w", i+1, ErrSnapshot)
		}
	}
	b, err := json.Marshal(rows)
	if err != nil {
		return nil, fmt.Errorf("encode slip: %w", err)
	}
	return b, nil
}

// Decode reads what Encode wrote. Its error wraps ErrSnapshot.
func Decode(b []byte) (device.Slip, error) {
	var rows []written
	if err := json.Unmarshal(b, &rows); err != nil {
		return device.Slip{}, fmt.Errorf("%w: %w", ErrSnapshot, err)
	}
	if len(rows) > mostRows {
		return device.Slip{}, fmt.Errorf("%w: %d rows", ErrSnapshot, len(rows))
	}
	var s device.Slip
	for i, r := range rows {
		row, ok := r.row()
		if !ok || len(r.Text)+len(r.Right) > mostText {
			return device.Slip{}, fmt.Errorf("%w: row %d", ErrSnapshot, i+1)
		}
		s.Rows = append(s.Rows, row)
	}
	return s, nil
}

func (r written) row() (row device.Row, ok bool) {
	switch r.Is {
	case "text":
		return device.Text{Text: r.Text, Align: r.Align, Size: r.Size, Bold: r.Bold},
			r.Align >= device.Left && r.Align <= device.Right && r.Size >= 0 && r.Size <= 3
	case "columns":
		return device.Columns{Left: r.Text, Right: r.Right, Bold: r.Bold}, true
	case "rule":
		return device.Rule{}, true
	case "qr":
		return device.QR{Data: r.Text, Dots: r.Size}, r.Size >= 0 && r.Size <= 1000
	case "feed":
		return device.Feed{Lines: r.Size}, r.Size >= 0 && r.Size <= 50
	}
	return nil, false
}

// Copied is what stands above a copy (补打), and the slip exactly as it was.
func Copied(head, original device.Slip) device.Slip {
	return device.Slip{Rows: append(append([]device.Row{}, head.Rows...), original.Rows...)}
}
