package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"yimen/provisioning/hall"
	"yimen/provisioning/visitor"
)

// demo plays one whole visit in headless Chromium and leaves in a folder what came out at each end.
func demo(ctx context.Context, args []string, out io.Writer) (err error) {
	flags := flag.NewFlagSet("demo", flag.ContinueOnError)
	bin, pack := common(flags)
	to := flags.String("out", "demo-out", "folder for what comes out; emptied first")
	elder := flags.Bool("elder", false, "the larger size")
	card := flags.String("card", "rare", "sample card of the bench")
	landscape := flags.Bool("landscape", false, "1920×1080 instead of 1080×1920")
	if err := flags.Parse(args); err != nil {
		return err
	}
	ctx, stop := context.WithTimeout(ctx, 5*time.Minute)
	defer stop()
	d := &player{out: out, dir: *to, began: time.Now()}
	if err := d.clean(); err != nil {
		return err
	}
	work, err := os.MkdirTemp("", "yimen-demo-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()
	d.tell("starting hub, bench, terminal and bureau desk")
	h, err := hall.Start(ctx, hall.Options{Bin: *bin, Dir: work, Pack: *pack, Tell: out})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Stop()) }()
	if err := d.play(ctx, h, work, *card, *elder, *landscape); err != nil {
		return err
	}
	d.tell("everything is in %s; it took %v", *to, time.Since(d.began).Round(time.Second))
	return d.summary()
}

// player plays the demo and writes its results.
type player struct {
	out   io.Writer
	dir   string
	began time.Time
	shots int
	told  []string
}

func (d *player) tell(format string, args ...any) {
	line := fmt.Sprintf(format, args...)
	d.told = append(d.told, line)
	fmt.Fprintf(d.out, "%6.1fs  %s\n", time.Since(d.began).Seconds(), line)
}

func (d *player) clean() error {
	if err := os.RemoveAll(d.dir); err != nil {
		return err
	}
	for _, sub := range []string{"screens", "pages"} {
		if err := os.MkdirAll(filepath.Join(d.dir, sub), 0o755); err != nil {
			return err
		}
	}
	return nil
}

func (d *player) write(name string, b []byte) error {
	return os.WriteFile(filepath.Join(d.dir, name), b, 0o644)
}

func (d *player) summary() error {
	return d.write("summary.txt", []byte(strings.Join(d.told, "\n")+"\n"))
}

// visit is the demo's household: the holder of the card, ill and without work, and a wife on one small wage.
func visit(card string) visitor.Visitor {
	return visitor.Visitor{
		Offer: "apply:0101", Card: card, Pages: []string{"bankbook", "diagnosis"}, Scan: 2,
		Answers: map[string]string{
			"household_size": "2", "hukou_here": "1", "supporter_count": "0",
			"member.2.name": "李<li>红<hong>", "member.2.relation": "spouse", "member.2.number": "990000198703070028",
			"member.2.away":   "none",
			"member.1.health": "recovering", "member.1.disability_grade": "none", "member.1.work": "unable",
			"member.2.health": "healthy", "member.2.disability_grade": "none", "member.2.work": "odd_jobs",
			"member.1.income_kinds": "none", "member.2.income_kinds": "wage", "member.2.wage": "1100", "member.2.job_cost": "100",
			"deposits": "3000", "vehicle": "none", "houses": "1", "shop": "0", "company": "none", "recent_building": "none",
			"gave_up_property": "0", "idle_land": "0", "costly_spending": "0", "refused_check": "0",
			"medical_12m": "1200", "pension_paid_12m": "0", "rented": "0", "court_papers": "0", "cause": "illness",
			"member.1.exempt_kinds": "none", "member.2.exempt_kinds": "none", "near_relative": "0", "phone": "13800000000",
		},
		Change: "deposits", To: "2500",
	}
}

func (d *player) play(ctx context.Context, h *hall.Hall, work, card string, elder, landscape bool) error {
	width, height := int64(1080), int64(1920)
	if landscape {
		width, height = height, width
	}
	browser, err := visitor.OpenChromium(ctx, filepath.Join(work, "chromium"), h.Screen, width, height)
	if err != nil {
		return err
	}
	defer browser.Close()
	v := visit(card)
	v.Browser, v.Bench, v.Elder = browser, &visitor.Bench{Panel: h.Panel}, elder
	v.Before = func(ctx context.Context, s visitor.Seen) error { return d.screen(ctx, browser, s) }
	last, err := v.Play(ctx)
	for _, c := range browser.Complaints() {
		err = errors.Join(err, fmt.Errorf("the page complained: %s", c))
	}
	if err != nil {
		return err
	}
	if err := d.slip(ctx, v.Bench); err != nil {
		return err
	}
	envelope, err := d.bureau(ctx, h, number(last.Text))
	if err != nil {
		return err
	}
	return d.works(ctx, h, browser, envelope)
}

// screen keeps a picture of what the resident sees.
func (d *player) screen(ctx context.Context, b visitor.Browser, s visitor.Seen) error {
	png, err := b.Picture(ctx)
	if err != nil {
		return err
	}
	d.shots++
	name := s.Screen
	if s.Question != "" {
		name += "-" + s.Question
	}
	d.tell("%-10s %s", s.Screen, s.Question)
	return d.write(filepath.Join("screens", fmt.Sprintf("%02d-%s.png", d.shots, name)), png)
}

// slip keeps what the printer got and what the paper shows.
func (d *player) slip(ctx context.Context, bench *visitor.Bench) error {
	bin, err := bench.PaperBytes(ctx)
	if err != nil {
		return err
	}
	png, err := bench.PaperPNG(ctx)
	if err != nil {
		return err
	}
	d.tell("the printer got %d bytes", len(bin))
	return errors.Join(d.write("slip.bin", bin), d.write("slip.png", png))
}

// number finds the slip number that the screen shows.
func number(text string) string {
	for _, w := range strings.Fields(text) {
		if strings.HasPrefix(w, "SJ-") {
			return w
		}
	}
	return ""
}

// bureau looks whether the dossier lies opened at the bureau, whole, under the number on the screen, and gives its envelope.
func (d *player) bureau(ctx context.Context, h *hall.Hall, slipNo string) (string, error) {
	if slipNo == "" {
		return "", errors.New("the last screen shows no slip number")
	}
	desk := visitor.BureauDesk{URL: h.Bureau}
	dossier, err := desk.Find(ctx, slipNo, 30*time.Second)
	if err != nil {
		return "", err
	}
	d.tell("the bureau opened %s: %d parts", slipNo, len(dossier.Parts))
	manifest, err := json.MarshalIndent(dossier.Manifest, "", "  ")
	if err != nil {
		return "", err
	}
	if err := errors.Join(d.write("manifest.json", manifest), d.write("receipt.json", dossier.Receipt)); err != nil {
		return "", err
	}
	pdf, pages := 0, 0
	for _, p := range dossier.Parts {
		body, err := desk.Part(ctx, dossier, p)
		if err != nil {
			return "", err
		}
		switch {
		case p.Name == "dossier.pdf":
			pdf++
			err = d.write(p.Name, body)
		case strings.HasPrefix(p.Name, "pages/"):
			pages++
			err = d.write(filepath.Join("pages", filepath.Base(p.Name)), body)
		}
		if err != nil {
			return "", err
		}
	}
	if pdf != 1 || pages < 2 {
		return "", fmt.Errorf("the dossier holds %d PDF and %d pages", pdf, pages)
	}
	return dossier.ID, nil
}
