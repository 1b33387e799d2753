package casework

import (
	"bytes"
	"embed"
	"errors"
	"html/template"
	"log/slog"
	"net/http"
	"net/url"

	"yimen/provisioning/hub/bureau"
	"yimen/provisioning/hub/docket"
	"yimen/provisioning/hub/officer"
)

//go:embed pages
var files embed.FS

// Path is where the pages are served.
const Path = "/cases/"

// Pages serves the book of cases to a browser on this machine. Whoever is not signed in sees the way in and nothing else.
type Pages struct {
	clerk    *Clerk
	book     *docket.Book
	sessions *officer.Sessions
	pages    *template.Template
	log      *slog.Logger
	routes   http.Handler
}

// NewPages makes the pages of a clerk's book.
func NewPages(clerk *Clerk, sessions *officer.Sessions, log *slog.Logger) (*Pages, error) {
	pages, err := bureau.Frame(files, "pages/*.html")
	if err != nil {
		return nil, err
	}
	p := &Pages{clerk: clerk, book: clerk.Book, sessions: sessions, pages: pages, log: log}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /cases/{$}", p.signedIn(p.list))
	mux.HandleFunc("GET /cases/inbox", p.signedIn(p.inbox))
	mux.HandleFunc("GET /cases/checkins", p.signedIn(p.checkIns))
	mux.HandleFunc("GET /cases/overdue", p.signedIn(p.overdue))
	mux.HandleFunc("POST /cases/overdue/{no}/{record}", p.signedIn(p.sign))
	mux.HandleFunc("GET /cases/of/{envelope}", p.signedIn(p.of))
	mux.HandleFunc("GET /cases/case/{no}", p.signedIn(p.one))
	mux.HandleFunc("GET /cases/case/{no}/act/{move}", p.signedIn(p.form))
	mux.HandleFunc("POST /cases/case/{no}/act/{move}", p.signedIn(p.act))
	mux.HandleFunc("POST /cases/case/{no}/step/{step}", p.signedIn(p.step))
	mux.HandleFunc("GET /cases/sign-in", func(w http.ResponseWriter, r *http.Request) {
		p.show(w, r, http.StatusOK, "sign-in.html", signInView{})
	})
	mux.HandleFunc("POST /cases/sign-in", p.signIn)
	mux.HandleFunc("POST /cases/sign-out", p.signedIn(p.signOut))
	mux.HandleFunc("GET /cases/style.css", func(w http.ResponseWriter, r *http.Request) { http.ServeFileFS(w, r, files, "pages/cases.css") })
	// A form of another page is turned away by what the browser says of its origin; the cookie is not sent with it either.
	p.routes = http.NewCrossOriginProtection().Handler(mux)
	return p, nil
}

// contentPolicy is the desk's own, and lets forms be sent to it.
const contentPolicy = "default-src 'none'; img-src 'self'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"

// mostForm bounds what a form may send, in bytes.
const mostForm = 64 << 10

func (p *Pages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Security-Policy", contentPolicy)
	r.Body = http.MaxBytesReader(w, r.Body, mostForm)
	p.routes.ServeHTTP(w, r)
}

const cookie = "officer"

// signedIn lets only officers through and says which; others are shown the way in and come back here from there.
func (p *Pages) signedIn(page func(http.ResponseWriter, *http.Request, docket.Officer)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c, err := r.Cookie(cookie)
		if err == nil {
			if o, ok := p.sessions.Who(c.Value); ok {
				page(w, r, o)
				return
			}
		}
		to := Path
		if r.Method == http.MethodGet {
			to = r.URL.RequestURI()
		}
		http.Redirect(w, r, Path+"sign-in?to="+url.QueryEscape(to), http.StatusSeeOther)
	}
}

type signInView struct {
	frameView
	ID      string
	Trouble string // refused, locked
}

func (p *Pages) signIn(w http.ResponseWriter, r *http.Request) {
	id := r.PostFormValue("id")
	token, err := p.sessions.SignIn(id, r.PostFormValue("password"))
	if err != nil {
		trouble := "refused"
		if errors.Is(err, officer.ErrLocked) {
			trouble = "locked"
		}
		p.log.WarnContext(r.Context(), "sign-in refused", "trouble", trouble) // what was typed may be a password
		p.show(w, r, http.StatusForbidden, "sign-in.html", signInView{ID: id, Trouble: trouble})
		return
	}
	p.log.InfoContext(r.Context(), "officer signed in", "officer", id)
	http.SetCookie(w, &http.Cookie{Name: cookie, Value: token, Path: Path, HttpOnly: true, SameSite: http.SameSiteStrictMode})
	to := r.URL.Query().Get("to")
	if u, err := url.Parse(to); err != nil || u.IsAbs() || u.Host != "" || len(u.Path) < len(Path) || u.Path[:len(Path)] != Path {
		to = Path
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

func (p *Pages) signOut(w http.ResponseWriter, r *http.Request, _ docket.Officer) {
	if c, err := r.Cookie(cookie); err == nil {
		p.sessions.SignOut(c.Value)
	}
	http.SetCookie(w, &http.Cookie{Name: cookie, Path: Path, MaxAge: -1, HttpOnly: true, SameSite: http.SameSiteStrictMode})
	http.Redirect(w, r, Path+"sign-in", http.StatusSeeOther)
}

// show renders whole before it answers, so that a fault never leaves half a page.
func (p *Pages) show(w http.ResponseWriter, r *http.Request, status int, name string, data any) {
	var b bytes.Buffer
	if err := p.pages.ExecuteTemplate(&b, name, data); err != nil {
		p.log.ErrorContext(r.Context(), "render page", "page", name, "error", err)
		http.Error(w, "page cannot be shown", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	if _, err := w.Write(b.Bytes()); err != nil {
		p.log.DebugContext(r.Context(), "page not taken", "error", err)
	}
}

// absent says that there is no such case.
func (p *Pages) absent(w http.ResponseWriter, r *http.Request, o docket.Officer) {
	p.show(w, r, http.StatusNotFound, "absent.html", p.frame(o))
}

// frameView is what every page says about who is signed in.
type frameView struct {
	Officer    docket.Officer
	Supervises bool
	Unsigned   int // overruns that wait for a supervisor's word; counted for supervisors alone
}

func (p *Pages) frame(o docket.Officer) frameView {
	v := frameView{Officer: o, Supervises: supervises(o)}
	if v.Supervises {
		v.Unsigned = p.book.Unsigned()
	}
	return v
}

// of leads from what came in to its case.
func (p *Pages) of(w http.ResponseWriter, r *http.Request, o docket.Officer) {
	c, ok := p.book.ByEnvelope(r.PathValue("envelope"))
	if !ok {
		p.absent(w, r, o)
		return
	}
	http.Redirect(w, r, Path+"case/"+c.No, http.StatusSeeOther)
}
