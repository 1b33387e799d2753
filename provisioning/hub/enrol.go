package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log/slog"

	"yimen/provisioning/hub/registry"
	"yimen/provisioning/identity"
)

// runEnrol changes who is known, beside an intake that runs or not.
func runEnrol(ctx context.Context, what string, args []string, out, complaints io.Writer) error {
	flags := flag.NewFlagSet("enrol "+what, flag.ContinueOnError)
	dir := flags.String("store", "", "folder that keeps the envelopes, and who is known")
	terminal := flags.String("terminal", "", "the terminal's name, such as 150102-0001")
	required := []string{"store", "terminal"}
	var keys *string
	switch what {
	case "new-code":
		keys = flags.String("identity", "", "folder of the hub's keys")
		required = append(required, "identity")
	case "revoke":
	default:
		return errUsage
	}
	if err := parse(flags, args, complaints, required...); err != nil {
		return err
	}
	known, err := openRegistry(ctx, *dir, slog.New(slog.NewTextHandler(complaints, nil)))
	if err != nil {
		return err
	}
	defer known.Close()
	if keys != nil {
		return newCode(ctx, known, *keys, *terminal, out)
	}
	if err := known.Revoke(ctx, *terminal); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s is shut out; hub fleet forget takes it off the fleet's page\n", *terminal)
	return err
}

func newCode(ctx context.Context, known *registry.Registry, keys, terminal string, out io.Writer) error {
	signed, err := identity.ReadCard(keys)
	if err != nil {
		return err
	}
	card, err := identity.OpenCard(signed)
	if err != nil {
		return err
	}
	code, err := known.NewCode(ctx, terminal, card.Fingerprint())
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s\nfor terminal %s, once, within %s; the hall's authority is %x\n", code, terminal, registry.CodeLife, card.Fingerprint())
	return err
}
