package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"yimen/kiosk/envelope"
	"yimen/kiosk/journal"
	"yimen/provisioning/config"
	"yimen/provisioning/identity"
	"yimen/provisioning/report"
	"yimen/provisioning/sealedlog"
	"yimen/provisioning/selftest"
)

// logs exports a terminal's logs sealed, and opens them at the bureau: provisioning log export|open.
func logs(ctx context.Context, args []string, out io.Writer) error {
	if len(args) > 0 {
		switch args[0] {
		case "export":
			return exportLogs(ctx, args[1:], out)
		case "open":
			return openLogs(args[1:], out)
		}
	}
	return usageError{"want export -out FILE, or open -identity FOLDER -to FOLDER FILE"}
}

// exportLogs seals the logs for the bureau: provisioning log export -out FILE [-since 2026-11-01].
func exportLogs(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("log export", flag.ContinueOnError)
	file := flags.String("config", "/etc/yimen/terminal.yaml", "the terminal's config `file`")
	to := flags.String("out", "", "`file` to write, such as one on a stick")
	since := flags.String("since", "-7d", "from when on, as journalctl takes it")
	if err := parse(flags, args, out); err != nil {
		return err
	}
	if *to == "" || flags.NArg() > 0 {
		return usageError{"want export -out FILE"}
	}
	cfg, err := config.Read(*file)
	if err != nil {
		return err
	}
	id, err := identity.LoadTerminal(cfg.Identity)
	if err != nil {
		return err
	}
	pieces, err := gatherLogs(ctx, cfg, *since)
	if err != nil {
		return err
	}
	h := envelope.Head{ID: strings.ToLower(rand.Text()), Suite: cfg.Envelope.Suite, Terminal: cfg.Terminal, SealedAt: time.Now()}
	sealed, err := sealedlog.Seal(h, pieces, []envelope.Recipient{id.Bureau}, id.Signing, rand.Reader)
	if err != nil {
		return err
	}
	if err := os.WriteFile(*to, sealed, 0o600); err != nil {
		return fmt.Errorf("export logs: %w", err)
	}
	_, err = fmt.Fprintf(out, "%s: %d bytes, for the bureau alone\n", *to, len(sealed))
	return err
}

// gatherLogs reads the system's log, the terminal's journal and its readiness report. The daemon first notes in the journal
// that they are taken away.
func gatherLogs(ctx context.Context, cfg config.Config, since string) ([]sealedlog.Piece, error) {
	var pieces []sealedlog.Piece
	var noted struct{}
	err := askDaemon(ctx, cfg, report.ExportPath, url.Values{}, &noted)
	if err == nil {
		var answer report.Answer
		if answer, err = askReport(ctx, cfg, false); err == nil {
			b, err := json.MarshalIndent(answer.Report, "", "  ")
			if err != nil {
				return nil, fmt.Errorf("export logs: %w", err)
			}
			pieces = append(pieces, sealedlog.Piece{Name: "report.json", Body: b})
		}
	}
	if err != nil && !errors.Is(err, selftest.ErrNoDaemon) { // a daemon that is down is a reason to look at logs
		return nil, err
	}
	kept, err := wholeJournal(cfg.Path("journal"))
	if err != nil {
		return nil, fmt.Errorf("export logs: %w", err)
	}
	system, err := exec.CommandContext(ctx, "journalctl", "--no-pager", "--quiet", "--output=short-iso-precise", "--since="+since).Output()
	if err != nil {
		return nil, fmt.Errorf("export logs: journalctl: %w", err)
	}
	system = system[max(0, len(system)-sealedlog.Most):] // the newest
	return append(pieces, sealedlog.Piece{Name: "journal.log", Body: kept}, sealedlog.Piece{Name: "system.log", Body: system}), nil
}

// wholeJournal is a terminal's journal with all its volumes.
func wholeJournal(dir string) ([]byte, error) {
	r, err := journal.OpenDir(dir)
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(io.LimitReader(r, sealedlog.Most))
	return b, errors.Join(err, r.Close())
}

// openLogs opens exported logs: provisioning log open -identity FOLDER -to FOLDER FILE, at the bureau.
func openLogs(args []string, out io.Writer) error {
	flags := flag.NewFlagSet("log open", flag.ContinueOnError)
	keys := flags.String("identity", "", "the bureau's `folder` of keys")
	to := flags.String("to", "", "`folder` to make for what is inside")
	if err := parse(flags, args, out); err != nil {
		return err
	}
	if *keys == "" || *to == "" || flags.NArg() != 1 {
		return usageError{"want open -identity FOLDER -to FOLDER FILE"}
	}
	bureau, err := identity.LoadBureau(*keys)
	if err != nil {
		return err
	}
	b, err := os.ReadFile(flags.Arg(0))
	if err != nil {
		return fmt.Errorf("open logs: %w", err)
	}
	list, pieces, err := sealedlog.Open(b, bureau.Opening, bureau.Terminals.VerifyList)
	if err != nil {
		return err
	}
	if err := os.Mkdir(*to, 0o700); err != nil {
		return fmt.Errorf("open logs: %w", err)
	}
	for _, p := range pieces {
		if err := os.WriteFile(filepath.Join(*to, p.Name), p.Body, 0o600); err != nil {
			return fmt.Errorf("open logs: %w", err)
		}
	}
	_, err = fmt.Fprintf(out, "logs of %s, sealed %s: %d files in %s\n", list.Terminal, list.SealedAt.Format(time.RFC3339), len(pieces), *to)
	return err
}
