package main

import (
	_ "embed"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"text/template"

	"yimen/kiosk/household"
	"yimen/kiosk/policy"
)

//go:embed newpack.yaml
var newPack string

// fresh is what a region's first pack is made of.
type fresh struct {
	Region, Name, Edition string
	From                  household.Date
	National              *policy.Pack
}

// newRegion begins a region's pack beside the national one: provisioning pack new -national DIR -name NAME -from
// YYYY-MM-DD REGION. It names the national edition as it stands, and waits for the region's standard.
func newRegion(args []string, out io.Writer) error {
	flags := flag.NewFlagSet("pack new", flag.ContinueOnError)
	dir := flags.String("national", "", "folder of the national pack; the new one is made beside it")
	name := flags.String("name", "", "the region's name, as residents read it")
	from := flags.String("from", "", "first day the pack is in force")
	if err := parse(flags, args, out); err != nil {
		return err
	}
	day, err := household.ParseDate(*from)
	region := flags.Arg(0)
	if err != nil || flags.NArg() != 1 || !regexp.MustCompile(`^[0-9]{6}$`).MatchString(region) || *name == "" || strings.ContainsAny(*name, "\"\\\n") {
		return usageError{"want new -national DIR -name NAME -from YYYY-MM-DD REGION (six digits of GB/T 2260)"}
	}
	national, err := policy.Load(*dir)
	if err != nil {
		return err
	}
	made := filepath.Join(filepath.Dir(filepath.Clean(*dir)), "CN-"+region)
	if err := os.Mkdir(made, 0o755); err != nil {
		return fmt.Errorf("make pack: %w", err)
	}
	f, err := os.Create(filepath.Join(made, "pack.yaml"))
	if err != nil {
		return fmt.Errorf("make pack: %w", err)
	}
	err = template.Must(template.New("pack").Parse(newPack)).Execute(f, fresh{region, *name, day.String()[:7] + "-1", day, national})
	if err := f.Close(); err != nil {
		return fmt.Errorf("make pack: %w", err)
	}
	if err != nil {
		return fmt.Errorf("make pack: %w", err)
	}
	if _, err := policy.Load(made); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "made %s on edition %s of %s: enter the standard with its source, then check it\n", made, national.Edition, national.ID)
	return err
}
