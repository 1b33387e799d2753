package pageimage

import (
	"yimen/drivers/device"
)

// Flaw is one thing that keeps a picture of a page from being good, named for what can be done about it.
type Flaw string

// The flaws, in the order in which a person would put them right.
const (
	NoPage   Flaw = "no_page"   // nothing in the picture looks like a page
	Unsure   Flaw = "unsure"    // something does, but its corners may be wrong: let them be dragged
	TwoPages Flaw = "two_pages" // more than one sheet lies there
	CutOff   Flaw = "cut_off"   // a corner or an edge lies outside the picture
	Covered  Flaw = "covered"   // a finger or a thing lies over an edge
	Moving   Flaw = "moving"    // the page was not still
	Dark     Flaw = "dark"      // too little light to read by
	Bright   Flaw = "bright"    // so much that the paper has no tones left
	Glare    Flaw = "glare"     // a lamp's reflection hides a part
	Shadow   Flaw = "shadow"    // one part is much darker than another
	Blurred  Flaw = "blurred"   // out of focus, or moved while the shutter was open
	Coarse   Flaw = "coarse"    // fewer dots to the inch than an archive takes (DA/T 31-2017)
	Askew    Flaw = "askew"     // seen from so far aside that lines run together
	Empty    Flaw = "empty"     // nothing is written on it
)

// Scores are what was measured, kept with the page so that limits can be set from experience. A score that could not
// be measured is 0, as is all of a picture without a page.
type Scores struct {
	Certainty  float64 `json:"certainty"`  // of the corners, 0 to 1
	Light      float64 `json:"light"`      // luma of the bare paper, 0 to 255
	Evenness   float64 `json:"evenness"`   // luma of the darkest part of the paper over that of the brightest, 0 to 1
	Glare      float64 `json:"glare"`      // part of the page without any tone left, 0 to 1
	Spread     float64 `json:"spread"`     // how far an edge of ink is smeared: standard deviation in millimetres, of 210 mm across where the paper is not known
	Ink        float64 `json:"ink"`        // part of the page that is written on, 0 to 1
	Covered    float64 `json:"covered"`    // longest part of an edge that something lies over, millimetres; as if A4 where the paper is not known
	Skew       float64 `json:"skew"`       // largest departure of a corner from a right angle, in degrees
	Resolution float64 `json:"resolution"` // dots to the inch, where the paper is known
}

// Limits are the scores that a camera's pages must reach. They are data of a device's model, for what a lens can do
// differs.
type Limits struct {
	Certainty  float64 `yaml:"certainty"`  // at least
	Light      float64 `yaml:"light"`      // at least
	Evenness   float64 `yaml:"evenness"`   // at least
	Glare      float64 `yaml:"glare"`      // at most
	Spread     float64 `yaml:"spread"`     // at most
	Ink        float64 `yaml:"ink"`        // at least
	Covered    float64 `yaml:"covered"`    // at most
	Skew       float64 `yaml:"skew"`       // at most
	Resolution float64 `yaml:"resolution"` // at least

	Bed Paper `yaml:"-"` // what the picture shows of the bed, in millimetres; zero where the camera can be moved
}

// DefaultLimits are for a camera of which nothing is known.
var DefaultLimits = Limits{Certainty: 0.6, Light: 85, Evenness: 0.58, Glare: 0.004, Spread: 0.15, Ink: 0.003, Covered: 4.5, Skew: 20, Resolution: 196}

// Sight is what was seen in one picture.
type Sight struct {
	Quad   device.Quad // the page's corners in parts of the picture, clockwise from its top left as it lies; zero where NoPage
	Paper  Paper       // what the page seems to be; zero where its shape tells nothing
	Flaws  []Flaw      // none: good enough to keep
	Scores Scores
}

// Good reports whether the picture is good enough to keep.
func (s Sight) Good() bool { return len(s.Flaws) == 0 }

// Sure reports whether the corners may be used without a person having looked at them.
func (s Sight) Sure() bool {
	for _, f := range s.Flaws {
		if f == NoPage || f == Unsure {
			return false
		}
	}
	return true
}
