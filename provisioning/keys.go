package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"strings"
	"time"

	"yimen/provisioning/identity"
)

// keys makes a hall's keys: provisioning keys -dir DIR -terminal ID [-hosts NAME,ADDRESS] [-closed KIND,KIND].
func keys(_ context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("keys", flag.ContinueOnError)
	dir := flags.String("dir", "", "folder to make; must not hold anything yet")
	terminal := flags.String("terminal", "", "the terminal's name, such as 150102-001")
	hosts := flags.String("hosts", "127.0.0.1,::1,localhost", "names and addresses of the hub, separated by commas")
	closed := flags.String("closed", "", "kinds of envelope that the bureau must not read, separated by commas: each gets a desk of its own")
	if err := parse(flags, args, out); err != nil {
		return err
	}
	if *dir == "" || *terminal == "" || flags.NArg() > 0 {
		return usageError{"want -dir DIR -terminal ID"}
	}
	var kinds []string
	if *closed != "" {
		kinds = strings.Split(*closed, ",")
	}
	if err := identity.NewHall(*dir, *terminal, strings.Split(*hosts, ","), time.Now(), kinds...); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "made %s: carry hub, terminal and every desk each to its machine, and lock ca away\n", *dir)
	return err
}
