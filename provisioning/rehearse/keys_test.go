package main

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"yimen/provisioning/hall"
	"yimen/provisioning/visitor"
)

// pad is a visitor who never touches the glass.
type pad struct {
	t       *testing.T
	ctx     context.Context
	h       *hall.Hall
	bench   *visitor.Bench
	browser *visitor.Keyed
	name    string
	shots   int
}

// padOf opens a hall's screen on a panel, and counts what touches it.
func padOf(t *testing.T, h *hall.Hall, name string, width, height int64, switches bool) *pad {
	t.Helper()
	ctx := within(t, 12*time.Minute)
	chromium, err := visitor.OpenChromium(ctx, t.TempDir(), h.Screen, width, height)
	must(t, err)
	t.Cleanup(chromium.Close)
	must(t, chromium.Focus(ctx))
	_, err = chromium.Eval(ctx, `(window.touches = 0, ["pointerdown", "mousedown", "touchstart"].forEach(k => addEventListener(k, () => window.touches++, true)), 0)`)
	must(t, err)
	return &pad{t: t, ctx: ctx, h: h, bench: &visitor.Bench{Panel: h.Panel}, browser: &visitor.Keyed{Chromium: chromium, Switches: switches}, name: name}
}

// play goes on, from wherever the visit stands, until a screen comes.
func (p *pad) play(screen string, v visitor.Visitor) visitor.Seen {
	p.t.Helper()
	v.Browser, v.Bench, v.Patience = p.browser, p.bench, time.Minute
	v.Before = func(_ context.Context, s visitor.Seen) error {
		p.picture(s.Screen)
		if s.Screen == screen && s.Cover == "" {
			return visitor.ErrEnd
		}
		return nil
	}
	s, err := v.Play(p.ctx)
	must(p.t, err)
	return s
}

// choose goes to a thing by keys, presses it, and waits for another screen.
func (p *pad) choose(css string) visitor.Seen {
	p.t.Helper()
	before, err := visitor.Look(p.ctx, p.browser)
	must(p.t, err)
	must(p.t, visitor.Touch(p.ctx, p.browser, css))
	var s visitor.Seen
	eventually(p.t, css+" leads on", func() bool {
		s, err = visitor.Look(p.ctx, p.browser)
		must(p.t, err)
		return s.Screen != "" && s.Seq != before.Seq
	})
	p.picture(s.Screen)
	return s
}

func (p *pad) says(words string) visitor.Seen {
	p.t.Helper()
	var s visitor.Seen
	eventually(p.t, words, func() bool {
		var err error
		s, err = visitor.Look(p.ctx, p.browser)
		must(p.t, err)
		return strings.Contains(s.Text, words)
	})
	return s
}

// over ends the visit, whichever way is offered.
func (p *pad) over() {
	p.t.Helper()
	must(p.t, p.bench.TakeCard(p.ctx))
	eventually(p.t, "the first screen", func() bool {
		s, err := visitor.Look(p.ctx, p.browser)
		must(p.t, err)
		if s.Screen == "attract" {
			return true
		}
		for _, way := range []string{"leave-yes", "finish", "leave"} {
			for _, offered := range s.Offers {
				if offered != way {
					continue
				}
				if err := visitor.Touch(p.ctx, p.browser, `[data-do="`+way+`"]`); err != nil {
					p.t.Logf("%s: %v; another screen has come", way, err)
				}
				return false
			}
		}
		return false
	})
}

// picture keeps what is seen if YIMEN_SCREENS names a folder.
func (p *pad) picture(screen string) {
	p.t.Helper()
	if dir := os.Getenv("YIMEN_SCREENS"); dir != "" {
		png, err := p.browser.Picture(p.ctx)
		must(p.t, err)
		p.shots++
		must(p.t, os.WriteFile(filepath.Join(dir, fmt.Sprintf("pad-%s-%03d-%s.png", p.name, p.shots, screen)), png, 0o600))
	}
}

// TestEveryServiceIsWalkedWithoutTouchingTheGlass: standing with two switches, next and choose, and lying with a pad of arrows, a
// resident applies from the first screen to the slip, asks how it stands, checks in, objects to a notice, reckons and looks up.
// Lying, what was applied for standing is asked about; in a soak it is applied for once more.
func TestEveryServiceIsWalkedWithoutTouchingTheGlass(t *testing.T) {
	h := startHall(t, nil)
	password, err := h.Password()
	must(t, err)
	desk := office{t: t, url: h.Bureau, password: password}
	var slipNo, code string
	for i, face := range []struct {
		name          string
		width, height int64
		switches      bool
		card          string
	}{{"portrait", 1080, 1920, true, "liu"}, {"landscape", 1920, 1080, false, "rare"}} {
		p := padOf(t, h, face.name, face.width, face.height, face.switches)
		if i == 0 || os.Getenv("YIMEN_SOAK") != "" {
			slipNo, code = p.applies(face.card)
			hang(p.ctx, &desk, slipNo) // and it can be asked about
		}
		digits := strings.ReplaceAll(slipNo, "-", "")
		p.play("case", visitor.Visitor{Offer: "progress:all", Answers: map[string]string{"slipno": digits[2 : len(digits)-1], "code": code}})
		p.says(slipNo)
		p.over()

		p.play("ways", visitor.Visitor{Offer: "checkin:self", Card: face.card})
		p.choose(do("choose", "id_card+staff"))
		p.play("checkin", visitor.Visitor{Offer: "checkin:self", Card: face.card})
		p.choose(`[data-do="submit"]`)
		p.says("已打印")
		p.over()

		p.objects()

		p.play("results", visitor.Visitor{Offer: "reckon:all", Answers: map[string]string{"household_size": "1", "deposits": "3000"}})
		p.choose(do("choose", "dibao"))
		p.choose(do("why", "0"))
		must(t, p.browser.Press(p.ctx, "\b")) // back, from what lies over the screen
		p.over()
		p.play("topics", visitor.Visitor{Offer: "lookup:all"})
		p.choose(do("choose", "situation:ill"))
		p.choose(do("choose", "item:0302"))
		p.over()

		raw, err := p.browser.Eval(p.ctx, "window.touches")
		must(t, err)
		if string(raw) != "0" {
			t.Errorf("%s: the glass was touched %s times", face.name, raw)
		}
		t.Logf("%s: %d keys", face.name, p.browser.Pressed)
		for _, complaint := range p.browser.Complaints() {
			t.Errorf("the page complains: %s", complaint)
		}
		p.browser.Close()
	}
}

// applies hands in an application and gives what stands on its slip.
func (p *pad) applies(card string) (slipNo, code string) {
	p.t.Helper()
	p.play("slip", visitor.Visitor{
		Offer: "apply:0101", Card: card, Pages: []string{"bankbook"}, Scan: 1,
		Answers: map[string]string{"household_size": "1", "member.1.income_kinds": "none", "deposits": "3000", "phone": "13800000000"},
	})
	s := p.says("已上传，对方已签收")
	digits := queryCode.FindStringSubmatch(s.Text)
	if digits == nil {
		p.t.Fatalf("no code on %q", s.Text)
	}
	slipNo = slipNumber.FindString(s.Text)
	p.says("已打印")
	p.over()
	return slipNo, digits[1] + digits[2]
}

// hang has the bureau bring an application to its public notice.
func hang(ctx context.Context, desk *office, slipNo string) {
	desk.t.Helper()
	no := desk.caseOf(ctx, slipNo)
	desk.acts(ctx, "01", no, "SUBMITTED-ACCEPTED", nil)
	desk.acts(ctx, "02", no, "ACCEPTED-VERIFYING", nil)
	desk.acts(ctx, "02", no, "ACCEPTED-SURVEYING", url.Values{"day": {"2031-12-20"}, "visitors": {"甲、乙"}})
	desk.acts(ctx, "02", no, "SURVEYING-PRELIM", nil)
	desk.acts(ctx, "02", no, "PRELIM-PUBLICITY", url.Values{"members": {"1"}, "amount": {"725"}})
}

// objects looks at the notices until one hangs there, and objects to it.
func (p *pad) objects() {
	p.t.Helper()
	hangs := func() bool {
		s := p.play("board", visitor.Visitor{Offer: "notices:all"})
		for end := time.Now().Add(10 * time.Second); time.Now().Before(end) && !strings.Contains(s.Text, "公示"); {
			var err error
			s, err = visitor.Look(p.ctx, p.browser)
			must(p.t, err)
		}
		return strings.Contains(s.Text, "还有7天")
	}
	for tries := 0; !hangs(); tries++ {
		if tries == 10 {
			p.t.Fatal("the notice does not come to the terminal")
		}
		p.over()
		time.Sleep(time.Second)
	}
	p.choose(`[data-do="choose"]`)
	p.choose(`[data-do="disagree"]`)
	p.play("slip", visitor.Visitor{Offer: "notices:all", Answers: map[string]string{"objection_grounds": "members", "objection_proof": "0"}})
	p.says("已上传，对方已签收")
	p.says("已打印")
	p.over()
}
