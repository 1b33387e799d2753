package scanner

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"yimen/drivers/device"
)

// codeLimit bounds a code: no QR code holds more (firmware-notes/qr-engine "Code on the wire").
const codeLimit = 7089

// heard is what came from the engine and was not taken yet, in pieces of any size.
type heard struct{ buf []byte }

func (h *heard) push(b []byte) { h.buf = append(h.buf, b...) }

func (h *heard) clear() { h.buf = h.buf[:0] }

// answer takes a command's answer away, with whatever came before it, and tells whether it is there.
func (h *heard) answer(want []byte) bool {
	i := bytes.Index(h.buf, want)
	if i < 0 {
		return false
	}
	h.buf = h.buf[i+len(want):]
	return true
}

// tooMuch tells that what came cannot be a code any more.
func (h *heard) tooMuch() bool { return len(h.buf) > codeLimit+len("\r\n") }

// ended tells whether the last that came ends a code, if nothing follows: a code may hold line ends of its own.
func (h *heard) ended() bool {
	return bytes.HasSuffix(h.buf, []byte{'\r'}) || bytes.HasSuffix(h.buf, []byte{'\n'})
}

// code takes all that came for one code, without the engine's line end. It is empty where nothing but that came. The error
// wraps device.ErrInvalidMedia.
func (h *heard) code() (device.Personal, error) {
	b := h.buf
	h.buf = nil
	b = bytes.TrimSuffix(b, []byte{'\n'})
	b = bytes.TrimSuffix(b, []byte{'\r'})
	if len(b) > codeLimit {
		return "", fmt.Errorf("%d bytes are no code: %w", len(b), device.ErrInvalidMedia)
	}
	text, ok := decode(b)
	if !ok {
		return "", fmt.Errorf("code of %d bytes is no text: %w", len(b), device.ErrInvalidMedia)
	}
	return device.Personal(text), nil
}

// decode reads UTF-8, and as GBK what is none (firmware-notes/qr-engine "Code on the wire").
func decode(b []byte) (text string, ok bool) {
	text = string(b)
	if !utf8.ValidString(text) {
		t, err := simplifiedchinese.GBK.NewDecoder().Bytes(b)
		if err != nil {
			return "", false
		}
		text = string(t)
	}
	return text, !strings.ContainsFunc(text, noise)
}

// noise tells what no code for people holds: bytes that mean nothing, and control characters but tab and line ends. GS, RS
// and EOT stand between the fields of industrial and card codes.
func noise(r rune) bool {
	switch r {
	case '\t', '\r', '\n', 0x04, 0x1D, 0x1E:
		return false
	}
	return r < 0x20 || r >= 0x7F && r < 0xA0 || r == utf8.RuneError
}
