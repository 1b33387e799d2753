package identity

import (
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"yimen/kiosk/envelope"
)

const terminal = "150102-001"

func newHall(t *testing.T, now time.Time) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "hall")
	if err := NewHall(dir, terminal, []string{"127.0.0.1", "hub.example"}, now); err != nil {
		t.Fatal(err)
	}
	return dir
}

type hall struct {
	terminal *Terminal
	hub      *Hub
	bureau   *Bureau
}

func loadHall(t *testing.T, dir string) hall {
	t.Helper()
	var h hall
	var errs [3]error
	h.terminal, errs[0] = LoadTerminal(filepath.Join(dir, "terminal"))
	h.hub, errs[1] = LoadHub(filepath.Join(dir, "hub"))
	h.bureau, errs[2] = LoadBureau(filepath.Join(dir, "bureau"))
	if err := errors.Join(errs[:]...); err != nil {
		t.Fatal(err)
	}
	return h
}

func TestEachFolderHoldsOnlyWhatItsOwnerMayHave(t *testing.T) {
	dir := newHall(t, time.Now())
	var got []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		info, infoErr := d.Info()
		if secret := strings.HasSuffix(name, ".key"); infoErr == nil && secret != (info.Mode().Perm() == 0o600) {
			t.Errorf("%s has mode %v", name, info.Mode().Perm())
		}
		got = append(got, name)
		return errors.Join(err, infoErr)
	})
	want := []string{
		"bureau/ca.pem", "bureau/opening.key", "bureau/receipt.pub", "bureau/signing.key", "bureau/terminals/150102-001.pub", "bureau/tls.key", "bureau/tls.pem",
		"ca/ca.key", "ca/ca.pem",
		"hub/bureau-signing.pub", "hub/ca.pem", "hub/card.json", "hub/issuing.key", "hub/issuing.pem", "hub/receipt.key", "hub/terminals/150102-001.pub", "hub/tls.key", "hub/tls.pem",
		"terminal/bureau-signing.pub", "terminal/bureau.pub", "terminal/ca.pem", "terminal/receipt.pub", "terminal/signing.key", "terminal/tls.key", "terminal/tls.pem",
	}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("files %v, %v; want %v", got, err, want)
	}
}

func TestTheHallsKeysFitTogetherInEverySuite(t *testing.T) {
	h := loadHall(t, newHall(t, time.Now()))
	for _, suite := range envelope.Suites() {
		t.Run(string(suite), func(t *testing.T) { h.fitsTogether(t, suite) })
	}
}

func (h hall) fitsTogether(t *testing.T, suite envelope.Suite) {
	head := envelope.Head{Suite: suite, ID: "01k9xq4t6m8c2v5b7n3f0h1j2z", Kind: "application", Terminal: h.terminal.Name, SealedAt: time.Now()}
	s, err := envelope.Seal(head, [][]byte{[]byte("manifest")}, []envelope.Recipient{h.terminal.Bureau}, h.terminal.Signing, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := envelope.VerifyList(s.List, s.Signature, h.hub.Terminals[terminal]); err != nil {
		t.Errorf("hub: %v", err)
	}
	l, err := h.bureau.Terminals.VerifyList(terminal, s.List, s.Signature)
	if err != nil {
		t.Fatal(err)
	}
	if body, err := envelope.OpenPart(s.Parts[0], l, 0, h.bureau.Opening); err != nil || string(body) != "manifest" {
		t.Errorf("bureau: %q, %v", body, err)
	}
	word, err := h.bureau.Signing.Sign(suite, []byte("answer"), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if !h.terminal.Word.Verify(suite, []byte("answer"), word) || h.terminal.Receipts.Verify(suite, []byte("answer"), word) {
		t.Error("the bureau's word is not told from the hub's")
	}
	receipt, err := h.hub.Receipt.Sign(suite, []byte("receipt"), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if !h.terminal.Receipts.Verify(suite, []byte("receipt"), receipt) || !h.bureau.Receipts.Verify(suite, []byte("receipt"), receipt) {
		t.Error("the hub's receipt does not verify")
	}
}

// meet lets two ends shake hands and exchange a byte each way, and gives the state the server saw.
func meet(t *testing.T, server, client *tls.Config) (tls.ConnectionState, error) {
	t.Helper()
	a, b := net.Pipe()
	s, c := tls.Server(a, server), tls.Client(b, client)
	served := make(chan error, 1)
	go func() {
		_, err := s.Write([]byte{1}) // shakes hands first
		served <- errors.Join(err, a.Close())
	}()
	_, readErr := c.Read(make([]byte, 1)) // in TLS 1.3 only now does the client learn whether it was taken
	_ = b.Close()
	return s.ConnectionState(), errors.Join(readErr, <-served)
}

func as(c *tls.Config, host string) *tls.Config { c.ServerName = host; return c }

func TestTheHubKnowsWhoCalls(t *testing.T) {
	h := loadHall(t, newHall(t, time.Now()))
	for _, c := range []struct {
		link Link
		role Role
		name string
	}{{h.terminal.Link, RoleTerminal, terminal}, {h.bureau.Link, RoleBureau, "bureau"}} {
		for _, host := range []string{"127.0.0.1", "hub.example"} {
			state, err := meet(t, h.hub.ServerTLS(), as(c.link.ClientTLS(), host))
			if err != nil {
				t.Errorf("%s at %s: %v", c.name, host, err)
				continue
			}
			if role, name, err := Peer(&state); err != nil || role != c.role || name != c.name {
				t.Errorf("peer is %s %s, %v; want %s %s", role, name, err, c.role, c.name)
			}
		}
	}
}

func TestStrangersDoNotConnect(t *testing.T) {
	h, other := loadHall(t, newHall(t, time.Now())), loadHall(t, newHall(t, time.Now()))
	old := loadHall(t, newHall(t, time.Now().Add(-3*365*24*time.Hour)))
	nobody := as(h.terminal.ClientTLS(), "hub.example")
	nobody.GetClientCertificate = nil
	for what, c := range map[string]struct{ server, client *tls.Config }{
		"terminal of another hall": {h.hub.ServerTLS(), as(other.terminal.ClientTLS(), "hub.example")},
		"no certificate":           {h.hub.ServerTLS(), nobody},
		"hub under another name":   {h.hub.ServerTLS(), as(h.terminal.ClientTLS(), "other.example")},
		"hub of another hall":      {other.hub.ServerTLS(), as(h.terminal.ClientTLS(), "hub.example")},
		"terminal as the hub":      {h.terminal.ServerTLS(), as(h.bureau.ClientTLS(), terminal)},
		"hub as a terminal":        {h.hub.ServerTLS(), as(h.hub.ClientTLS(), "hub.example")},
		"certificates run out":     {old.hub.ServerTLS(), as(old.terminal.ClientTLS(), "hub.example")},
	} {
		if _, err := meet(t, c.server, c.client); err == nil {
			t.Errorf("%s: connected", what)
		}
	}
	for _, link := range []Link{h.terminal.Link, h.bureau.Link} {
		_, err := link.Certificate.Leaf.Verify(x509.VerifyOptions{Roots: link.Roots, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}})
		if err == nil {
			t.Errorf("the certificate of %s may answer calls", link.Name)
		}
	}
	if _, _, err := Peer(&tls.ConnectionState{}); err == nil {
		t.Error("a peer without a certificate has a name")
	}
}

func TestKeysAreNeverOverwritten(t *testing.T) {
	dir := newHall(t, time.Now())
	before, err := os.ReadFile(filepath.Join(dir, "bureau", openingFile))
	if err != nil {
		t.Fatal(err)
	}
	if err := NewHall(dir, terminal, []string{"127.0.0.1"}, time.Now()); err == nil {
		t.Error("a second hall was made in the same folder")
	}
	if after, err := os.ReadFile(filepath.Join(dir, "bureau", openingFile)); err != nil || string(after) != string(before) {
		t.Errorf("opening key changed, %v", err)
	}
	left, err := os.ReadDir(filepath.Dir(dir))
	if err != nil || len(left) != 1 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestBadNamesMakeNoHall(t *testing.T) {
	parent := t.TempDir()
	for _, name := range []string{"", "../x", "a/b", ".", "a b"} {
		if err := NewHall(filepath.Join(parent, "hall"), name, []string{"127.0.0.1"}, time.Now()); err == nil {
			t.Errorf("terminal %q was taken", name)
		}
	}
	if err := NewHall(filepath.Join(parent, "hall"), terminal, nil, time.Now()); err == nil {
		t.Error("a hub without a name was taken")
	}
	if left, err := os.ReadDir(parent); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestUnfitFoldersAreNamed(t *testing.T) {
	for what, c := range map[string]struct {
		spoil func(dir string) error
		want  string
	}{
		"key others can read": {func(d string) error { return os.Chmod(filepath.Join(d, signingFile), 0o644) }, "lets others read"},
		"key of another kind": {func(d string) error { return copyFile(d, tlsKeyFile, signingFile) }, signingFile},
		"no key":              {func(d string) error { return os.Remove(filepath.Join(d, signingFile)) }, signingFile},
		"no authority":        {func(d string) error { return os.WriteFile(filepath.Join(d, rootFile), nil, 0o644) }, rootFile},
		"other's certificate": {func(d string) error { return copyFile(d, "../hub/"+certFile, certFile) }, certFile},
		"other's role": {func(d string) error {
			return errors.Join(copyFile(d, "../hub/"+certFile, certFile), copyFile(d, "../hub/"+tlsKeyFile, tlsKeyFile))
		}, "certificate of a hub"},
	} {
		dir := filepath.Join(newHall(t, time.Now()), "terminal")
		if err := c.spoil(dir); err != nil {
			t.Fatal(err)
		}
		if _, err := LoadTerminal(dir); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want it to name %q", what, err, c.want)
		}
	}
	dir := newHall(t, time.Now())
	if _, err := LoadBureau(filepath.Join(dir, "hub")); err == nil {
		t.Error("the hub's folder makes a bureau")
	}
	if _, err := LoadHub(filepath.Join(dir, "bureau")); err == nil {
		t.Error("the bureau's folder makes a hub")
	}
}

// copyFile writes over to what stands in from, keeping to's mode.
func copyFile(dir, from, to string) error {
	b, err := os.ReadFile(filepath.Join(dir, from))
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, to), b, 0)
}
