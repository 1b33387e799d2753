package main

import (
	"slices"
	"testing"

	"yimen/drivers/device"
	"yimen/drivers/pageimage"
)

// TestEveryFlawThatPagesCanHaveIsWorded: the judge's names are the ones that the screen has sentences for.
func TestEveryFlawThatPagesCanHaveIsWorded(t *testing.T) {
	for _, f := range []pageimage.Flaw{
		pageimage.NoPage, pageimage.Unsure, pageimage.TwoPages, pageimage.CutOff, pageimage.Covered, pageimage.Moving, pageimage.Dark,
		pageimage.Bright, pageimage.Glare, pageimage.Shadow, pageimage.Blurred, pageimage.Coarse, pageimage.Askew, pageimage.Empty,
	} {
		if !slices.Contains(device.Flaws(), device.Flaw(f)) {
			t.Errorf("nobody knows the flaw %s", f)
		}
	}
}

func TestAFrameThatIsNoneIsAnErrorNotAPage(t *testing.T) {
	p := pages{pageimage.DefaultLimits}
	for _, frame := range [][]byte{nil, []byte("no"), []byte("\xff\xd8\xff\xe0 and no more")} {
		if _, err := p.Find(frame); err == nil {
			t.Errorf("found a page in %d bytes", len(frame))
		}
		if _, err := p.Glance(frame); err == nil {
			t.Errorf("glanced at %d bytes", len(frame))
		}
	}
}
