// Package slip is what is printed for a resident: a pack's template filled with what is known of a submission.
// A slip never says more than was observed, shows no number of a card in full (domain.md P13), and its code holds
// the slip's number and nothing of a person (§7).
package slip

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"yimen/drivers/device"
	"yimen/kiosk/policy"
)

// Facts are what a slip tells. Names come as the pack words them in Chinese, times in the hall's time zone.
type Facts struct {
	SlipNo    string
	QueryCode string

	Item, ItemCode string
	Deadline       string // promised time, in words
	Decider, Basis string // who decides, and by which document and article
	Applicant      device.Personal
	Number         device.Personal // of the card; printed masked
	Agent          device.Personal // who came instead; empty where the applicant came, printed masked
	HouseholdSize  int             // 0 where not stated

	ReceivedAt time.Time
	Terminal   string
	Hall       string
	Materials  []Material
	Delivered  bool // central's signed receipt for the whole was verified

	Edition   string // of the pack that was reckoned with
	Example   bool   // illustrative values took part
	Estimates []Estimate
	Also      string // what else may help, in words; empty for nothing

	Category string // kind of aid, in words, where the resident wants it printed; empty for nothing

	// Paragraphs of a document of which the slip is a copy, or of what the office says.
	Paragraphs []string

	// More is what slips of one kind tell beyond that, in words, by the names in their template.
	More map[string]string

	PrintedAt time.Time
	PrintNo   int // which printing of this slip, from 1
}

// Material is one row of the list of papers.
type Material struct {
	Name  string
	Mark  Mark
	Pages int    // for Scanned
	Hint  string // where it comes from, or what to lay down
}

// Estimate is one programme's outcome, which holds nothing of a person.
type Estimate struct {
	Programme string
	Verdict   string // in words, with what may be paid
	Digest    string // short
	Lines     []string
}

// Mark says what became of a material; the pack words it in its text material.<mark>.
type Mark string

const (
	Scanned  Mark = "scanned"
	Declared Mark = "declared" // 告知承诺 instead of the paper
	Shared   Mark = "shared"   // fetched from other departments
	Here     Mark = "here"     // made at this terminal
	Later    Mark = "later"    // the resident brings it
	Unsigned Mark = "unsigned" // read here, to be signed by hand at the desk
	Check    Mark = "check"    // scanned, but a page is not good: staff compare it with the paper
	Bring    Mark = "bring"    // has to come
	Maybe    Mark = "maybe"    // only if it exists
)

// Words gives a pack's wordings; *policy.Pack is one.
type Words interface {
	Text(id string) policy.Text // nil where there is none
}

// ErrTemplate: the template asks for what a slip does not have, or for a row of no kind. The pack is wrong.
var ErrTemplate = errors.New("slip template is wrong")

// qrDots is the width of the code: 25 mm at 8 dots a millimetre, which a phone reads from a hand's length.
const qrDots = 200

const (
	stampFormat = "2006-01-02 15:04"
	slipLang    = "zh-CN" // a slip is an office's paper, whatever language the screen had
)

// Fill writes the facts into a template. A {name} in it is a fact or, where there is no such fact, the id of one of the
// pack's texts; one that is neither is ErrTemplate.
func Fill(t *policy.SlipTemplate, words Words, f Facts) (device.Slip, error) {
	w := writer{template: t.ID, words: words}
	values, err := w.facts(f)
	if err != nil {
		return device.Slip{}, err
	}
	var slip device.Slip
	for no := 0; no < len(t.Rows); no++ {
		row := t.Rows[no]
		if block := estimateRows(t.Rows[no:]); len(block) > 0 {
			printed, err := w.estimates(block, values, f.Estimates)
			if err != nil {
				return device.Slip{}, fmt.Errorf("slip %s, row %d: %w", t.ID, no+1, err)
			}
			slip.Rows = append(slip.Rows, printed...)
			no += len(block) - 1
			continue
		}
		holds, known := conditions[row.When]
		if !known {
			return device.Slip{}, fmt.Errorf("slip %s, row %d: %w: nobody knows when %q is", t.ID, no+1, ErrTemplate, row.When)
		}
		if !holds(f) {
			continue
		}
		sets := []map[string]string{values}
		switch row.Each {
		case "material":
			if sets, err = w.materials(values, f.Materials); err != nil {
				return device.Slip{}, err
			}
		case "paragraph":
			sets = paragraphs(values, f.Paragraphs)
		}
		for _, set := range sets {
			printed, err := w.row(row, set)
			if err != nil {
				return device.Slip{}, fmt.Errorf("slip %s, row %d: %w", t.ID, no+1, err)
			}
			slip.Rows = append(slip.Rows, printed)
		}
	}
	return slip, nil
}

// conditions are the words that a row's when may have.
var conditions = map[string]func(Facts) bool{
	"":          func(Facts) bool { return true },
	"delivered": func(f Facts) bool { return f.Delivered },
	"waiting":   func(f Facts) bool { return !f.Delivered },
	"agent":     func(f Facts) bool { return f.Agent != "" },
	"household": func(f Facts) bool { return f.HouseholdSize > 0 },
	"example":   func(f Facts) bool { return f.Example },
	"also":      func(f Facts) bool { return f.Also != "" },
	"category":  func(f Facts) bool { return f.Category != "" },
	"reprint":   func(f Facts) bool { return f.PrintNo > 1 },
}

// writer fills one template.
type writer struct {
	template string
	words    Words
}

// facts gives the values of a template's names.
func (w writer) facts(f Facts) (map[string]string, error) {
	way, delivery := "way.self", "delivery.waiting"
	if f.Agent != "" {
		way = "way.agent"
	}
	if f.Delivered {
		delivery = "delivery.delivered"
	}
	values := map[string]string{
		"slip_no": f.SlipNo, "query_code": f.QueryCode, "item": f.Item, "item_code": f.ItemCode, "deadline": f.Deadline,
		"decider": f.Decider, "basis": f.Basis,
		"name": f.Applicant.Reveal(), "number": f.Number.MaskNumber(), "agent": f.Agent.MaskName(),
		"household_size": strconv.Itoa(f.HouseholdSize), "received_at": f.ReceivedAt.Format(stampFormat),
		"terminal": f.Terminal, "hall": f.Hall, "printed_at": f.PrintedAt.Format(stampFormat), "print_no": strconv.Itoa(f.PrintNo),
		"edition": f.Edition, "also": f.Also, "category": f.Category,
	}
	maps.Copy(values, f.More)
	for name, id := range map[string]string{"way": way, "delivery": delivery} {
		text := w.words.Text(id)
		if text == nil {
			return nil, fmt.Errorf("slip %s: %w: the pack has no text %s", w.template, ErrTemplate, id)
		}
		values[name] = text.In(slipLang)
	}
	return values, nil
}

// materials gives a set of values for each paper.
func (w writer) materials(values map[string]string, list []Material) ([]map[string]string, error) {
	var sets []map[string]string
	for _, m := range list {
		text := w.words.Text("material." + string(m.Mark))
		if text == nil {
			return nil, fmt.Errorf("slip %s: %w: the pack has no text material.%s", w.template, ErrTemplate, m.Mark)
		}
		set := map[string]string{"material": m.Name, "hint": m.Hint, "pages": strconv.Itoa(m.Pages)}
		set["mark"] = policy.Fill(text.In(slipLang), set)
		for name, value := range values {
			set[name] = value
		}
		sets = append(sets, set)
	}
	return sets, nil
}

// paragraphs gives a set of values for each paragraph.
func paragraphs(values map[string]string, list []string) (sets []map[string]string) {
	for _, p := range list {
		set := maps.Clone(values)
		set["paragraph"] = p
		sets = append(sets, set)
	}
	return sets
}

func (w writer) row(r policy.SlipRow, values map[string]string) (device.Row, error) {
	var err error
	fill := func(s string) string {
		filled, fillErr := w.fill(s, values)
		err = errors.Join(err, fillErr)
		return filled
	}
	var row device.Row
	switch {
	case r.Rule:
		row = device.Rule{}
	case r.QR != "":
		row = device.QR{Data: fill(r.QR), Dots: qrDots}
	case r.Feed > 0:
		row = device.Feed{Lines: r.Feed}
	case r.Left != "" || r.Right != "":
		row = device.Columns{Left: fill(r.Left), Right: fill(r.Right), Bold: r.Bold}
	case r.Text != "":
		align, known := alignments[r.Align]
		if !known {
			return nil, fmt.Errorf("%w: no text stands at %q", ErrTemplate, r.Align)
		}
		row = device.Text{Text: fill(r.Text), Align: align, Size: max(r.Size, 1), Bold: r.Bold}
	default:
		return nil, fmt.Errorf("%w: it is empty", ErrTemplate)
	}
	if err != nil {
		return nil, err
	}
	return row, nil
}

var alignments = map[string]device.Align{"": device.Left, "left": device.Left, "centre": device.Centre, "right": device.Right}

// fill puts values and texts into the {names} of s. What was put in is not looked at again.
func (w writer) fill(s string, values map[string]string) (string, error) {
	var unknown []string
	all := map[string]string{}
	for _, name := range names(s) {
		if value, ok := values[name]; ok {
			all[name] = value
		} else if text := w.words.Text(name); text != nil {
			all[name] = text.In(slipLang)
		} else if !slices.Contains(unknown, name) {
			unknown = append(unknown, name)
		}
	}
	if unknown != nil {
		return "", fmt.Errorf("%w: nothing is known as %s", ErrTemplate, strings.Join(unknown, ", "))
	}
	return policy.Fill(s, all), nil
}

// names lists the {names} in s.
func names(s string) (list []string) {
	for {
		_, rest, open := strings.Cut(s, "{")
		name, after, closed := strings.Cut(rest, "}")
		if !open || !closed {
			return list
		}
		list, s = append(list, name), after
	}
}
