package letter

import (
	"encoding/json"
	"fmt"
	"log/slog"

	"yimen/drivers/device"
)

// Text is what a person said, or something about a person, within a Record. It prints and logs as device.Personal does;
// unlike that it marshals as itself, for a record is marshalled only to be sealed.
type Text string

// Reveal gives the text itself.
func (t Text) Reveal() string { return string(t) }

func (t Text) String() string             { return device.Personal(t).String() }
func (t Text) GoString() string           { return device.Personal(t).GoString() }
func (t Text) Format(s fmt.State, r rune) { device.Personal(t).Format(s, r) }
func (t Text) LogValue() slog.Value       { return device.Personal(t).LogValue() }

// MarshalJSON gives the text: without it encoding/json would write it too, and nobody who reads this type would see so.
func (t Text) MarshalJSON() ([]byte, error) { return json.Marshal(string(t)) }
