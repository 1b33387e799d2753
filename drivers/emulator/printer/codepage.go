package printer

import "golang.org/x/text/encoding/charmap"

// codePages are the single-byte tables that ESC t selects and that x/text knows, by their Epson numbers.
// Katakana (1) is kept apart: x/text has no such table.
var codePages = map[byte]*charmap.Charmap{
	0: charmap.CodePage437, 2: charmap.CodePage850, 3: charmap.CodePage860, 4: charmap.CodePage863, 5: charmap.CodePage865,
	16: charmap.Windows1252, 17: charmap.CodePage866, 18: charmap.CodePage852, 19: charmap.CodePage858,
}

const (
	katakanaPage = 1
	// katakanaRules are 80 to 9F of that page: the blocks and rules that hosts draw frames with.
	katakanaRules = "▁▂▃▄▅▆▇█▏▎▍▌▋▊▉┼┴┬┤├▔─│▕┌┐└┘╭╮╰╯"
)

// single is the character of a byte above 7F in a code page; a page that is not known prints getas.
func single(page, b byte) rune {
	if page == katakanaPage {
		switch {
		case b < 0xA0:
			return []rune(katakanaRules)[b-0x80]
		case b > 0xA0 && b < 0xE0:
			return 0xFF61 + rune(b-0xA1)
		}
		return geta
	}
	if t, ok := codePages[page]; ok {
		return t.DecodeByte(b)
	}
	return geta
}
