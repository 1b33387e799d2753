package device

// Slip is what a printer is asked to put on paper, top to bottom. Rows are laid out by the printer, which
// knows its own width; a row that does not fit is broken between characters, never cut off.
type Slip struct {
	Rows []Row
}

// Row is one of Text, Columns, Rule, QR, Feed: a closed set.
type Row interface{ row() }

// Align of a Text row.
type Align int

const (
	Left Align = iota
	Centre
	Right
)

// Text is a paragraph.
type Text struct {
	Text  string
	Align Align
	Size  int // 1 normal (24 dots high), 2 double, 3 triple
	Bold  bool
}

// Columns puts Left and Right at the two edges of one line; Right moves to a line of its own when both do not fit.
type Columns struct {
	Left, Right string
	Bold        bool
}

// Rule is a thin line across the paper.
type Rule struct{}

// QR is a code, centred, holding Data; Data never holds personal data.
type QR struct {
	Data string
	Dots int // wanted width in dots; the printer takes the nearest it can
}

// Feed leaves Lines empty lines.
type Feed struct{ Lines int }

func (Text) row()    {}
func (Columns) row() {}
func (Rule) row()    {}
func (QR) row()      {}
func (Feed) row()    {}

// Printed is what a printer said of a job. The zero value claims nothing.
type Printed struct {
	Confirmed bool  // the printer answered that the whole job is on paper
	Paper     Paper // supply as last seen
}

// Bitmap is a black-and-white picture for thermal paper: rows top to bottom, each padded to whole bytes,
// most significant bit left, 1 is black.
type Bitmap struct {
	Width, Height int // dots
	Bits          []byte
}

// Stride is the number of bytes in a row.
func (b Bitmap) Stride() int { return (b.Width + 7) / 8 }
