package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"strings"
	"time"

	"yimen/kiosk/household"
	"yimen/kiosk/policy"
)

// packs looks after policy packs: provisioning pack new, check, compare, and what brings them to the terminals:
// new-key, elect, sign, publish, verify, prune.
func packs(ctx context.Context, args []string, out io.Writer) error {
	if len(args) > 0 {
		switch args[0] {
		case "new":
			return newRegion(args[1:], out)
		case "check":
			return check(args[1:], out)
		case "compare":
			return compare(ctx, args[1:], out)
		case "new-key":
			return newKey(args[1:], out)
		case "elect":
			return elect(args[1:], out)
		case "sign":
			return signPacks(args[1:], out)
		case "publish":
			return publish(ctx, args[1:], out)
		case "verify":
			return verifyPack(ctx, args[1:], out)
		case "prune":
			return prune(args[1:], out)
		}
	}
	return usageError{"want new, check, compare, new-key, elect, sign, publish, verify or prune; -h after it tells its flags"}
}

func check(args []string, out io.Writer) error {
	flags := flag.NewFlagSet("pack check", flag.ContinueOnError)
	asJSON := flags.Bool("json", false, "print the findings as JSON")
	if err := parse(flags, args, out); err != nil {
		return err
	}
	if flags.NArg() != 1 {
		return usageError{"want check DIR"}
	}
	pack, err := policy.Load(flags.Arg(0))
	if err != nil {
		return err
	}
	r := review(pack, household.DateOf(time.Now()))
	if *asJSON {
		return json.NewEncoder(out).Encode(r)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s edition %s %s\n", r.ID, r.Edition, r.Digest)
	fmt.Fprintf(&b, "%d items (%d to apply for here), %d rules, %d parameters, %d questions\n", r.Items, r.Forms, r.Rules, r.Params, r.Questions)
	if r.Warning != "" {
		fmt.Fprintf(&b, "%-12s %s\n", "warning", r.Warning)
	}
	for _, v := range r.Unsettled {
		fmt.Fprintf(&b, "%-12s %s: %s\n", v.Kind, v.Key, v.Why)
	}
	_, err = io.WriteString(out, b.String())
	return err
}

// findings are what a bureau reads before it lets a pack go live: its size and every value that is
// illustrative or still waited for.
type findings struct {
	ID, Edition, Digest string
	Items, Forms        int // items of the catalogue, and those with a form
	Rules, Params       int
	Questions           int
	Warning             string `json:",omitempty"` // what must be done soon
	Unsettled           []unsettled
}

// unsettled is one value that nobody has confirmed.
type unsettled struct {
	Kind string // pending or illustrative
	Key  string // items/…, params/… or rules/…
	Why  string
}

func review(p *policy.Pack, today household.Date) findings {
	f := findings{Warning: calendarWarning(p, today), ID: p.ID, Edition: p.Edition, Digest: p.Digest, Items: len(p.Items()), Rules: len(p.Rules("")), Params: len(p.Params())}
	for _, it := range p.Items() {
		f.illustrative("items/"+it.Code, it.Citation)
		form, ok := p.Form(it.Form)
		if !ok {
			continue
		}
		f.Forms++
		for i := range form.Sections {
			f.Questions += len(form.Sections[i].Questions)
		}
	}
	for _, param := range p.Params() {
		for _, period := range param.Periods {
			key := "params/" + param.Key + " from " + period.From.String()
			if period.Pending != nil {
				f.Unsettled = append(f.Unsettled, unsettled{"pending", key, period.Pending.In("zh-CN")})
				continue
			}
			f.illustrative(key, period.Citation)
		}
	}
	for _, r := range p.Rules("") {
		f.illustrative("rules/"+r.ID, r.Citation)
	}
	return f
}

func (f *findings) illustrative(key string, c policy.Citation) {
	if c.Illustrative != "" {
		f.Unsettled = append(f.Unsettled, unsettled{"illustrative", key, c.Illustrative})
	}
}
