package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"yimen/kiosk/daysheet"
	"yimen/provisioning/config"
	"yimen/provisioning/selftest"
)

// errSheet: the day sheet did not come out as it should have.
var errSheet = errors.New("the day sheet is not known to be printed")

// daySheet has the daemon print a day sheet: provisioning day-sheet -config FILE [-day 2026-11-22].
func daySheet(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("day-sheet", flag.ContinueOnError)
	file := flags.String("config", "/etc/yimen/terminal.yaml", "the terminal's config `file`")
	day := flags.String("day", "", "the `day`, such as 2026-11-22; without it, today")
	if err := parse(flags, args, out); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return usageError{"want -config FILE [-day 2026-11-22]"}
	}
	cfg, err := config.Read(*file)
	if err != nil {
		return err
	}
	resp, err := selftest.Post(ctx, cfg.Data, daysheet.Path, url.Values{"day": {*day}})
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	switch resp.StatusCode {
	case http.StatusOK:
	case http.StatusConflict:
		return selftest.ErrVisit
	default:
		why, err := io.ReadAll(io.LimitReader(resp.Body, 1<<10))
		return errors.Join(fmt.Errorf("ask the daemon: %s", strings.TrimSpace(string(why))), err)
	}
	var answer daysheet.Answer
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		return fmt.Errorf("the daemon's answer: %w", err)
	}
	if answer.Outcome != daysheet.Printed {
		return fmt.Errorf("%w: %s %s", errSheet, answer.Outcome, answer.Cause)
	}
	_, err = fmt.Fprintf(out, "printed; head %s\n", answer.Head)
	return err
}
