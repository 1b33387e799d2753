package repository_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/theupdateframework/go-tuf/v2/metadata"

	"yimen/kiosk/inbox"
	"yimen/provisioning/repository"
)

const day = 24 * time.Hour

// office is two signers, somebody else and the publisher, each with a key in its folder.
type office struct {
	t   *testing.T
	dir string
	*repository.Repository
}

func newOffice(t *testing.T) office {
	t.Helper()
	o := office{t, t.TempDir(), nil}
	o.Repository = repository.At(filepath.Join(o.dir, "work"))
	for _, name := range []string{"a", "b", "stranger", "online"} {
		o.must(repository.NewKey(filepath.Join(o.dir, name)))
	}
	return o
}

func (o office) must(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

func (o office) public(name string) *metadata.Key {
	o.t.Helper()
	k, err := repository.ReadPublic(filepath.Join(o.dir, name+repository.Public))
	o.must(err)
	return k
}

func (o office) key(name string) *repository.Key {
	o.t.Helper()
	k, err := repository.ReadKey(filepath.Join(o.dir, name))
	o.must(err)
	return k
}

func (o office) elect() {
	o.t.Helper()
	o.must(o.Elect([]*metadata.Key{o.public("a"), o.public("b")}, o.public("online"), time.Now().Add(900*day)))
}

func copyOf(t *testing.T, edition string) repository.Copy {
	t.Helper()
	data, err := inbox.Archive(fstest.MapFS{"CN/pack.yaml": {Data: []byte(
		"pack: {id: CN, edition: \"" + edition + "\", name: {zh-CN: 国}, from: 2021-07-01, languages: [zh-CN]}\n")}}, "CN")
	if err != nil {
		t.Fatal(err)
	}
	return repository.Copy{ID: "CN", Archive: data}
}

func (o office) approve(name string, copies ...repository.Copy) error {
	return o.Approve(o.key(name), copies, time.Now().Add(300*day))
}

func (o office) publish(key string) error {
	_, err := o.Publish(o.t.Context(), o.key(key), filepath.Join(o.dir, "hub"), time.Now(), time.Now().Add(7*day))
	return err
}

func wants(t *testing.T, err error, text string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), text) {
		t.Errorf("%v; want %q", err, text)
	}
}

func TestTwoSignersAreElectedOrNone(t *testing.T) {
	o := newOffice(t)
	a := o.public("a")
	wants(t, o.Elect([]*metadata.Key{a}, o.public("online"), time.Now().Add(day)), "two or more")
	wants(t, o.Elect([]*metadata.Key{a, a}, o.public("online"), time.Now().Add(day)), "share one key")
}

func TestOneApprovalIsNotPublished(t *testing.T) {
	o := newOffice(t)
	o.elect()
	o.must(o.approve("a", copyOf(t, "1")))
	o.must(o.approve("a", copyOf(t, "1"))) // twice the same is once
	wants(t, o.publish("online"), "not enough signatures, got 1, want 2")
	o.must(o.approve("b", copyOf(t, "1")))
	wants(t, o.publish("stranger"), "not enough signatures")
	for _, name := range []string{"hub", "work/1.targets.json", "work/timestamp.json"} {
		if _, err := os.Stat(filepath.Join(o.dir, name)); err == nil {
			t.Errorf("%s is there though nothing could be published", name)
		}
	}
	o.must(o.publish("online"))
	if _, err := os.Stat(filepath.Join(o.dir, "work", "staged")); err == nil {
		t.Error("what was published is still staged")
	}
}

func TestNobodySignsForWhatTheyHaveNotGot(t *testing.T) {
	o := newOffice(t)
	o.elect()
	o.must(o.approve("a", copyOf(t, "1")))
	wants(t, o.approve("b"), "CN.tar is to change too")
	wants(t, o.approve("b", copyOf(t, "2")), "signed other bytes")
	wants(t, o.approve("stranger", copyOf(t, "1")), "not a signer's")
	wants(t, o.publish("online"), "got 1, want 2")
	o.must(o.approve("b", copyOf(t, "1")))
	o.must(o.publish("online"))
}

func TestAnApprovalCanBeRenewedWithoutTheCopies(t *testing.T) {
	o := newOffice(t)
	o.elect()
	o.must(o.approve("a", copyOf(t, "1")))
	o.must(o.approve("b", copyOf(t, "1")))
	o.must(o.publish("online"))
	o.must(o.approve("b"))
	o.must(o.approve("a"))
	o.must(o.publish("online"))
	root, err := os.ReadFile(filepath.Join(o.dir, "hub", "1.root.json"))
	o.must(err)
	p, err := inbox.Verify(t.Context(), root, inbox.Folder(filepath.Join(o.dir, "hub")), "CN", time.Now())
	if err != nil || p.Edition != "1" {
		t.Errorf("%v, %v", p, err)
	}
}

func TestAKeyThatOthersCanReadIsRefusedAndNoneIsOverwritten(t *testing.T) {
	o := newOffice(t)
	file := filepath.Join(o.dir, "a")
	wants(t, repository.NewKey(file), "exists")
	o.must(os.Chmod(file, 0o640))
	_, err := repository.ReadKey(file)
	wants(t, err, "lets others read it")
	_, err = repository.ReadKey(filepath.Join(o.dir, "b"+repository.Public))
	wants(t, err, "")
	_, err = repository.ReadPublic(filepath.Join(o.dir, "b"))
	wants(t, err, "no PEM block")
}
