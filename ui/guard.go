package ui

import (
	"crypto/subtle"
	"net"
	"net/http"
)

// The page is the only one that may speak to the daemon: what it says leads to devices and to personal data
// (SEC7). Other programs and pages on this machine, and pages that point a name of theirs at 127.0.0.1, are kept
// out by four checks: the address, the site a request comes from, the token of this start, and the policy below.

// policy lets the page load what this server embeds and nothing else. Styles too come as files: no inline style.
const policyHeader = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

func setHeaders(h http.Header) {
	h.Set("Content-Security-Policy", policyHeader)
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), clipboard-read=(), usb=(), serial=()")
}

// foreign says why r is not a request of the page itself, or "".
func foreign(r *http.Request) string {
	local, ok := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr)
	if !ok || !local.IP.IsLoopback() {
		return "not on a loopback address"
	}
	if r.Host != local.String() {
		return "another host name"
	}
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "same-origin", "none":
	default:
		return "sent by another site"
	}
	origin := r.Header.Get("Origin")
	if origin != "" && origin != "http://"+r.Host {
		return "another origin"
	}
	if r.Method == http.MethodPost && origin == "" && r.Header.Get("Sec-Fetch-Site") != "same-origin" {
		return "no origin"
	}
	return ""
}

// cookieName carries the port, because browsers share cookies between ports and other parts of the system have
// pages on this machine too.
func cookieName(r *http.Request) string {
	_, port, _ := net.SplitHostPort(r.Host)
	return "yimen-screen-" + port
}

// own lets a request through only with the token that GET / gave.
func (s *Server) own(h http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := r.Cookie(cookieName(r))
		if err != nil || subtle.ConstantTimeCompare([]byte(c.Value), []byte(s.token)) != 1 {
			http.Error(w, "refused", http.StatusForbidden)
			return
		}
		h(w, r)
	})
}
