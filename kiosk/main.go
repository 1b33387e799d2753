// Command kiosk is the terminal's daemon: it drives the devices, serves the screen, and sends what residents
// gave to central. It never needs root. This package reads flags and config, wires the rooms together, and
// waits for the end; it decides nothing else.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/sync/errgroup"

	"yimen/kiosk/pulse"
	"yimen/provisioning/config"
	"yimen/provisioning/enrol"
	"yimen/provisioning/selftest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], openNetworks, os.Stdout, os.Stderr)
	stop()
	switch {
	case err == nil || errors.Is(err, context.Canceled):
	case errors.Is(err, flag.ErrHelp):
		os.Exit(2)
	default:
		fmt.Fprintln(os.Stderr, "kiosk:", err)
		os.Exit(1)
	}
}

// run serves until ctx ends; verifiers says how the one that the config names is opened. When all is up it writes one line of
// JSON with the screen's address to out.
func run(ctx context.Context, args []string, verifiers opener, out, complaints io.Writer) error {
	flags := flag.NewFlagSet("kiosk", flag.ContinueOnError)
	flags.SetOutput(complaints)
	file := flags.String("config", "/etc/yimen/terminal.yaml", "config file")
	if err := flags.Parse(args); err != nil {
		return err
	}
	cfg, err := config.Read(*file)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", cfg.Listen)
	if err != nil {
		return fmt.Errorf("screen's page: %w", err)
	}
	log := slog.New(slog.NewTextHandler(complaints, nil))
	t, err := newTerminal(ctx, cfg, verifiers, log)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	defer t.close()
	page := "http://" + listener.Addr().String() + "/"
	if err := json.NewEncoder(out).Encode(map[string]string{"url": page}); err != nil {
		return errors.Join(err, listener.Close())
	}
	return t.serve(ctx, cfg, listener, page, log)
}

// serve runs the devices, the desk, the outbox, what comes down, and the page until ctx ends or one of them fails.
func (t *terminal) serve(ctx context.Context, cfg config.Config, listener net.Listener, page string, log *slog.Logger) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return t.devices.Run(ctx) })
	g.Go(func() error { return t.desk.Run(ctx) })
	g.Go(func() error { return t.box.Run(ctx, t.courier()) })
	g.Go(func() error { return t.bulletin.Run(ctx, t.desk.StandingChanged) })
	g.Go(func() error { return enrol.Keep(ctx, t.identity, cfg.Identity, t.central, log) })
	g.Go(func() error { t.screen.Follow(t.desk.Views(ctx)); return nil })
	g.Go(func() error { tidy(t.desk.Views(ctx)); return nil })
	g.Go(func() error { return t.pulse.Run(ctx) })
	g.Go(func() error { return t.sentry.Run(ctx) })
	if cfg.Metrics != "" {
		watched, err := pulse.ListenMetrics(cfg.Metrics)
		if err != nil {
			log.ErrorContext(ctx, "no metrics while this runs", "err", err) // residents are served without
		} else {
			g.Go(func() error { return t.pulse.ServeMetrics(ctx, watched, log) })
		}
	}
	if t.inbox != nil {
		g.Go(func() error { return t.renewPacks(ctx, cfg) })
	}
	if t.asked != nil {
		g.Go(func() error { return selftest.Serve(ctx, t.asked, t.technician(cfg)) })
	}
	if t.voice != nil {
		g.Go(func() error { return t.voice.Run(ctx) })
	}
	g.Go(func() error { return t.page.Serve(ctx, listener) })
	g.Go(func() error { return t.supervised(ctx, page, log) })
	return g.Wait()
}
