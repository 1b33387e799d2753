package inbox_test

import (
	"context"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"

	"github.com/sigstore/sigstore/pkg/signature"
	"github.com/theupdateframework/go-tuf/v2/metadata"

	"yimen/kiosk/inbox"
	"yimen/provisioning/repository"
)

const day = 24 * time.Hour

// bureau is whoever makes editions: a repository, its signers' keys and the hub's folder.
type bureau struct {
	t         testing.TB
	dir       string // of keys
	work, hub string
}

func newBureau(t testing.TB) *bureau {
	t.Helper()
	dir := t.TempDir()
	b := &bureau{t: t, dir: dir, work: filepath.Join(dir, "work"), hub: filepath.Join(dir, "hub")}
	for _, name := range []string{"a", "b", "c", "d", "online", "online2"} {
		b.must(repository.NewKey(filepath.Join(dir, name)))
	}
	b.elect("online", "a", "b", "c")
	return b
}

func (b *bureau) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *bureau) key(name string) *repository.Key {
	b.t.Helper()
	k, err := repository.ReadKey(filepath.Join(b.dir, name))
	b.must(err)
	return k
}

func (b *bureau) elect(online string, names ...string) {
	b.t.Helper()
	public := func(name string) *metadata.Key {
		k, err := repository.ReadPublic(filepath.Join(b.dir, name+repository.Public))
		b.must(err)
		return k
	}
	var keys []*metadata.Key
	for _, name := range names {
		keys = append(keys, public(name))
	}
	b.must(repository.At(b.work).Elect(keys, public(online), time.Now().Add(1000*day)))
}

// packs is a folder with one small pack.
func packs(edition string) fstest.MapFS {
	text := fmt.Sprintf("pack: {id: CN, edition: %q, name: {zh-CN: 国}, from: 2021-07-01, languages: [zh-CN, en]}\n", edition)
	return fstest.MapFS{"CN/pack.yaml": {Data: []byte(text)}, "CN/texts.yaml": {Data: []byte("texts:\n  a: {zh-CN: 一, en: one}\n")}}
}

func archive(t testing.TB, edition string) []byte {
	t.Helper()
	data, err := inbox.Archive(packs(edition), "CN")
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// publish lets signers approve an edition and brings it to the hub, to be believed for 7 days.
func (b *bureau) publish(online, edition string, signers ...string) {
	b.t.Helper()
	for _, name := range signers {
		b.must(repository.At(b.work).Approve(b.key(name), []repository.Copy{{ID: "CN", Archive: archive(b.t, edition)}}, time.Now().Add(400*day)))
	}
	_, err := repository.At(b.work).Publish(b.t.Context(), b.key(online), b.hub, time.Now(), time.Now().Add(7*day))
	b.must(err)
}

func (b *bureau) root() []byte { return b.read("1.root.json") }

func (b *bureau) read(name string) []byte {
	b.t.Helper()
	data, err := os.ReadFile(filepath.Join(b.hub, name))
	b.must(err)
	return data
}

func (b *bureau) write(name string, data []byte) {
	b.t.Helper()
	b.must(os.WriteFile(filepath.Join(b.hub, name), data, 0o600))
}

// archiveName is the only archive's file on the hub.
func (b *bureau) archiveName() string {
	b.t.Helper()
	names, err := filepath.Glob(filepath.Join(b.hub, "targets", "*"))
	b.must(err)
	if len(names) != 1 {
		b.t.Fatalf("archives %v", names)
	}
	return "targets/" + filepath.Base(names[0])
}

// signed gives metadata with the signatures of the named keys, whatever it says.
func signed[T metadata.Roles](b *bureau, m *metadata.Metadata[T], names ...string) []byte {
	b.t.Helper()
	m.ClearSignatures()
	for _, name := range names {
		text, err := os.ReadFile(filepath.Join(b.dir, name))
		b.must(err)
		block, _ := pem.Decode(text)
		key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
		b.must(err)
		signer, err := signature.LoadED25519Signer(key.(ed25519.PrivateKey))
		b.must(err)
		_, err = m.Sign(signer)
		b.must(err)
	}
	data, err := m.ToBytes(true)
	b.must(err)
	return data
}

// terminal opens an inbox in a folder; from nil is a dead line.
func (b *bureau) terminal(dir string, from inbox.Source) *inbox.Inbox {
	b.t.Helper()
	if from == nil {
		from = deadLine{}
	}
	in, err := inbox.Open(b.t.Context(), dir, "CN", b.root(), from, slog.New(slog.DiscardHandler))
	b.must(err)
	return in
}

type deadLine struct{}

func (deadLine) PackFile(context.Context, string, int64) ([]byte, error) {
	return nil, errors.New("no route to central")
}

// accept looks once and expects an edition to come into force.
func accept(t *testing.T, in *inbox.Inbox, edition string) {
	t.Helper()
	p, err := in.Check(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if p == nil || p.Edition != edition || in.InForce() != p || in.Trouble() != nil {
		t.Fatalf("came %v, in force %v, trouble %v; want edition %s", p, in.InForce(), in.Trouble(), edition)
	}
}
