package main

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"yimen/kiosk/journal"
	"yimen/kiosk/journey/view"
	"yimen/provisioning/config"
	"yimen/provisioning/report"
	"yimen/provisioning/selftest"
)

// readiness gathers how the terminal stands, for paper, for central, and for the screen of a locked terminal.
type readiness struct {
	terminal *terminal
	cfg      config.Config
	log      *slog.Logger
	software func() report.Software // of this release; reckoned once
	words    report.Words
}

func newReadiness(t *terminal, cfg config.Config, log *slog.Logger) (*readiness, error) {
	words, err := report.ReadWords()
	if err != nil {
		return nil, err
	}
	return &readiness{terminal: t, cfg: cfg, log: log, words: words, software: sync.OnceValue(func() report.Software {
		s, err := ownRelease()
		if err != nil {
			log.Warn("the release cannot be told by its digest", "err", err)
		}
		return s
	})}, nil
}

// ownRelease looks at the folder that this program was started from.
func ownRelease() (report.Software, error) {
	self, err := os.Executable()
	if err != nil {
		return report.Software{}, err
	}
	return report.SoftwareIn(filepath.Dir(self))
}

// gather asks every part. What one of them cannot tell is told as unknown.
func (r *readiness) gather(ctx context.Context) report.Report {
	t := r.terminal
	f := report.Facts{
		Terminal: r.cfg.Terminal, Hall: r.cfg.Hall.Name, At: t.now(), Locked: t.latch.Closed(), Software: r.software(), Clock: report.ClockKept(),
		Disk: report.DiskOf(r.cfg.Data), Certificate: report.CertificateIn(r.cfg.Identity), Head: t.journal.Head().String(), Devices: t.devices.Statuses(),
	}
	if t.pulse != nil {
		f.Skew, _ = t.pulse.Skew()
	}
	f.Contacts = t.devices.Contacts()
	f.Pack, f.PackTrouble = t.installed, nil
	if t.inbox != nil {
		f.Pack, f.PackTrouble = t.InForce()
	}
	if queue, err := t.box.Stats(ctx); err != nil {
		r.log.ErrorContext(ctx, "the report lacks the queue", "err", err)
	} else {
		f.Waiting, f.Quarantined, f.Oldest = queue.Waiting, queue.Quarantined, queue.Oldest
	}
	var err error
	if f.Tried, err = report.Tries(r.cfg.Data); err != nil {
		r.log.WarnContext(ctx, "the report lacks the devices' last tests", "err", err)
	}
	return report.Of(f)
}

// maintenance is what the screen of a locked terminal tells.
func (r *readiness) maintenance() *view.Maintenance {
	if !r.terminal.latch.Closed() {
		return nil
	}
	ctx, stop := context.WithTimeout(context.Background(), time.Second) // the desk waits
	defer stop()
	m := &view.Maintenance{}
	for _, i := range r.gather(ctx).Items {
		l := r.words.Line(i, report.FewDigits)
		m.Lines = append(m.Lines, view.MaintenanceLine{Name: l.Name, Outcome: l.Outcome, Text: l.Text, Mark: marks[i.Outcome]})
	}
	return m
}

// marks are how outcomes stand out on the screen.
var marks = map[selftest.Outcome]view.Mark{
	selftest.Passed: view.MarkGood, selftest.Unsure: view.MarkLook, selftest.Failed: view.MarkBad,
}

// tried keeps what came of a self-test.
func (r *readiness) tried(result selftest.Report) {
	if err := report.KeepTries(r.cfg.Data, r.terminal.now(), result); err != nil {
		r.log.Warn("what came of the self-test is not kept", "err", err)
	}
	r.terminal.desk.StandingChanged()
}

// openLatch finds the technician's lock as it was left.
func (t *terminal) openLatch(cfg config.Config, log *slog.Logger) (err error) {
	t.latch, err = openLatch(cfg.Path("locked"), func(e journal.Event) {
		if _, err := t.journal.Append(e); err != nil {
			log.Error("the journal lacks a lock", "err", err)
		}
		t.desk.StandingChanged()
	})
	return err
}
