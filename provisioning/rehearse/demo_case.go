package main

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"

	"yimen/provisioning/hall"
	"yimen/provisioning/visitor"
)

// works lets the officers bring the demo's case to its public notice, which then hangs at the terminal.
func (d *player) works(ctx context.Context, h *hall.Hall, browser *visitor.Chromium, envelope string) error {
	password, err := h.Password()
	if err != nil {
		return err
	}
	officers := map[string]*visitor.Officer{}
	for _, id := range []string{"01", "02"} {
		if officers[id], err = visitor.SignIn(ctx, h.Bureau, id, password); err != nil {
			return err
		}
	}
	no, err := officers["01"].Case(ctx, envelope)
	if err != nil {
		return err
	}
	d.tell("the bureau opened case %s", no)
	for _, step := range []struct {
		officer, move, what string
		fields              url.Values
	}{
		{"01", "SUBMITTED-ACCEPTED", "accepted, with document N03", nil},
		{"02", "ACCEPTED-VERIFYING", "the means are being checked", nil},
		{"02", "ACCEPTED-SURVEYING", "a home visit is announced, N05", url.Values{"day": {time.Now().AddDate(0, 0, 2).Format(time.DateOnly)}, "visitors": {"王二野、孙四方"}}},
		{"02", "SURVEYING-PRELIM", "the opinion is formed", nil},
		{"02", "PRELIM-PUBLICITY", "the public notice hangs, N07", url.Values{"members": {"2"}, "amount": {"550"}}},
	} {
		if err := officers[step.officer].Act(ctx, no, step.move, step.fields); err != nil {
			return err
		}
		d.tell("officer %s: %s", step.officer, step.what)
	}
	return d.board(ctx, browser)
}

// hanging is what the board says of a notice on its first day.
const hanging = "还有7天"

// pause waits, unless the demo is broken off.
func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// board looks at the terminal until the notice hangs there, and keeps pictures of the board and of the notice.
func (d *player) board(ctx context.Context, browser *visitor.Chromium) error {
	for range 10 {
		if err := vacate(ctx, browser); err != nil {
			return err
		}
		v := visitor.Visitor{Browser: browser, Offer: "notices:all"}
		v.Before = func(_ context.Context, s visitor.Seen) error {
			if s.Screen == "board" && (strings.Contains(s.Text, hanging) || strings.Contains(s.Text, "现在没有公示")) {
				return visitor.ErrEnd
			}
			return nil
		}
		s, err := v.Play(ctx)
		if err != nil {
			return err
		}
		if strings.Contains(s.Text, hanging) {
			if err := d.screen(ctx, browser, s); err != nil {
				return err
			}
			return d.posting(ctx, browser)
		}
		if err := pause(ctx, time.Second); err != nil { // what the bureau says is on its way
			return err
		}
	}
	return errors.New("the notice does not come to the terminal")
}

// vacate ends whatever visit there is and waits for the first screen.
func vacate(ctx context.Context, browser *visitor.Chromium) error {
	for range 20 {
		s, err := visitor.Look(ctx, browser)
		if err != nil || s.Screen == "attract" {
			return err
		}
		for _, way := range []string{"finish", "leave"} {
			if slices.Contains(s.Offers, way) {
				if err := visitor.Touch(ctx, browser, `[data-do="`+way+`"]`); err != nil {
					return err
				}
				break
			}
		}
		if err := pause(ctx, time.Second/2); err != nil {
			return err
		}
	}
	return errors.New("the visit does not end")
}

// posting opens the notice and keeps its picture. A tap while the page changes is lost, so it is tapped until it opens.
func (d *player) posting(ctx context.Context, browser *visitor.Chromium) error {
	for range 20 {
		s, err := visitor.Look(ctx, browser)
		switch {
		case err != nil:
			return err
		case s.Screen == "posting":
			return d.screen(ctx, browser, s)
		case s.Screen == "board":
			if err := visitor.Touch(ctx, browser, `[data-do="choose"]`); err != nil {
				return err
			}
		}
		if err := pause(ctx, time.Second/2); err != nil {
			return err
		}
	}
	return errors.New("the notice does not open")
}
