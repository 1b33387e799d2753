package hand

import (
	_ "embed"
	"strings"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// Field is what is known of the place that is written in.
type Field struct {
	Kind   Kind
	Before string // what stands there already
}

// Kind is what a field is for.
type Kind string

const (
	Plain   Kind = ""
	Name    Kind = "name"    // of a person: characters may be rare or traditional, and the first is mostly a surname
	Address Kind = "address" // place names, and the words that part them
)

// What a field makes of a character, in logarithms of how likely it is.
const (
	lessCommon = -0.3 // of the second level of GB 2312
	rare       = -2.5 // in neither level
	expected   = 0.8  // a surname at the beginning of a name, a word of addresses in one
)

// prior is how likely the character is before anything was seen.
func (f Field) prior(c rune) float64 {
	p := 0.0
	switch f.Kind {
	case Name:
		if f.Before == "" && strings.ContainsRune(surnames, c) {
			p = expected
		}
		return p
	case Address:
		if strings.ContainsRune(addressWords, c) {
			p = expected
		}
	}
	return p + common(c)
}

// common is how common a character is by its place in GB/T 2312-1980: 3,755 characters of the first level are in rows
// 16 to 55, 3,008 of the second in rows 56 to 87.
func common(c rune) float64 {
	b, err := simplifiedchinese.GBK.NewEncoder().Bytes([]byte(string(c)))
	switch {
	case err != nil || len(b) != 2 || b[0] < 0xB0 || b[0] > 0xF7 || b[1] < 0xA1:
		return rare
	case b[0] > 0xD7:
		return lessCommon
	}
	return 0
}

//go:embed surnames.txt
var surnames string

//go:embed address.txt
var addressWords string
