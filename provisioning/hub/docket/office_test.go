package docket

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"time"

	"yimen/kiosk/inquiry"
	"yimen/kiosk/policy"
	"yimen/kiosk/policy/flow"
	"yimen/kiosk/slip/number"
)

var china = time.FixedZone("UTC+8", 8*60*60)

// office is a book with a clock that the test sets, and officers.
type office struct {
	t       *testing.T
	dir     string
	book    *Book
	pack    *policy.Pack
	at      time.Time
	missing bool // the edition is gone
}

var (
	li   = Officer{"01", "李受理", []flow.Role{flow.Accept}}
	wang = Officer{"02", "王审核", []flow.Role{flow.Review}}
	zhao = Officer{"03", "赵审批", []flow.Role{flow.Decide}}
)

func (o *office) Edition(id, digest string) (*policy.Pack, error) {
	if o.missing || id != o.pack.ID || digest != o.pack.Digest {
		return nil, errors.New("no such edition")
	}
	return o.pack, nil
}

func open(t *testing.T, region string) *office {
	t.Helper()
	pack, err := policy.Load("../../../kiosk/policy/packs/" + region)
	if err != nil {
		t.Fatal(err)
	}
	o := &office{t: t, dir: t.TempDir(), pack: pack, at: time.Date(2026, 3, 26, 9, 0, 0, 0, china)}
	o.reopen()
	t.Cleanup(func() { o.book.Close() })
	return o
}

func (o *office) reopen() {
	o.t.Helper()
	if o.book != nil {
		if err := o.book.Close(); err != nil {
			o.t.Fatal(err)
		}
	}
	var err error
	if o.book, err = Open(o.t.Context(), o.dir, o, func() time.Time { return o.at }, china, slog.New(slog.DiscardHandler)); err != nil {
		o.t.Fatal(err)
	}
}

const idNumber = "11010519491231002X" // the specimen of GB 11643

func (o *office) handed(n int, item string) Opened {
	slipNo := fmt.Sprintf("SJ-150102-0001-20260326-%05d-K", n)
	check, err := number.Check(slipNo, "12345678")
	if err != nil {
		o.t.Fatal(err)
	}
	return Opened{
		Envelope: fmt.Sprintf("envelope-%d", n), Kind: "application", SlipNo: slipNo, QueryCheck: check, Item: item, Name: "佟子试", Number: idNumber,
		Terminal: "150102-001", Hall: "大厅", Region: "150102", Submitted: o.at.Add(-time.Hour), Pack: PackRef{ID: o.pack.ID, Edition: o.pack.Edition, Digest: o.pack.Digest},
	}
}

func (o *office) file(n int, item string) string {
	o.t.Helper()
	no, err := o.book.File(o.t.Context(), o.handed(n, item))
	if err != nil {
		o.t.Fatal(err)
	}
	return no
}

// takes carries out moves, by whoever's duty they are, with every field filled in.
func (o *office) takes(no string, to ...string) {
	o.t.Helper()
	for _, stage := range to {
		if err := o.take(no, stage, nil); err != nil {
			o.t.Fatalf("to %s: %v", stage, err)
		}
	}
}

func (o *office) take(no, stage string, fields map[string]string) error {
	o.t.Helper()
	c := o.of(no)
	for _, m := range o.book.Lawful(c) {
		if m.To == stage {
			if fields == nil {
				fields = o.filled(m)
			}
			return o.book.Take(o.t.Context(), officerFor(m.By), no, Act{m.ID(), fields})
		}
	}
	return ErrUnlawful
}

func officerFor(r flow.Role) Officer {
	for _, of := range []Officer{li, wang, zhao} {
		if slices.Contains(of.Roles, r) {
			return of
		}
	}
	return Officer{}
}

func (o *office) filled(m flow.Move) map[string]string {
	code := m.Paper
	fields := map[string]string{}
	paper, ok := o.pack.Paper(code)
	if !ok {
		return fields
	}
	for _, a := range paper.Asks {
		fields[a.ID] = map[flow.Input]string{flow.Line: "一行", flow.Words: "几句话", flow.Day: "2026-12-01", flow.Money: "748.50", flow.Count: "3", flow.Materials: "M09,M10"}[a.Input]
	}
	return fields
}

func (o *office) of(no string) Case {
	o.t.Helper()
	c, ok := o.book.Case(no)
	if !ok {
		o.t.Fatalf("no case %s", no)
	}
	return c
}

func (o *office) view(no string) inquiry.Case {
	o.t.Helper()
	list := o.book.Of(inquiry.Proof{SlipNo: o.of(no).SlipNo, Code: "12345678"})
	if len(list) != 1 {
		o.t.Fatalf("%d cases for slip and code", len(list))
	}
	return list[0]
}
