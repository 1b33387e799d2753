package paper

import (
	"fmt"
	"os"

	"golang.org/x/image/font/sfnt"
)

// notoSC is the place of the simplified Chinese face in each Noto collection.
const notoSC = 2

// face is one of the ways in which a paper is written.
type face int

const (
	sans face = iota
	bold
	serif
	hand // Kai, shaken: each character a little turned, slanted and off its line
	faces
)

// Desk is where papers are written: fonts and words. It is not safe for use by several goroutines at once.
type Desk struct {
	fonts [faces]*sfnt.Font
	words words
	buf   sfnt.Buffer
}

// Open reads the fonts. Where one is missing, the error names the Debian package that has it.
func Open() (*Desk, error) {
	d := &Desk{words: readWords()}
	for f, at := range map[face]struct{ path, pkg string }{
		sans:  {"/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", "fonts-noto-cjk"},
		bold:  {"/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc", "fonts-noto-cjk"},
		serif: {"/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc", "fonts-noto-cjk"},
		hand:  {"/usr/share/fonts/truetype/arphic-gkai00mp/gkai00mp.ttf", "fonts-arphic-gkai00mp"},
	} {
		b, err := os.ReadFile(at.path)
		if err != nil {
			return nil, fmt.Errorf("open font (Debian package %s): %w", at.pkg, err)
		}
		if d.fonts[f], err = parse(b); err != nil {
			return nil, fmt.Errorf("open font %s: %w", at.path, err)
		}
	}
	return d, nil
}

// parse reads a font, or the simplified Chinese one of a collection.
func parse(b []byte) (*sfnt.Font, error) {
	c, err := sfnt.ParseCollection(b)
	if err != nil {
		return nil, err
	}
	if c.NumFonts() == 1 {
		return c.Font(0)
	}
	return c.Font(notoSC)
}
