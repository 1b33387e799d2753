package registry

import (
	"crypto/tls"
	"net/http"
	"slices"

	"yimen/kiosk/central"
)

// Greeting lets in without a certificate only who names the enrolment's protocol, and what it reaches is the enrolment.
func Greeting(strict *tls.Config) *tls.Config {
	enrolling := strict.Clone()
	enrolling.ClientAuth = tls.NoClientCert
	enrolling.NextProtos = []string{"http/1.1"}
	both := strict.Clone()
	both.GetConfigForClient = func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
		if slices.Contains(hello.SupportedProtos, central.EnrolProtocol) {
			return enrolling, nil
		}
		return nil, nil
	}
	return both
}

// Beside shows requests on connections without a certificate, which are those of the enrolment, to it, and all others
// to rest.
func Beside(enrolment, rest http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.TLS != nil && len(r.TLS.PeerCertificates) == 0 {
			enrolment.ServeHTTP(w, r)
			return
		}
		rest.ServeHTTP(w, r)
	})
}
