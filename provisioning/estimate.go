package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"yimen/kiosk/estimate"
	"yimen/kiosk/household"
	"yimen/kiosk/policy"
)

// estimateHouseholds works one household out, provisioning estimate -pack DIR -date YYYY-MM-DD household.json, or a file
// that has one a line, households.ndjson; of these each result is a line. Packs are read in demo mode, so that
// illustrative values give figures and say so; -production pauses them.
func estimateHouseholds(ctx context.Context, args []string, out, progress io.Writer) error {
	flags := flag.NewFlagSet("estimate", flag.ContinueOnError)
	dir := flags.String("pack", "", "folder of the policy pack, such as packs/CN-150102")
	day := flags.String("date", "", "the day to estimate for, such as 2022-07-01")
	programme := flags.String("programme", "dibao", "what to estimate: dibao, edge, single, rigid, tekun, temp_aid, emergency, ring, taper, hardship, or all")
	asJSON := flags.Bool("json", false, "print the result in its canonical form")
	production := flags.Bool("production", false, "pause what needs an illustrative value")
	lang := flags.String("lang", "zh-CN", "language of the sentences")
	sealed := flags.String("replay", "", "a sealed result (estimate.json) to be reckoned again; it names its programme and day")
	if err := parse(flags, args, out); err != nil {
		return err
	}
	if *dir == "" || (*day == "") == (*sealed == "") || flags.NArg() != 1 {
		return usageError{"want -pack DIR -date YYYY-MM-DD household.json (or households.ndjson), or -replay FILE in place of -date"}
	}
	if *sealed != "" {
		return replay(out, *dir, *sealed, flags.Arg(0))
	}
	on, err := household.ParseDate(*day)
	if err != nil {
		return usageError{"-" + err.Error()}
	}
	pack, err := policy.Load(*dir)
	if err != nil {
		return err
	}
	if !*production {
		pack = pack.With(policy.Demo)
	}
	file := flags.Arg(0)
	if strings.HasSuffix(file, ".ndjson") {
		run := bulkEstimate{pack: pack, programme: *programme, on: on, json: *asJSON, progress: progress}
		return run.file(ctx, file, out)
	}
	answers, err := stated(file)
	if err != nil {
		return err
	}
	results, err := reckon(estimate.NewEstimator(pack, on), *programme, answers)
	if err != nil {
		return err
	}
	for _, r := range results {
		if *asJSON {
			_, err = fmt.Fprintf(out, "%s\n", estimate.Canonical(r))
		} else {
			err = tell(out, pack, r, *lang)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// stated reads a household from a file.
func stated(file string) (household.Answers, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return household.Answers{}, err
	}
	answers, err := household.Parse(data)
	if err != nil {
		return household.Answers{}, fmt.Errorf("%s: %w", file, err)
	}
	return answers, nil
}

// replay reckons a sealed result again, by the edition in dir, and tells whether it is the same to the byte.
func replay(out io.Writer, dir, sealed, file string) error {
	pack, err := policy.Load(dir)
	if err != nil {
		return err
	}
	was, err := os.ReadFile(sealed)
	if err != nil {
		return err
	}
	answers, err := stated(file)
	if err != nil {
		return err
	}
	again, same, err := estimate.Replay(pack, bytes.TrimSpace(was), answers)
	if err != nil {
		return err
	}
	if !same {
		return fmt.Errorf("%s is not what %s gives now: %s, %s", sealed, file, again.Verdict, again.ShortDigest())
	}
	_, err = fmt.Fprintf(out, "the same, %s\n", again.ShortDigest())
	return err
}

// reckon estimates a programme, or all in the order in which they are offered.
func reckon(e *estimate.Estimator, programme string, answers household.Answers) ([]estimate.Result, error) {
	if programme == "all" {
		return e.All(answers)
	}
	r, err := e.Compute(programme, answers)
	return []estimate.Result{r}, err
}

// tell prints a result line by line: each sentence with its article, then what a person must look at, what
// else may fit, and what would bring another answer, missing answers among it.
func tell(out io.Writer, pack *policy.Pack, r estimate.Result, lang string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n", r.Programme, pack.Text("verdict."+string(r.Verdict)).In(lang))
	if r.Colour != "" {
		fmt.Fprintf(&b, "%s\n", r.Colour)
	}
	if r.HasMonthly {
		fmt.Fprintf(&b, "%s\n", policy.Yuan(int64(r.Monthly)))
	}
	if r.Example {
		fmt.Fprintf(&b, "%s\n", pack.Text("estimate.example").In(lang))
	}
	for _, part := range [][]estimate.Line{r.Lines, r.Flags, r.Hints} {
		b.WriteString("\n")
		for _, l := range part {
			fmt.Fprintf(&b, "%-20s %-9s %s [%s]\n", l.Rule, l.Outcome, l.Sentence.In(lang), cite(pack, l.Citation, lang))
		}
	}
	b.WriteString("\n")
	for _, c := range r.Changes {
		fmt.Fprintf(&b, "%-20s %-12s %s%s\n", named(c), c.Lever, c.Sentence.In(lang), restated(c))
	}
	fmt.Fprintf(&b, "\n%s %s %s %s\n%s\n", r.PackID, r.Edition, r.AsOf, r.ShortDigest(), pack.Text("estimate.not_a_decision").In(lang))
	_, err := io.WriteString(out, b.String())
	return err
}

// named is what a change is about: a rule or, for a missing answer, its key.
func named(c estimate.Change) string {
	if c.Rule == "" && len(c.Keys) > 0 {
		return "? " + c.Keys[0].String()
	}
	return c.Rule
}

// restated is a change's figures in their machine form.
func restated(c estimate.Change) string {
	if c.From == "" {
		return ""
	}
	text := fmt.Sprintf(" [%s -> %s %s", c.From, c.To, c.Unit)
	if c.Gives != "" {
		text += ": " + string(c.Gives)
	}
	return text + "]"
}

func cite(pack *policy.Pack, c policy.Citation, lang string) string {
	if c.Illustrative != "" {
		return c.Illustrative
	}
	source, _ := pack.Source(c.Source)
	return strings.TrimSpace(c.Source + " " + source.Title.In(lang) + " " + c.Article)
}
