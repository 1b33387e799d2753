package doccam

import (
	"cmp"
	"fmt"
	"math"
	"strconv"
	"strings"

	"yimen/drivers/pageimage"
	firmwarenotes "yimen/firmware-notes"
)

// note is the folder of firmware-notes.
const note = "doccam"

// standard is the model of which nothing is known; what others leave out is as in its file.
const standard = "standard"

// Model is what is known of one model of document camera (firmware-notes/doccam "Models").
type Model struct {
	Camera string           // what it is asked for: a model of camera.LookUp
	Limits pageimage.Limits // what its pages must reach, and its bed
}

// LookUp gives the model so named, the empty name being standard. The error of an unknown name lists those that are known;
// that of a file that is wrong names it, the line and the key.
func LookUp(name string) (Model, error) {
	var f modelFile
	for _, one := range []string{standard, cmp.Or(name, standard)} {
		if err := firmwarenotes.Model(note, one, &f); err != nil {
			return Model{}, err
		}
	}
	m := Model{Camera: f.Camera, Limits: f.Page}
	m.Limits.Bed, _ = parseBed(f.Bed) // checked
	return m, nil
}

// Models are the names that LookUp knows.
func Models() []string { return firmwarenotes.Models(note) }

// modelFile is one file of firmware-notes/doccam/models.
type modelFile struct {
	Camera string           `yaml:"camera"`
	Bed    string           `yaml:"bed"`
	Page   pageimage.Limits `yaml:"page"`
}

// Check finds what cannot be meant.
func (f *modelFile) Check() (key string, err error) {
	if _, err := parseBed(f.Bed); err != nil {
		return "bed", err
	}
	for _, of := range []struct {
		key         string
		value, most float64
	}{
		{"certainty", f.Page.Certainty, 1}, {"light", f.Page.Light, 255}, {"evenness", f.Page.Evenness, 1}, {"glare", f.Page.Glare, 1},
		{"spread", f.Page.Spread, 1}, {"ink", f.Page.Ink, 1}, {"covered", f.Page.Covered, 100}, {"skew", f.Page.Skew, 90}, {"resolution", f.Page.Resolution, 1200},
	} {
		if !(of.value >= 0 && of.value <= of.most) {
			return "page." + of.key, fmt.Errorf("%g is not from 0 to %g", of.value, of.most)
		}
	}
	return "", nil
}

// parseBed reads a size in millimetres such as 320x240; the empty one is no bed.
func parseBed(s string) (pageimage.Paper, error) {
	if s == "" {
		return pageimage.Paper{}, nil
	}
	across, down, _ := strings.Cut(s, "x")
	w, badWidth := strconv.ParseFloat(across, 64)
	h, badHeight := strconv.ParseFloat(down, 64)
	if badWidth != nil || badHeight != nil || !(w >= 50 && h >= 50 && math.Max(w, h) <= 2000) {
		return pageimage.Paper{}, fmt.Errorf("%q is no size in millimetres such as 320x240", s)
	}
	return pageimage.Paper{Width: w, Height: h}, nil
}
