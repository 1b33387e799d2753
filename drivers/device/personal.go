package device

import (
	"fmt"
	"log/slog"
	"strings"
)

// Personal is text about a person. It prints, logs and marshals as its own name, so that a careless
// verb cannot leak it; whoever really needs the text calls Reveal, and a reader can search for that.
// Two things Go does not let a type prevent: %p (go vet refuses it) and use as a key of a marshalled map.
type Personal string

const personalName = "[personal]"

// Reveal gives the text itself.
func (p Personal) Reveal() string { return string(p) }

// Empty reports whether there is no text.
func (p Personal) Empty() bool { return p == "" }

func (p Personal) String() string               { return personalName }
func (p Personal) GoString() string             { return personalName }
func (p Personal) Format(s fmt.State, _ rune)   { _, _ = s.Write([]byte(personalName)) }
func (p Personal) LogValue() slog.Value         { return slog.StringValue(personalName) }
func (p Personal) MarshalText() ([]byte, error) { return []byte(personalName), nil }
func (p Personal) MarshalJSON() ([]byte, error) { return []byte(`"` + personalName + `"`), nil }

// MaskNumber shows the first three and last two characters of an identity number, as domain.md P13 asks:
// 150*************1X. Shorter texts are masked whole.
func (p Personal) MaskNumber() string {
	r := []rune(string(p))
	if len(r) < 8 {
		return strings.Repeat("*", len(r))
	}
	return string(r[:3]) + strings.Repeat("*", len(r)-5) + string(r[len(r)-2:])
}

// MaskName shows the family name's first character: 张*.
func (p Personal) MaskName() string {
	r := []rune(string(p))
	if len(r) == 0 {
		return ""
	}
	return string(r[:1]) + strings.Repeat("*", max(len(r)-1, 1))
}

// MaskTail shows the last four characters only, as for an account or a phone's end.
func (p Personal) MaskTail() string {
	r := []rune(string(p))
	if len(r) <= 4 {
		return strings.Repeat("*", len(r))
	}
	return strings.Repeat("*", len(r)-4) + string(r[len(r)-4:])
}

// MaskPhone shows the first three and last four digits of a mobile number, 138****0000; others by their tail.
func (p Personal) MaskPhone() string {
	r := []rune(string(p))
	if len(r) != 11 {
		return p.MaskTail()
	}
	return string(r[:3]) + "****" + string(r[7:])
}

// MaskBirth shows the year of YYYYMMDD only: 1949-**-**.
func (p Personal) MaskBirth() string {
	if len(p) != 8 {
		return ""
	}
	return string(p[:4]) + "-**-**"
}

// MaskAddress shows the first six characters, enough to recognise province and city.
func (p Personal) MaskAddress() string {
	r := []rune(string(p))
	if len(r) <= 6 {
		return string(p)
	}
	return string(r[:6]) + strings.Repeat("*", min(len(r)-6, 8))
}
