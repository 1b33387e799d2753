package ui

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"log/slog"
	"path"
	"strings"

	"yimen/kiosk/journey/view"
	"yimen/kiosk/policy"
	"yimen/ui/voice"
)

//go:embed screens/*.html
var screenFiles embed.FS

//go:embed icons/*.svg
var iconFiles embed.FS

const (
	layoutFile = "screens/layout.html" // the frame around every screen, and the parts screens share
	partsFile  = "screens/parts.html"
	voiceFile  = "screens/voice.html"
	// trouble is drawn in place of a screen that cannot be: never a blank one, never a code.
	trouble = view.Screen("trouble")
)

// renderer draws Views. It is safe for several goroutines.
type renderer struct {
	log     *slog.Logger
	words   words
	icons   map[string]template.HTML
	screens drawings
	marked  drawings // the same, to be read out
}

// drawings are the screens' templates, by language.
type drawings map[string]map[view.Screen]*template.Template

// scene is what the templates see: the View, and how they ask what may be touched.
type scene struct {
	view.View
	offered map[string]bool
	Voice   voice.State
	aloud   bool // drawn to be read out
}

// Heard reports whether the voice speaks, or did on this screen and may again.
func (s scene) Heard() bool { return s.Voice.On || s.Voice.Once }

// Covered reports whether something lies over the screen. The voice's sheet does not keep a screen from being read.
func (s scene) Covered() bool { return s.Cover != nil || s.Voice.Sheet && !s.aloud }

func newScene(v view.View, heard voice.State) scene {
	s := scene{View: v, offered: map[string]bool{}, Voice: heard}
	for _, do := range v.Offers {
		s.offered[string(do)] = true
	}
	return s
}

// Can reports whether do may be touched now.
func (s scene) Can(do string) bool { return s.offered[do] }

// LivePicture is the name under which the page asks for the live picture.
func (s scene) LivePicture() string { return livePicture(s.View) }

func newRenderer(log *slog.Logger) (*renderer, error) {
	w, err := loadWords(wordFiles)
	if err != nil {
		return nil, err
	}
	icons, err := loadIcons()
	if err != nil {
		return nil, err
	}
	r := &renderer{log: log, words: w, icons: icons, screens: drawings{}, marked: drawings{}}
	for lang := range w {
		if r.screens[lang], err = parseScreens(r.vocabulary(lang)); err != nil {
			return nil, err
		}
		if r.marked[lang], err = parseScreens(r.marking(lang)); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// parseScreens reads every screen's template, with what it can call.
func parseScreens(vocabulary template.FuncMap) (map[view.Screen]*template.Template, error) {
	files, err := fs.Glob(screenFiles, "screens/*.html")
	if err != nil {
		return nil, fmt.Errorf("list the screens: %w", err)
	}
	frame, err := template.New("layout").Funcs(vocabulary).ParseFS(screenFiles, layoutFile, partsFile, voiceFile)
	if err != nil {
		return nil, fmt.Errorf("read the screens: %w", err)
	}
	screens := map[view.Screen]*template.Template{}
	for _, file := range files {
		if file == layoutFile || file == partsFile || file == voiceFile {
			continue
		}
		t, err := frame.Clone()
		if err == nil {
			t, err = t.ParseFS(screenFiles, file)
		}
		if err != nil {
			return nil, fmt.Errorf("read the screens: %w", err)
		}
		screens[view.Screen(strings.TrimSuffix(path.Base(file), ".html"))] = t
	}
	return screens, nil
}

func loadIcons() (map[string]template.HTML, error) {
	icons := map[string]template.HTML{}
	files, err := fs.Glob(iconFiles, "icons/*.svg")
	if err != nil {
		return nil, fmt.Errorf("list the icons: %w", err)
	}
	for _, file := range files {
		b, err := fs.ReadFile(iconFiles, file)
		if err != nil {
			return nil, fmt.Errorf("read the icons: %w", err)
		}
		icons[strings.TrimSuffix(path.Base(file), ".svg")] = template.HTML(bytes.TrimSpace(b))
	}
	return icons, nil
}

// page draws the whole page, screen draws what changes in it.
func (r *renderer) page(v view.View, heard voice.State) []byte   { return r.draw("page", v, heard) }
func (r *renderer) screen(v view.View, heard voice.State) []byte { return r.draw("screen", v, heard) }

func (r *renderer) draw(part string, v view.View, heard voice.State) []byte {
	if _, ok := r.words[v.Lang]; !ok {
		v.Lang = fallback
	}
	s := newScene(v, heard)
	b, err := r.execute(r.screens, part, s)
	if err != nil {
		r.log.Error("screen cannot be drawn", "screen", string(v.Screen), "err", err)
		s.Screen, s.Cover = trouble, nil
		if b, err = r.execute(r.screens, part, s); err != nil {
			r.log.Error("trouble screen cannot be drawn", "err", err)
		}
	}
	return b
}

func (r *renderer) execute(from drawings, part string, s scene) ([]byte, error) {
	t, ok := from[s.Lang][s.Screen]
	if !ok {
		return nil, fmt.Errorf("there is no screen %q", s.Screen)
	}
	if !whole(s.View) {
		return nil, fmt.Errorf("the View has nothing for screen %q", s.Screen)
	}
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, part, s); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// whole reports whether the part that v's screen shows is there.
func whole(v view.View) bool {
	switch v.Screen {
	case view.ScreenMenu:
		return v.Menu != nil
	case view.ScreenItem:
		return v.Item != nil
	case view.ScreenNotice, view.ScreenDanger, view.ScreenSign, view.ScreenConsent:
		return v.Document != nil
	case view.ScreenCard, view.ScreenConfirm:
		return v.Card != nil
	case view.ScreenQuestion:
		return v.Question != nil
	case view.ScreenSlipNo, view.ScreenCode:
		return v.Question != nil && v.Cases != nil
	case view.ScreenCases:
		return v.Cases != nil
	case view.ScreenCase:
		return v.Cases != nil && v.Cases.Case != nil
	case view.ScreenCopy:
		return v.Cases != nil && v.Cases.Copy != nil
	case view.ScreenBoard:
		return v.Board != nil
	case view.ScreenPosting:
		return v.Board != nil && v.Board.Posting != nil
	case view.ScreenEstimate:
		return v.Estimate != nil && v.Estimate.Open < len(v.Estimate.Sentences)
	case view.ScreenResults:
		return v.Results != nil
	case view.ScreenTopics:
		return v.Topics != nil
	case view.ScreenPolicy:
		return v.Policy != nil
	case view.ScreenStandards:
		return v.Standards != nil
	case view.ScreenForm:
		return v.Form != nil
	case view.ScreenMaterials:
		return v.Materials != nil
	case view.ScreenScan:
		return v.Scan != nil
	case view.ScreenReview:
		return v.Review != nil
	case view.ScreenSlip:
		return v.Slip != nil
	case view.ScreenWays:
		return v.Ways != nil
	case view.ScreenFace:
		return v.Face != nil
	case view.ScreenCheckIn:
		return v.CheckIn != nil
	case view.ScreenEntrance, view.ScreenStaff, view.ScreenSlips, view.ScreenWhy, view.ScreenQueue, view.ScreenDevices:
		return v.Staff != nil
	case view.ScreenPIN:
		return v.Staff != nil && v.Question != nil
	}
	return true
}

// vocabulary is what templates in lang can call.
func (r *renderer) vocabulary(lang string) template.FuncMap {
	return template.FuncMap{
		"hints":     view.Hints,
		"faceHints": view.FaceHints,
		"t":         func(id string, pairs ...any) (string, error) { return r.say(lang, id, pairs...) },
		"phrase":    func(p view.Phrase) string { return r.phrase(lang, p) },
		"plainly":   func(p view.Phrase) string { return r.phrase(lang, view.Phrase{ID: p.ID + view.Plainly}) },
		"in":        func(t policy.Text) string { return t.In(lang) },
		"languages": r.words.languages,
		"tongue":    r.tongue,
		"icon":      r.icon,
		"ethnic":    func(code string) string { return r.ethnic(lang, code) },
		"date":      func(iso string) string { return r.date(lang, iso) },
		"money":     groupThousands,
		"fours":     groupFours,
		"add":       func(a, b int) int { return a + b },
		"dict":      dict,
	}
}

// say words a phrase of the templates' own; they name only phrases that exist.
func (r *renderer) say(lang, id string, pairs ...any) (string, error) {
	s, ok := r.words.say(lang, id, arguments(pairs))
	if !ok {
		return "", fmt.Errorf("there is no phrase %q", id)
	}
	return s, nil
}

// arguments are a phrase's, from the pairs that a template gives.
func arguments(pairs []any) map[string]string {
	args := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		args[fmt.Sprint(pairs[i])] = fmt.Sprint(pairs[i+1])
	}
	return args
}

// phrase words what the View names. An unknown id is logged and told as trouble, for a resident never sees a code.
func (r *renderer) phrase(lang string, p view.Phrase) string {
	if p.ID == "" {
		return ""
	}
	s, ok := r.words.say(lang, p.ID, p.Args)
	if !ok {
		r.log.Error("phrase is missing", "phrase", p.ID, "lang", lang)
		s, _ = r.words.say(lang, "trouble.plain", nil)
	}
	return s
}

// tongue is the name of a language in itself.
func (r *renderer) tongue(tag string) string {
	s, _ := r.words.say(tag, "language.name", nil)
	return s
}

// icon gives a drawing; a pack may name one that this edition does not have.
func (r *renderer) icon(name string) template.HTML {
	if svg, ok := r.icons[name]; ok {
		return svg
	}
	return r.icons["paper"]
}

// ethnic names an ethnic group by its code of GB/T 3304, or tells the code's group as other.
func (r *renderer) ethnic(lang, code string) string {
	if s, ok := r.words.say(lang, "ethnic."+code, nil); ok {
		return s
	}
	s, _ := r.words.say(lang, "ethnic.other", nil)
	return s
}

// date words YYYY-MM-DD, of which parts may be masked.
func (r *renderer) date(lang, iso string) string {
	parts := strings.Split(iso, "-")
	if len(parts) != 3 {
		return iso
	}
	s, _ := r.words.say(lang, "date.full", map[string]string{"year": parts[0], "month": parts[1], "day": parts[2]})
	return s
}

// groupThousands writes yuan with a comma every three digits: 1800.50 as 1,800.50.
func groupThousands(yuan string) string {
	whole, cents, fraction := strings.Cut(yuan, ".")
	digits := strings.TrimPrefix(whole, "-")
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	if strings.HasPrefix(whole, "-") {
		digits = "-" + digits
	}
	if fraction {
		return digits + "." + cents
	}
	return digits
}

// groupFours sets digits in groups of four, as they are read out and written down: 0488 7375.
func groupFours(digits string) string {
	var b strings.Builder
	for i, d := range []byte(digits) {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteByte(d)
	}
	return b.String()
}

// dict gathers named values for a part.
func dict(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, fmt.Errorf("dict takes pairs, not %d values", len(pairs))
	}
	m := make(map[string]any, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		name, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("dict: %v is no name", pairs[i])
		}
		m[name] = pairs[i+1]
	}
	return m, nil
}
