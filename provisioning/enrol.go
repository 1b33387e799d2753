package main

import (
	"context"
	"flag"
	"fmt"
	"io"

	"yimen/provisioning/enrol"
)

// enrolTerminal makes this terminal known to central: provisioning enrol -code CODE -hub URL -dir DIR.
func enrolTerminal(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("enrol", flag.ContinueOnError)
	code := flags.String("code", "", "the one-time code that the hub gave out")
	hub := flags.String("hub", "", "the hub's URL")
	dir := flags.String("dir", "/var/lib/yimen/identity", "folder to make for the terminal's keys")
	terminal := flags.String("terminal", "", "the terminal's name, to make sure that the code is for it")
	if err := parse(flags, args, out); err != nil {
		return err
	}
	if *code == "" || *hub == "" || flags.NArg() > 0 {
		return usageError{"want -code CODE -hub URL"}
	}
	name, err := enrol.Enrol(ctx, *hub, *code, *terminal, *dir)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "terminal %s is enrolled; its keys are in %s and nowhere else\n", name, *dir)
	return err
}
