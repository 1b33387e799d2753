// Command hub is the receiving end of the terminals: intake takes sealed envelopes in and signs receipts, bureau is
// the desk that opens and shows them. They are two processes with two keys, and may run on two machines.
package main

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"yimen/provisioning/hub/intake"
	"yimen/provisioning/hub/store"
	"yimen/provisioning/identity"
)

const usage = `usage:
  hub intake -identity DIR -store DIR [-packs DIR] [-listen ADDRESS] [-status ADDRESS]
                                                                      take envelopes in, offer policy packs, watch terminals
  hub bureau -identity DIR -intake URL [-listen ADDRESS]              show what was taken in
             [-packs DIR -docket DIR -officers FILE]                  and work cases, by the editions that they name
  hub officer add -officers FILE -id ID -name NAME -roles ROLES       let somebody act at the desk; password on stdin
  hub staff enrol -docket DIR -name NAME                              let a member sign in at terminals; number, PIN on stdin
  hub staff dismiss -docket DIR -no N                                 and no more
  hub enrol new-code -identity DIR -store DIR -terminal ID            draw a code by which a terminal enrols once
  hub enrol revoke -store DIR -terminal ID                            shut a terminal out, at once
  hub trust -identity DIR -intake URL -terminal ID                    have a bureau believe the new key of a terminal set up anew
  hub fleet heads -store DIR -terminal ID                             the heads of its journal, for provisioning journal verify
  hub fleet settle -store DIR -terminal ID                            somebody has looked why its journal went back
  hub fleet forget -store DIR -terminal ID                            take a terminal off the list that is no more
`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run serves until ctx ends. It answers 0 after a clean end, 1 when something went wrong, 2 when it was asked wrongly.
func run(ctx context.Context, args []string, ready, complaints io.Writer) int {
	var err error
	switch {
	case len(args) > 0 && args[0] == "intake":
		err = runIntake(ctx, args[1:], ready, complaints)
	case len(args) > 0 && args[0] == "bureau":
		err = runBureau(ctx, args[1:], ready, complaints)
	case len(args) > 1 && args[0] == "officer" && args[1] == "add":
		err = runOfficer(args[2:], os.Stdin, complaints)
	case len(args) > 1 && args[0] == "staff":
		err = runStaff(ctx, args[1], args[2:], os.Stdin, ready, complaints)
	case len(args) > 0 && args[0] == "trust":
		err = runTrust(ctx, args[1:], ready, complaints)
	case len(args) > 1 && args[0] == "fleet":
		err = runFleet(ctx, args[1], args[2:], ready, complaints)
	case len(args) > 1 && args[0] == "enrol":
		err = runEnrol(ctx, args[1], args[2:], ready, complaints)
	default:
		err = errUsage
	}
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errUsage), errors.Is(err, flag.ErrHelp):
		fmt.Fprint(complaints, usage)
		return 2
	default:
		fmt.Fprintf(complaints, "hub: %s\n", strings.ReplaceAll(err.Error(), "\n", "; "))
		return 1
	}
}

// errUsage means that the command line cannot be understood.
var errUsage = errors.New("asked wrongly")

// parse reads flags of which those named in required must be given.
func parse(flags *flag.FlagSet, args []string, complaints io.Writer, required ...string) error {
	flags.SetOutput(complaints)
	if err := flags.Parse(args); err != nil {
		return errors.Join(errUsage, err)
	}
	for _, name := range required {
		if flags.Lookup(name).Value.String() == "" {
			return errUsage
		}
	}
	if flags.NArg() > 0 {
		return errUsage
	}
	return nil
}

func runIntake(ctx context.Context, args []string, ready, complaints io.Writer) error {
	flags := flag.NewFlagSet("intake", flag.ContinueOnError)
	address := flags.String("listen", "127.0.0.1:0", "address and port; port 0 takes a free one")
	keys := flags.String("identity", "", "folder of the hub's keys")
	dir := flags.String("store", "", "folder that keeps the envelopes")
	packs := flags.String("packs", "", "folder with the repository of policy packs that terminals read")
	releases := flags.String("releases", "", "folder with the repository of releases that terminals update from")
	status := flags.String("status", "", "address and port on this machine for the fleet's page and metrics; none if empty")
	if err := parse(flags, args, complaints, "identity", "store"); err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(complaints, nil))
	hub, err := identity.LoadHub(*keys)
	if err != nil {
		return err
	}
	listener, err := listen(*address)
	if err != nil {
		return err
	}
	defer listener.Close()
	kept, err := store.Open(ctx, *dir)
	if err != nil {
		return err
	}
	defer kept.Close()
	behind, err := openRooms(ctx, *keys, *dir, log)
	if err != nil {
		return err
	}
	defer behind.close()
	in, err := intake.New(hub, behind.door, kept, kept, time.Now, rand.Reader, log)
	if err != nil {
		return err
	}
	if *packs != "" {
		repository, err := os.OpenRoot(*packs) // no link in it leads out
		if err != nil {
			return fmt.Errorf("policy packs: %w", err)
		}
		defer repository.Close()
		in.Offer(repository.FS())
	}
	if *releases != "" {
		repository, err := os.OpenRoot(*releases)
		if err != nil {
			return fmt.Errorf("releases: %w", err)
		}
		defer repository.Close()
		in.OfferReleases(repository.FS())
	}
	in.Know(behind.registry.Signing)
	return behind.serve(ctx, front{listener, *status, ready, log}, hub, in)
}
