package intake_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/tls"
	"io"
	"log"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"yimen/kiosk/central"
	"yimen/kiosk/central/centraltest"
	"yimen/kiosk/envelope"
	"yimen/provisioning/hub/door"
	"yimen/provisioning/hub/hubtest"
	"yimen/provisioning/hub/intake"
	"yimen/provisioning/hub/store"
)

const (
	idA   = "01k9zqv8w3m5n7p2r4s6t8v0xa"
	idB   = "01k9zqv8w3m5n7p2r4s6t8v0xb"
	idC   = "01k9zqv8w3m5n7p2r4s6t8v0xc"
	piece = 32 << 10
)

// site is a running intake over a folder.
type site struct {
	*centraltest.Trouble
	hubtest.Hall
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
	s := &site{Trouble: &centraltest.Trouble{}, Hall: hubtest.NewHall(t), dir: t.TempDir(), packs: t.TempDir(), logged: &bytes.Buffer{},
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
	in, err := intake.New(s.Hub, door.New(t.Context(), logger), kept, parts, time.Now, rand.Reader, logger)
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
	server.TLS = s.Hub.ServerTLS()
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
	c, err := central.New(central.Config{URL: s.url, Piece: piece}, calling, s.Bureau.Receipts, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// ask sends one request as it is, headers as name, value pairs, and gives the status and the body.
func (s *site) ask(t testing.TB, calling *tls.Config, method, path string, body []byte, headers ...string) (int, string) {
	t.Helper()
	status, answer := hubtest.Ask(t, s.url, calling, method, path, body, headers...)
	return status, string(answer)
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
func (s *site) seal(t testing.TB, by hubtest.Terminal, id string, sizes ...int) parcel {
	t.Helper()
	return s.sealWith(t, envelope.SuiteSM, by, id, sizes...)
}

func (s *site) sealWith(t testing.TB, suite envelope.Suite, by hubtest.Terminal, id string, sizes ...int) parcel {
	t.Helper()
	p := parcel{id: id}
	for _, n := range sizes {
		p.bodies = append(p.bodies, bytes.Repeat([]byte(name+number), n/len(name+number)+1)[:n])
	}
	var err error
	head := envelope.Head{Suite: suite, ID: id, Kind: "application", Terminal: by.Name, SealedAt: time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC)}
	p.Sealed, err = envelope.Seal(head, p.bodies, []envelope.Recipient{s.Opening}, by.Signing, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return p
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
