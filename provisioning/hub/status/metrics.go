package status

import (
	"context"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"yimen/provisioning/hub/fleet/alarm"
)

// collector tells Prometheus how the fleet is, at each scrape from what is kept.
type collector struct {
	fleet Fleet
	now   func() time.Time
	log   *slog.Logger
}

// The metrics of a terminal.
var (
	heardAgo    = perTerminal("yimen_terminal_heartbeat_age_seconds", "Since the terminal's last heartbeat.")
	screenAge   = perTerminal("yimen_terminal_screen_age_seconds", "Since anything on the screen changed, as the last heartbeat says.")
	waiting     = perTerminal("yimen_terminal_outbox_waiting", "Envelopes that wait to be delivered.")
	oldest      = perTerminal("yimen_terminal_outbox_oldest_seconds", "Since the oldest waiting envelope was put.")
	quarantined = perTerminal("yimen_terminal_outbox_quarantined", "Envelopes that were set aside.")
	skew        = perTerminal("yimen_terminal_clock_ahead_seconds", "How far the terminal's clock is ahead of the hub's.")
	free        = perTerminal("yimen_terminal_disk_free_bytes", "Free on the disk of the terminal's data.")
	alarms      = prometheus.NewDesc("yimen_terminal_alarm", "1 while an alarm of this kind lasts.", []string{"terminal", "kind"}, nil)
)

func perTerminal(name, help string) *prometheus.Desc {
	return prometheus.NewDesc(name, help, []string{"terminal"}, nil)
}

// Describe implements prometheus.Collector.
func (c *collector) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{heardAgo, screenAge, waiting, oldest, quarantined, skew, free, alarms} {
		to <- d
	}
}

// scrapePatience bounds one look at the fleet.
const scrapePatience = 10 * time.Second

// Collect implements prometheus.Collector.
func (c *collector) Collect(to chan<- prometheus.Metric) {
	ctx, stop := context.WithTimeout(context.Background(), scrapePatience)
	defer stop()
	all, err := c.fleet.Terminals(ctx)
	if err != nil {
		c.log.ErrorContext(ctx, "fleet's metrics", "err", err)
		to <- prometheus.NewInvalidMetric(heardAgo, err)
		return
	}
	now := c.now()
	for _, t := range all {
		for _, one := range []struct {
			is    *prometheus.Desc
			value float64
		}{
			{heardAgo, now.Sub(t.Received).Seconds()}, {screenAge, float64(t.Beat.Screen.Age)}, {waiting, float64(t.Beat.Outbox.Waiting)},
			{oldest, float64(t.Beat.Outbox.Oldest)}, {quarantined, float64(t.Beat.Outbox.Quarantined)}, {skew, t.Skew().Seconds()}, {free, float64(t.Beat.Free)},
		} {
			to <- prometheus.MustNewConstMetric(one.is, prometheus.GaugeValue, one.value, t.Name)
		}
		for _, kind := range alarm.Kinds() {
			lasts := 0.0
			if _, open := t.Watch.Open[kind]; open {
				lasts = 1
			}
			to <- prometheus.MustNewConstMetric(alarms, prometheus.GaugeValue, lasts, t.Name, string(kind))
		}
	}
}
