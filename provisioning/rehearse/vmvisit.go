package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"yimen/provisioning/visitor"
)

// pulls are the devices whose cables are pulled in each visit, with the screen on which it happens: where the
// device is at work, or for those that no step of this visit waits for, somewhere.
var pulls = []struct{ screen, device string }{
	{"card", "idcard"}, {"confirm", "lamps"}, {"scan", "doccam"}, {"review", "touch"}, {"review", "scanner"}, {"slip", "printer"},
}

// visitPatience bounds one visit with all its broken days, in an emulated machine on a busy host.
const visitPatience = 5 * time.Minute

// visits plays visits until enough cables were pulled, and looks whether everything that a slip acknowledged lies
// at the bureau, once.
func (v *rehearsal) visits(ctx context.Context, t *guestTerminal) error {
	if err := t.start(ctx, v.bin); err != nil {
		return err
	}
	v.tell("the daemon runs")
	line, err := visitor.OpenLine(t.screen)
	if err != nil {
		return err
	}
	g := &guest{rehearsal: v, terminal: t, random: rand.New(rand.NewPCG(v.seed, 0)), Quick: &visitor.Quick{
		Line: line, Bench: &visitor.Bench{Panel: t.hall.Panel}, Card: "liu", Page: "bankbook", Scan: 1,
		Answers: map[string]string{"household_size": "1", "member.1.income_kinds": "none"},
	}}
	var slips []string
	for v.counts.unplugs < v.unplugs {
		number, err := g.visit(ctx)
		if err != nil {
			return fmt.Errorf("visit %d: %w", v.counts.visits+1, err)
		}
		v.counts.visits++
		slips = append(slips, number)
		v.tell("visit %d: %s, %d of %d cables pulled", v.counts.visits, number, v.counts.unplugs, v.unplugs)
	}
	return v.bureau(ctx, t, slips)
}

// bureau looks for the dossiers of slips.
func (v *rehearsal) bureau(ctx context.Context, t *guestTerminal, slips []string) error {
	desk := visitor.BureauDesk{URL: t.hall.Bureau}
	for _, number := range slips {
		dossier, err := desk.Find(ctx, number, time.Minute)
		if err != nil {
			return err
		}
		pages := 0
		for _, p := range dossier.Parts {
			if _, err := desk.Part(ctx, dossier, p); err != nil {
				return err
			}
			if bytes.HasPrefix([]byte(p.Name), []byte("pages/")) {
				pages++
			}
		}
		if pages == 0 {
			return fmt.Errorf("the dossier of %s holds no page", number)
		}
		v.counts.dossiers++
	}
	all, err := desk.Slips(ctx)
	if err == nil && len(all) != len(slips) {
		err = fmt.Errorf("%d dossiers lie at the bureau, and %d slips were given", len(all), len(slips))
	}
	return err
}

// guest plays visits at a terminal in a machine, and pulls its cables.
type guest struct {
	*visitor.Quick
	*rehearsal
	terminal *guestTerminal
	random   *rand.Rand
	slipNo   string // of the visit that is played
}

// visit plays one visit with a broken cable at each of its steps, and gives the number on its slip.
func (g *guest) visit(ctx context.Context) (slipNo string, err error) {
	ctx, stop := context.WithTimeout(ctx, visitPatience)
	defer stop()
	for _, step := range []struct {
		screen string
		at     func(context.Context) error // what the resident does there, beside what they do on the way
	}{
		{"card", g.identify}, {"confirm", g.confirm}, {"scan", g.scan}, {"review", g.review}, {"slip", g.slip},
	} {
		if _, err := g.To(ctx, step.screen); err != nil {
			return "", err
		}
		if err := step.at(ctx); err != nil {
			return "", fmt.Errorf("on screen %s: %w", step.screen, err)
		}
	}
	return g.slipNo, g.leave(ctx)
}

// identify has the reader's cable pulled while it reads.
func (g *guest) identify(ctx context.Context) error {
	if err := g.Bench.LayCard(ctx, g.Card); err != nil {
		return err
	}
	return g.pullOn(ctx, "card")
}

func (g *guest) confirm(ctx context.Context) error { return g.pullOn(ctx, "confirm") }

// scan has the camera's cable pulled while it takes a page, and tries again until a page is kept.
func (g *guest) scan(ctx context.Context) error {
	for pulled := false; ; {
		s, err := g.Line.Until(ctx, "way to take a page", func(s visitor.Seen) bool {
			return s.Screen != "scan" || s.Kept > 0 || slices.Contains(s.Offers, "accept") || slices.Contains(s.Offers, "shoot")
		})
		switch {
		case err != nil:
			return err
		case s.Screen != "scan" || s.Kept > 0:
			return nil
		case slices.Contains(s.Offers, "accept"):
			err = g.Line.Accept(ctx, s)
		default:
			if err := g.Bench.LayPage(ctx, g.Page); err != nil {
				return err
			}
			if err := g.Line.Do(ctx, s, "shoot", ""); err != nil {
				return err
			}
			if !pulled {
				pulled, err = true, g.pullOn(ctx, "scan")
			}
		}
		if err != nil {
			return err
		}
		if err := g.next(ctx, s); err != nil {
			return err
		}
	}
}

// next waits until the screen has changed.
func (g *guest) next(ctx context.Context, last visitor.Seen) error {
	_, err := g.Line.Until(ctx, "change", func(s visitor.Seen) bool { return s.Visit != last.Visit || s.Seq != last.Seq })
	return err
}

func (g *guest) review(ctx context.Context) error {
	return errors.Join(g.Bench.Tear(ctx), g.pullOn(ctx, "review"))
}

// slip has the printer's cable pulled while it prints, and has the slip printed again until it is cut off whole.
func (g *guest) slip(ctx context.Context) error {
	s, err := g.Line.Look(ctx)
	if err != nil {
		return err
	}
	if g.slipNo = number(s.Text); g.slipNo == "" {
		return errors.New("no number is shown")
	}
	if err := g.pullOn(ctx, "slip"); err != nil {
		return err
	}
	for {
		s, err := g.Line.Until(ctx, "end of printing", func(s visitor.Seen) bool { return slices.Contains(s.Offers, "finish") })
		if err != nil {
			return err
		}
		cut, err := g.Bench.Slips(ctx)
		if err != nil {
			return err
		}
		if cut > 0 {
			break
		}
		if !slices.Contains(s.Offers, "print") {
			return errors.New("the slip is said to be printed, and none was cut off")
		}
		if err := g.Line.Do(ctx, s, "print", ""); err != nil {
			return err
		}
		if err := g.next(ctx, s); err != nil {
			return err
		}
	}
	paper, err := g.Bench.PaperBytes(ctx)
	if err == nil && !bytes.Contains(paper, []byte(g.slipNo)) {
		err = fmt.Errorf("the slip does not say %s", g.slipNo)
	}
	return err
}

// leave takes the card and ends the visit.
func (g *guest) leave(ctx context.Context) error {
	if err := g.Bench.TakeCard(ctx); err != nil {
		return err
	}
	s, err := g.Line.Until(ctx, "way out", func(s visitor.Seen) bool { return slices.Contains(s.Offers, "finish") })
	if err != nil {
		return err
	}
	if err := g.Line.Do(ctx, s, "finish", ""); err != nil {
		return err
	}
	_, err = g.Line.Until(ctx, "first screen", func(s visitor.Seen) bool { return s.Screen == "attract" })
	return err
}

// pullOn pulls the cables of a screen's devices, one after the other.
func (g *guest) pullOn(ctx context.Context, screen string) error {
	for _, p := range pulls {
		if p.screen != screen || g.counts.unplugs >= g.unplugs {
			continue
		}
		if err := g.pull(ctx, p.device); err != nil {
			return fmt.Errorf("cable of %s: %w", p.device, err)
		}
		g.counts.unplugs++
	}
	return nil
}

// pull pulls a cable after a while and puts it back after another, each time until the kernel has seen it.
func (g *guest) pull(ctx context.Context, device string) error {
	port := slices.Index(sockets, device) + 1
	for _, step := range []struct {
		do     func(context.Context, string) error
		seen   string // in the shell's words
		before time.Duration
	}{
		{g.Bench.Unplug, fmt.Sprintf("! [ -e /sys/bus/usb/devices/1-%d ]", port), time.Second},
		{g.Bench.Plug, fmt.Sprintf("[ -e /sys/bus/usb/devices/1-%d/1-%d:1.0/bInterfaceNumber ]", port, port), 2 * time.Second},
	} {
		select {
		case <-time.After(time.Duration(g.random.Int64N(int64(step.before)))):
		case <-ctx.Done():
			return ctx.Err()
		}
		if err := step.do(ctx, device); err != nil {
			return err
		}
		if _, err := g.terminal.machine.Run(ctx, "sh", "-c", "until "+step.seen+"; do sleep 0.05; done"); err != nil {
			return fmt.Errorf("the kernel does not see it: %w", err)
		}
	}
	return nil
}
