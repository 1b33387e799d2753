package intake_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"log"
	"log/slog"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"yimen/kiosk/central"
	"yimen/kiosk/central/centraltest"
	"yimen/kiosk/envelope"
	"yimen/provisioning/hub/door"
	"yimen/provisioning/hub/intake"
	"yimen/provisioning/hub/store"
	"yimen/provisioning/identity"
)

const (
	terminalA = "150102-001"
	terminalB = "150102-002"
	idA       = "01k9zqv8w3m5n7p2r4s6t8v0xa"
	idB       = "01k9zqv8w3m5n7p2r4s6t8v0xb"
	piece     = 32 << 10
)

// hall is the keys of everybody, with a second terminal.
type hall struct {
	hub     *identity.Hub
	a, b    party
	bureau  *identity.Bureau
	opening envelope.Recipient
	ca      string // folder of the authority
}

// party is a terminal: what it calls with and what it signs with.
type party struct {
	name    string
	calling *tls.Config
	signing *envelope.Signer
}

func newHall(t testing.TB) hall {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "keys")
	if err := identity.NewHall(dir, terminalA, []string{"127.0.0.1"}, time.Now()); err != nil {
		t.Fatal(err)
	}
	hub, err := identity.LoadHub(filepath.Join(dir, "hub"))
	if err != nil {
		t.Fatal(err)
	}
	terminal, err := identity.LoadTerminal(filepath.Join(dir, "terminal"))
	if err != nil {
		t.Fatal(err)
	}
	bureau, err := identity.LoadBureau(filepath.Join(dir, "bureau"))
	if err != nil {
		t.Fatal(err)
	}
	h := hall{hub: hub, bureau: bureau, opening: terminal.Bureau, ca: filepath.Join(dir, "ca")}
	h.a = party{terminalA, terminal.ClientTLS(), terminal.Signing}
	signing, err := envelope.GenerateSigner(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	h.b = party{terminalB, issue(t, h.ca, "terminal", terminalB, time.Now().Add(time.Hour)), signing}
	hub.Terminals[terminalB] = signing.Verifier()
	return h
}

// issue makes a client certificate with the hall's own authority.
func issue(t testing.TB, ca, role, name string, until time.Time) *tls.Config {
	t.Helper()
	certificate, authority := certify(t, ca, &x509.Certificate{
		Subject: pkix.Name{CommonName: name, OrganizationalUnit: []string{role}}, NotAfter: until,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	})
	roots := x509.NewCertPool()
	roots.AddCert(authority)
	return &tls.Config{Certificates: []tls.Certificate{certificate}, RootCAs: roots}
}

// certify completes a certificate, valid since an hour ago, and signs it with the authority whose folder is ca.
func certify(t testing.TB, ca string, template *x509.Certificate) (tls.Certificate, *x509.Certificate) {
	t.Helper()
	authority, err := tls.LoadX509KeyPair(filepath.Join(ca, "ca.pem"), filepath.Join(ca, "ca.key"))
	if err != nil {
		t.Fatal(err)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template.SerialNumber, template.NotBefore = big.NewInt(time.Now().UnixNano()), time.Now().Add(-time.Hour)
	template.KeyUsage = x509.KeyUsageDigitalSignature
	der, err := x509.CreateCertificate(rand.Reader, template, authority.Leaf, key.Public(), authority.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, authority.Leaf
}

// site is a running intake over a folder.
type site struct {
	*centraltest.Trouble
	hall
	url, dir string
	intake   *intake.Intake
	packs    string // folder of the repository of policy packs
	contract *centraltest.Contract
	logged   *bytes.Buffer
	stop     func()
	spoil    func(intake.Parts) intake.Parts // what the intake is given in place of its parts
	secure   func(*tls.Config)               // changes what it serves with
}

func newSite(t testing.TB) *site {
	t.Helper()
	s := &site{Trouble: &centraltest.Trouble{}, hall: newHall(t), dir: t.TempDir(), packs: t.TempDir(), logged: &bytes.Buffer{},
		contract: centraltest.LoadContract(t, "../../../kiosk/central/openapi.yaml")}
	s.start(t)
	t.Cleanup(func() { s.stop() })
	return s
}

func (s *site) start(t testing.TB) {
	t.Helper()
	kept, err := store.Open(context.Background(), s.dir)
	if err != nil {
		t.Fatal(err)
	}
	var parts intake.Parts = kept
	if s.spoil != nil {
		parts = s.spoil(kept)
	}
	logger := slog.New(slog.NewTextHandler(s.logged, nil))
	in, err := intake.New(s.hub, door.New(t.Context(), logger), kept, parts, time.Now, rand.Reader, logger)
	if err != nil {
		t.Fatal(err)
	}
	s.intake = in
	in.Offer(os.DirFS(s.packs))
	in.OfferReleases(os.DirFS(s.packs)) // one folder for both: the names tell them apart
	var handler http.Handler = in
	if s.contract != nil {
		handler = s.Before(s.contract.Watch(t, in))
	}
	server := httptest.NewUnstartedServer(handler)
	server.TLS = s.hub.ServerTLS()
	if s.secure != nil {
		s.secure(server.TLS)
	}
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	s.url = server.URL
	s.stop = func() {
		server.CloseClientConnections()
		server.Close()
		if err := kept.Close(); err != nil {
			t.Error(err)
		}
	}
}

// restart ends the intake and its store, and starts both again over the same folder.
func (s *site) restart(t testing.TB) {
	t.Helper()
	s.stop()
	s.start(t)
}

func (s *site) client(t testing.TB, calling *tls.Config) *central.Client {
	t.Helper()
	c, err := central.New(central.Config{URL: s.url, Piece: piece}, calling, s.bureau.Receipts, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// ask sends one request as it is, headers as name, value pairs, and gives the status and the body.
func (s *site) ask(t testing.TB, calling *tls.Config, method, path string, body []byte, headers ...string) (int, string) {
	t.Helper()
	r, err := http.NewRequest(method, s.url, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.URL.Opaque = "//" + strings.TrimPrefix(s.url, "https://") + path // unclean paths go out as they are
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	c := &http.Client{Transport: &http.Transport{TLSClientConfig: calling, DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := c.Do(r)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(text)
}

// parcel is a sealed envelope in memory.
type parcel struct {
	id     string
	bodies [][]byte
	envelope.Sealed
}

func (p parcel) ID() string        { return p.id }
func (p parcel) List() []byte      { return p.Sealed.List }
func (p parcel) Signature() []byte { return p.Sealed.Signature }
func (p parcel) Part(no int) (io.ReadSeekCloser, int64, error) {
	return nopCloser{bytes.NewReader(p.Parts[no])}, int64(len(p.Parts[no])), nil
}

func (p parcel) total() (n int64) {
	for _, part := range p.Parts {
		n += int64(len(part))
	}
	return n
}

type nopCloser struct{ io.ReadSeeker }

func (nopCloser) Close() error { return nil }

// The personal data of these tests: an invented name and the specimen number of GB 11643-1999.
const (
	name   = "佟䶮试"
	number = "11010519491231002X"
)

// seal makes an envelope of a terminal whose parts have so many bytes of plain text, full of a name and a number.
func (s *site) seal(t testing.TB, by party, id string, sizes ...int) parcel {
	t.Helper()
	return s.sealWith(t, envelope.SuiteSM, by, id, sizes...)
}

func (s *site) sealWith(t testing.TB, suite envelope.Suite, by party, id string, sizes ...int) parcel {
	t.Helper()
	p := parcel{id: id}
	for _, n := range sizes {
		p.bodies = append(p.bodies, bytes.Repeat([]byte(name+number), n/len(name+number)+1)[:n])
	}
	var err error
	head := envelope.Head{Suite: suite, ID: id, Kind: "application", Terminal: by.name, SealedAt: time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC)}
	p.Sealed, err = envelope.Seal(head, p.bodies, []envelope.Recipient{s.opening}, by.signing, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// strangers gives the TLS configuration of somebody with a certificate of another authority.
func strangers(t testing.TB, roots *x509.CertPool) *tls.Config {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "other")
	if err := identity.NewHall(dir, terminalA, []string{"127.0.0.1"}, time.Now()); err != nil {
		t.Fatal(err)
	}
	other, err := identity.LoadTerminal(filepath.Join(dir, "terminal"))
	if err != nil {
		t.Fatal(err)
	}
	calling := other.ClientTLS()
	calling.RootCAs = roots
	return calling
}

// files gives the contents of every file in the store's folder.
func (s *site) files(t testing.TB) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	err := filepath.WalkDir(s.dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		all[path], err = os.ReadFile(path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
