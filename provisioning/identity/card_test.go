package identity

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"path/filepath"
	"testing"
	"time"
)

// cardOf makes a hall and gives its card.
func cardOf(t testing.TB) []byte {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "hall")
	if err := NewHall(dir, terminal, []string{"127.0.0.1"}, time.Now(), "report"); err != nil {
		t.Fatal(err)
	}
	card, err := ReadCard(filepath.Join(dir, "hub"))
	if err != nil {
		t.Fatal(err)
	}
	return card
}

func TestACardNamesTheHallsKeysAndNoSecret(t *testing.T) {
	signed := cardOf(t)
	card, err := OpenCard(signed)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{rootFile, bureauPub, bureauWordPub, receiptPub, "closed/report.pub"} {
		if len(card.Files[name]) == 0 {
			t.Errorf("%s is not in it", name)
		}
	}
	if len(card.Files) != 5 || bytes.Contains(signed, []byte("PRIVATE")) {
		t.Errorf("it holds %d files", len(card.Files))
	}
}

func TestACardIsBelievedOnlyAsTheAuthoritySignedIt(t *testing.T) {
	var good, other signedCard
	for into, card := range map[*signedCard][]byte{&good: cardOf(t), &other: cardOf(t)} {
		if err := json.Unmarshal(card, into); err != nil {
			t.Fatal(err)
		}
	}
	for what, change := range map[string]func(*signedCard){
		"another key in it": func(c *signedCard) {
			c.Card = bytes.Replace(c.Card, []byte(`"bureau.pub":"LS`), []byte(`"bureau.pub":"MS`), 1)
		},
		"another hall's contents": func(c *signedCard) { c.Card = other.Card },
		"another authority":       func(c *signedCard) { c.Authority = other.Authority },
		"another signature":       func(c *signedCard) { c.Signature = other.Signature },
		"no authority":            func(c *signedCard) { c.Authority = nil },
	} {
		c := good
		change(&c)
		signed, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := OpenCard(signed); !errors.Is(err, ErrCard) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestACardPutsNothingBesideTheFolder(t *testing.T) {
	ca, err := newAuthority(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"../x.pub", "tls.key", "signing.key", "closed/../../x.pub", "/etc/x.pub", "a/b/c.pub"} {
		plain, err := json.Marshal(Card{Format: cardFormat, Files: map[string][]byte{rootFile: ca.certPEM, name: []byte("x")}})
		if err != nil {
			t.Fatal(err)
		}
		digest := sha256.Sum256(plain)
		signature, err := ecdsa.SignASN1(rand.Reader, ca.key, digest[:])
		if err != nil {
			t.Fatal(err)
		}
		signed, err := json.Marshal(signedCard{Card: plain, Authority: ca.cert.Raw, Signature: signature})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := OpenCard(signed); !errors.Is(err, ErrCard) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAnAuthorityForTerminalsCertifiesNobodyElse(t *testing.T) {
	h := loadHall(t, newHall(t, time.Now()))
	for role, want := range map[Role]bool{RoleTerminal: true, RoleBureau: false, RoleHub: false} {
		ca, err := newAuthority(time.Now())
		if err != nil {
			t.Fatal(err)
		}
		below, err := ca.forTerminals(time.Now())
		if err != nil {
			t.Fatal(err)
		}
		cert, key, err := below.issue(role, "x", nil, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		link := h.terminal.Link
		link.Roots.AddCert(ca.cert)
		h.hub.Roots.AddCert(ca.cert)
		calling := as(link.ClientTLS(), "hub.example")
		calling.GetClientCertificate = nil
		calling.Certificates = append(calling.Certificates, pairOf(t, append(cert, below.certPEM...), key))
		state, err := meet(t, h.hub.ServerTLS(), calling)
		if err == nil {
			_, _, err = Peer(&state)
		}
		if (err == nil) != want {
			t.Errorf("as a %s: %v", role, err)
		}
	}
}

func FuzzOpenCard(f *testing.F) {
	f.Add(cardOf(f))
	f.Add([]byte(`{"card":"e30=","authority":"","signature":""}`))
	f.Fuzz(func(t *testing.T, signed []byte) {
		card, err := OpenCard(signed)
		if err != nil {
			return
		}
		for name := range card.Files {
			if !cardName.MatchString(name) || !filepath.IsLocal(name) {
				t.Errorf("file %q", name)
			}
		}
	})
}

func pairOf(t *testing.T, chain []byte, key *ecdsa.PrivateKey) tls.Certificate {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	pair, err := tls.X509KeyPair(chain, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	if err != nil {
		t.Fatal(err)
	}
	return pair
}
