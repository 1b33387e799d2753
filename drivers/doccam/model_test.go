package doccam

import (
	"reflect"
	"strings"
	"testing"

	"yimen/drivers/camera"
	"yimen/drivers/pageimage"
)

func TestModelsCanBeUsed(t *testing.T) {
	if len(Models()) < 3 {
		t.Errorf("models %v", Models())
	}
	for _, name := range append(Models(), "") {
		m, err := LookUp(name)
		if err != nil || m.Limits.Light == 0 || m.Limits.Resolution == 0 {
			t.Errorf("%q: %+v, %v", name, m, err)
		}
		if _, err := camera.LookUp(m.Camera); err != nil {
			t.Errorf("%q: camera: %v", name, err)
		}
	}
	if _, err := LookUp("lens"); err == nil || !strings.Contains(err.Error(), "standard") {
		t.Errorf("an unknown model: %v", err)
	}
}

// TestEveryCameraThatIsKnownCanBeADocumentCamera: doccam.model could not name it otherwise.
func TestEveryCameraThatIsKnownCanBeADocumentCamera(t *testing.T) {
	used := map[string]bool{}
	for _, name := range Models() {
		m, err := LookUp(name)
		if err != nil {
			t.Fatal(err)
		}
		used[m.Camera] = true
	}
	for _, name := range camera.Models() {
		if !used[name] {
			t.Errorf("no model of firmware-notes/doccam is asked for as %s is", name)
		}
	}
}

// TestTheStandardModelIsWhatTheExamWasTakenWith: the limits that were examined are those that are used.
func TestTheStandardModelIsWhatTheExamWasTakenWith(t *testing.T) {
	m, err := LookUp("")
	if err != nil || m.Limits != pageimage.DefaultLimits {
		t.Errorf("%+v, %v; examined were %+v", m.Limits, err, pageimage.DefaultLimits)
	}
}

// TestWhatAModelLeavesOutIsAsInTheStandard, and what it says is its own.
func TestWhatAModelLeavesOutIsAsInTheStandard(t *testing.T) {
	m, err := LookUp("nantian-8913")
	if err != nil {
		t.Fatal(err)
	}
	want := pageimage.DefaultLimits
	want.Spread = m.Limits.Spread
	if m.Limits != want || m.Limits.Spread == pageimage.DefaultLimits.Spread || m.Camera != "nantian-8913" {
		t.Errorf("%+v", m)
	}
	if m, err = LookUp("fixed-a4"); err != nil || m.Limits.Bed != (pageimage.Paper{Width: 320, Height: 240}) {
		t.Errorf("%+v, %v", m.Limits.Bed, err)
	}
}

func TestEveryLimitIsCheckedAndNamed(t *testing.T) {
	whole := modelFile{Page: pageimage.DefaultLimits}
	page := reflect.TypeOf(whole.Page)
	for i := range page.NumField() {
		f := whole
		field := reflect.ValueOf(&f.Page).Elem().Field(i)
		if field.Kind() != reflect.Float64 {
			continue
		}
		field.SetFloat(-1)
		if key, err := f.Check(); err == nil || key != "page."+page.Field(i).Tag.Get("yaml") {
			t.Errorf("%s of -1: %q, %v", page.Field(i).Name, key, err)
		}
	}
	for _, bed := range []string{"320", "320x", "axb", "320x240x2", "1x1", "1e9x240", "NaNxNaN", "-320x240"} {
		if key, err := (&modelFile{Bed: bed}).Check(); err == nil || key != "bed" {
			t.Errorf("bed %q: %q, %v", bed, key, err)
		}
	}
}
