package ui

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"yimen/kiosk/journey/view"
	"yimen/ui/voice"
	"yimen/ui/voice/sound"
)

// ears notes all that the engine is given. What is played is over at once.
type ears struct {
	mu    sync.Mutex
	given []string // with the way out, as "loudspeaker: …"
	now   string
}

func (e *ears) Find(context.Context, string, string, string) (sound.Clip, error) {
	return sound.Clip{}, fs.ErrNotExist
}

func (e *ears) Speak(_ context.Context, p voice.Piece, _ int) (sound.Clip, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.now = p.Text
	return sound.Clip{Rate: 8000, Samples: make([]int16, 8)}, nil
}

func (e *ears) Has(sound.Channel) bool                   { return true }
func (e *ears) Try(context.Context, sound.Channel) error { return nil }
func (e *ears) Play(_ context.Context, ch sound.Channel, _ sound.Clip) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.given = append(e.given, string(ch)+": "+e.now)
	return nil
}

// told is what was given since the last call.
func (e *ears) told() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	defer func() { e.given = nil }()
	return e.given
}

// listening gives a Speaker that runs, and what hears it.
func listening(t testing.TB) (*voice.Speaker, *ears) {
	t.Helper()
	e := &ears{}
	s := voice.New(voice.Parts{Reader: book(t), Recordings: e, Engine: e, Out: e}, slog.New(slog.DiscardHandler))
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- s.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
	for st, changed := s.Changed(); !st.Ready; st, changed = s.Changed() {
		<-changed
	}
	return s, e
}

// theirs are what samples say of people, as it would be pronounced or given as it is.
var theirs = []string{
	"liu2 gui4 lan2", "gui4 lan2", "wang2", "Wang", "王", "刘", "桂兰", "11010519491231002", "yao1 yao1 ling2 yao1 ling2 wu3", "440524", "932682", "990000", "jiu3 jiu3 ling2 ling2",
	"6200", "liu4 er4 ling2 ling2", "1850", "yi4 qian1 ba1 bai3 wu3", "ce4 shi4 lu4", "SJ-", "yi1 jiu3 wu3 er4",
}

// TestNothingOfAPersonReachesTheEngineUnasked reads every screen aloud, in both languages, and looks at all that would be
// spoken; and asks for it, to see that the test would notice.
func TestNothingOfAPersonReachesTheEngineUnasked(t *testing.T) {
	b := book(t)
	r, err := newRenderer(slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	asked := ""
	for _, lang := range []string{"zh-CN", "en"} {
		for _, s := range samples() {
			s.view.Lang = lang
			said, err := r.script(s.view)
			if err != nil {
				t.Fatal(err)
			}
			given, _ := fed(b, said.Screen, false)
			for thing, prompts := range said.Things {
				more, _ := fed(b, prompts, false)
				if len(more) > 0 && strings.HasPrefix(thing, "key:") {
					t.Errorf("%s: what stands on %s is said in the hall: %s", s.name, thing, more)
				}
				given = append(given, more...)
			}
			all := strings.Join(given, " | ")
			for _, datum := range theirs {
				if strings.Contains(all, datum) {
					t.Errorf("%s in %s: %q would be said: %s", s.name, lang, datum, all)
				}
			}
			private, _ := fed(b, said.Screen, true)
			asked += strings.Join(private, " | ")
		}
	}
	for _, want := range []string{"mei3 yue4 da4 yue1", "yao1"} { // an amount, a number's digits
		if !strings.Contains(asked, want) {
			t.Errorf("%s is not said to who asks for it either: nothing was looked at", want)
		}
	}
}

// TestAVisitIsReadOut plays the screens of an application and writes down, screen by screen, what was said.
func TestAVisitIsReadOut(t *testing.T) {
	speaker, _ := listening(t)
	var ids []string
	for i, name := range []string{"language", "menu", "item", "notice", "card", "card-reading", "confirm", "question-yesno", "estimate", "materials", "scan-live", "scan-still", "sign", "review", "sending", "slip-delivered"} {
		at := slices.IndexFunc(samples(), func(s sample) bool { return s.name == name })
		if at < 0 {
			t.Fatalf("there is no sample %s", name)
		}
		v := samples()[at].view
		v.Seq = uint64(i + 1)
		said := scriptOf(t, v)
		speaker.Show(said)
		line := name + ":"
		for _, p := range said.Screen {
			if !p.Own && p.ID != "" {
				line += " " + p.ID
			}
		}
		ids = append(ids, line)
	}
	got := strings.Join(ids, "\n") + "\n"
	const golden = "testdata/spoken-visit.txt"
	if os.Getenv("YIMEN_UPDATE") != "" {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil || string(want) != got {
		t.Errorf("a visit says (%v; YIMEN_UPDATE=1 writes it anew):\n%s", err, got)
	}
}

// TestTheVoiceIsOfferedObeysAndEndsWithTheVisit touches all of its buttons.
func TestTheVoiceIsOfferedObeysAndEndsWithTheVisit(t *testing.T) {
	speaker, heard := listening(t)
	desk := newStage(t, samples()[0].view)
	url := serveBy(t, desk, func(s *Server) { s.Voice = speaker })
	tab := browse(t)
	open(t, tab, url, panels()[0])
	picture(t, tab, "voice-attract")
	press := func(control string, then func(voice.State) bool) {
		t.Helper()
		tap(t, tab, `[data-voice="`+control+`"]`)
		for st, changed := speaker.Changed(); !then(st); st, changed = speaker.Changed() {
			<-changed
		}
	}
	press("on", func(s voice.State) bool { return s.On })
	v := base(view.ScreenNotice, view.PhrasePartIdentify, 1, view.DoNext, view.DoBack)
	for _, s := range samples() {
		if s.name == "notice" {
			v = s.view
		}
	}
	arrived(t, tab, desk.show(v))
	until(t, tab, `document.querySelector('.heard [data-voice="sheet"]') !== null`)
	picture(t, tab, "voice-on")
	press("sheet", func(s voice.State) bool { return s.Sheet })
	until(t, tab, `document.querySelector('#cover-voice [data-voice="slower"]') !== null`)
	picture(t, tab, "voice-sheet")
	for _, fault := range ask[[]string](t, tab, judge) {
		t.Errorf("the sheet: %s", fault)
	}
	press("slower", func(s voice.State) bool { return s.Rate == -1 })
	press("louder", func(s voice.State) bool { return s.Volume == 1 })
	press("ear", func(s voice.State) bool { return s.Ear })
	until(t, tab, `document.querySelector('[data-voice="hall"]') !== null`)
	press("hall", func(s voice.State) bool { return !s.Ear })
	press("sheet-end", func(s voice.State) bool { return !s.Sheet })
	until(t, tab, `document.getElementById("cover-voice") === null`)
	press("off", func(s voice.State) bool { return !s.On })
	until(t, tab, `document.querySelector('[data-voice="whole"]') !== null`)
	picture(t, tab, "voice-notice")
	heard.told()
	tap(t, tab, `[data-voice="whole"]`)
	for told := ""; !strings.Contains(told, "loudspeaker: wo3 kan4 wan2 le5"); told += strings.Join(heard.told(), "; ") { // the way on is the last
		if t.Context().Err() != nil {
			t.Fatalf("the notice was not read: %s", told)
		}
		time.Sleep(10 * time.Millisecond)
	}
	if st := speaker.State(); st.On {
		t.Errorf("one screen was asked for: %+v", st)
	}
	press("on", func(s voice.State) bool { return s.On })
	arrived(t, tab, desk.show(samples()[0].view))
	for st, changed := speaker.Changed(); st.On || st.Rate != 0 || st.Volume != 0; st, changed = speaker.Changed() {
		<-changed
	}
	until(t, tab, `document.querySelector('.heard') === null`)
}

// hinting is a stage whose camera sees the same thing again and again.
type hinting struct{ *stage }

func (h hinting) Guides(ctx context.Context) <-chan view.Guide {
	guides := make(chan view.Guide)
	go func() {
		defer close(guides)
		for {
			select {
			case guides <- view.Guide{Hint: view.HintLeft}:
			case <-ctx.Done():
				return
			}
		}
	}()
	return guides
}

// TestWhatToDoAboutAPaperIsSaid: who does not see the live picture hears how to move the paper, and only on its screen.
func TestWhatToDoAboutAPaperIsSaid(t *testing.T) {
	speaker, heard := listening(t)
	desk := newStage(t, samples()[0].view)
	serveBy(t, hinting{desk}, func(s *Server) { s.Voice = speaker })
	live := samples()[slices.IndexFunc(samples(), func(s sample) bool { return s.name == "scan-live" })].view
	speaker.Do("", voice.ControlOn)
	for _, v := range []view.View{live, base(view.ScreenSending, view.PhrasePartScan, 4)} {
		desk.show(v)
		said := ""
		for wanted := map[view.Screen]string{view.ScreenScan: "wang3 zuo3 nuo2", view.ScreenSending: "zheng4 zai4 bao3 cun2"}[v.Screen]; !strings.Contains(said, wanted); {
			if t.Context().Err() != nil {
				t.Fatal(said)
			}
			time.Sleep(10 * time.Millisecond)
			speaker.Do(v.Visit, voice.ControlOn) // the first may come before the speaker follows the desk
			said += strings.Join(heard.told(), " | ")
		}
		if before, _, _ := strings.Cut(said, "zheng4 zai4 bao3 cun2"); v.Screen == view.ScreenSending && strings.Count(said, "wang3 zuo3 nuo2") > strings.Count(before, "wang3 zuo3 nuo2") {
			t.Errorf("a paper was spoken of where none is: %s", said)
		}
	}
}

// TestWhatTheVoiceIsAskedIsRead refuses what the page does not send.
func TestWhatTheVoiceIsAskedIsRead(t *testing.T) {
	speaker, _ := listening(t)
	at := serveBy(t, newStage(t, samples()[0].view), func(s *Server) { s.Voice = speaker })
	who := visitor(t, at)
	for _, c := range []struct {
		path, body string
		want       int
	}{
		{"voice", `{"visit":"","seq":1,"do":"on"}`, http.StatusNoContent}, {"say", `{"visit":"","seq":1,"thing":"top"}`, http.StatusNoContent},
		{"voice", `{"visit":"","seq":1,"do":"shout"}`, http.StatusBadRequest}, {"voice", `{"visit":"","seq":1,"thing":"top"}`, http.StatusBadRequest},
		{"say", `{"visit":"","seq":1,"text":"hello"}`, http.StatusBadRequest}, {"say", `{"visit":"","seq":1,"thing":""}`, http.StatusBadRequest},
		{"say", `{"visit":"","seq":1,"thing":"` + strings.Repeat("x", maxThing+1) + `"}`, http.StatusBadRequest}, {"say", strings.Repeat(" ", maxSaid+1), http.StatusBadRequest},
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, at+c.path, strings.NewReader(c.body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Origin", strings.TrimSuffix(at, "/"))
		resp, err := who.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != c.want {
			t.Errorf("%s %.60s: %s, want %d", c.path, c.body, resp.Status, c.want)
		}
	}
	for _, path := range []string{"voice", "say"} { // without the page's token
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, at+path, strings.NewReader(`{"visit":"","seq":1,"do":"on"}`))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Origin", strings.TrimSuffix(at, "/"))
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusForbidden {
			t.Errorf("%s without the token: %s", path, resp.Status)
		}
	}
}

func FuzzWish(f *testing.F) {
	f.Add([]byte(`{"visit":"a","seq":1,"do":"on"}`))
	f.Add([]byte(`{"visit":"a","seq":1,"thing":"do:answer=1"}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		if w, err := parseWish(b); err == nil && (len(w.Visit) > maxName || len(w.Do) > maxName) {
			t.Errorf("%d and %d bytes were taken", len(w.Visit), len(w.Do))
		}
	})
}
