package repository_test

import (
	"errors"
	"path/filepath"
	"testing"

	"yimen/kiosk/inbox"
	"yimen/kiosk/policy"
	"yimen/provisioning/repository"
)

// digestOf is the digest of the national pack of that edition.
func digestOf(t *testing.T, edition string) string {
	t.Helper()
	packs, err := inbox.Unpack(copyOf(t, edition).Archive)
	if err != nil {
		t.Fatal(err)
	}
	p, err := policy.LoadFS(packs, "CN")
	if err != nil {
		t.Fatal(err)
	}
	return p.Digest
}

func TestAnOldEditionStaysAsLongAsACaseNamesIt(t *testing.T) {
	o := newOffice(t)
	o.elect()
	for _, edition := range []string{"1", "2", "3"} {
		o.must(o.approve("a", copyOf(t, edition)))
		o.must(o.approve("b", copyOf(t, edition)))
		o.must(o.publish("online"))
	}
	hub := filepath.Join(o.dir, "hub")
	kept := repository.EditionsIn(hub)
	digests := map[string]string{}
	for _, edition := range []string{"1", "2", "3"} {
		digests[edition] = digestOf(t, edition)
		p, err := kept.Edition("CN", digests[edition])
		if err != nil || p.Edition != edition {
			t.Fatalf("edition %s: %v, %v", edition, p, err)
		}
	}
	if _, err := kept.Edition("CN", "sha256:00"); !errors.Is(err, repository.ErrNoEdition) {
		t.Errorf("an edition that never was: %v", err)
	}
	if _, err := kept.Edition("CN-990000", digests["1"]); !errors.Is(err, repository.ErrNoEdition) {
		t.Errorf("another region's name gives this one's edition: %v", err)
	}
	gone, err := repository.At(hub).Prune([]string{digests["1"]})
	if err != nil || len(gone) != 1 {
		t.Fatalf("gone %v, %v", gone, err)
	}
	after := repository.EditionsIn(hub)
	for edition, stays := range map[string]bool{"1": true, "2": false, "3": true} {
		if _, err := after.Edition("CN", digests[edition]); (err == nil) != stays {
			t.Errorf("edition %s: %v", edition, err)
		}
	}
	o.must(o.publish("online")) // what is in force can still be published
	if _, err := repository.At(t.TempDir()).Prune(nil); err == nil {
		t.Error("a folder without a publication was pruned")
	}
}
