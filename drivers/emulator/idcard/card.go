package idcard

import (
	"encoding/binary"
	"fmt"
	"unicode/utf16"
)

// CardKind is one of the four cards that a SAM_V reader reads. Its value is the type marker in the text
// block (firmware-notes/sam-v "Text block").
type CardKind string

const (
	Citizen          CardKind = ""  // resident identity card
	Foreigner2017    CardKind = "I" // foreigner's permanent residence, 2017 edition
	Foreigner2023    CardKind = "Y" // foreigner's permanent residence, 2023 edition
	HongKongMacauTwn CardKind = "J" // residence permit for Hong Kong, Macao and Taiwan residents
)

// Card is what stands on one card. Dates are YYYYMMDD; ValidTo may be 长期. Fields that a kind does not
// have are left out of its text block. Nothing is checked: a wrong check digit is laid as it is.
type Card struct {
	Kind        CardKind `json:"kind"`
	Name        string   `json:"name"`        // on I and Y: the Chinese name
	EnglishName string   `json:"englishName"` // I and Y
	Sex         string   `json:"sex"`         // GB/T 2261.1
	Ethnic      string   `json:"ethnic"`      // GB/T 3304, citizens only
	Birth       string   `json:"birth"`
	Address     string   `json:"address"`
	Number      string   `json:"number"`
	Issuer      string   `json:"issuer"` // on I: the accepting authority's code
	ValidFrom   string   `json:"validFrom"`
	ValidTo     string   `json:"validTo"`
	PassNumber  string   `json:"passNumber"` // J
	Issues      string   `json:"issues"`     // J: number of issues; Y: number of renewals
	Country     string   `json:"country"`    // I and Y, GB/T 2659
	Version     string   `json:"version"`    // I
	OldNumber   string   `json:"oldNumber"`  // Y: link to the previous number

	// NewestAddress is the additional address, empty when the card has none.
	NewestAddress string `json:"newestAddress"`
	// NoFingerprint leaves the fingerprint part of the card empty.
	NoFingerprint bool `json:"noFingerprint"`
	// Portrait says whom the photo shows, to whoever draws it; it stands among the photo's made-up bytes.
	Portrait string `json:"portrait"`
}

// PhotoHeader is after how many bytes of a photo what it shows begins.
const PhotoHeader = 8

const (
	portraitLen    = 128
	textLen        = 256
	photoLen       = 1024
	fingerprintLen = 1024
	addressLen     = 70
)

// field is one place in a text block, in bytes.
type field struct {
	offset, length int
	value          string
}

// layout gives the card's fields where its kind keeps them (firmware-notes/sam-v "Text block").
func (c Card) layout() []field {
	switch c.Kind {
	case HongKongMacauTwn:
		return []field{{0, 30, c.Name}, {30, 2, c.Sex}, {36, 16, c.Birth}, {52, 70, c.Address}, {122, 36, c.Number},
			{158, 30, c.Issuer}, {188, 16, c.ValidFrom}, {204, 16, c.ValidTo}, {220, 18, c.PassNumber}, {238, 4, c.Issues},
			{248, 2, string(c.Kind)}}
	case Foreigner2017:
		return []field{{0, 120, c.EnglishName}, {120, 2, c.Sex}, {122, 30, c.Number}, {152, 6, c.Country}, {158, 30, c.Name},
			{188, 16, c.ValidFrom}, {204, 16, c.ValidTo}, {220, 16, c.Birth}, {236, 4, c.Version}, {240, 8, c.Issuer},
			{248, 2, string(c.Kind)}}
	case Foreigner2023:
		first, rest := splitUnits(c.EnglishName, 35)
		return []field{{0, 30, c.Name}, {30, 2, c.Sex}, {32, 4, c.Issues}, {36, 16, c.Birth}, {52, 70, first}, {122, 36, c.Number},
			{188, 16, c.ValidFrom}, {204, 16, c.ValidTo}, {220, 22, rest}, {242, 6, c.Country}, {248, 2, string(c.Kind)},
			{250, 6, c.OldNumber}}
	default:
		return []field{{0, 30, c.Name}, {30, 2, c.Sex}, {32, 4, c.Ethnic}, {36, 16, c.Birth}, {52, 70, c.Address}, {122, 36, c.Number},
			{158, 30, c.Issuer}, {188, 16, c.ValidFrom}, {204, 16, c.ValidTo}}
	}
}

// splitUnits cuts s after n UTF-16 units.
func splitUnits(s string, n int) (head, tail string) {
	u := utf16.Encode([]rune(s))
	if len(u) <= n {
		return s, ""
	}
	return string(utf16.Decode(u[:n])), string(utf16.Decode(u[n:]))
}

// Text is the card's text block: 256 bytes of UTF-16LE, padded with U+0020.
func (c Card) Text() []byte {
	b := blank(textLen)
	for _, f := range c.layout() {
		copy(b[f.offset:f.offset+f.length], utf16LE(f.value))
	}
	return b
}

// Check says which field is too long for its place, if one is.
func (c Card) Check() error {
	switch c.Kind {
	case Citizen, Foreigner2017, Foreigner2023, HongKongMacauTwn:
	default:
		return fmt.Errorf("no such kind of card: %q", c.Kind)
	}
	for _, f := range append(c.layout(), field{0, addressLen, c.NewestAddress}) {
		if n := len(utf16LE(f.value)); n > f.length {
			return fmt.Errorf("%q takes %d bytes of the %d there are", f.value, n, f.length)
		}
	}
	if n := len(c.Portrait); n > portraitLen {
		return fmt.Errorf("portrait takes %d bytes of the %d there are", n, portraitLen)
	}
	return nil
}

// photo is a picture no decoder knows: a true header and made-up bytes (firmware-notes/sam-v "Photo"), the first of them whom
// it shows.
func (c Card) photo() []byte {
	b := append(make([]byte, 0, photoLen), 0x57, 0x4C, 0x66, 0x00, 0x7E, 0x00, 0x32, 0x00)
	for i := 0; len(b) < photoLen; i++ {
		b = append(b, byte((i*7+3)%251))
	}
	copy(b[PhotoHeader:], c.Portrait)
	return b
}

// fingerprint is a template that matches nobody (firmware-notes/sam-v "Golden frames").
func (c Card) fingerprint() []byte {
	if c.NoFingerprint {
		return nil
	}
	b := make([]byte, fingerprintLen)
	for i := range b {
		b[i] = byte((i*5 + 1) % 253)
	}
	return b
}

// base is the data of a base read, with the fingerprint or without it (firmware-notes/sam-v "Replies").
func (c Card) base(withFingerprint bool) []byte {
	fp := c.fingerprint()
	b := binary.BigEndian.AppendUint16(nil, textLen)
	b = binary.BigEndian.AppendUint16(b, photoLen)
	if withFingerprint {
		b = binary.BigEndian.AppendUint16(b, uint16(len(fp)))
	}
	b = append(append(b, c.Text()...), c.photo()...)
	if withFingerprint {
		b = append(b, fp...)
	}
	return b
}

// address is the data of a newest-address read: 70 bytes, nil when the card has none.
func (c Card) address() []byte {
	if c.NewestAddress == "" {
		return nil
	}
	b := blank(addressLen)
	copy(b, utf16LE(c.NewestAddress))
	return b
}

func blank(n int) []byte {
	b := make([]byte, n)
	for i := 0; i < n; i += 2 {
		b[i] = ' '
	}
	return b
}

func utf16LE(s string) []byte {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return b
}
