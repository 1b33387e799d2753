package main

import (
	"context"
	"errors"
	"flag"
	"io"
	"log/slog"
	"time"

	"yimen/drivers"
	"yimen/provisioning/config"
)

// lampsPatience is how long all lamps together may take to go out.
const lampsPatience = 10 * time.Second

// lampsOff switches every lamp off: provisioning lamps-off -config FILE. It is for the end of a daemon, however it came:
// a lamp that stays lit sends residents to a device that nobody serves.
func lampsOff(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("lamps-off", flag.ContinueOnError)
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
	if cfg.Devices.Lamps == nil {
		return nil
	}
	ctx, stop := context.WithTimeout(ctx, lampsPatience)
	defer stop()
	return darken(ctx, *cfg.Devices.Lamps)
}

// darken switches the lamps of one board off and waits for its word.
func darken(ctx context.Context, board drivers.Lamps) error {
	t, err := drivers.Open(drivers.Config{Lamps: &board}, nil, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- t.Run(ctx) }()
	var lit []error
	for _, id := range t.Lamps().Devices() {
		lit = append(lit, t.Lamps().Point(ctx, id, false))
	}
	stop()
	<-ended // its only end is that of ctx
	return errors.Join(lit...)
}
