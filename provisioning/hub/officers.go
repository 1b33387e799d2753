package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"strings"

	"yimen/kiosk/policy/flow"
	"yimen/provisioning/hub/docket"
	"yimen/provisioning/hub/officer"
)

// runOfficer adds a member of the office to the roster; the password is the first line of what comes in.
func runOfficer(args []string, password io.Reader, complaints io.Writer) error {
	flags := flag.NewFlagSet("officer add", flag.ContinueOnError)
	file := flags.String("officers", "", "the roster's file")
	id := flags.String("id", "", "the officer's number")
	name := flags.String("name", "", "the officer's name")
	roles := flags.String("roles", "", "duties, of accept, review, decide and supervise, joined by commas")
	if err := parse(flags, args, complaints, "officers", "id", "name", "roles"); err != nil {
		return err
	}
	o := docket.Officer{ID: *id, Name: *name}
	for _, r := range strings.Split(*roles, ",") {
		o.Roles = append(o.Roles, flow.Role(r))
	}
	line, err := bufio.NewReader(password).ReadString('\n')
	if err != nil && line == "" {
		return fmt.Errorf("read the password from standard input: %w", err)
	}
	return officer.Add(*file, o, strings.TrimRight(line, "\r\n"))
}
