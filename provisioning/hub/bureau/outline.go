package bureau

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"
)

// Entry is one line of an outline: a key with a text, or with entries of its own.
type Entry struct {
	Key     string
	Text    string
	Entries []Entry
}

// deepest bounds how far an outline goes down.
const deepest = 12

// outline shows any JSON as lines in the order they were written, for bodies whose form this desk need not know.
// What is not JSON has no outline.
func outline(body []byte) []Entry {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	e, err := entry(d, "", 0)
	if err != nil {
		return nil
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil
	}
	if len(e.Entries) == 0 && e.Text != "" {
		return []Entry{e}
	}
	return e.Entries
}

func entry(d *json.Decoder, key string, depth int) (Entry, error) {
	if depth > deepest {
		return Entry{}, errors.New("too deep")
	}
	token, err := d.Token()
	if err != nil {
		return Entry{}, err
	}
	e := Entry{Key: key}
	switch v := token.(type) {
	case json.Delim:
		for i := 1; d.More(); i++ {
			name := strconv.Itoa(i)
			if v == '{' {
				token, err := d.Token()
				if err != nil {
					return Entry{}, err
				}
				name, _ = token.(string)
			}
			below, err := entry(d, name, depth+1)
			if err != nil {
				return Entry{}, err
			}
			if below.Text != "" || len(below.Entries) > 0 {
				e.Entries = append(e.Entries, below)
			}
		}
		_, err = d.Token() // the closing bracket
	case string:
		e.Text = v
	case json.Number:
		e.Text = v.String()
	case bool:
		e.Text = strconv.FormatBool(v)
	}
	return e, err
}
