package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"yimen/provisioning/repository"
)

// prune removes old editions from a published folder: provisioning pack prune -named FILE REPOSITORY. What is in force
// stays, and what a case names: FILE has the digests of these, one a line, as a bureau desk gives them under
// /api/editions. An estimate of a case whose edition is gone can never be reckoned again.
func prune(args []string, out io.Writer) error {
	flags := flag.NewFlagSet("pack prune", flag.ContinueOnError)
	named := flags.String("named", "", "file with the digests of the editions that cases name, one a line")
	if err := parse(flags, args, out); err != nil {
		return err
	}
	if *named == "" || flags.NArg() != 1 {
		return usageError{"want prune -named FILE REPOSITORY"}
	}
	data, err := os.ReadFile(*named)
	if err != nil {
		return err
	}
	gone, err := repository.At(flags.Arg(0)).Prune(strings.Fields(string(data)))
	for _, name := range gone {
		fmt.Fprintf(out, "removed %s\n", name)
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%d editions removed\n", len(gone))
	return err
}
