package idcard

import (
	"bytes"
	"errors"
	"testing"

	"yimen/drivers/device"
)

// asCard runs bytes through the splitter in pieces of n, and gives the cards in them.
func asCard(stream []byte, n int) (cards []device.Card) {
	var s splitter
	for len(stream) > 0 {
		n := min(n, len(stream))
		s.push(stream[:n])
		stream = stream[n:]
		for r, ok := s.next(); ok; r, ok = s.next() {
			if r.sw != done {
				continue
			}
			c, err := parseBase(r.data)
			if err != nil {
				c, err = parsePrints(r.data)
			}
			if err == nil {
				cards = append(cards, c)
			}
		}
	}
	return cards
}

func TestNoSingleFlippedBitMakesAnotherCard(t *testing.T) {
	frames := map[string][]byte{"with fingerprint": prints(t, 1024), "with half of it": prints(t, 512), "with none": prints(t, 0)}
	for _, g := range golden {
		frames[g.file] = base(t, g.file)
	}
	for name, whole := range frames {
		if len(asCard(whole, 64)) != 1 {
			t.Fatalf("%s: the whole frame is no card", name)
		}
		for bit := range 8 * len(whole) {
			spoilt := bytes.Clone(whole)
			spoilt[bit/8] ^= 1 << (bit % 8)
			if cards := asCard(spoilt, len(spoilt)); len(cards) != 0 {
				t.Errorf("%s: bit %d flipped makes a card", name, bit)
			}
		}
	}
}

// prints is the citizen's card as an answer to readPrints, with a fingerprint of n bytes.
func prints(t testing.TB, n int) []byte {
	b := base(t, "citizen.wire")
	data := append([]byte{1, 0, 4, 0, byte(n >> 8), byte(n)}, b[14:len(b)-1]...)
	return answerOf(done, append(data, make([]byte, n)...)...)
}

func TestFingerprintHasOneOfThreeLengths(t *testing.T) {
	for n, total := range map[int]int{1024: 2321, 512: 1809, 0: 1297} {
		b := prints(t, n)
		if len(b) != total {
			t.Errorf("%d bytes, want %d", len(b), total)
		}
		data := b[10 : len(b)-1]
		if c, err := parsePrints(data); err != nil || len(c.Fingerprint) != n || len(c.Photo) != photoLen || c.Number != golden[0].card.Number {
			t.Errorf("%d bytes: fingerprint of %d, photo of %d, %v", n, len(c.Fingerprint), len(c.Photo), err)
		}
		for _, spoilt := range [][]byte{data[:len(data)-1], append(bytes.Clone(data), 0), data[:6]} {
			if _, err := parsePrints(spoilt); !errors.Is(err, device.ErrProtocol) {
				t.Errorf("%d bytes for a fingerprint of %d: %v", len(spoilt), n, err)
			}
		}
	}
}

func TestSplitterFindsTheFrameBehindABrokenOne(t *testing.T) {
	whole := base(t, "citizen.wire")
	for cut := range len(whole) {
		stream := append(bytes.Clone(whole[:cut]), whole...)
		stream = append(stream, bytes.Repeat([]byte{0}, maxLen)...) // what a broken length may wait for
		if got := len(asCard(stream, 61)); got != 1 {
			t.Fatalf("cut at %d: %d cards", cut, got)
		}
	}
}

func TestNameBeyondTheBasicPlaneIsWhole(t *testing.T) {
	text := bytes.Repeat([]byte{0x20, 0}, textLen/2)
	copy(text, []byte{0x8B, 0x73, 0x42, 0xD8, 0xB7, 0xDF, 0xAE, 0x4D}) // 王 misspelt as 王, 𠮷, 䶮
	if got := parseText(text).Name.Reveal(); got != "王𠮷䶮" {
		t.Errorf("name %q", got)
	}
	copy(text[26:], []byte{0x42, 0xD8, 0x42, 0xD8}) // the field ends within a pair
	if got := parseText(text).Name.Reveal(); !bytes.HasSuffix([]byte(got), []byte("\uFFFD\uFFFD")) {
		t.Errorf("name %q hides that it is cut", got)
	}
}

func TestOldNumberNeedsALink(t *testing.T) {
	for _, c := range []struct {
		country, number, link, want string
	}{
		{"SAU", "932682198501010017", "010", "SAU320185010109"},
		{"SAU", "932682198501010017", "", ""},
		{"SA", "932682198501010017", "010", ""},
		{"SAU", "9326821985010100", "010", ""},
		{"sau", "932682198501010017", "010", ""},
	} {
		if got := oldNumber(c.country, device.Personal(c.number), c.link); got.Reveal() != c.want {
			t.Errorf("%+v: got %q", c, got.Reveal())
		}
	}
}

func FuzzSplitter(f *testing.F) {
	f.Add(request(findCard), 1)
	f.Add(answerOf(cardFound, 0, 0, 0, 0), 3)
	f.Add([]byte{0xAA, 0xAA, 0xAA, 0x96, 0x69, 0, 5, 5, 5, 5}, 7)
	f.Add(append([]byte{0xAA, 0xAA}, answerOf(done)...), 2)
	f.Add(base(f, "citizen.wire"), 64)
	f.Fuzz(func(t *testing.T, stream []byte, n int) {
		var s splitter
		for rest := stream; len(rest) > 0; {
			k := min(max(n, 1), len(rest))
			s.push(rest[:k])
			rest = rest[k:]
			for r, ok := s.next(); ok; r, ok = s.next() {
				frame := append([]byte{0, 0, byte(r.sw)}, r.data...)
				if !bytes.Contains(stream, frame[2:]) {
					t.Fatalf("a frame that is not in the stream: % X", frame)
				}
			}
		}
		if len(s.buf) > headLen+maxLen {
			t.Fatalf("%d bytes are kept", len(s.buf))
		}
	})
}

func FuzzCard(f *testing.F) {
	for _, g := range golden {
		b := base(f, g.file)
		f.Add(b[10 : len(b)-1])
	}
	for _, n := range []int{0, 512, 1024} {
		b := prints(f, n)
		f.Add(b[10 : len(b)-1])
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := parseBase(data)
		if err != nil {
			c, err = parsePrints(data)
		}
		if err != nil {
			return
		}
		if len(c.Photo) != photoLen || c.Kind == "" || c.LongTerm && c.ValidTo != "" {
			t.Errorf("card %+v", c)
		}
	})
}
