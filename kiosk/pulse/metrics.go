package pulse

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"yimen/kiosk/central"
)

// The terminal's own metrics: what its heartbeats say, for whoever stands before the machine or scrapes it through a
// tunnel. They say nothing about a person.
var (
	screenAge   = describe("screen_age_seconds", "Since anything on the screen changed.", "screen")
	ready       = describe("device_state", "1 for the state that the device is in.", "device", "state")
	waiting     = describe("outbox_waiting", "Envelopes that wait to be delivered.")
	bytesWait   = describe("outbox_waiting_bytes", "Their size.")
	oldest      = describe("outbox_oldest_seconds", "Since the oldest waiting envelope was put.")
	delivered   = describe("outbox_delivered_total", "Envelopes that central signed for.")
	quarantined = describe("outbox_quarantined", "Envelopes that were set aside.")
	ahead       = describe("clock_ahead_seconds", "How far the clock was ahead of central's at the last heartbeat that was answered.")
	free        = describe("disk_free_bytes", "Free on the disk of the data folder.")
	heard       = describe("events_last", "Number of the last event accepted from the bureau.")
)

func describe(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("yimen_kiosk_"+name, help, labels, nil)
}

// collector reads a heartbeat at each scrape.
type collector struct{ pulse *Pulse }

// Describe implements prometheus.Collector.
func (c collector) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{screenAge, ready, waiting, bytesWait, oldest, delivered, quarantined, ahead, free, heard} {
		to <- d
	}
}

// Collect implements prometheus.Collector.
func (c collector) Collect(to chan<- prometheus.Metric) {
	ctx, stop := context.WithTimeout(context.Background(), patience)
	defer stop()
	h := c.pulse.gather(ctx)
	gauge := func(is *prometheus.Desc, value float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(is, prometheus.GaugeValue, value, labels...)
	}
	gauge(screenAge, float64(h.Screen.Age), h.Screen.Name)
	for _, d := range h.Devices {
		gauge(ready, 1, d.ID, d.State)
	}
	c.queue(h.Outbox, gauge, to)
	if skew, known := c.pulse.Skew(); known {
		gauge(ahead, skew.Seconds())
	}
	gauge(free, float64(h.Free))
	gauge(heard, float64(h.Events))
}

func (c collector) queue(o central.OutboxState, gauge func(*prometheus.Desc, float64, ...string), to chan<- prometheus.Metric) {
	gauge(waiting, float64(o.Waiting))
	gauge(bytesWait, float64(o.Bytes))
	gauge(oldest, float64(o.Oldest))
	gauge(quarantined, float64(o.Quarantined))
	to <- prometheus.MustNewConstMetric(delivered, prometheus.CounterValue, float64(o.Delivered))
}

// ListenMetrics takes an address on this machine for ServeMetrics.
func ListenMetrics(address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("metrics: %w", err)
	}
	if at, ok := l.Addr().(*net.TCPAddr); !ok || !at.IP.IsLoopback() {
		_ = l.Close()
		return nil, fmt.Errorf("metrics: %s is not on this machine alone: want such as 127.0.0.1:9480", address)
	}
	return l, nil
}

// ServeMetrics answers GET /metrics until ctx ends, and closes the listener. Whoever calls by another name than the
// address is turned away: a page whose name was made to point here.
func (p *Pulse) ServeMetrics(ctx context.Context, l net.Listener, log *slog.Logger) error {
	registry := prometheus.NewRegistry()
	for _, c := range []prometheus.Collector{collector{p}, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{})} {
		if err := registry.Register(c); err != nil {
			return fmt.Errorf("metrics: %w", err)
		}
	}
	routes := http.NewServeMux()
	routes.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	own := l.Addr().String()
	server := &http.Server{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if site := r.Header.Get("Sec-Fetch-Site"); r.Host != own || site != "" && site != "none" {
				http.Error(w, "refused", http.StatusForbidden)
				return
			}
			routes.ServeHTTP(w, r)
		}),
		ReadTimeout: patience, WriteTimeout: time.Minute, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	end := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer end()
	if err := server.Serve(l); ctx.Err() == nil {
		return fmt.Errorf("metrics: %w", err)
	}
	return ctx.Err()
}
