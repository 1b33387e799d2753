package bureau

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"time"

	"yimen/kiosk/central"
	"yimen/provisioning/identity"
)

//go:embed pages
var files embed.FS

// Pages serves the desk to a browser on this machine: pages for people under /, the same as data under /api/.
type Pages struct {
	desk     *Desk
	editions Editions
	pages    *template.Template
	hosts    []string
	cases    string // where cases are worked; empty where nobody works them here
	log      *slog.Logger
	routes   *http.ServeMux
}

// New makes the pages of a desk that is reached under this port of this machine. editions may be nil: then no estimate
// can be reckoned again.
func New(keys *identity.Bureau, source Source, editions Editions, port int, log *slog.Logger) (*Pages, error) {
	pages, err := Frame(files, "pages/*.html")
	if err != nil {
		return nil, err
	}
	p := &Pages{desk: NewDesk(keys, source, log), editions: editions, pages: pages, log: log, routes: http.NewServeMux()}
	for _, host := range []string{"127.0.0.1", "localhost", "[::1]"} {
		p.hosts = append(p.hosts, host+":"+strconv.Itoa(port))
	}
	p.routes.HandleFunc("GET /{$}", p.list)
	p.routes.HandleFunc("GET /dossiers/{id}", p.dossier)
	p.routes.HandleFunc("GET /style.css", p.style)
	p.routes.HandleFunc("GET /favicon.ico", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }) // browsers ask for one
	p.routes.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { send(w, "text/plain; charset=utf-8", []byte("ok\n")) })
	p.routes.HandleFunc("GET /api/dossiers", p.apiList)
	p.routes.HandleFunc("GET /api/dossiers/{id}", p.apiManifest)
	p.routes.HandleFunc("GET /api/dossiers/{id}/receipt", p.apiReceipt)
	p.routes.HandleFunc("GET /api/dossiers/{id}/replay", p.apiReplay)
	p.routes.HandleFunc("GET /api/editions", p.apiEditions)
	p.routes.HandleFunc("GET /api/dossiers/{id}/parts/{name...}", p.apiPart)
	return p, nil
}

// Frame reads pages that stand within the desk's frame: head, banner and what all pages may call.
func Frame(pages fs.FS, pattern string) (*template.Template, error) {
	t, err := template.New("").Funcs(functions()).ParseFS(files, "pages/frame.html")
	if err == nil {
		t, err = t.ParseFS(pages, pattern)
	}
	if err != nil {
		return nil, fmt.Errorf("read pages: %w", err)
	}
	return t, nil
}

// Desk is the one whose dossiers these pages show.
func (p *Pages) Desk() *Desk { return p.desk }

// Mount lets the room where cases are worked serve all pages under a path, behind the same guard. It is called once, before
// the first request.
func (p *Pages) Mount(path string, room http.Handler) {
	p.cases = path
	p.routes.Handle(path, room)
}

// contentPolicy lets a page load nothing but what this desk serves, and run nothing.
const contentPolicy = "default-src 'none'; img-src 'self'; style-src 'self'; frame-src 'self'; object-src 'self'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'"

// ServeHTTP turns away whoever calls the desk by another name: a page from elsewhere whose name was made to point
// here would read what the browser may read.
func (p *Pages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	site := r.Header.Get("Sec-Fetch-Site")
	if !slices.Contains(p.hosts, r.Host) || (site != "" && site != "same-origin" && site != "none") {
		p.log.WarnContext(r.Context(), "foreign request turned away", "host", r.Host, "site", site, "path", r.URL.Path)
		http.Error(w, "this desk is reached under its own address only", http.StatusForbidden)
		return
	}
	h := w.Header()
	h.Set("Content-Security-Policy", contentPolicy)
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cache-Control", "no-store") // opened dossiers do not go to a browser's disk
	p.routes.ServeHTTP(w, r)
}

func (p *Pages) list(w http.ResponseWriter, r *http.Request) {
	rows, err := p.desk.Dossiers(r.Context())
	if err != nil {
		p.log.WarnContext(r.Context(), "intake cannot be asked", "error", err)
	}
	page := 1
	if n, err := strconv.Atoi(r.URL.Query().Get("page")); err == nil && n > 1 && n <= (len(rows)+pageSize-1)/pageSize {
		page = n
	}
	p.page(w, r, http.StatusOK, "list.html", listView(rows, page, p.cases, err))
}

func (p *Pages) dossier(w http.ResponseWriter, r *http.Request) {
	o, err := p.desk.Dossier(r.Context(), r.PathValue("id"))
	if err != nil {
		status := statusOf(err)
		p.log.WarnContext(r.Context(), "dossier not shown", "error", err)
		p.page(w, r, status, "trouble.html", struct{ ID, Trouble string }{r.PathValue("id"), troubleOf(err)})
		return
	}
	v := viewOf(o)
	v.Replay = p.again(r.Context(), o)
	v.Cases = p.cases
	p.page(w, r, http.StatusOK, "dossier.html", v)
}

// page renders whole before it answers, so that a fault never leaves half a page.
func (p *Pages) page(w http.ResponseWriter, r *http.Request, status int, name string, data any) {
	var b bytes.Buffer
	if err := p.pages.ExecuteTemplate(&b, name, data); err != nil {
		p.log.ErrorContext(r.Context(), "render page", "page", name, "error", err)
		http.Error(w, "page cannot be shown", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	w.Write(b.Bytes())
}

func (p *Pages) style(w http.ResponseWriter, r *http.Request) {
	http.ServeFileFS(w, r, files, "pages/style.css")
}

// listed is a dossier in the list as data.
type listed struct {
	ID          string    `json:"id"`
	Kind        string    `json:"kind"`
	Item        string    `json:"item,omitempty"`
	SlipNo      string    `json:"slip_no,omitempty"`
	Terminal    string    `json:"terminal"`
	Region      string    `json:"region,omitempty"`
	SubmittedAt time.Time `json:"submitted_at,omitzero"`
	ReceivedAt  time.Time `json:"received_at"`
	Trouble     string    `json:"trouble,omitempty"` // signature, receipt, elsewhere, sealed or manifest
}

// apiList gives the newest dossier first: GET /api/dossiers.
func (p *Pages) apiList(w http.ResponseWriter, r *http.Request) {
	rows, err := p.desk.Dossiers(r.Context())
	if err != nil {
		p.refuse(w, r, err)
		return
	}
	answer := struct {
		Dossiers []listed `json:"dossiers"`
	}{Dossiers: []listed{}}
	for _, row := range rows {
		m := row.Manifest
		answer.Dossiers = append(answer.Dossiers, listed{
			ID: row.ID, Kind: row.Summary.Kind, Item: m.Item, SlipNo: m.SlipNo, Terminal: row.Summary.Terminal, Region: m.Region,
			SubmittedAt: m.SubmittedAt, ReceivedAt: row.ReceivedAt, Trouble: troubleOf(row.Trouble),
		})
	}
	body, err := json.Marshal(answer)
	if err != nil {
		p.refuse(w, r, err)
		return
	}
	send(w, "application/json", body)
}

// apiManifest gives the manifest as it was sealed: GET /api/dossiers/{id}.
func (p *Pages) apiManifest(w http.ResponseWriter, r *http.Request) {
	if o, ok := p.opened(w, r); ok {
		send(w, "application/json", o.Plain)
	}
}

// apiReceipt gives the hub's signed receipt: GET /api/dossiers/{id}/receipt.
func (p *Pages) apiReceipt(w http.ResponseWriter, r *http.Request) {
	if o, ok := p.opened(w, r); ok {
		send(w, "application/json", o.Signed)
	}
}

// shown lists the media types that a browser may show; anything else is offered as a file.
var shown = []string{"application/pdf", "application/json", "image/jpeg", "image/png", "text/plain"}

// apiPart gives the plain bytes of a part: GET /api/dossiers/{id}/parts/{name}.
func (p *Pages) apiPart(w http.ResponseWriter, r *http.Request) {
	o, ok := p.opened(w, r)
	if !ok {
		return
	}
	part, body, ok := o.Body(r.PathValue("name"))
	if !ok {
		http.Error(w, "no such part", http.StatusNotFound)
		return
	}
	media := part.MediaType
	if !slices.Contains(shown, media) {
		media = "application/octet-stream"
		w.Header().Set("Content-Disposition", "attachment")
	}
	send(w, media, body)
}

func (p *Pages) opened(w http.ResponseWriter, r *http.Request) (*Dossier, bool) {
	o, err := p.desk.Dossier(r.Context(), r.PathValue("id"))
	if err != nil {
		p.refuse(w, r, err)
		return nil, false
	}
	return o, true
}

func (p *Pages) refuse(w http.ResponseWriter, r *http.Request, err error) {
	p.log.WarnContext(r.Context(), "request refused", "path", r.URL.Path, "error", err)
	http.Error(w, "dossier: "+troubleOf(err), statusOf(err))
}

// statusOf tells by whom the trouble is: the address, the envelope, or the way to the intake.
func statusOf(err error) int {
	switch troubleOf(err) {
	case "absent":
		return http.StatusNotFound
	case "intake":
		return http.StatusBadGateway
	default:
		return http.StatusUnprocessableEntity
	}
}

// troubleOf names a trouble for the pages and the API; "" if there is none.
func troubleOf(err error) string {
	var problem *central.Problem
	switch {
	case err == nil:
		return ""
	case errors.Is(err, ErrSignature):
		return "signature"
	case errors.Is(err, ErrReceipt):
		return "receipt"
	case errors.Is(err, ErrElsewhere):
		return "elsewhere"
	case errors.Is(err, ErrSealed):
		return "sealed"
	case errors.Is(err, ErrManifest):
		return "manifest"
	case errors.Is(err, ErrParked):
		return "parked"
	case errors.As(err, &problem) && problem.Code == central.CodeNotFound:
		return "absent"
	default:
		return "intake"
	}
}

func send(w http.ResponseWriter, media string, body []byte) {
	w.Header().Set("Content-Type", media)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.Write(body)
}
