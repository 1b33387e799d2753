package pageimage

import (
	"image"
	"slices"

	"yimen/drivers/device"
)

const (
	patches  = 8    // of a page, each way; in each the paper is taken for evenly lit
	samples  = 6    // of a patch, each way
	rimless  = 0.04 // of the page along its edges, where the bed may show
	night    = 0.5  // of the least light: where nothing in a picture is lighter, nothing can be found for darkness
	lightest = 0.99 // of a picture's places are darker than what counts as its lightest
)

// paperLight is the luma of a page's bare paper, 0 to 255, from few samples: enough for a live picture.
func paperLight(img *image.YCbCr, quad device.Quad) float64 {
	corners, err := pixels(quad, img.Rect)
	if err != nil {
		return 0
	}
	const across = patches * samples
	toFrame, err := homography(corners, image.Pt(across, across))
	if err != nil {
		return 0
	}
	var patch [patches * patches][]byte
	for y := range across {
		for x := range across {
			px, py := (float64(x)+0.5)*(1-2*rimless)+rimless*across, (float64(y)+0.5)*(1-2*rimless)+rimless*across
			z := 1 / (toFrame[6]*px + toFrame[7]*py + toFrame[8])
			u, v := int((toFrame[0]*px+toFrame[1]*py+toFrame[2])*z), int((toFrame[3]*px+toFrame[4]*py+toFrame[5])*z)
			if image.Pt(u, v).In(img.Rect) {
				i := y/samples*patches + x/samples
				patch[i] = append(patch[i], img.Y[v*img.YStride+u])
			}
		}
	}
	var paper []byte
	for _, p := range patch {
		if len(p) > 0 {
			slices.Sort(p)
			paper = append(paper, p[len(p)*9/10])
		}
	}
	if len(paper) == 0 {
		return 0
	}
	slices.Sort(paper)
	return float64(paper[len(paper)/2])
}

// pitch tells whether a picture is so dark that no page could be seen in it. least is the least light of a page.
func pitch(img *image.YCbCr, least float64) bool {
	darker, all := 0, 0
	for y := 0; y < img.Rect.Dy(); y += 4 {
		for _, v := range img.Y[y*img.YStride:][:img.Rect.Dx()] {
			if float64(v) < night*least {
				darker++
			}
			all++
		}
	}
	return all > 0 && float64(darker) >= lightest*float64(all)
}
