// Package spelling turns typed keys into characters: pinyin, or strokes in the order of writing. The work is done by
// librime (BSD licence) in a process of its own (ui/typing/pinyin), which keeps nothing of what was typed: each request
// says everything, and is answered from nothing else.
package spelling

// Way is what the keys mean.
type Way string

const (
	Pinyin  Way = "pinyin"
	Strokes Way = "strokes" // h 一, s 丨, p 丿, n 丶, z 乙
)

// Bounds of a request.
const (
	MostKeys   = 40
	MostChosen = 32
	Most       = 240 // offers: some sounds have as many characters
)

// Request is what was typed so far, and what was chosen on the way.
type Request struct {
	Way    Way     `json:"way"`
	Keys   string  `json:"keys"`   // lower-case letters
	Chosen []Offer `json:"chosen"` // earlier choices for these keys, in their order
	Name   bool    `json:"name"`   // of a person: traditional and rare forms too, after the usual ones
}

// Offer is a word or character for the keys, or for the first of them.
type Offer struct {
	Text string `json:"text"`
	Rare bool   `json:"rare,omitempty"` // found without turning traditional forms into simplified ones
}

// Answer is what the keys may mean. Done is the whole text, once every key has become a character by choice; then the
// other fields are empty.
type Answer struct {
	Done   string  `json:"done"`
	Typing string  `json:"typing"` // what stands there meanwhile: chosen characters, and the letters after them
	Offers []Offer `json:"offers"`
}

// Valid tells whether a request is within bounds.
func (r Request) Valid() bool {
	if len(r.Keys) == 0 || len(r.Keys) > MostKeys || len(r.Chosen) > MostChosen {
		return false
	}
	allowed := func(c rune) bool { return c >= 'a' && c <= 'z' }
	switch r.Way {
	case Pinyin:
	case Strokes:
		allowed = func(c rune) bool { return c == 'h' || c == 's' || c == 'p' || c == 'n' || c == 'z' }
	default:
		return false
	}
	for _, c := range r.Keys {
		if !allowed(c) {
			return false
		}
	}
	for _, c := range r.Chosen {
		if c.Text == "" || len(c.Text) > 4*MostKeys {
			return false
		}
	}
	return true
}
