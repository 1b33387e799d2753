package device

import "time"

// Code is what a scanner read off a slip, a card or a phone: the whole content of one QR or bar code.
type Code struct {
	Text   Personal // may name a person, as the codes on phones do
	ReadAt time.Time
}
