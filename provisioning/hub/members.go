package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"yimen/drivers/device"
	"yimen/provisioning/hub/staff"
)

// membersFile is the roster of the halls' staff, beside the book of cases.
func membersFile(docket string) string { return filepath.Join(docket, "staff.db") }

// runStaff enrols a member of a hall's staff, or dismisses one. Of who is enrolled, the number of the identity card and the
// PIN are the first two lines of what comes in; the member's number goes to out.
func runStaff(ctx context.Context, do string, args []string, secrets io.Reader, out, complaints io.Writer) error {
	flags := flag.NewFlagSet("staff "+do, flag.ContinueOnError)
	dir := flags.String("docket", "", "folder of the book of cases")
	name := flags.String("name", "", "the member's name")
	no := flags.Int("no", 0, "the member's number")
	if err := parse(flags, args, complaints, "docket"); err != nil {
		return err
	}
	if do == "enrol" && *name == "" || do == "dismiss" && *no < 1 || do != "enrol" && do != "dismiss" {
		return errUsage
	}
	roster, err := staff.Open(ctx, membersFile(*dir))
	if err != nil {
		return err
	}
	defer roster.Close()
	if do == "dismiss" {
		return roster.Dismiss(ctx, *no)
	}
	lines := bufio.NewScanner(io.LimitReader(secrets, 1<<10))
	var read [2]device.Personal
	for i := range read {
		if !lines.Scan() {
			return fmt.Errorf("enrol: want the identity number and the PIN on standard input, a line each")
		}
		read[i] = device.Personal(strings.TrimSpace(lines.Text()))
	}
	given, err := roster.Enrol(ctx, *name, read[0], read[1])
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(out, given)
	return err
}
