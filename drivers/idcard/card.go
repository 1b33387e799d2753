package idcard

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"unicode/utf16"

	"yimen/drivers/device"
)

const (
	textLen    = 256
	photoLen   = 1024
	addressLen = 70
	longTerm   = "长期"
)

// baseHead stands before the text: the lengths of text and photo, big-endian (firmware-notes/sam-v "Replies"). The length of
// the fingerprint follows where that is read too.
var baseHead = []byte{0x01, 0x00, 0x04, 0x00}

// parseBase reads the data of a reply to readBase. Its errors wrap device.ErrProtocol.
func parseBase(data []byte) (device.Card, error) {
	if len(data) != len(baseHead)+textLen+photoLen || !bytes.HasPrefix(data, baseHead) {
		return device.Card{}, fmt.Errorf("base data of %d bytes with other parts than text and photo: %w", len(data), device.ErrProtocol)
	}
	text := data[len(baseHead):][:textLen]
	card := parseText(text)
	card.Photo = bytes.Clone(data[len(baseHead)+textLen:])
	return card, nil
}

// parsePrints reads the data of a reply to readPrints. Its errors wrap device.ErrProtocol.
func parsePrints(data []byte) (device.Card, error) {
	const head, rest = 6, textLen + photoLen
	if len(data) < head+rest || !bytes.HasPrefix(data, baseHead) {
		return device.Card{}, fmt.Errorf("base data of %d bytes with other parts than text, photo and fingerprint: %w", len(data), device.ErrProtocol)
	}
	n := int(binary.BigEndian.Uint16(data[len(baseHead):]))
	if n != 0 && n != 512 && n != 1024 || len(data) != head+rest+n {
		return device.Card{}, fmt.Errorf("fingerprint of %d bytes in %d bytes of base data: %w", n, len(data), device.ErrProtocol)
	}
	card, err := parseBase(slices.Concat(baseHead, data[head:][:rest]))
	if n > 0 {
		card.Fingerprint = bytes.Clone(data[head+rest:])
	}
	return card, err
}

// parseText reads the text block; the card's kind decides what lies where (firmware-notes/sam-v "Text block").
func parseText(b []byte) device.Card {
	c := device.Card{ValidFrom: field(b, 188, 16)}
	if to := field(b, 204, 16); to == longTerm {
		c.LongTerm = true
	} else {
		c.ValidTo = to
	}
	switch c.Kind = kind(b); c.Kind {
	case device.ForeignCard2017:
		c.Latin, c.Sex = personal(b, 0, 120), field(b, 120, 2)
		c.Number, c.Country = personal(b, 122, 30), field(b, 152, 6)
		c.Name, c.Birth = personal(b, 158, 30), personal(b, 220, 16)
		c.Issues, c.Issuer = field(b, 236, 4), field(b, 240, 8)
	case device.ForeignCard2023:
		c.Name, c.Sex, c.Issues = personal(b, 0, 30), field(b, 30, 2), field(b, 32, 4)
		c.Birth, c.Number = personal(b, 36, 16), personal(b, 122, 36)
		c.Latin = device.Personal(trim(rawField(b, 52, 70) + rawField(b, 220, 22)))
		c.Country = field(b, 242, 6)
		c.OldNumber = oldNumber(c.Country, c.Number, field(b, 250, 6))
	case device.HMTResidence:
		holder(&c, b)
		c.PassNo, c.Issues = personal(b, 220, 18), field(b, 238, 4)
	default:
		holder(&c, b)
		c.Ethnic = field(b, 32, 4)
	}
	return c
}

func kind(b []byte) device.CardKind {
	switch k := device.CardKind(field(b, 248, 2)); k {
	case device.ForeignCard2017, device.ForeignCard2023, device.HMTResidence:
		return k
	}
	return device.CitizenCard
}

// holder reads what the citizen's card and the permit J have in common.
func holder(c *device.Card, b []byte) {
	c.Name, c.Sex = personal(b, 0, 30), field(b, 30, 2)
	c.Birth, c.Address = personal(b, 36, 16), personal(b, 52, addressLen)
	c.Number, c.Issuer = personal(b, 122, 36), field(b, 158, 30)
}

// parseSAMID gives the module's number as it is printed on its label (firmware-notes/sam-v "Replies").
func parseSAMID(r reply) (id string, ok bool) {
	if r.sw != done || len(r.data) != 16 {
		return "", false
	}
	le := binary.LittleEndian
	return fmt.Sprintf("%02d.%02d-%d-%010d-%010d", le.Uint16(r.data), le.Uint16(r.data[2:]),
		le.Uint32(r.data[4:]), le.Uint32(r.data[8:]), le.Uint32(r.data[12:])), true
}

// oldNumber is the 15-character number that a Y card continues, empty where the card links to none or where its
// number is not one that the rule fits.
func oldNumber(country string, number device.Personal, link string) device.Personal {
	n := number.Reveal()
	if len(country) != 3 || len(link) != 3 || len(n) != 18 {
		return ""
	}
	body := country + n[1:3] + link[0:2] + n[8:14] + link[2:3]
	check, ok := mrzCheck(body)
	if !ok {
		return ""
	}
	return device.Personal(body + string(rune('0'+check)))
}

// mrzCheck is the check digit of machine-readable travel documents: weights 7, 3, 1.
func mrzCheck(s string) (digit int, ok bool) {
	weights := [...]int{7, 3, 1}
	for i := range len(s) {
		var v int
		switch c := s[i]; {
		case '0' <= c && c <= '9':
			v = int(c - '0')
		case 'A' <= c && c <= 'Z':
			v = int(c-'A') + 10
		case c == '<':
		default:
			return 0, false
		}
		digit += v * weights[i%3]
	}
	return digit % 10, true
}

func personal(b []byte, off, n int) device.Personal { return device.Personal(field(b, off, n)) }

func field(b []byte, off, n int) string { return trim(rawField(b, off, n)) }

// rawField decodes n bytes of UTF-16LE at off. Half a surrogate pair, which a name cut by the card may end in, shows as U+FFFD.
func rawField(b []byte, off, n int) string {
	units := make([]uint16, n/2)
	for i := range units {
		units[i] = binary.LittleEndian.Uint16(b[off+2*i:])
	}
	return string(public(utf16.Decode(units)))
}

// trim takes padding away: spaces, and the zeros that some cards carry instead.
func trim(s string) string { return strings.Trim(s, " \x00\u3000") }
