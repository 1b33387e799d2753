package policy

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// Shown is a document as a resident saw it: every variable filled, in one language.
type Shown struct {
	ID         string
	Version    string
	Lang       string
	Title      string
	Paragraphs []string
}

// DocumentDigest fills a document's variables and gives what is shown with its digest, "sha256:" and hex, so
// that a signature binds to exactly the words on the screen. The digest is over id, version, language, title
// and paragraphs, each ended by a line feed, after line feeds within them became spaces.
func DocumentDigest(d *Document, lang string, vars map[string]string) (Shown, string) {
	s := Shown{ID: d.ID, Version: d.Version, Lang: lang, Title: Fill(d.Title.In(lang), vars)}
	for _, p := range d.Paragraphs {
		s.Paragraphs = append(s.Paragraphs, Fill(p.In(lang), vars))
	}
	return s, s.Digest()
}

// Digest is DocumentDigest's second result, worked from the words shown.
func (s Shown) Digest() string {
	h := sha256.New()
	for _, line := range append([]string{s.ID, s.Version, s.Lang, s.Title}, s.Paragraphs...) {
		h.Write([]byte(strings.ReplaceAll(line, "\n", " ") + "\n"))
	}
	return "sha256:" + hex.EncodeToString(h.Sum(nil))
}
