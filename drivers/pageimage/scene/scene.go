// Package scene makes pictures of papers on a desk, as a document camera takes them, and says what is true of them: where
// the corners lie, what is hidden, how blurred and how light the page is. They are what finders of pages are examined
// with. It is for tests only, and shares nothing with the finder; its limits say what a person can still read, not what
// a finder can do.
//
// Lengths are millimetres on desk and paper and pixels in frames, whose edges, not middles, lie on whole numbers.
package scene

import (
	"fmt"
	"image"
	"math/rand/v2"

	"yimen/drivers/jpeg"
	"yimen/drivers/pageimage/scene/paper"
	"yimen/drivers/pageimage/scene/photo"
)

// Seeds of the scenes. Who works on a finder looks at the first and never at the second.
const (
	DevelopmentSeeds = 0         // this one and those after it
	ExamSeeds        = 1_000_000 // this one and the next ExamFrames-1
	ExamFrames       = 1000
)

// Sizes of frames: what document cameras deliver.
var (
	Preview    = image.Pt(1280, 960)
	FiveMega   = image.Pt(2592, 1944)
	EightMega  = image.Pt(3264, 2448)
	ThirteenMP = image.Pt(4160, 3120)
)

// Trouble is what is wrong with a scene.
type Trouble string

// The troubles.
const (
	Nothing Trouble = "nothing"
	Outside Trouble = "corner outside" // of the frame
	Corner  Trouble = "corner covered" // by a hand or a thing
	DogEar  Trouble = "corner folded over"
	Finger  Trouble = "finger on an edge"
	Focus   Trouble = "out of focus"
	Motion  Trouble = "dragged" // while the shutter was open
	Glare   Trouble = "glare"
	Dark    Trouble = "dark"
	Shadow  Trouble = "deep shadow"
	Coarse  Trouble = "too far away"
	Two     Trouble = "two pages"
	NoPage  Trouble = "no page"
	Blank   Trouble = "nothing written"
)

// Troubles are all of them but Nothing.
func Troubles() []Trouble {
	return []Trouble{Outside, Corner, DogEar, Finger, Focus, Motion, Glare, Dark, Shadow, Coarse, Two, NoPage, Blank}
}

// Order says what a scene shall be. The seed decides everything else.
type Order struct {
	Seed    uint64
	Size    image.Point // of the frame in pixels, both even
	Paper   paper.Kind
	State   State
	Ground  Ground
	Trouble Trouble

	Picture int     // which picture of the same scene: only the noise differs
	Nudged  float64 // how far the page was moved since the first one
}

// Deal gives the order of a seed: grounds, papers and troubles take turns, and more than half has no trouble.
func Deal(seed uint64, size image.Point) Order {
	rnd := rand.New(rand.NewPCG(seed, 0xdea1))
	o := Order{Seed: seed, Size: size, Ground: Grounds()[seed%4], State: Flat, Trouble: Nothing}
	o.Paper = []paper.Kind{paper.A4, paper.A5, paper.A4, paper.Booklet, paper.A4, paper.Card, paper.A4, paper.Receipt, paper.A4, paper.Thermal}[seed/4%10]
	switch o.Paper {
	case paper.Booklet:
		o.State = Bound
	case paper.Thermal:
		o.State = []State{Flat, Curled, Curled}[rnd.IntN(3)]
	case paper.A4, paper.A5, paper.Receipt:
		o.State = []State{Flat, Flat, Flat, Folded, Crumpled}[rnd.IntN(5)]
	}
	if rnd.IntN(9) < 4 {
		o.Trouble = Troubles()[rnd.IntN(len(Troubles()))]
	}
	return o
}

// Scene is a picture and what is true of it.
type Scene struct {
	Frame []byte // JPEG
	Truth Truth
	Page  paper.Written // the page as it is, flat, upright and whole; without a picture where there is none
}

// Studio makes scenes. It is not safe for use by several goroutines at once.
type Studio struct{ desk *paper.Desk }

// Open opens a studio. Where a font is missing, the error names the Debian package that has it.
func Open() (*Studio, error) {
	d, err := paper.Open()
	if err != nil {
		return nil, err
	}
	return &Studio{d}, nil
}

// Make makes the scene of an order, always the same for the same order.
func (s *Studio) Make(o Order) (Scene, error) {
	if o.Size.X < 64 || o.Size.Y < 64 || o.Size.X%2+o.Size.Y%2 != 0 {
		return Scene{}, fmt.Errorf("make scene: no frame of %v pixels", o.Size)
	}
	st := arrange(o)
	page, err := s.write(st)
	if err != nil {
		return Scene{}, fmt.Errorf("make scene: %w", err)
	}
	ratio := image.YCbCrSubsampleRatio422 // as most cameras do
	if st.rnd.IntN(4) == 0 {
		ratio = image.YCbCrSubsampleRatio420
	}
	img := photo.Take(&st.camera, st.layers(), &st.light, ratio)
	spread := st.blur(img)
	photo.AddNoise(img, st.noise, st.noise*0.7, rand.New(rand.NewPCG(o.Seed, uint64(o.Picture))))
	frame, err := jpeg.Encode(img, 78+st.rnd.IntN(16), 0)
	if err != nil {
		return Scene{}, fmt.Errorf("make scene: %w", err)
	}
	return Scene{Frame: frame, Truth: st.truth(spread), Page: page}, nil
}

// write has the papers of a stage drawn, with a little more pixels than the camera sees of them.
func (s *Studio) write(st *stage) (paper.Written, error) {
	perMM := 1.08 * st.perMM
	var first paper.Written
	for i, l := range st.leaves() {
		kind := st.order.Paper
		if i > 0 {
			kind = st.secondKind
		}
		w, err := s.desk.Write(kind, st.order.Seed+uint64(i)<<32, perMM, st.order.Trouble == Blank)
		if err != nil {
			return paper.Written{}, err
		}
		l.picture, l.perMM = w.Picture, w.PerMM
		if i == 0 {
			first = w
		}
	}
	return first, nil
}
