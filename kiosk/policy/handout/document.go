// Package handout is what a resident is handed by a pack: texts shown in full, and the rows of slips.
package handout

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"yimen/kiosk/policy/wording"
)

// Document is a text shown in full: privacy notice, 诚信承诺书, 核对授权书. Its digest over the shown words
// is what a signature binds to.
type Document struct {
	ID         string           `yaml:"id"`
	Version    string           `yaml:"version"`
	Title      wording.Text     `yaml:"title"`
	Paragraphs []wording.Text   `yaml:"paragraphs"`
	Signed     bool             `yaml:"signed"`
	Material   string           `yaml:"material"` // code of the material that it is once it is signed; empty for none
	Citation   wording.Citation `yaml:"citation"`
}

// Shown is a document as a resident saw it: every variable filled, in one language.
type Shown struct {
	ID         string
	Version    string
	Lang       string
	Title      string
	Paragraphs []string
}

// Show fills a document's variables and gives what is shown with its digest, "sha256:" and hex, so
// that a signature binds to exactly the words on the screen. The digest is over id, version, language, title
// and paragraphs, each ended by a line feed, after line feeds within them became spaces.
func (d *Document) Show(lang string, vars map[string]string) (Shown, string) {
	s := Shown{ID: d.ID, Version: d.Version, Lang: lang, Title: wording.Fill(d.Title.In(lang), vars)}
	for _, p := range d.Paragraphs {
		s.Paragraphs = append(s.Paragraphs, wording.Fill(p.In(lang), vars))
	}
	return s, s.Digest()
}

// Digest is Show's second result, worked from the words shown.
func (s Shown) Digest() string {
	h := sha256.New()
	for _, line := range append([]string{s.ID, s.Version, s.Lang, s.Title}, s.Paragraphs...) {
		h.Write([]byte(strings.ReplaceAll(line, "\n", " ") + "\n"))
	}
	return "sha256:" + hex.EncodeToString(h.Sum(nil))
}
