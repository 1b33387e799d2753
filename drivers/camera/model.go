package camera

import (
	"cmp"
	"fmt"
	"image"
	"slices"
	"strconv"
	"strings"

	"yimen/drivers/camera/v4l2"
	firmwarenotes "yimen/firmware-notes"
)

// note is the folder of firmware-notes.
const note = "uvc"

// Model is what one model of camera is asked for (firmware-notes/uvc "Models").
type Model struct {
	Pixels        v4l2.Pixels    // 0: whichever suits
	Preview, Full image.Point    // at most; 0×0 is the largest there is
	Rate          int            // live pictures a second; 0 leaves it to the camera
	Settle        int            // how many pictures after the start of a stream are not to be kept
	Controls      map[string]int // by V4L2's names, see v4l2.Controls
}

// model is one file of firmware-notes/uvc/models.
type model struct {
	Pixels   string         `yaml:"pixels"`
	Preview  string         `yaml:"preview"`
	Full     string         `yaml:"full"`
	Rate     int            `yaml:"rate"`
	Settle   int            `yaml:"settle"`
	Controls map[string]int `yaml:"controls"`
}

// LookUp gives the Model so named, the empty name being standard. The error of an unknown name lists those that are known.
func LookUp(name string) (Model, error) {
	name = cmp.Or(name, "standard")
	var f model
	if err := firmwarenotes.Model(note, name, &f); err != nil {
		return Model{}, err
	}
	m := Model{Rate: f.Rate, Settle: f.Settle, Controls: f.Controls}
	var err error
	if m.Preview, err = ParseSize(f.Preview); err != nil {
		return Model{}, fmt.Errorf("model %s: preview: %w", name, err)
	}
	if m.Full, err = ParseSize(f.Full); err != nil {
		return Model{}, fmt.Errorf("model %s: full: %w", name, err)
	}
	switch f.Pixels {
	case "":
	case "mjpeg":
		m.Pixels = v4l2.MJPEG
	case "yuyv":
		m.Pixels = v4l2.YUYV
	default:
		return Model{}, fmt.Errorf("model %s: pixels: %q is neither mjpeg nor yuyv", name, f.Pixels)
	}
	for control := range f.Controls {
		if known := v4l2.Controls(); !slices.Contains(known, control) {
			return Model{}, fmt.Errorf("model %s: controls: %q is none of %s", name, control, strings.Join(known, ", "))
		}
	}
	return m, nil
}

// Models are the names that LookUp knows.
func Models() []string { return firmwarenotes.Models(note) }

// ParseSize reads a size such as 1280x960; the empty one is 0×0.
func ParseSize(s string) (image.Point, error) {
	if s == "" {
		return image.Point{}, nil
	}
	across, down, _ := strings.Cut(s, "x")
	width, badWidth := strconv.ParseUint(across, 10, 14)
	height, badHeight := strconv.ParseUint(down, 10, 14)
	if badWidth != nil || badHeight != nil || width < 16 || height < 16 {
		return image.Point{}, fmt.Errorf("%q is no size such as 1280x960", s)
	}
	return image.Pt(int(width), int(height)), nil
}
