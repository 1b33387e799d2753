package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"time"

	"yimen/kiosk/central"
	"yimen/kiosk/envelope"
	"yimen/provisioning/identity"
)

// meetEvery is how long it takes at most until a bureau knows a terminal that enrolled.
const meetEvery = time.Minute

// meetTerminals has the bureau know the terminals that enrol at the hub, until ctx ends. A hub that cannot be asked is
// asked again: who was known stays known.
func meetTerminals(ctx context.Context, desk *identity.Bureau, hub *central.Client, log *slog.Logger) error {
	told := map[string]bool{} // what somebody has to decide, once
	for {
		if err := meet(ctx, desk, hub, told, log); err != nil && ctx.Err() == nil {
			log.WarnContext(ctx, "terminals that enrolled are not known yet", "error", err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(meetEvery):
		}
	}
}

func meet(ctx context.Context, desk *identity.Bureau, hub *central.Client, told map[string]bool, log *slog.Logger) error {
	if err := desk.Reread(); err != nil {
		return err
	}
	all, err := hub.Terminals(ctx)
	if err != nil {
		return err
	}
	for _, e := range all {
		anew, err := desk.Meet(e.Terminal, e.Signing)
		switch {
		case errors.Is(err, identity.ErrOtherKey):
			if !told[err.Error()] {
				log.ErrorContext(ctx, "a terminal enrolled with another key and is not believed: if it was set up anew, hub trust says so", "error", err)
			}
			told[err.Error()] = true
		case err != nil:
			return err
		case anew:
			log.InfoContext(ctx, "terminal known", "terminal", e.Terminal)
		}
	}
	return nil
}

// runTrust has a bureau believe the key that a terminal enrolled with.
func runTrust(ctx context.Context, args []string, out, complaints io.Writer) error {
	flags := flag.NewFlagSet("trust", flag.ContinueOnError)
	keys := flags.String("identity", "", "folder of the bureau's keys")
	url := flags.String("intake", "", "the intake's URL")
	terminal := flags.String("terminal", "", "the terminal's name, such as 150102-0001")
	if err := parse(flags, args, complaints, "identity", "intake", "terminal"); err != nil {
		return err
	}
	desk, err := identity.LoadBureau(*keys)
	if err != nil {
		return err
	}
	hub, err := central.New(central.Config{URL: *url}, desk.ClientTLS(), desk.Receipts, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	defer hub.Close()
	all, err := hub.Terminals(ctx)
	if err != nil {
		return err
	}
	for _, e := range all {
		if e.Terminal != *terminal {
			continue
		}
		if anew, err := desk.Meet(e.Terminal, e.Signing); errors.Is(err, identity.ErrOtherKey) {
			if err := desk.Believe(e.Terminal, e.Signing); err != nil {
				return err
			}
		} else if err != nil || !anew {
			return errors.Join(err, fmt.Errorf("%s is believed already", e.Terminal))
		}
		key, err := envelope.ParseVerifier(e.Signing)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(out, "%s is believed with key %s\n", e.Terminal, key.ID())
		return err
	}
	return fmt.Errorf("no terminal %s has enrolled", *terminal)
}
