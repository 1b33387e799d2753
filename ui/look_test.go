package ui

import (
	"os"
	"strings"

	"yimen/kiosk/journey/view"
)

// face is one of the ways in which a screen can look.
type face struct {
	panel panel
	look  view.Look
	lang  string
}

// name tells faces apart in messages and in the names of pictures.
func (f face) name() string {
	return strings.Join([]string{f.panel.name, string(f.look.Size), string(f.look.Contrast), f.lang}, "-")
}

// faces lists all: 2 panels, 4 sizes, 3 contrasts and 2 languages, panel by panel.
func faces() []face {
	var all []face
	for _, p := range panels() {
		for _, size := range view.Sizes() {
			for _, contrast := range view.Contrasts() {
				for _, lang := range []string{"zh-CN", "en"} {
					all = append(all, face{p, view.Look{Size: size, Contrast: contrast}, lang})
				}
			}
		}
	}
	return all
}

// pairs are faces in which every two values of panel, size, contrast and language meet. Twelve are needed for the sizes
// and contrasts alone, and are enough.
func pairs() []face {
	sizes, contrasts, langs := view.Sizes(), view.Contrasts(), []string{"zh-CN", "en"}
	var all []face
	for i, size := range sizes {
		for j, contrast := range contrasts {
			all = append(all, face{panels()[(i+j)%2], view.Look{Size: size, Contrast: contrast}, langs[(i+j/2+i/2)%2]})
		}
	}
	return all
}

// seen are the faces in which the test looks at the sample of this number: both panels in the usual look and one of the
// pairs, all of them in a soak. Before a visit nobody has chosen anything.
func seen(number int, v view.View) []face {
	if os.Getenv("YIMEN_SOAK") == "" {
		some := []face{{panels()[0], view.Usual(), "zh-CN"}, {panels()[1], view.Usual(), "zh-CN"}}
		if v.Visit == "" {
			return some
		}
		return append(some, pairs()[number%len(pairs())])
	}
	if v.Visit != "" {
		return faces()
	}
	var some []face
	for _, f := range faces() {
		if f.look == view.Usual() {
			some = append(some, f)
		}
	}
	return some
}
