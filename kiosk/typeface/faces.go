// Package typeface knows which font draws a character, and gives its outline, its dots on thermal paper, or a
// TrueType font made of the characters that a document uses. Rare characters of names are included: what the
// Noto fonts lack comes from HanaMin, which covers GB 18030-2022 level 3 whole (facts/text-and-voice.md, Fonts).
//
// A character that no font draws never passes silently: it is drawn as a crossed box, as wide as a Chinese
// character, and Missing names it. A slip with one box is of more use to a resident than no slip.
package typeface

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"sync"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/sys/unix"
)

// Config says where the fonts lie. An empty path means where Debian puts it.
type Config struct {
	Sans      string `yaml:"sans"`      // Noto Sans CJK collection
	SansBold  string `yaml:"sansBold"`  // the same in bold
	Serif     string `yaml:"serif"`     // Noto Serif CJK collection
	SerifBold string `yaml:"serifBold"` // the same in bold
	HanaMinA  string `yaml:"hanaMinA"`
	HanaMinB  string `yaml:"hanaMinB"`
}

// Style is a way of writing.
type Style int

const (
	Sans Style = iota
	SansBold
	Serif // what an office expects of printed text (宋体)
	SerifBold
	Thermal // Latin letters exactly half as wide as Chinese characters, as on a receipt printer
	ThermalBold
	styles
)

// source is a font file: what it holds, the Debian package it comes from, and the fonts taken out of it.
type source struct {
	path, debian string
	faces        []string // full names in a collection; nil where the file is one font
}

func sources(c Config) []source {
	or := func(path, usual string) string {
		if path == "" {
			return usual
		}
		return path
	}
	const noto = "/usr/share/fonts/opentype/noto/"
	const hana = "/usr/share/fonts/truetype/hanazono/"
	return []source{
		{or(c.Sans, noto+"NotoSansCJK-Regular.ttc"), "fonts-noto-cjk", []string{"Noto Sans CJK SC", "Noto Sans Mono CJK SC"}},
		{or(c.SansBold, noto+"NotoSansCJK-Bold.ttc"), "fonts-noto-cjk", []string{"Noto Sans CJK SC Bold", "Noto Sans Mono CJK SC Bold"}},
		{or(c.Serif, noto+"NotoSerifCJK-Regular.ttc"), "fonts-noto-cjk", []string{"Noto Serif CJK SC"}},
		{or(c.SerifBold, noto+"NotoSerifCJK-Bold.ttc"), "fonts-noto-cjk", []string{"Noto Serif CJK SC Bold"}},
		{or(c.HanaMinA, hana+"HanaMinA.ttf"), "fonts-hanazono", nil},
		{or(c.HanaMinB, hana+"HanaMinB.ttf"), "fonts-hanazono", nil},
	}
}

// face is one font of a chain. A fallback has hairlines that thin paper loses.
type face struct {
	font     *sfnt.Font
	name     string
	fallback bool
}

// Faces are the opened fonts. They are mapped, so that only the parts which are needed come into memory and no
// call goes to the kernel for a glyph. They may be used by several goroutines at once. Close when done.
type Faces struct {
	chains [styles][]face
	mapped [][]byte
	dots   dotCache
}

// Load opens the fonts. Its error names every font that is missing and the Debian package that has it.
func Load(c Config) (*Faces, error) {
	f := &Faces{dots: dotCache{glyphs: map[dotKey]dotGlyph{}}}
	var found []face
	var problems []error
	for _, s := range sources(c) {
		faces, err := f.open(s)
		if err != nil {
			problems = append(problems, err)
		}
		found = append(found, faces...)
	}
	if len(problems) > 0 {
		_ = f.Close()
		return nil, errors.Join(problems...)
	}
	sans, mono, sansBold, monoBold, serif, serifBold := found[0], found[1], found[2], found[3], found[4], found[5]
	rare := found[6:]
	for i := range rare {
		rare[i].fallback = true
	}
	for style, chain := range map[Style][]face{
		Sans: {sans}, SansBold: {sansBold, sans}, Serif: {serif, sans}, SerifBold: {serifBold, serif, sans},
		Thermal: {mono}, ThermalBold: {monoBold, mono},
	} {
		f.chains[style] = append(chain, rare...)
	}
	return f, nil
}

func (f *Faces) open(s source) ([]face, error) {
	data, err := mapFile(s.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("font %s is missing: install the Debian package %s", s.path, s.debian)
	}
	if err != nil {
		return nil, fmt.Errorf("open font: %w", err)
	}
	f.mapped = append(f.mapped, data)
	if s.faces == nil {
		font, err := sfnt.Parse(data)
		if err != nil {
			return nil, fmt.Errorf("font %s: %w", s.path, err)
		}
		return []face{{font: font, name: s.path}}, nil
	}
	collection, err := sfnt.ParseCollection(data)
	if err != nil {
		return nil, fmt.Errorf("font %s: %w", s.path, err)
	}
	faces := make([]face, len(s.faces))
	for i, name := range s.faces {
		if faces[i], err = pick(collection, name); err != nil {
			return nil, fmt.Errorf("font %s: %w", s.path, err)
		}
	}
	return faces, nil
}

// mapFile maps a file for reading.
func mapFile(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if info.Size() == 0 || info.Size() > maxFont {
		return nil, fmt.Errorf("%s: %d bytes are no font", path, info.Size())
	}
	data, err := unix.Mmap(int(file.Fd()), 0, int(info.Size()), unix.PROT_READ, unix.MAP_PRIVATE)
	if err != nil {
		return nil, fmt.Errorf("map %s: %w", path, err)
	}
	return data, nil
}

// maxFont is far above any font: 256 MiB.
const maxFont = 256 << 20

// pick finds a font of a collection by its full name: the order within a collection is its maker's affair.
func pick(c *sfnt.Collection, name string) (face, error) {
	var buf sfnt.Buffer
	for i := range c.NumFonts() {
		font, err := c.Font(i)
		if err != nil {
			return face{}, err
		}
		if full, err := font.Name(&buf, sfnt.NameIDFull); err == nil && strings.TrimSuffix(full, " Regular") == name {
			return face{font: font, name: name}, nil
		}
	}
	return face{}, fmt.Errorf("%q is not in it", name)
}

// Close lets go of the fonts. Nothing else of f may be used afterwards.
func (f *Faces) Close() error {
	var problems []error
	for _, data := range f.mapped {
		problems = append(problems, unix.Munmap(data))
	}
	f.mapped = nil
	return errors.Join(problems...)
}

// find gives the first font of the style's chain that draws r.
func (f *Faces) find(buf *sfnt.Buffer, s Style, r rune) (face, sfnt.GlyphIndex, bool) {
	for _, face := range f.chains[s] {
		if i, err := face.font.GlyphIndex(buf, r); err == nil && i != 0 {
			return face, i, true
		}
	}
	return face{}, 0, false
}

// Missing lists the characters of text that no font draws, each once, in order.
func (f *Faces) Missing(s Style, text string) []rune {
	var buf sfnt.Buffer
	var missing []rune
	seen := map[rune]bool{}
	for _, r := range text {
		if seen[r] {
			continue
		}
		seen[r] = true
		if _, _, ok := f.find(&buf, s, r); !ok && !silent(r) {
			missing = append(missing, r)
		}
	}
	return missing
}

// silent tells the characters that only say how their neighbours are drawn: joiners, and the selectors of variants
// that names may carry (the variant itself is not looked up: the usual form is drawn).
func silent(r rune) bool {
	return r >= 0x200B && r <= 0x200F || r == 0xFEFF || r >= 0xFE00 && r <= 0xFE0F || r >= 0xE0100 && r <= 0xE01EF
}

// buffers lends sfnt.Buffers: the fonts may be read concurrently, a Buffer may not.
var buffers = sync.Pool{New: func() any { return new(sfnt.Buffer) }}
