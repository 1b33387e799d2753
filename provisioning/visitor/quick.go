package visitor

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
)

// Quick plays a visit over a Line, as fast as the terminal lets it.
type Quick struct {
	Line    *Line
	Bench   *Bench
	Card    string
	Page    string // laid once; scanned Scan times
	Scan    int
	Answers map[string]string
	Offer   string // the menu's tile; apply:0101 where empty
	SlipNo  string // with Code, proves who asks for a case; the card does where it is empty
	Code    string
}

// To plays from the first screen until one of the wanted screens is there, and returns it without touching it.
func (q *Quick) To(ctx context.Context, screens ...string) (Seen, error) {
	last, scanned := "", 0
	for {
		var p page
		_, err := q.Line.Until(ctx, "new screen", func(s Seen) bool { return s.Visit+s.Seq != last })
		if err == nil {
			p, err = q.Line.look(ctx)
		}
		if err != nil || slices.Contains(screens, p.Screen) {
			return p.Seen, err
		}
		last = p.Visit + p.Seq
		if err := q.step(ctx, p, &scanned); err != nil {
			return p.Seen, fmt.Errorf("on screen %s %s: %w", p.Screen, p.Question, err)
		}
	}
}

func (q *Quick) step(ctx context.Context, p page, scanned *int) error {
	can := func(do string) bool { return slices.Contains(p.Offers, do) }
	do := func(what, value string) error { return q.Line.Do(ctx, p.Seen, what, value) }
	switch p.Screen {
	case "attract":
		return do("start", "")
	case "wiped":
		return do("finish", "")
	case "menu":
		offer := cmp.Or(q.Offer, "apply:0101")
		if !strings.Contains(p.html, `data-value="`+offer+`"`) {
			offer, _, _ = strings.Cut(offer, ":") // its door
		}
		return do("choose", offer)
	case "card":
		return q.Bench.LayCard(ctx, q.Card)
	case "question":
		return q.answer(ctx, p)
	case "sign":
		return q.Line.Sign(ctx, p.Seen)
	case "review":
		return do("submit", "")
	case "scan":
		switch {
		case can("accept"):
			return q.Line.Accept(ctx, p.Seen)
		case can("retake"): // the picture is not good
			*scanned--
			return do("retake", "")
		case can("next") && (p.Kept > 0 || *scanned >= q.Scan):
			return do("next", "")
		case can("shoot") && *scanned < q.Scan:
			*scanned++
			if err := q.Bench.LayPage(ctx, q.Page); err != nil {
				return err
			}
			return do("shoot", "")
		case can("later"):
			return do("later", "")
		}
		return nil
	case "proof":
		if q.SlipNo != "" {
			return do("choose", "slip")
		}
		return do("choose", "card")
	case "slipno":
		digits := strings.ReplaceAll(q.SlipNo, "-", "")
		return do("answer", digits[2:len(digits)-1])
	case "code":
		return do("answer", q.Code)
	case "sending", "slip", "asking":
		return nil
	}
	return do("next", "")
}

func (q *Quick) answer(ctx context.Context, p page) error {
	value, wanted := q.Answers[p.Question]
	switch {
	case wanted:
	case slices.Contains(p.Offers, "unknown"):
		return q.Line.Do(ctx, p.Seen, "unknown", "")
	default:
		if m := standing.FindStringSubmatch(p.html); m != nil {
			value = m[1]
		} else if m := choice.FindStringSubmatch(p.html); m != nil {
			value = m[1]
		}
	}
	return q.Line.Do(ctx, p.Seen, "answer", value)
}
