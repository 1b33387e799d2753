// Package paper sets text, tables, strokes and pictures on pages of A4 and writes them as PDF. It knows no case: what
// stands on the pages is said by the dossier. All lengths are millimetres from the page's top left, sizes of type are points.
//
// It writes PDF with gofpdf, and works around what gofpdf does to Chinese text (facts/platform.md): lines are broken
// here, and a character beyond the first plane stands in the embedded font under a private code, marked with its
// true text, so that it looks right, can be searched and can be copied.
package paper

import (
	"strings"
	"unicode"

	"yimen/kiosk/typeface"
)

// Weight of type.
type Weight int

const (
	Regular Weight = iota
	Bold
)

var styles = map[Weight]typeface.Style{Regular: typeface.Serif, Bold: typeface.SerifBold}

const mmPerPoint = 25.4 / 72

// measure knows how wide characters are.
type measure struct {
	faces    *typeface.Faces
	advances map[advanceKey]float64 // ems
	err      error                  // the first that a font gave
}

type advanceKey struct {
	weight Weight
	r      rune
}

// width of a line in millimetres.
func (m *measure) width(text string, size float64, weight Weight) float64 {
	total := 0.0
	for _, r := range text {
		total += m.advance(r, weight)
	}
	return total * size * mmPerPoint
}

func (m *measure) advance(r rune, weight Weight) float64 {
	key := advanceKey{weight, r}
	a, known := m.advances[key]
	if !known {
		var err error
		if a, err = m.faces.Advance(styles[weight], r); err != nil && m.err == nil {
			m.err = err
		}
		m.advances[key] = a
	}
	return a
}

// What may not begin a line, and what may not end one (the plain part of Chinese line breaking, GB/T 15834-2011 §5).
const (
	notFirst = "，。、；：！？）》」』】〕〉”’％…—·,.;:!?)]}%"
	notLast  = "（《「『【〔〈“‘([{￥"
)

// lines breaks text so that no line is wider than width. Chinese breaks anywhere but before closing and after opening
// marks; words and numbers stay whole while they fit on a line of their own. No character is lost but blanks at a break.
func (m *measure) lines(text string, size float64, weight Weight, width float64) []string {
	var out []string
	for _, paragraph := range strings.Split(text, "\n") {
		line := ""
		for _, piece := range pieces(paragraph) {
			for {
				if m.width(strings.TrimRight(line+piece, " "), size, weight) <= width {
					line += piece
					break
				}
				if line != "" {
					out = append(out, strings.TrimRight(line, " "))
					line, piece = "", strings.TrimLeft(piece, " ")
					continue
				}
				head := m.fitting(piece, size, weight, width)
				out = append(out, piece[:head])
				if piece = piece[head:]; piece == "" {
					break
				}
			}
		}
		out = append(out, strings.TrimRight(line, " "))
	}
	return out
}

// fitting gives how many bytes of a piece fit on a line, at least one character.
func (m *measure) fitting(piece string, size float64, weight Weight, width float64) int {
	sum := 0.0
	for i, r := range piece {
		sum += m.advance(r, weight) * size * mmPerPoint
		if sum > width && i > 0 {
			return i
		}
	}
	return len(piece)
}

// pieces cuts text where a line may end.
func pieces(text string) []string {
	var out []string
	start, last := 0, rune(0)
	for i, r := range text {
		if i > 0 && breakable(last, r) {
			out = append(out, text[start:i])
			start = i
		}
		last = r
	}
	if start < len(text) {
		out = append(out, text[start:])
	}
	return out
}

func breakable(before, after rune) bool {
	switch {
	case strings.ContainsRune(notFirst, after) || strings.ContainsRune(notLast, before):
		return false
	case after == ' ':
		return false // blanks go with what is before them
	case before == ' ':
		return true
	case unicode.Is(unicode.Mn, after) || after >= 0xFE00 && after <= 0xFE0F || after >= 0xE0100 && after <= 0xE01EF:
		return false // marks and selectors belong to what is before them
	}
	return wide(before) || wide(after)
}

// wide tells characters that lines may break beside: Han, kana and full-width marks.
func wide(r rune) bool {
	return r >= 0x2E80 && r <= 0xD7FF || r >= 0xF900 && r <= 0xFAFF || r >= 0xFE30 && r <= 0xFE4F || r >= 0xFF00 && r <= 0xFFEF || r >= 0x20000
}
