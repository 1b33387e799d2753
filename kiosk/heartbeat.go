package main

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"time"

	"yimen/kiosk/central"
	"yimen/kiosk/pulse"
	"yimen/provisioning/config"
	"yimen/provisioning/report"
)

// openPulse has central told how the terminal is. Everything else is open already.
func (t *terminal) openPulse(cfg config.Config, log *slog.Logger) {
	t.screen = &pulse.Screen{}
	t.pulse = pulse.New(func(ctx context.Context) central.Heartbeat { return t.heartbeat(ctx, cfg, log) }, t.central, log)
}

// heartbeat gathers how the terminal is. What a part cannot tell is left at nothing.
func (t *terminal) heartbeat(ctx context.Context, cfg config.Config, log *slog.Logger) central.Heartbeat {
	h := central.Heartbeat{
		Screen: t.screen.State(), Devices: []central.DeviceState{}, Events: t.bulletin.Last(),
		Software: t.readiness.software().Digest, Free: report.DiskOf(cfg.Data).Free,
	}
	if head := t.journal.Head(); head.No > 0 {
		h.Journal = head.String()
	}
	statuses := t.devices.Statuses()
	for _, id := range slices.Sorted(maps.Keys(statuses)) {
		s := statuses[id]
		h.Devices = append(h.Devices, central.DeviceState{ID: string(id), State: string(s.State), Paper: string(s.Paper), Media: string(s.Media)})
	}
	queue, err := t.box.Stats(ctx)
	if err != nil {
		log.ErrorContext(ctx, "the heartbeat lacks the queue", "err", err)
	}
	h.Outbox = central.OutboxState{Waiting: queue.Waiting, Bytes: queue.WaitingBytes, Delivered: queue.Delivered, Quarantined: queue.Quarantined}
	if !queue.Oldest.IsZero() {
		h.Outbox.Oldest = max(0, int64(time.Since(queue.Oldest)/time.Second))
	}
	h.Pack = central.PackState{Edition: t.installed}
	if t.inbox != nil {
		edition, trouble := t.InForce()
		h.Pack = central.PackState{Edition: edition, Trouble: trouble != nil}
		if p := t.inbox.InForce(); p != nil {
			h.Pack.ID, h.Pack.Digest = p.ID, p.Digest
		}
	}
	return h
}
