package visitor

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// answer gives the wanted answer by the means that the question offers.
func (v *Visitor) answer(ctx context.Context, s Seen) error {
	value, wanted := v.Answers[s.Question]
	if v.changed && s.Question == v.Change {
		value, wanted = v.To, true
	}
	switch {
	case !wanted && slices.Contains(s.Offers, "unknown") && !v.standing(ctx):
		return v.tap(ctx, `[data-do="unknown"]`)
	case !wanted:
		return v.first(ctx, s)
	}
	switch s.Input {
	case "choice", "yesno":
		return v.tap(ctx, `[data-do="answer"][data-value="`+value+`"]`)
	case "choices":
		for code := range strings.SplitSeq(value, ",") {
			if code == "" {
				continue
			}
			if err := v.tap(ctx, `[data-code="`+code+`"]:not([aria-pressed="true"])`); err != nil {
				return err
			}
		}
	case "date":
		if err := v.date(ctx, value); err != nil {
			return err
		}
	case "text", "name":
		if err := v.spell(ctx, value); err != nil {
			return err
		}
	default:
		if err := v.keys(ctx, value); err != nil {
			return err
		}
	}
	return v.tap(ctx, `.act [data-do="answer"]`)
}

// standing tells whether an answer stands there already, from the card or from before.
func (v *Visitor) standing(ctx context.Context) bool {
	raw, err := v.Browser.Eval(ctx, `(() => { const e = document.querySelector("#entry, .answer [aria-pressed=true]"); return !!e && (e.dataset.value || "") !== ""; })()`)
	return err == nil && string(raw) == "true"
}

// first takes what stands there, or the first choice.
func (v *Visitor) first(ctx context.Context, s Seen) error {
	if _, err := place(ctx, v.Browser, `.act [data-do="answer"]`); err == nil {
		return v.tap(ctx, `.act [data-do="answer"]`)
	}
	return v.tap(ctx, `.answer [data-do="answer"]`)
}

// keys types on the number pad, over what stands there.
func (v *Visitor) keys(ctx context.Context, digits string) error {
	for range 24 {
		raw, err := v.Browser.Eval(ctx, `document.querySelector("#entry output").textContent.trim()`)
		if err != nil {
			return err
		}
		if string(raw) == `""` || strings.HasPrefix(string(raw), `"0`) && len(raw) == 3 {
			break
		}
		if err := v.tap(ctx, `#entry [data-key="back"]`); err != nil {
			return err
		}
	}
	for _, d := range digits {
		if err := v.tap(ctx, `#entry [data-key="`+string(d)+`"]`); err != nil {
			return err
		}
	}
	return nil
}

// date chooses decade, year, month and day of YYYYMMDD.
func (v *Visitor) date(ctx context.Context, yyyymmdd string) error {
	if len(yyyymmdd) != 8 {
		return fmt.Errorf("date %q: want YYYYMMDD", yyyymmdd)
	}
	if err := v.tap(ctx, `#entry [data-part="year"]`); err != nil {
		return err
	}
	n := func(s string) int { i, _ := strconv.Atoi(s); return i }
	year := n(yyyymmdd[:4])
	for _, at := range []int{(year - 1910) / 10, year % 10, n(yyyymmdd[4:6]) - 1, n(yyyymmdd[6:]) - 1} {
		if err := v.tap(ctx, fmt.Sprintf(`#entry .grid .key:nth-child(%d)`, at+1)); err != nil {
			return err
		}
	}
	return nil
}

// errSpelling: the keyboard does not offer the character under its sound.
var errSpelling = errors.New("character is not among the candidates")

// spell types text. Han characters are written "李<li>", each with its sound; others are typed as they are.
func (v *Visitor) spell(ctx context.Context, text string) error {
	for text != "" {
		r := []rune(text)[0]
		text = text[len(string(r)):]
		if !strings.HasPrefix(text, "<") {
			if err := v.tap(ctx, `#entry [data-way="`+waysOf(r)+`"]`); err != nil {
				return err
			}
			if err := v.tap(ctx, `#entry [data-skbtn="`+string(r)+`"]`); err != nil {
				return err
			}
			continue
		}
		sound, rest, _ := strings.Cut(text[1:], ">")
		text = rest
		if err := v.tap(ctx, `#entry [data-way="han"]`); err != nil {
			return err
		}
		for _, l := range sound {
			if err := v.tap(ctx, `#entry [data-skbtn="`+string(l)+`"]`); err != nil {
				return err
			}
		}
		if err := v.candidate(ctx, string(r)); err != nil {
			return err
		}
	}
	return nil
}

// waysOf names the keys that have the character.
func waysOf(r rune) string {
	if r >= '0' && r <= '9' {
		return "digits"
	}
	return "latin"
}

// spelled waits until what is offered is for all that was typed and chosen.
func (v *Visitor) spelled(ctx context.Context) error {
	for end := time.Now().Add(v.patience()); time.Now().Before(end); {
		raw, err := v.Browser.Eval(ctx, `!document.querySelector("#entry .candidates[aria-busy]")`)
		if err != nil || string(raw) == "true" {
			return err
		}
		if err := sleep(ctx, 20*time.Millisecond); err != nil {
			return err
		}
	}
	return errors.New("the keys are never spelled")
}

// candidate chooses a character from the bar, turning its pages.
func (v *Visitor) candidate(ctx context.Context, han string) error {
	for range 40 {
		if err := v.spelled(ctx); err != nil {
			return err
		}
		raw, err := v.Browser.Eval(ctx, `[...document.querySelectorAll("#entry .candidates button")].map(b => b.textContent)`)
		if err != nil {
			return err
		}
		var faces []string
		if err := json.Unmarshal(raw, &faces); err != nil {
			return err
		}
		at := slices.Index(faces, han)
		if at < 0 {
			at = slices.Index(faces, "›")
		}
		if at < 0 {
			break
		}
		if err := v.tap(ctx, fmt.Sprintf(`#entry .candidates button:nth-child(%d)`, at+1)); err != nil {
			return err
		}
		if faces[at] == han {
			return v.spelled(ctx)
		}
	}
	return fmt.Errorf("%s: %w", han, errSpelling)
}
