package registry_test

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"yimen/kiosk/central"
	"yimen/kiosk/central/enrolcode"
	"yimen/provisioning/enrol"
	"yimen/provisioning/hub/door"
	"yimen/provisioning/hub/hubtest"
	"yimen/provisioning/hub/registry"
	"yimen/provisioning/identity"
)

const newcomer = "150102-0009"

// site is a hub with a registry, and a room that answers 204 to everybody who is let in, or waits.
type site struct {
	*hubtest.Site
	*registry.Registry
	card identity.Card
	file string

	recheck func(context.Context)

	mu    sync.Mutex
	clock time.Time
}

func (s *site) now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.clock
}

func (s *site) pass(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clock = s.clock.Add(d)
}

func newSite(t testing.TB) *site {
	s := &site{clock: time.Now(), file: filepath.Join(t.TempDir(), "registry.db")}
	s.Site = hubtest.NewGreeting(t, "../../../kiosk/central/openapi.yaml", func(at *door.Door, h hubtest.Hall) http.Handler {
		keys := filepath.Join(h.Dir, "hub")
		issuer, err := identity.LoadIssuer(keys)
		if err != nil {
			t.Fatal(err)
		}
		card, err := identity.ReadCard(keys)
		if err != nil {
			t.Fatal(err)
		}
		if s.card, err = identity.OpenCard(card); err != nil {
			t.Fatal(err)
		}
		if s.Registry, err = registry.Open(context.Background(), s.file, s.now, slog.New(slog.DiscardHandler)); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Registry.Close() })
		at.AskFirst(s.Admit)
		s.recheck = at.Recheck
		routes := http.NewServeMux()
		routes.Handle("/", s.Registry.Serve(at, issuer))
		routes.Handle("GET "+central.EventsPath, at.Only(func(w http.ResponseWriter, r *http.Request, from door.Caller) error {
			ctx, stop, err := at.Wait(r, from)
			if err != nil {
				return err
			}
			defer stop()
			<-ctx.Done()
			return door.Answer(w, http.StatusOK, central.EventPage{Events: []central.SignedEvent{}})
		}, identity.RoleTerminal))
		return registry.Beside(s.Registry.Enrolment(card, issuer), routes)
	}, registry.Greeting)
	return s
}

func (s *site) code(t testing.TB, terminal string) enrolcode.Code {
	t.Helper()
	code, err := s.NewCode(t.Context(), terminal, s.card.Fingerprint())
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// enrolled enrols a terminal as its technician does, and loads what it got.
func (s *site) enrolled(t testing.TB, terminal string) (*identity.Terminal, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "identity")
	if name, err := enrol.Enrol(t.Context(), s.URL, s.code(t, terminal).String(), terminal, dir); err != nil || name != terminal {
		t.Fatalf("%q, %v", name, err)
	}
	got, err := identity.LoadTerminal(dir)
	if err != nil {
		t.Fatal(err)
	}
	return got, dir
}

// let reports whether the hub lets somebody in.
func (s *site) let(t testing.TB, as *tls.Config) bool {
	t.Helper()
	status, body := s.Ask(t, as, "GET", central.EventsPath, nil)
	if status != 200 && status != 403 {
		t.Fatalf("%d %s", status, body)
	}
	return status == 200
}

func TestATerminalEnrolsByACodeAndHasAllThatItNeeds(t *testing.T) {
	s := newSite(t)
	got, dir := s.enrolled(t, newcomer)
	if !s.let(t, got.ClientTLS()) {
		t.Error("an enrolled terminal is not let in")
	}
	key, known, err := s.Signing(t.Context(), newcomer)
	if err != nil || !known || key.ID() != got.Signing.Verifier().ID() {
		t.Errorf("signing key: known %v, %v", known, err)
	}
	if got.Bureau.Suites() == nil || got.Word.ID() != s.Bureau.Signing.Verifier().ID() || got.Receipts.ID() != s.Bureau.Receipts.ID() {
		t.Error("it knows another hall")
	}
	all, err := s.Client(t, s.Bureau.ClientTLS(), central.Config{}).Terminals(t.Context())
	if err != nil || len(all) != 1 || all[0].Terminal != newcomer {
		t.Errorf("the bureau is told %+v, %v", all, err)
	}
	for _, name := range []string{"tls.key", "signing.key"} {
		secret, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		kept, err := os.ReadFile(s.file)
		if err != nil {
			t.Fatal(err)
		}
		if body := strings.Split(string(secret), "\n")[1]; strings.Contains(string(kept), body) {
			t.Errorf("the hub has the terminal's %s", name)
		}
	}
	chain, err := s.Client(t, got.ClientTLS(), central.Config{}).Renew(t.Context(), must(got.RenewalRequest()))
	if err != nil || len(chain) == 0 {
		t.Error(err)
	}
	s.Served(t, map[string]int{"enrolTerminal": 201, "renewCertificate": 201}, central.EnrolmentPath, central.CertificatePath, central.TerminalsPath)
}

func must(b []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return b
}

func TestACodeCountsOnceAndAnHour(t *testing.T) {
	s := newSite(t)
	try := func(code enrolcode.Code) error {
		_, err := enrol.Enrol(t.Context(), s.URL, code.String(), "", filepath.Join(t.TempDir(), "identity"))
		return err
	}
	used := s.code(t, newcomer)
	if err := try(used); err != nil {
		t.Fatal(err)
	}
	if err := try(used); !errors.Is(err, enrol.ErrCode) {
		t.Errorf("a used code: %v", err)
	}
	replaced, fresh := s.code(t, newcomer), s.code(t, newcomer)
	if err := try(replaced); !errors.Is(err, enrol.ErrCode) {
		t.Errorf("a code with a successor: %v", err)
	}
	s.pass(registry.CodeLife - time.Second)
	if err := try(fresh); err != nil {
		t.Errorf("before its hour is over: %v", err)
	}
	late := s.code(t, newcomer)
	s.pass(registry.CodeLife)
	if err := try(late); !errors.Is(err, enrol.ErrCode) {
		t.Errorf("after its hour: %v", err)
	}
}

func TestGuessingVoidsTheCodeAndIsSlow(t *testing.T) {
	s := newSite(t)
	code := s.code(t, newcomer)
	wrong := code
	tell := func(c enrolcode.Code) (int, string) {
		device, err := identity.NewDevice()
		if err != nil {
			t.Fatal(err)
		}
		body, err := json.Marshal(central.Enrolment{Code: c.Told(), Request: must(device.Request()), Signing: must(device.Signing.Verifier().MarshalPEM())})
		if err != nil {
			t.Fatal(err)
		}
		stranger := &tls.Config{RootCAs: s.card.Roots(), NextProtos: []string{central.EnrolProtocol, "http/1.1"}}
		status, answer := s.Ask(t, stranger, "POST", central.EnrolmentPath, body, "Content-Type", "application/json")
		return status, string(answer)
	}
	for n := range 5 {
		wrong.Secret = fmt.Sprintf("%012d", n)
		if status, answer := tell(wrong); status != 403 {
			t.Fatalf("guess %d: %d %s", n, status, answer)
		}
	}
	if status, answer := tell(code); status != 403 {
		t.Errorf("the right one after five guesses: %d %s", status, answer)
	}
	for n := range 4 {
		wrong.ID = fmt.Sprintf("%04d", n)
		tell(wrong)
	}
	other := s.code(t, newcomer)
	if status, answer := tell(other); status != 429 {
		t.Errorf("after ten guesses in a row: %d %s", status, answer)
	}
	s.pass(time.Minute)
	if status, answer := tell(other); status != 201 {
		t.Errorf("a minute later: %d %s", status, answer)
	}
}

func TestATerminalTellsItsCodeToItsOwnHallOnly(t *testing.T) {
	s, other := newSite(t), newSite(t)
	dir := filepath.Join(t.TempDir(), "identity")
	told := false
	other.Trouble.LoseAnswers(func(r *http.Request) bool { told = told || r.Method == http.MethodPost; return false })
	if _, err := enrol.Enrol(t.Context(), other.URL, s.code(t, newcomer).String(), "", dir); !errors.Is(err, enrol.ErrHall) || told {
		t.Errorf("another hall's hub: %v, code told: %v", err, told)
	}
	if _, err := enrol.Enrol(t.Context(), s.URL, s.code(t, newcomer).String(), "150102-0008", dir); err == nil {
		t.Error("a code for another terminal was taken")
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("keys were left: %v", err)
	}
	slip := []byte(s.code(t, newcomer).String())
	slip[0] ^= 1
	if _, err := enrol.Enrol(t.Context(), s.URL, string(slip), "", dir); !errors.Is(err, enrolcode.ErrCode) {
		t.Errorf("a slip of the finger: %v", err)
	}
}

func TestAnEnrolmentsConnectionReachesNothingElse(t *testing.T) {
	s := newSite(t)
	stranger := &tls.Config{RootCAs: s.card.Roots(), NextProtos: []string{central.EnrolProtocol, "http/1.1"}}
	for _, path := range []string{central.EventsPath, central.TerminalsPath, central.EnvelopesPath} {
		if status, body := s.Ask(t, stranger, "GET", path, nil); status != 403 {
			t.Errorf("GET %s: %d %s", path, status, body)
		}
	}
	if conn, err := tls.Dial("tcp", strings.TrimPrefix(s.URL, "https://"), &tls.Config{RootCAs: s.card.Roots()}); err == nil {
		_, err = conn.Read(make([]byte, 1)) // in TLS 1.3 only now does the client learn whether it was taken
		conn.Close()
		if err == nil || !strings.Contains(err.Error(), "certificate required") {
			t.Errorf("without a certificate and without naming the enrolment: %v", err)
		}
	}
}

func TestARevocationTakesEffectAtOnce(t *testing.T) {
	s := newSite(t)
	got, _ := s.enrolled(t, newcomer)
	beside, err := registry.Open(t.Context(), s.file, s.now, slog.New(slog.DiscardHandler)) // as the command beside the hub
	if err != nil {
		t.Fatal(err)
	}
	defer beside.Close()
	watching, stop := context.WithCancel(t.Context())
	watched := make(chan error, 1)
	go func() { watched <- s.Watch(watching, func() { s.recheck(watching) }) }()
	open := make(chan error, 1)
	client := s.Client(t, got.ClientTLS(), central.Config{Patience: time.Minute})
	go func() { _, err := client.Events(t.Context(), 0); open <- err }()
	for s.Contract.Seen("listTerminals", 200) == false { // another connection goes on meanwhile
		s.Client(t, s.Bureau.ClientTLS(), central.Config{}).Terminals(t.Context())
	}
	for _, name := range []string{newcomer, hubtest.TerminalA} {
		if err := beside.Revoke(t.Context(), name); err != nil {
			t.Fatal(err)
		}
	}
	if s.let(t, got.ClientTLS()) || s.let(t, s.A.Calling) {
		t.Error("a revoked terminal is let in")
	}
	if err := <-open; err == nil {
		t.Error("an open question of a revoked terminal is answered")
	}
	if !s.let(t, s.B.Calling) {
		t.Error("another terminal is shut out")
	}
	again, _ := s.enrolled(t, newcomer)
	if !s.let(t, again.ClientTLS()) || s.let(t, got.ClientTLS()) {
		t.Error("after enrolling anew: the new certificate does not count, or the old one does")
	}
	stop()
	if err := <-watched; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestARenewedCertificateIsUsedAtOnceAndTheOldOneStillCounts(t *testing.T) {
	s := newSite(t)
	got, dir := s.enrolled(t, newcomer)
	before := got.Certificate
	client := s.Client(t, got.ClientTLS(), central.Config{})
	s.pass(30 * time.Minute) // the next one ends later
	if err := got.Renew(dir, t.TempDir(), chainFor(t, client, got)); err != nil {
		t.Fatal(err)
	}
	loaded, err := identity.LoadTerminal(dir)
	if err != nil || !loaded.Ends().Equal(got.Ends()) || !got.Ends().After(before.Leaf.NotAfter) {
		t.Fatalf("ends %v, before %v, in the folder %v; %v", got.Ends(), before.Leaf.NotAfter, loaded.Ends(), err)
	}
	old := got.ClientTLS()
	old.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &before, nil }
	if !s.let(t, got.ClientTLS()) || !s.let(t, old) {
		t.Error("one of the two is not let in")
	}
	other, _ := s.enrolled(t, "150102-0007")
	foreign := chainFor(t, s.Client(t, other.ClientTLS(), central.Config{}), other)
	for what, chain := range map[string][]byte{"another terminal's": foreign, "nothing": nil} {
		if err := got.Renew(dir, t.TempDir(), chain); err == nil {
			t.Errorf("%s certificate was taken", what)
		}
	}
	if _, err := s.Client(t, s.A.Calling, central.Config{}).Renew(t.Context(), must(got.RenewalRequest())); err == nil {
		t.Error("a terminal whose keys were carried by hand was certified by the hub")
	}
}

func chainFor(t *testing.T, c *central.Client, terminal *identity.Terminal) []byte {
	t.Helper()
	chain, err := c.Renew(t.Context(), must(terminal.RenewalRequest()))
	if err != nil {
		t.Fatal(err)
	}
	return chain
}
