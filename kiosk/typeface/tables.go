package typeface

import (
	"bytes"
	"encoding/binary"
	"maps"
	"math/bits"
	"slices"
	"unicode/utf16"
)

// Lines of the fonts made here, in font units, as Noto has them for Chinese text.
const (
	ascent  = 880
	descent = -120
	capital = 733 // height of capital letters
)

// assemble writes a TrueType file (OpenType specification, "The OpenType Font File"): glyph 0, then one glyph for each code.
func assemble(glyphs []glyph, codes []uint16, bold bool) []byte {
	var glyf, loca, hmtx bytes.Buffer
	lo, hi := glyphs[0].min, glyphs[0].max
	points, contours, advance := 0, 0, uint16(0)
	for _, g := range glyphs {
		put(&loca, uint32(glyf.Len()))
		glyf.Write(g.bytes())
		put(&hmtx, g.advance, int16(g.min[0]))
		n := 0
		for _, c := range g.contours {
			n += len(c)
		}
		points, contours, advance = max(points, n), max(contours, len(g.contours)), max(advance, g.advance)
		for axis := range lo {
			lo[axis], hi[axis] = min(lo[axis], g.min[axis]), max(hi[axis], g.max[axis])
		}
	}
	put(&loca, uint32(glyf.Len()))
	weight := uint16(400)
	if bold {
		weight = 700
	}
	return fontFile(map[string][]byte{
		"glyf": glyf.Bytes(), "loca": loca.Bytes(), "hmtx": hmtx.Bytes(), "cmap": cmap(codes), "name": nameTable(),
		"head": table(uint32(0x10000), uint32(0x10000), uint32(0), uint32(0x5F0F3CF5), uint16(1), uint16(unitsPerEm),
			int64(0), int64(0), int16(lo[0]), int16(lo[1]), int16(hi[0]), int16(hi[1]), uint16(0), uint16(8), int16(2), int16(1), int16(0)),
		"hhea": table(uint32(0x10000), int16(ascent), int16(descent), int16(0), advance, int16(lo[0]), int16(0), int16(hi[0]),
			int16(1), int16(0), int16(0), int64(0), int16(0), uint16(len(glyphs))),
		"maxp": table(uint32(0x10000), uint16(len(glyphs)), uint16(points), uint16(contours), [11]uint16{2: 1}),
		"post": table(uint32(0x30000), uint32(0), int16(-100), int16(50), [5]uint32{}),
		"OS/2": table(uint16(4), int16(unitsPerEm), weight, uint16(5), uint16(0), [11]int16{}, [10]byte{}, [4]uint32{},
			[4]byte{'N', 'O', 'N', 'E'}, uint16(64), slices.Min(append(codes, 0xFFFF)), slices.Max(append(codes, 0)),
			int16(ascent), int16(descent), int16(0), uint16(ascent), uint16(-descent), [2]uint32{}, int16(500), int16(capital),
			uint16(0), uint16(32), uint16(1)),
	})
}

func table(values ...any) []byte {
	var b bytes.Buffer
	put(&b, values...)
	return b.Bytes()
}

// cmap maps codes to glyphs 1, 2, … in format 4: a segment for each run of codes that follow one another.
func cmap(codes []uint16) []byte {
	var ends, starts, deltas []uint16
	for i, code := range codes {
		if i > 0 && codes[i-1]+1 == code {
			ends[len(ends)-1] = code
			continue
		}
		starts, ends, deltas = append(starts, code), append(ends, code), append(deltas, uint16(i+1)-code)
	}
	starts, ends, deltas = append(starts, 0xFFFF), append(ends, 0xFFFF), append(deltas, 1)
	n := len(starts)
	search, selector := searchRange(n)
	return table(uint16(0), uint16(1), uint16(3), uint16(1), uint32(12),
		uint16(4), uint16(16+8*n), uint16(0), uint16(2*n), uint16(2*search), selector, uint16(2*(n-search)),
		ends, uint16(0), starts, deltas, make([]uint16, n))
}

// searchRange gives the largest power of two that is not above n, and its logarithm.
func searchRange(n int) (int, uint16) {
	selector := bits.Len(uint(n)) - 1
	return 1 << selector, uint16(selector)
}

// nameTable names the font: readers refuse one without.
func nameTable() []byte {
	text := utf16.Encode([]rune("Dossier"))
	size := uint16(2 * len(text))
	record := func(id uint16) []byte { return table(uint16(3), uint16(1), uint16(0x409), id, size, uint16(0)) }
	ids := []uint16{1, 2, 4, 6}
	out := table(uint16(0), uint16(len(ids)), uint16(6+12*len(ids)))
	for _, id := range ids {
		out = append(out, record(id)...)
	}
	return append(out, table(text)...)
}

// fontFile puts tables behind a directory, each on a multiple of four bytes, and sets the file's checksum in head.
func fontFile(tables map[string][]byte) []byte {
	tags := slices.Sorted(maps.Keys(tables))
	search, selector := searchRange(len(tags))
	out := table(uint32(0x10000), uint16(len(tags)), uint16(16*search), selector, uint16(16*(len(tags)-search)))
	offset, head := len(out)+16*len(tags), 0
	var body []byte
	for _, tag := range tags {
		data := tables[tag]
		if tag == "head" {
			head = offset + len(body)
		}
		out = append(out, tag...)
		out = append(out, table(checksum(data), uint32(offset+len(body)), uint32(len(data)))...)
		body = append(body, data...)
		body = append(body, make([]byte, -len(body)&3)...)
	}
	out = append(out, body...)
	binary.BigEndian.PutUint32(out[head+8:], 0xB1B0AFBA-checksum(out))
	return out
}

func checksum(data []byte) uint32 {
	var sum uint32
	for len(data) >= 4 {
		sum += binary.BigEndian.Uint32(data)
		data = data[4:]
	}
	var rest [4]byte
	copy(rest[:], data)
	return sum + binary.BigEndian.Uint32(rest[:])
}
