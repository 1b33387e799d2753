package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"yimen/kiosk/typeface"
	"yimen/provisioning/checklist"
	"yimen/provisioning/config"
)

// siteChecklist writes what must be looked at on site, to be printed and signed: provisioning checklist -out FILE.
func siteChecklist(_ context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("checklist", flag.ContinueOnError)
	file := flags.String("config", "/etc/yimen/terminal.yaml", "the terminal's config `file`")
	to := flags.String("out", "", "PDF `file` to write")
	if err := parse(flags, args, out); err != nil {
		return err
	}
	if *to == "" || flags.NArg() > 0 {
		return usageError{"want -out FILE"}
	}
	cfg, err := config.Read(*file)
	if err != nil {
		return err
	}
	zone, err := cfg.Location()
	if err != nil {
		return fmt.Errorf("checklist: %w", err)
	}
	faces, err := typeface.Load(cfg.Fonts)
	if err != nil {
		return err
	}
	defer faces.Close()
	list, err := checklist.Read()
	if err != nil {
		return err
	}
	pdf, err := list.PDF(faces, cfg.Terminal, cfg.Hall.Name, time.Now().In(zone))
	if err != nil {
		return err
	}
	if err := os.WriteFile(*to, pdf, 0o644); err != nil {
		return fmt.Errorf("checklist: %w", err)
	}
	_, err = fmt.Fprintf(out, "%s: print it, and have each line signed on site\n", *to)
	return err
}
