package main

import (
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"

	"github.com/theupdateframework/go-tuf/v2/metadata"

	"yimen/kiosk/central"
	"yimen/kiosk/inbox"
	"yimen/provisioning/identity"
	"yimen/provisioning/repository"
)

// publishPack makes a repository with one small pack, of two signers, in the folder to.
func publishPack(t *testing.T, to string) {
	t.Helper()
	dir := t.TempDir()
	private, public := map[string]*repository.Key{}, map[string]*metadata.Key{}
	for _, name := range []string{"a", "b", "online"} {
		file := filepath.Join(dir, name)
		if err := repository.NewKey(file); err != nil {
			t.Fatal(err)
		}
		var err error
		if private[name], err = repository.ReadKey(file); err != nil {
			t.Fatal(err)
		}
		if public[name], err = repository.ReadPublic(file + repository.Public); err != nil {
			t.Fatal(err)
		}
	}
	archive, err := inbox.Archive(fstest.MapFS{"CN/pack.yaml": {Data: []byte(
		"pack: {id: CN, edition: \"7\", name: {zh-CN: 国}, from: 2021-07-01, languages: [zh-CN]}\n")}}, "CN")
	if err != nil {
		t.Fatal(err)
	}
	r, until := repository.At(filepath.Join(dir, "work")), time.Now().Add(24*time.Hour)
	if err := r.Elect([]*metadata.Key{public["a"], public["b"]}, public["online"], until); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a", "b"} {
		if err := r.Approve(private[name], []repository.Copy{{ID: "CN", Archive: archive}}, until); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := r.Publish(t.Context(), private["online"], to, time.Now(), until); err != nil {
		t.Fatal(err)
	}
}

func TestAPackPublishedAtTheHubComesIntoForceAtTheTerminal(t *testing.T) {
	dir, packs := keys(t), filepath.Join(t.TempDir(), "packs")
	publishPack(t, packs)
	hub := begin(t, "intake", "-identity", filepath.Join(dir, "hub"), "-store", filepath.Join(t.TempDir(), "store"), "-packs", packs)
	id, err := identity.LoadTerminal(filepath.Join(dir, "terminal"))
	if err != nil {
		t.Fatal(err)
	}
	client, err := central.New(central.Config{URL: hub.url}, id.ClientTLS(), id.Receipts, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	root, err := os.ReadFile(filepath.Join(packs, "1.root.json"))
	if err != nil {
		t.Fatal(err)
	}
	kept := t.TempDir()
	in, err := inbox.Open(t.Context(), kept, "CN", root, client, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if p, err := in.Check(t.Context()); err != nil || p == nil || p.Edition != "7" {
		t.Fatalf("came %v, %v", p, err)
	}
	client.Close()
	if code := hub.stop(); code != 0 {
		t.Errorf("intake ended with %d: %s", code, hub.complaints)
	}
	if in, err = inbox.Open(t.Context(), kept, "CN", root, client, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	if p, err := in.Check(t.Context()); p != nil || err == nil || in.InForce() == nil || in.InForce().Edition != "7" {
		t.Errorf("without a hub: came %v, %v, in force %v", p, err, in.InForce())
	}
}
