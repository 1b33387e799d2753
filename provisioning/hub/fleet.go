package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"time"

	"github.com/prometheus/client_golang/prometheus/collectors"

	"yimen/provisioning/hub/fleet"
	"yimen/provisioning/hub/status"
)

// statusPage listens for those who watch the fleet; serve shows it to them. Without an address there is none. also is
// what to say about it when the hub is ready.
func (r *rooms) statusPage(f front) (serveIt func(context.Context) error, also map[string]string, err error) {
	if f.status == "" {
		return nil, nil, nil
	}
	page, err := status.New(r.fleet, time.Now, china, f.log, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	if err != nil {
		return nil, nil, err
	}
	listener, err := listen(f.status)
	if err != nil {
		return nil, nil, err
	}
	if at, ok := listener.Addr().(*net.TCPAddr); !ok || !at.IP.IsLoopback() {
		return nil, nil, errors.Join(errors.New("the fleet's page has no lock: it listens on this machine only, such as 127.0.0.1:0"), listener.Close())
	}
	also = map[string]string{"status": "http://" + listener.Addr().String() + "/"}
	return func(ctx context.Context) error { return serve(ctx, listener, "http", page, io.Discard, f.log) }, also, nil
}

// runFleet looks at how the fleet is kept or puts it right, beside an intake that runs or not.
func runFleet(ctx context.Context, what string, args []string, out, complaints io.Writer) error {
	flags := flag.NewFlagSet("fleet "+what, flag.ContinueOnError)
	dir := flags.String("store", "", "folder that keeps the envelopes, and how terminals are")
	terminal := flags.String("terminal", "", "the terminal's name, such as 150102-0001")
	do := map[string]func(context.Context, *fleet.Fleet) error{
		"heads":  func(ctx context.Context, f *fleet.Fleet) error { return tellHeads(ctx, f, *terminal, out) },
		"settle": func(ctx context.Context, f *fleet.Fleet) error { return f.Settle(ctx, *terminal) },
		"forget": func(ctx context.Context, f *fleet.Fleet) error { return f.Forget(ctx, *terminal) },
	}[what]
	if do == nil {
		return errUsage
	}
	if err := parse(flags, args, complaints, "store", "terminal"); err != nil {
		return err
	}
	kept, err := openFleet(ctx, *dir, slog.New(slog.NewTextHandler(complaints, nil)))
	if err != nil {
		return err
	}
	return errors.Join(do(ctx, kept), kept.Close())
}

// tellHeads writes the heads of a terminal's journal, oldest first, one on a line.
func tellHeads(ctx context.Context, f *fleet.Fleet, terminal string, out io.Writer) error {
	heads, err := f.Heads(ctx, terminal)
	if err != nil {
		return err
	}
	for _, h := range heads {
		if _, err := fmt.Fprintf(out, "%s  %s\n", h.Head, h.Received.In(china).Format("2006-01-02 15:04:05")); err != nil {
			return err
		}
	}
	return nil
}
