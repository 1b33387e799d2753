// Package status shows the fleet at a glance to those who keep it running: one page with small charts, and the same as
// metrics for Prometheus. It knows no resident and shows none. It listens on the hub's own machine.
package status

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"html/template"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"yimen/provisioning/hub/fleet"
)

//go:embed page.html
var pageHTML string

//go:embed style.css
var styleCSS []byte

// Fleet is what is shown; *fleet.Fleet is one.
type Fleet interface {
	Terminals(ctx context.Context) ([]fleet.Terminal, error)
	Past(ctx context.Context) (map[string][]fleet.Point, error)
	Told(ctx context.Context, limit int) ([]fleet.Telling, error)
}

// toldShown is how many of the last tellings stand on the page.
const toldShown = 20

// Page serves the fleet's page and its metrics.
type Page struct {
	fleet  Fleet
	now    func() time.Time
	zone   *time.Location
	log    *slog.Logger
	words  words
	page   *template.Template
	routes *http.ServeMux
}

// New makes the page. More collectors stand among the metrics beside the fleet's own.
func New(f Fleet, now func() time.Time, zone *time.Location, log *slog.Logger, more ...prometheus.Collector) (*Page, error) {
	w, err := readWords()
	if err != nil {
		return nil, err
	}
	p := &Page{fleet: f, now: now, zone: zone, log: log, words: w, routes: http.NewServeMux()}
	columns := []string{"light", "terminal", "heard", "screen", "devices", "outbox", "past", "journal", "pack", "software", "clock"}
	if p.page, err = template.New("page").Funcs(template.FuncMap{"say": w.say, "columns": func() []string { return columns }}).Parse(pageHTML); err != nil {
		return nil, fmt.Errorf("fleet's page: %w", err)
	}
	metrics := prometheus.NewRegistry()
	for _, c := range append(more, &collector{fleet: f, now: now, log: log}) {
		if err := metrics.Register(c); err != nil {
			return nil, fmt.Errorf("fleet's metrics: %w", err)
		}
	}
	p.routes.HandleFunc("GET /{$}", p.show)
	p.routes.HandleFunc("GET /style.css", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/css; charset=utf-8")
		w.Write(styleCSS)
	})
	p.routes.Handle("GET /metrics", promhttp.HandlerFor(metrics, promhttp.HandlerOpts{}))
	return p, nil
}

// ServeHTTP turns away whoever calls by another name than the address: a page from elsewhere whose name was made to
// point here.
func (p *Page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	local, ok := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr)
	site := r.Header.Get("Sec-Fetch-Site")
	if !ok || r.Host != local.String() || site != "" && site != "same-origin" && site != "none" {
		p.log.WarnContext(r.Context(), "foreign request turned away", "host", r.Host, "site", site, "path", r.URL.Path)
		http.Error(w, "this page is reached under its own address only", http.StatusForbidden)
		return
	}
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	p.routes.ServeHTTP(w, r)
}

func (p *Page) show(w http.ResponseWriter, r *http.Request) {
	var b bytes.Buffer
	if err := p.render(r.Context(), &b); err != nil {
		p.log.ErrorContext(r.Context(), "fleet's page", "err", err)
		http.Error(w, "the page cannot be shown", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Write(b.Bytes())
}

// render renders whole before anything is answered, so that a fault never leaves half a page.
func (p *Page) render(ctx context.Context, b *bytes.Buffer) error {
	all, err := p.fleet.Terminals(ctx)
	if err != nil {
		return err
	}
	past, err := p.fleet.Past(ctx)
	if err != nil {
		return err
	}
	told, err := p.fleet.Told(ctx, toldShown)
	if err != nil {
		return err
	}
	return p.page.Execute(b, p.viewOf(all, past, told, p.now()))
}
