package ui

import (
	"os"
	"slices"
	"strings"
	"testing"

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
// pairs, all of them in a soak.
func seen(number int, v view.View) []face {
	if os.Getenv("YIMEN_SOAK") != "" {
		return possible(faces(), v)
	}
	langs := []string{"zh-CN", "en"}
	some := []face{{panels()[0], view.Usual(), langs[number%2]}, {panels()[1], view.Usual(), langs[(number+1)%2]}}
	return append(some, possible(pairs()[number%len(pairs()):][:1], v)...)
}

// turns is one face for the sample of this number, all of them in a soak.
func turns(number int, v view.View) []face {
	if os.Getenv("YIMEN_SOAK") != "" {
		return possible(faces(), v)
	}
	if some := possible(pairs()[number%len(pairs()):][:1], v); len(some) > 0 {
		return some
	}
	return []face{{panels()[number%2], view.Usual(), "zh-CN"}}
}

// possible leaves out what cannot be seen: before a visit nobody has chosen a look.
func possible(of []face, v view.View) []face {
	return slices.DeleteFunc(of, func(f face) bool { return v.Visit == "" && f.look != view.Usual() })
}

// TestEveryTwoValuesMeetInThePairs holds the sample of the forms to what it promises.
func TestEveryTwoValuesMeetInThePairs(t *testing.T) {
	met := map[[2]string]bool{}
	for _, f := range pairs() {
		values := strings.Split(strings.ReplaceAll(strings.ReplaceAll(f.name(), "-on-", "+on+"), "zh-", "zh+"), "-")
		for _, a := range values {
			for _, b := range values {
				met[[2]string{a, b}] = true
			}
		}
	}
	kinds := [][]string{{"portrait", "landscape"}, {"s", "m", "l", "xl"}, {"colour", "black+on+white", "white+on+black"}, {"zh+CN", "en"}}
	for i, one := range kinds {
		for _, other := range kinds[i+1:] {
			for _, a := range one {
				for _, b := range other {
					if !met[[2]string{a, b}] {
						t.Errorf("%s and %s never meet", a, b)
					}
				}
			}
		}
	}
}
