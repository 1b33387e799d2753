package main

import (
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"

	"github.com/theupdateframework/go-tuf/v2/metadata"

	"yimen/kiosk/inbox"
	"yimen/kiosk/policy"
	"yimen/provisioning/config"
	"yimen/provisioning/repository"
)

// edition is the folder of one small pack.
func edition(name string) fstest.MapFS {
	return fstest.MapFS{"CN/pack.yaml": {Data: []byte(
		"pack: {id: CN, edition: \"" + name + "\", name: {zh-CN: 国}, from: 2021-07-01, languages: [zh-CN]}\n")}}
}

// repositoryOf publishes one edition signed by two into the folder to, and gives the root to trust.
func repositoryOf(t *testing.T, name, to string) []byte {
	t.Helper()
	dir := t.TempDir()
	var private []*repository.Key
	var public []*metadata.Key
	for _, who := range []string{"a", "b"} {
		file := filepath.Join(dir, who)
		must(t, repository.NewKey(file))
		k, err := repository.ReadKey(file)
		must(t, err)
		p, err := repository.ReadPublic(file + repository.Public)
		must(t, err)
		private, public = append(private, k), append(public, p)
	}
	archive, err := inbox.Archive(edition(name), "CN")
	must(t, err)
	r, until := repository.At(filepath.Join(dir, "work")), time.Now().Add(time.Hour)
	must(t, r.Elect(public, public[0], until))
	for _, k := range private {
		must(t, r.Approve(k, []repository.Copy{{ID: "CN", Archive: archive}}, until))
	}
	_, err = r.Publish(t.Context(), private[0], to, time.Now(), until)
	must(t, err)
	root, err := os.ReadFile(filepath.Join(to, "1.root.json"))
	must(t, err)
	return root
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestTheAcceptedEditionTakesTheInstalledOnesPlace(t *testing.T) {
	dir := t.TempDir()
	must(t, os.CopyFS(filepath.Join(dir, "installed"), edition("installed")))
	cfg := config.Config{Mode: "demo", Pack: filepath.Join(dir, "installed", "CN"), Data: dir, Identity: dir}
	cfg.Packs = inbox.Config{Repository: filepath.Join(dir, "stick"), Every: time.Hour}
	inForce := func() *policy.Pack {
		t.Helper()
		term := &terminal{}
		must(t, term.openInbox(t.Context(), cfg, slog.New(slog.DiscardHandler)))
		p, err := term.pack(cfg)
		must(t, err)
		if p.Mode != policy.Demo {
			t.Error("the config's mode was forgotten")
		}
		if term.inbox != nil {
			_, err = term.inbox.Check(t.Context())
			must(t, err)
		}
		return p
	}
	if err := (&terminal{}).openInbox(t.Context(), cfg, slog.New(slog.DiscardHandler)); err == nil {
		t.Error("packs are taken from a repository though nobody said whom to trust")
	}
	must(t, os.WriteFile(filepath.Join(dir, "packs.root.json"), repositoryOf(t, "signed", cfg.Packs.Repository), 0o600))
	if p := inForce(); p.Edition != "installed" {
		t.Errorf("before anything came down: edition %s", p.Edition)
	}
	if p := inForce(); p.Edition != "signed" {
		t.Errorf("after the restart: edition %s", p.Edition)
	}
	cfg.Packs.Repository = ""
	if p := inForce(); p.Edition != "installed" {
		t.Errorf("without a repository: edition %s", p.Edition)
	}
}
