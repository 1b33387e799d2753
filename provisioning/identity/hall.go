package identity

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"yimen/kiosk/envelope"
)

const (
	organization  = "Yimen"
	authorityLife = 10 * 365 * 24 * time.Hour
	holderLife    = 2 * 365 * 24 * time.Hour
	clockSlack    = time.Hour // a terminal's clock may be behind the authority's
)

var terminalName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)

// TerminalName reports whether a terminal may be called so.
func TerminalName(name string) bool { return terminalName.MatchString(name) }

// NewHall makes the keys of one hall under dir: ca, hub, terminal and bureau, each a folder to be carried to
// its owner. Every party gets keys of every suite. hosts are the names and addresses under which the hub will be
// called. Each closed kind of envelope gets a desk of its own, in a folder desk-<kind>: the bureau cannot read it.
// The folder appears whole or not at all, and one that holds anything is never touched.
func NewHall(dir, terminal string, hosts []string, now time.Time, closed ...string) error {
	if !terminalName.MatchString(terminal) {
		return fmt.Errorf("new hall: terminal %q: want letters, digits, dot, dash", terminal)
	}
	if len(hosts) == 0 {
		return errors.New("new hall: no host for the hub")
	}
	if err := (envelope.Config{Suite: envelope.SuiteSM, Closed: closed}).Validate(); err != nil {
		return fmt.Errorf("new hall: %w", err)
	}
	if files, err := os.ReadDir(dir); len(files) > 0 || (err != nil && !errors.Is(err, fs.ErrNotExist)) {
		return fmt.Errorf("new hall: %s is already in use", dir)
	}
	parent := filepath.Dir(filepath.Clean(dir))
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return fmt.Errorf("new hall: %w", err)
	}
	building, err := os.MkdirTemp(parent, ".hall-*")
	if err != nil {
		return fmt.Errorf("new hall: %w", err)
	}
	defer os.RemoveAll(building)
	if err := writeHall(building, terminal, hosts, closed, now); err != nil {
		return fmt.Errorf("new hall: %w", err)
	}
	if err := os.Rename(building, dir); err != nil {
		return fmt.Errorf("new hall: %w", err)
	}
	return syncFolder(parent)
}

// writeHall draws every key and writes the folders.
func writeHall(dir, terminal string, hosts, closed []string, now time.Time) error {
	ca, err := newAuthority(now)
	if err != nil {
		return err
	}
	signing, signErr := envelope.GenerateSigner(rand.Reader, envelope.Suites()...)
	receipt, receiptErr := envelope.GenerateSigner(rand.Reader, envelope.Suites()...)
	word, wordErr := envelope.GenerateSigner(rand.Reader, envelope.Suites()...) // by which the bureau speaks
	if err := errors.Join(signErr, receiptErr, wordErr); err != nil {
		return err
	}
	issuing, err := ca.forTerminals(now)
	if err != nil {
		return err
	}
	w := writer{dir: dir}
	w.public("ca/"+rootFile, ca.certPEM, nil)
	w.key("ca/ca.key", ca.key)
	w.link("hub", ca, RoleHub, "hub", hosts, now)
	w.public("hub/"+issuingFile, issuing.certPEM, nil)
	w.key("hub/"+issuingKeyFile, issuing.key)
	w.link("terminal", ca, RoleTerminal, terminal, nil, now)
	w.secret("terminal/"+signingFile, signing)
	w.publicKey("terminal/"+receiptPub, receipt.Verifier())
	w.secret("bureau/"+signingFile, word)
	w.publicKey("terminal/"+bureauWordPub, word.Verifier())
	w.publicKey("hub/"+bureauWordPub, word.Verifier())
	w.secret("hub/"+receiptFile, receipt)
	w.publicKey(filepath.Join("hub", terminalsDir, terminal+pubSuffix), signing.Verifier())
	desks := map[string]string{"bureau": "terminal/" + bureauPub} // folder of a desk, and where the terminal keeps its key
	for _, kind := range closed {
		desks["desk-"+kind] = filepath.Join("terminal", closedPub(kind))
	}
	for desk, pub := range desks {
		opening, err := envelope.GenerateOpener(rand.Reader, envelope.Suites()...)
		if err != nil {
			return err
		}
		w.link(desk, ca, RoleBureau, desk, nil, now)
		w.secret(desk+"/"+openingFile, opening)
		w.publicKey(desk+"/"+receiptPub, receipt.Verifier())
		w.publicKey(filepath.Join(desk, terminalsDir, terminal+pubSuffix), signing.Verifier())
		w.publicKey(pub, opening.Recipient())
	}
	if w.err != nil {
		return w.err
	}
	card, err := ca.card(filepath.Join(dir, "terminal"))
	w.public("hub/"+cardFile, card, err)
	return w.err
}
