package main

import (
	"context"
	"io"
	"net/http"
	"time"

	"yimen/kiosk/daysheet"
	"yimen/kiosk/journal"
	"yimen/kiosk/outbox"
	"yimen/provisioning/config"
	"yimen/provisioning/report"
	"yimen/provisioning/selftest"
)

// technician answers what the technician's command asks of the daemon, which holds the devices.
func (t *terminal) technician(cfg config.Config) http.Handler {
	tried := selftest.Of(t.devices)
	if t.inbox != nil {
		tried.Packs = t
	}
	if t.voice != nil {
		tried.Sounds = sounds{t.voice}
	}
	asked := http.NewServeMux()
	asked.Handle("/{$}", selftest.Answer(t.desk.Idle, tried, t.readiness.tried))
	asked.Handle(daysheet.Path, daysheet.Office{
		Idle: t.desk.Idle, Now: t.now, Printer: t.witness.Printer(t.devices.Printer(), journal.PrintIntendedPaperDaySheet),
		Sheet: func(ctx context.Context, at time.Time) (daysheet.Sheet, error) { return t.daySheet(ctx, cfg, at) },
	})
	asked.Handle(report.Path, report.Office{
		Idle: t.desk.Idle, Gather: t.readiness.gather, Printer: t.witness.Printer(t.devices.Printer(), journal.PrintIntendedPaperReport),
	})
	asked.Handle(report.LatchPath, t.latch.answer(t.desk.Idle))
	asked.HandleFunc("POST "+report.ExportPath, t.exported)
	office := t.box.Office(func(ctx context.Context, id string) error { return t.office.putBack(ctx, id, 0) })
	asked.Handle(outbox.ListPath, office)
	asked.Handle(outbox.PutBackPath, office)
	return asked
}

// daySheet gathers what is to be told of the day that at is in.
func (t *terminal) daySheet(ctx context.Context, cfg config.Config, at time.Time) (daysheet.Sheet, error) {
	day := daysheet.NewDay(at)
	story, err := t.journal.Read(day.Tell)
	if err != nil {
		return daysheet.Sheet{}, err
	}
	queue, err := t.box.Stats(ctx)
	if err != nil {
		return daysheet.Sheet{}, err
	}
	return daysheet.Sheet{
		Terminal: cfg.Terminal, Hall: cfg.Hall.Name, PrintedAt: t.now(), Day: day, Open: story.Open, Head: story.Head,
		Queue: daysheet.Queue{Waiting: queue.Waiting, Quarantined: queue.Quarantined, Oldest: queue.Oldest.In(t.now().Location())},
	}, nil
}

// exported notes in the journal that a technician takes the logs away, before they are read.
func (t *terminal) exported(w http.ResponseWriter, _ *http.Request) {
	if _, err := t.journal.Append(journal.LogExported{}); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, "{}\n") // whoever asked may have left
}
