package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"log/slog"
	"time"

	"yimen/drivers"
	"yimen/kiosk/typeface"
	"yimen/provisioning/config"
	"yimen/provisioning/selftest"
)

// errNotPassed: a device did not pass; the table has said which.
var errNotPassed = errors.New("not every device has passed")

// tryDevices tries every device: provisioning selftest -config FILE [-json] [-wait 30s]. While the daemon runs, which
// holds the devices, it asks the daemon.
func tryDevices(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("selftest", flag.ContinueOnError)
	file := flags.String("config", "/etc/yimen/terminal.yaml", "the terminal's config `file`")
	machine := flags.Bool("json", false, "answer with one JSON document")
	wait := flags.Duration("wait", selftest.Wait, "how long to wait for a card and for a code")
	if err := parse(flags, args, out); err != nil {
		return err
	}
	if flags.NArg() > 0 || *wait <= 0 {
		return usageError{"want -config FILE [-json] [-wait 30s]"}
	}
	cfg, err := config.Read(*file)
	if err != nil {
		return err
	}
	var trouble error
	tell := func(s selftest.Step) {
		if !*machine {
			trouble = errors.Join(trouble, selftest.Tell(out, s))
		}
	}
	report, err := selftest.Ask(ctx, cfg.Data, *wait, tell)
	if errors.Is(err, selftest.ErrNoDaemon) {
		report, err = runSelftest(ctx, cfg, *wait, tell)
	}
	if err = errors.Join(err, trouble); err != nil {
		return err
	}
	if *machine {
		err = json.NewEncoder(out).Encode(report)
	} else {
		err = selftest.Conclude(out, report)
	}
	if err == nil && !report.Passed {
		err = errNotPassed
	}
	return err
}

// runSelftest opens the devices for itself.
func runSelftest(ctx context.Context, cfg config.Config, wait time.Duration, tell func(selftest.Step)) (selftest.Report, error) {
	faces, err := typeface.Load(cfg.Fonts)
	if err != nil {
		return selftest.Report{}, err
	}
	defer faces.Close()
	devices, err := drivers.Open(cfg.Devices, faces, slog.New(slog.DiscardHandler))
	if err != nil {
		return selftest.Report{}, err
	}
	running, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- devices.Run(running) }()
	report, err := selftest.Run(ctx, selftest.Of(devices), wait, tell)
	stop()
	<-ended // its only end is that of running
	return report, err
}
