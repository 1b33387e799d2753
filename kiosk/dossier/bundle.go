package dossier

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/emmansun/gmsm/sm3"

	"yimen/drivers/device"
)

const mediaJSON = "application/json"

// Bundle gathers the bodies of what goes up, each with its line in the manifest. The zero Bundle is empty; body 0 stays
// free for the manifest, which Close writes. Letters (kiosk/letter) are bundled as dossiers are.
type Bundle struct {
	Parts  []Part
	bodies [][]byte // of Parts, in their order
}

// Add appends a body and its line in the manifest, and gives that line with number, size and digest.
func (b *Bundle) Add(p Part, body []byte) Part {
	b.bodies = append(b.bodies, body)
	p.No, p.Size, p.Digest = len(b.bodies), len(body), digest(body)
	b.Parts = append(b.Parts, p)
	return p
}

// AddJSON appends a record for programs. It fails where v cannot be written as JSON.
func (b *Bundle) AddJSON(name, title string, v any) error {
	body, err := encode(v)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	b.Add(Part{Name: name, MediaType: mediaJSON, Title: title}, body)
	return nil
}

// AddSignature appends a signed text with its strokes, or one that is yet to be signed, and gives what the manifest binds it
// by (P23).
func (b *Bundle) AddSignature(s Signature) (Bound, error) {
	body, err := encode(signedOf(s))
	if err != nil {
		return Bound{}, fmt.Errorf("signature under %s: %w", s.Document, err)
	}
	p := b.Add(Part{Name: "signatures/" + s.Document + ".json", MediaType: mediaJSON, Title: s.Title}, body)
	bound := Bound{Document: s.Document, Version: s.Version, ShownDigest: s.ShownDigest, Part: p.No, PartDigest: p.Digest, Later: s.Later}
	if !s.Later {
		bound.SignedAt = s.At.Truncate(time.Second)
	}
	return bound, nil
}

// AddPages appends the pictures: all straightened pages in the order they were taken, then the frames they were cut
// from. titles words a page's title and its frame's.
func (b *Bundle) AddPages(pages []Page, titles func(Page) (page, frame string)) {
	for i, p := range pages {
		title, _ := titles(p)
		b.Add(Part{
			Name: fmt.Sprintf("pages/%02d-%s-%d.jpg", i+1, p.Material, p.No), MediaType: "image/jpeg", Title: title,
			Scan: &Scan{Material: p.Material, Page: p.No, Of: "page", DPI: p.DPI, TakenAt: p.TakenAt.Truncate(time.Second), Device: string(p.Device), WayUp: p.WayUp, Upright: p.Upright, Verdict: verdictOf(p)},
		}, p.Derived)
	}
	for i, p := range pages {
		_, title := titles(p)
		corners := p.Quad
		b.Add(Part{
			Name: fmt.Sprintf("frames/%02d-%s-%d.jpg", i+1, p.Material, p.No), MediaType: "image/jpeg", Title: title,
			Scan: &Scan{Material: p.Material, Page: p.No, Of: "frame", Corners: &corners, TakenAt: p.TakenAt.Truncate(time.Second), Device: string(p.Device)},
		}, p.Original)
	}
}

// Close gives all bodies, the manifest first; the caller has put Parts into it.
func (b *Bundle) Close(manifest any) ([][]byte, error) {
	first, err := encode(manifest)
	if err != nil {
		return nil, fmt.Errorf("manifest: %w", err)
	}
	return append([][]byte{first}, b.bodies...), nil
}

func verdictOf(p Page) *Verdict {
	flaws := p.Flaws
	if flaws == nil {
		flaws = []device.Flaw{}
	}
	return &Verdict{Check: p.Check, Flaws: flaws, Shots: p.Shots, Scores: p.Scores, Limits: p.Limits}
}

func digest(b []byte) string {
	sum := sm3.Sum(b)
	return "sm3:" + hex.EncodeToString(sum[:])
}

// encode writes JSON as this package does everywhere: indented, for people; characters as they are; ended by a line feed.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		return nil, fmt.Errorf("encode: %w", err)
	}
	return b.Bytes(), nil
}
