package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"yimen/kiosk/journal"
	"yimen/provisioning/config"
)

// journals proves or shows a terminal's journal: provisioning journal verify|show [flags].
func journals(_ context.Context, args []string, out io.Writer) error {
	if len(args) > 0 {
		switch args[0] {
		case "verify":
			return journalVerify(args[1:], out)
		case "show":
			return journalShow(args[1:], out)
		}
	}
	return usageError{"want verify or show"}
}

// place are the flags that say which journal is meant.
type place struct{ config, file *string }

func placeFlags(flags *flag.FlagSet) place {
	return place{
		flags.String("config", "/etc/yimen/terminal.yaml", "the terminal's config `file`"),
		flags.String("journal", "", "the journal's `folder` itself, or one file of it, such as a copy; then no config is read"),
	}
}

// open opens the journal for reading, with all its volumes. A daemon that writes it is not disturbed.
func (p place) open() (io.ReadCloser, error) {
	place := *p.file
	if place == "" {
		cfg, err := config.Read(*p.config)
		if err != nil {
			return nil, err
		}
		place = cfg.Path("journal")
	}
	info, err := os.Stat(place)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return journal.OpenDir(place)
	}
	return os.Open(place)
}

// journalVerify holds a journal against itself and against heads that others have: provisioning journal verify
// [-config FILE | -journal FILE] [-head NO:DIGITS]... It names the first damage.
func journalVerify(args []string, out io.Writer) error {
	flags := flag.NewFlagSet("journal verify", flag.ContinueOnError)
	where := placeFlags(flags)
	var heads []journal.HeadSeen
	flags.Func("head", "a `head` that central or a day sheet has, such as 12:0123abcd…; may be given again", func(s string) error {
		h, err := journal.ParseHead(s)
		heads = append(heads, h)
		return err
	})
	if err := parse(flags, args, out); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return usageError{"want verify [-config FILE | -journal FILE] [-head NO:DIGITS]..."}
	}
	f, err := where.open()
	if err != nil {
		return err
	}
	defer f.Close()
	story, err := journal.Verify(f, heads, nil)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "sound: %d records\nhead %s\n", story.Head.No, story.Head)
	if len(heads) == 0 {
		fmt.Fprintln(out, "whether its end is missing cannot be told without a head that somebody else has (-head)")
	}
	if story.Torn > 0 {
		fmt.Fprintf(out, "%d bytes of a half-written record follow: a power cut, or the daemon is writing\n", story.Torn)
	}
	for _, r := range story.Open {
		fmt.Fprintf(out, "record %d, %s, has no outcome\n", r.No, r.Is)
	}
	return nil
}

// journalShow lists records: provisioning journal show [-config FILE | -journal FILE] [-from NO]. Damage ends the list.
func journalShow(args []string, out io.Writer) error {
	flags := flag.NewFlagSet("journal show", flag.ContinueOnError)
	where := placeFlags(flags)
	from := flags.Uint("from", 1, "`number` of the first record to show")
	if err := parse(flags, args, out); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return usageError{"want show [-config FILE | -journal FILE] [-from NO]"}
	}
	f, err := where.open()
	if err != nil {
		return err
	}
	defer f.Close()
	var trouble error
	_, err = journal.Read(f, func(r journal.Record) {
		if uint(r.No) < *from || trouble != nil {
			return
		}
		_, trouble = fmt.Fprintf(out, "%8d  %s  %-16s %s\n", r.No, r.At.Local().Format(time.RFC3339), r.Is, r.With)
	})
	return errors.Join(err, trouble)
}
