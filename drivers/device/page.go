package device

// Flaw is one thing that keeps a picture of a page from being good, named for what can be done about it.
type Flaw string

// The flaws that somebody branches on.
const (
	NoPage   Flaw = "no_page"   // nothing in the picture looks like a page
	Unsure   Flaw = "unsure"    // something does, but its corners may be wrong: let them be dragged
	CutOff   Flaw = "cut_off"   // a corner or an edge lies outside the picture
	Moving   Flaw = "moving"    // the page was not still
	TwoPages Flaw = "two_pages" // more than one sheet lies there
	Dark     Flaw = "dark"      // too little light to read by
	Blurred  Flaw = "blurred"   // out of focus, or moved while the shutter was open
	Coarse   Flaw = "coarse"    // fewer dots to the inch than an archive takes: the camera has no more
)

// Flaws lists every flaw, in the order in which a person would put them right.
func Flaws() []Flaw {
	return []Flaw{
		NoPage, Unsure, TwoPages, CutOff, "covered", Moving, Dark, "bright", "glare", "shadow", Blurred, Coarse, "askew", "empty",
	}
}

// PageScores are what was measured of a page; see the manifest's description for units. A score that could not be
// measured is 0.
type PageScores struct {
	Certainty  float64 `json:"certainty"`  // of the corners, 0 to 1
	Light      float64 `json:"light"`      // luma of the bare paper, 0 to 255
	Evenness   float64 `json:"evenness"`   // luma of the darkest part of the paper over that of the brightest, 0 to 1
	Glare      float64 `json:"glare"`      // part of the page without any tone left, 0 to 1
	Spread     float64 `json:"spread"`     // how far an edge of ink is smeared: standard deviation in millimetres
	Ink        float64 `json:"ink"`        // part of the page that is written on, 0 to 1
	Covered    float64 `json:"covered"`    // longest part of an edge that something lies over, millimetres
	Skew       float64 `json:"skew"`       // largest departure of a corner from a right angle, in degrees
	Resolution float64 `json:"resolution"` // dots to the inch, where the paper is known
}

// PageLimits are the scores by which a page was judged: Glare, Spread, Covered and Skew at most, the others at least.
type PageLimits PageScores

// Sight is what is seen of a page in one picture. No flaws: good enough to keep.
type Sight struct {
	Quad   Quad // the page's corners; zero where there is none
	Flaws  []Flaw
	Scores PageScores
}

// Page is a page cut out of a frame, straightened and judged.
type Page struct {
	JPEG   []byte  // carries its resolution; nil where no page was found
	DPI    float64 // true resolution; 0 where the page's size is not known
	Sight          // what it was cut out by, and judged
	Limits PageLimits

	WayUp   WayUp
	Upright float64 // how sure its writing makes which way up it is, 0 to 1; 0 where nothing tells, or nobody asked it
}

// WayUp says by what a page was turned before it was kept. Its corners begin at its top left as it was turned.
type WayUp string

// The ways in which a page came to lie as it does.
const (
	WayUpWriting WayUp = "writing" // its writing was sure
	WayUpPerson  WayUp = "person"  // someone turned it
	WayUpLaid    WayUp = "as_laid" // nothing was sure, and nobody turned it: it lies as on the bed
)
