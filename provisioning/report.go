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
	"os"
	"strings"

	"yimen/provisioning/config"
	"yimen/provisioning/report"
	"yimen/provisioning/selftest"
)

var (
	// errNotReady: something in the report failed; it has said what.
	errNotReady = errors.New("the terminal is not ready")
	// errPaper: the report was to be printed and is not known to be.
	errPaper = errors.New("the report is not known to be printed")
)

// tellReport tells how the terminal stands: provisioning report -config FILE [-paper] [-json] [-out FILE].
func tellReport(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("report", flag.ContinueOnError)
	file := flags.String("config", "/etc/yimen/terminal.yaml", "the terminal's config `file`")
	paper := flags.Bool("paper", false, "print it too")
	machine := flags.Bool("json", false, "answer with one JSON document")
	to := flags.String("out", "", "`file` to keep the JSON document in, to be sent")
	if err := parse(flags, args, out); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return usageError{"want -config FILE [-paper] [-json] [-out FILE]"}
	}
	cfg, err := config.Read(*file)
	if err != nil {
		return err
	}
	answer, err := askReport(ctx, cfg, *paper)
	if err != nil {
		return err
	}
	document, err := json.MarshalIndent(answer.Report, "", "  ")
	if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	if *to != "" {
		if err := os.WriteFile(*to, append(document, '\n'), 0o644); err != nil {
			return fmt.Errorf("report: %w", err)
		}
	}
	if *machine {
		_, err = fmt.Fprintf(out, "%s\n", document)
	} else {
		err = report.Tell(out, answer.Report)
	}
	switch {
	case err != nil:
		return err
	case *paper && answer.Paper != report.Printed:
		return fmt.Errorf("%w: %s %s", errPaper, answer.Paper, answer.Cause)
	case !answer.Report.Ready:
		return errNotReady
	}
	return nil
}

// askReport asks the daemon, which holds the devices.
func askReport(ctx context.Context, cfg config.Config, paper bool) (report.Answer, error) {
	query := url.Values{}
	if paper {
		query.Set("paper", "yes")
	}
	var answer report.Answer
	err := askDaemon(ctx, cfg, report.Path, query, &answer)
	return answer, err
}

// askDaemon has the daemon answer what stands at path. A visit that is in the way is selftest.ErrVisit.
func askDaemon(ctx context.Context, cfg config.Config, path string, query url.Values, into any) error {
	resp, err := selftest.Post(ctx, cfg.Data, path, query)
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
	if err := json.NewDecoder(resp.Body).Decode(into); err != nil {
		return fmt.Errorf("the daemon's answer: %w", err)
	}
	return nil
}

// lockTerminal closes the terminal to visits: provisioning lock -config FILE. unlockTerminal opens it again.
func lockTerminal(ctx context.Context, args []string, out io.Writer) error {
	return turnLock(ctx, "lock", "yes", args, out)
}

func unlockTerminal(ctx context.Context, args []string, out io.Writer) error {
	return turnLock(ctx, "unlock", "no", args, out)
}

func turnLock(ctx context.Context, name, wanted string, args []string, out io.Writer) error {
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	file := flags.String("config", "/etc/yimen/terminal.yaml", "the terminal's config `file`")
	if err := parse(flags, args, out); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return usageError{"want -config FILE"}
	}
	cfg, err := config.Read(*file)
	if err != nil {
		return err
	}
	var now report.Latch
	if err := askDaemon(ctx, cfg, report.LatchPath, url.Values{"lock": {wanted}}, &now); err != nil {
		return err
	}
	switch {
	case now.Locked && now.Visit:
		_, err = fmt.Fprintln(out, "locked; the visit that had begun still goes on, and no other begins")
	case now.Locked:
		_, err = fmt.Fprintln(out, "locked: no visit can begin")
	default:
		_, err = fmt.Fprintln(out, "open to residents")
	}
	return err
}
