package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"yimen/kiosk/central"
	"yimen/kiosk/inbox"
	"yimen/provisioning/config"
	"yimen/provisioning/identity"
	"yimen/provisioning/repository"
	"yimen/provisioning/update"
)

// updateConfig is /etc/yimen/update.yaml. It is apart from the terminal's config, whose keys change with the software: the
// updater is the package's own and must be able to read this with every release.
type updateConfig struct {
	// Repository is central, or the absolute path of a folder such as a stick; empty when releases come with the package
	// only.
	Repository string   `yaml:"repository"`
	Open       []string `yaml:"open"` // when the hall is open: mon 08:30-17:30
	Zone       string   `yaml:"zone"`
}

// hours are when the hall is open, and where its clock stands.
func (c *updateConfig) hours() (update.Hours, *time.Location, error) {
	zone, err := time.LoadLocation(c.Zone)
	if err != nil {
		return nil, nil, config.Wrong("zone", err.Error())
	}
	hours, err := update.ParseHours(c.Open)
	if err != nil {
		return nil, nil, config.Wrong("open", err.Error())
	}
	return hours, zone, nil
}

func readUpdateConfig(file string) (updateConfig, error) {
	c := updateConfig{Zone: "Asia/Shanghai", Repository: inbox.Central, Open: []string{"mon-sun 07:00-21:00"}}
	b, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		return c, nil
	}
	if err == nil {
		err = config.Strict(file, b, &c, func() error {
			if c.Repository != "" && c.Repository != inbox.Central && !filepath.IsAbs(c.Repository) {
				return config.Wrong("repository", fmt.Sprintf("%q: want central, or the whole path of a folder", c.Repository))
			}
			_, _, err := c.hours()
			return err
		})
	}
	if err != nil {
		return c, fmt.Errorf("update's config: %w", err)
	}
	return c, nil
}

// updatePatience is how long devices are given to come back with a new release.
const updatePatience = 90 * time.Second

// updateTerminal brings the newest release, if nobody is disturbed by it: provisioning update.
func updateTerminal(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("update", flag.ContinueOnError)
	file := flags.String("update-config", "/etc/yimen/update.yaml", "what to update from, and when the hall is open; a `file`")
	terminal := flags.String("config", "/etc/yimen/terminal.yaml", "the terminal's config `file`")
	dir := flags.String("dir", "/var/lib/yimen-software", "`folder` of the releases")
	installed := flags.String("installed", "/usr/lib/yimen", "`folder` of the release that the package brought")
	if err := parse(flags, args, out); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return usageError{"want no more than flags"}
	}
	c, err := readUpdateConfig(*file)
	if err != nil {
		return err
	}
	if c.Repository == "" {
		_, err := fmt.Fprintln(out, "releases come with the package only")
		return err
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	newest, err := newestRelease(c, *terminal, filepath.Join(*dir, "fetched"), log)
	if err != nil {
		return err
	}
	hours, zone, err := c.hours()
	if err != nil {
		return err
	}
	u := update.Updater{
		Dir: *dir, Installed: *installed, Newest: newest, Patience: updatePatience, Machine: updatedMachine{*terminal}, Log: log,
		Open: func() bool { return hours.Open(time.Now().In(zone)) },
	}
	outcome, err := u.Run(ctx)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(out, outcome)
	return err
}

// newestRelease is how the newest release comes. Whom to trust lies in the terminal's folder of keys.
func newestRelease(c updateConfig, terminal, dir string, log *slog.Logger) (func(context.Context) ([]byte, string, error), error) {
	cfg, err := config.Read(terminal)
	if err != nil {
		return nil, err
	}
	root, err := identity.ReleasesRoot(cfg.Identity)
	if err != nil {
		return nil, err
	}
	t := inbox.Target{Dir: dir, Name: update.Name() + inbox.Suffix, Most: repository.MaxRelease, Root: root, From: inbox.Folder(c.Repository)}
	if c.Repository == inbox.Central {
		id, err := identity.LoadTerminal(cfg.Identity)
		if err != nil {
			return nil, err
		}
		link, err := central.New(cfg.Central, id.ClientTLS(), id.Receipts, log)
		if err != nil {
			return nil, err
		}
		t.From = releases{link}
	}
	return func(ctx context.Context) ([]byte, string, error) { return t.Newest(ctx, time.Now()) }, nil
}

// releases is central's repository of releases.
type releases struct{ link *central.Client }

func (r releases) PackFile(ctx context.Context, name string, limit int64) ([]byte, error) {
	return r.link.ReleaseFile(ctx, name, limit)
}

// releaseCommands make and publish releases; who may sign them is elected as for packs (pack new-key, pack elect).
func releaseCommands(ctx context.Context, args []string, out io.Writer) error {
	if len(args) > 0 {
		switch args[0] {
		case "archive":
			return archiveRelease(args[1:], out)
		case "sign":
			return signRelease(args[1:], out)
		case "publish":
			return publishRelease(ctx, args[1:], out)
		}
	}
	return usageError{"want archive FOLDER FILE, sign -key FILE REPOSITORY ARCHIVE, or publish -key FILE -to HUB REPOSITORY"}
}

func archiveRelease(args []string, out io.Writer) error {
	if len(args) != 2 {
		return usageError{"want archive FOLDER FILE"}
	}
	b, err := update.Pack(args[0])
	if err != nil {
		return err
	}
	if err := os.WriteFile(args[1], b, 0o644); err != nil {
		return fmt.Errorf("archive release: %w", err)
	}
	_, err = fmt.Fprintf(out, "%s: %d bytes\n", args[1], len(b))
	return err
}

func signRelease(args []string, out io.Writer) error {
	flags := flag.NewFlagSet("release sign", flag.ContinueOnError)
	file := flags.String("key", "", "the signer's key")
	days := flags.Int("days", 365, "days until the release must be signed again, if nobody has signed it yet")
	if err := parse(flags, args, out); err != nil {
		return err
	}
	if *file == "" || flags.NArg() != 2 {
		return usageError{"want sign -key FILE REPOSITORY ARCHIVE"}
	}
	key, err := repository.ReadKey(*file)
	if err != nil {
		return err
	}
	archive, err := os.ReadFile(flags.Arg(1))
	if err != nil {
		return fmt.Errorf("sign release: %w", err)
	}
	if err := repository.ReleasesAt(flags.Arg(0)).Approve(key, []repository.Copy{{ID: update.Name(), Archive: archive}}, in(*days)); err != nil {
		return err
	}
	_, err = fmt.Fprintln(out, "signed")
	return err
}

func publishRelease(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("release publish", flag.ContinueOnError)
	file := flags.String("key", "", "the publisher's key")
	to := flags.String("to", "", "folder that the hub offers (hub intake -releases), or a stick")
	days := flags.Int("days", 7, "days until terminals want to hear again what is newest")
	if err := parse(flags, args, out); err != nil {
		return err
	}
	if *file == "" || *to == "" || flags.NArg() != 1 {
		return usageError{"want publish -key FILE -to HUB REPOSITORY"}
	}
	key, err := repository.ReadKey(*file)
	if err != nil {
		return err
	}
	published, err := repository.ReleasesAt(flags.Arg(0)).Publish(ctx, key, *to, time.Now(), in(*days))
	for _, p := range published {
		if _, err := fmt.Fprintf(out, "in force: %s %s\n", p.ID, strings.TrimSpace(p.Digest)); err != nil {
			return err
		}
	}
	return err
}
