package inbox_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/theupdateframework/go-tuf/v2/metadata"

	"yimen/kiosk/inbox"
	"yimen/kiosk/policy"
	"yimen/provisioning/repository"
)

// refused expects a look to bring nothing, to say why, and to leave an edition in force.
func refused(t *testing.T, in *inbox.Inbox, edition, why string) {
	t.Helper()
	p, err := in.Check(t.Context())
	if p != nil || err == nil || !strings.Contains(err.Error(), why) {
		t.Errorf("came %v, %v; want a refusal with %q", p, err, why)
	}
	if in.Trouble() == nil || in.Trouble().Error() != err.Error() {
		t.Errorf("trouble %v, want %v", in.Trouble(), err)
	}
	if now := in.InForce(); now == nil || now.Edition != edition {
		t.Errorf("in force is %v, want edition %s", now, edition)
	}
}

func TestTheNextEditionComesIntoForceWhenTwoHaveSigned(t *testing.T) {
	b := newBureau(t)
	b.publish("online", "1", "a", "b")
	in := b.terminal(t.TempDir(), inbox.Folder(b.hub))
	accept(t, in, "1")
	if p, err := in.Check(t.Context()); p != nil || err != nil {
		t.Errorf("looking again brought %v, %v", p, err)
	}
	b.publish("online", "2", "c", "a")
	accept(t, in, "2")
}

func TestOneSignerIsNotEnough(t *testing.T) {
	b := newBureau(t)
	b.publish("online", "1", "a", "b")
	in := b.terminal(t.TempDir(), inbox.Folder(b.hub))
	accept(t, in, "1")
	b.publish("online", "2", "a", "b")
	m, err := metadata.Targets().FromBytes(b.read("2.targets.json"))
	b.must(err)
	b.write("2.targets.json", signed(b, m, "a"))
	refused(t, in, "1", "not enough signatures, got 1, want 2")
	b.write("2.targets.json", signed(b, m, "a", "d"))
	refused(t, in, "1", "not enough signatures, got 1, want 2")
	b.write("2.targets.json", signed(b, m, "b", "c"))
	accept(t, in, "2")
}

func TestARootThatLetsOneSignIsRefused(t *testing.T) {
	b := newBureau(t)
	b.publish("online", "1", "a", "b")
	for _, role := range []string{metadata.ROOT, metadata.TARGETS} {
		m, err := metadata.Root().FromBytes(b.root())
		b.must(err)
		m.Signed.Roles[role].Threshold = 1
		_, err = inbox.Verify(t.Context(), signed(b, m, "a", "b"), inbox.Folder(b.hub), "CN", time.Now())
		if err == nil || !strings.Contains(err.Error(), "fewer than 2 sign for "+role) {
			t.Errorf("%s: %v", role, err)
		}
	}
}

func TestAFrozenRepositoryIsNoticedAndChangesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBureau(t)
		b.publish("online", "1", "a", "b")
		in := b.terminal(t.TempDir(), inbox.Folder(b.hub))
		accept(t, in, "1")
		time.Sleep(8 * day)
		refused(t, in, "1", "expired")
		b.publish("online", "1", "a", "b") // said anew that it is the newest
		if p, err := in.Check(t.Context()); p != nil || err != nil || in.Trouble() != nil {
			t.Errorf("after the renewal %v, %v, trouble %v", p, err, in.Trouble())
		}
		time.Sleep(500 * day) // what the signers signed has expired by now
		if _, err := repository.At(b.work).Publish(t.Context(), b.key("online"), b.hub, time.Now(), time.Now().Add(7*day)); err == nil {
			t.Error("an expired approval was published")
		}
	})
}

func TestAnOlderRepositoryIsRefused(t *testing.T) {
	b := newBureau(t)
	b.publish("online", "1", "a", "b")
	before := t.TempDir()
	b.must(os.CopyFS(before, os.DirFS(b.hub)))
	b.publish("online", "2", "a", "b")
	dir := t.TempDir()
	in := b.terminal(dir, inbox.Folder(b.hub))
	accept(t, in, "2")
	refused(t, b.terminal(dir, inbox.Folder(before)), "2", "version 1 must be >= 2")
}

func TestSignersVotedOutStayOutThoughTheHubForgetsIt(t *testing.T) {
	b := newBureau(t)
	b.publish("online", "1", "a", "b")
	old := *b
	old.work, old.hub = t.TempDir(), filepath.Join(t.TempDir(), "hub")
	b.must(os.CopyFS(old.work, os.DirFS(b.work)))
	b.elect("online2", "c", "d")
	b.publish("online2", "2", "a", "b", "c", "d") // the old ones for the new root only
	dir := t.TempDir()
	accept(t, b.terminal(dir, inbox.Folder(b.hub)), "2")
	for range 3 {
		old.publish("online", "3", "a", "b")
	}
	accept(t, b.terminal(t.TempDir(), inbox.Folder(old.hub)), "3") // only who never saw the second root believes it
	refused(t, b.terminal(dir, inbox.Folder(old.hub)), "2", "not enough signatures, got 0")
}

func TestPartsOfTwoRepositoriesDoNotMix(t *testing.T) {
	b := newBureau(t)
	b.publish("online", "1", "a", "b")
	in := b.terminal(t.TempDir(), inbox.Folder(b.hub))
	accept(t, in, "1")
	b.publish("online", "2", "a", "b")
	snapshot, targets := b.read("2.snapshot.json"), b.read("2.targets.json")
	b.write("2.snapshot.json", b.read("1.snapshot.json"))
	refused(t, in, "1", "expected 2, got 1")
	b.write("2.snapshot.json", snapshot)
	b.write("2.targets.json", b.read("1.targets.json"))
	refused(t, in, "1", "expected targets version 2, got 1")
	b.write("2.targets.json", targets)
	accept(t, in, "2")
}

func TestAnAlteredArchiveIsRefused(t *testing.T) {
	b := newBureau(t)
	b.publish("online", "1", "a", "b")
	in := b.terminal(t.TempDir(), inbox.Folder(b.hub))
	name := b.archiveName()
	whole := b.read(name)
	b.write(name, bytes.Replace(whole, []byte("one"), []byte("two"), 1))
	if p, err := in.Check(t.Context()); p != nil || err == nil || in.InForce() != nil {
		t.Fatalf("came %v, %v", p, err)
	}
	b.write(name, append(whole, make([]byte, 100<<20)...))
	if p, err := in.Check(t.Context()); p != nil || err == nil || !strings.Contains(err.Error(), "longer than") {
		t.Fatalf("came %v, %v", p, err)
	}
	b.write(name, whole)
	accept(t, in, "1")
}

func TestAHugeArchiveIsNotFetchedThoughItIsSigned(t *testing.T) {
	b := newBureau(t)
	b.publish("online", "1", "a", "b")
	m, err := metadata.Targets().FromBytes(b.read("1.targets.json"))
	b.must(err)
	m.Signed.Targets["CN.tar"].Length = 100 << 20
	b.write("1.targets.json", signed(b, m, "a", "b"))
	b.must(os.Remove(filepath.Join(b.hub, b.archiveName())))
	_, err = b.terminal(t.TempDir(), inbox.Folder(b.hub)).Check(t.Context())
	if err == nil || !strings.Contains(err.Error(), "larger than it can be") {
		t.Errorf("%v", err)
	}
}

func TestASignedPackThatDoesNotLoadLeavesTheOldOne(t *testing.T) {
	b := newBureau(t)
	b.publish("online", "1", "a", "b")
	in := b.terminal(t.TempDir(), inbox.Folder(b.hub))
	accept(t, in, "1")
	broken := packs("2")
	broken["CN/texts.yaml"].Data = []byte("texts:\n  a: {en: one}\n")
	data, err := inbox.Archive(broken, "CN")
	b.must(err)
	for _, name := range []string{"a", "b"} {
		b.must(repository.At(b.work).Approve(b.key(name), []repository.Copy{{ID: "CN", Archive: data}}, time.Now().Add(day)))
	}
	if _, err := repository.At(b.work).Publish(t.Context(), b.key("online"), b.hub, time.Now(), time.Now().Add(day)); err == nil {
		t.Fatal("a pack that does not load was published")
	}
	m, err := metadata.Targets().FromFile(filepath.Join(b.work, "staged", "targets.json"))
	b.must(err)
	b.write("2.targets.json", signed(b, m, "a", "b"))
	b.write("targets/"+m.Signed.Targets["CN.tar"].Hashes["sha256"].String()+".CN.tar", data)
	b.snapshot(2)
	refused(t, in, "1", "zh-CN")
}

// snapshot puts a snapshot and a timestamp of version n on the hub that say targets are at n too.
func (b *bureau) snapshot(n int64) {
	b.t.Helper()
	s, stamp := metadata.Snapshot(time.Now().Add(day)), metadata.Timestamp(time.Now().Add(day))
	s.Signed.Version, stamp.Signed.Version = n, n
	s.Signed.Meta["targets.json"], stamp.Signed.Meta["snapshot.json"] = metadata.MetaFile(n), metadata.MetaFile(n)
	b.write("2.snapshot.json", signed(b, s, "online"))
	b.write("timestamp.json", signed(b, stamp, "online"))
}

func TestIncompleteMetadataOfAStolenHubKeyEndsNothing(t *testing.T) {
	b := newBureau(t)
	b.publish("online", "1", "a", "b")
	in := b.terminal(t.TempDir(), inbox.Folder(b.hub))
	accept(t, in, "1")
	stamp := metadata.Timestamp(time.Now().Add(day))
	stamp.Signed.Version, stamp.Signed.Meta = 2, map[string]*metadata.MetaFiles{}
	b.write("timestamp.json", signed(b, stamp, "online"))
	refused(t, in, "1", "incomplete")
}

func TestWithoutALineTheAcceptedEditionIsInForceAfterARestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBureau(t)
		b.publish("online", "1", "a", "b")
		dir := t.TempDir()
		accept(t, b.terminal(dir, inbox.Folder(b.hub)), "1")
		b.publish("online", "2", "b", "c")
		accept(t, b.terminal(dir, inbox.Folder(b.hub)), "2")
		time.Sleep(60 * day)
		in := b.terminal(dir, nil)
		if p := in.InForce(); p == nil || p.Edition != "2" || in.Trouble() != nil {
			t.Fatalf("in force %v, trouble %v", p, in.Trouble())
		}
		refused(t, in, "2", "no route")
		old, err := filepath.Glob(filepath.Join(dir, "editions", "*.CN.tar"))
		if err != nil || len(old) != 2 {
			t.Errorf("editions kept: %v", old)
		}
	})
}

func TestWhatIsDamagedOnTheDiskIsFetchedAgain(t *testing.T) {
	for _, name := range []string{"accepted.json", "editions/*"} {
		b := newBureau(t)
		b.publish("online", "1", "a", "b")
		dir := t.TempDir()
		accept(t, b.terminal(dir, inbox.Folder(b.hub)), "1")
		found, err := filepath.Glob(filepath.Join(dir, name))
		b.must(err)
		b.must(os.WriteFile(found[0], []byte("{"), 0o600))
		in := b.terminal(dir, inbox.Folder(b.hub))
		if in.InForce() != nil || in.Trouble() == nil {
			t.Errorf("%s: in force %v, trouble %v", name, in.InForce(), in.Trouble())
		}
		accept(t, in, "1")
		if p := b.terminal(dir, nil).InForce(); p == nil {
			t.Errorf("%s: not mended", name)
		}
	}
}

func TestRunTellsOfEachEditionOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBureau(t)
		b.publish("online", "1", "a", "b")
		in := b.terminal(t.TempDir(), inbox.Folder(b.hub))
		ctx, stop := context.WithCancel(t.Context())
		var came []string
		ended := make(chan error, 1)
		go func() {
			ended <- in.Run(ctx, time.Hour, func(p *policy.Pack) { came = append(came, p.Edition) })
		}()
		time.Sleep(5*time.Hour + time.Minute)
		b.publish("online", "2", "a", "b")
		time.Sleep(5 * time.Hour)
		stop()
		if err := <-ended; err != context.Canceled || strings.Join(came, " ") != "1 2" {
			t.Errorf("came %v, ended with %v", came, err)
		}
	})
}

func TestWhatAPowerCutLeftHalfWrittenIsRemoved(t *testing.T) {
	b := newBureau(t)
	b.publish("online", "1", "a", "b")
	dir := t.TempDir()
	accept(t, b.terminal(dir, inbox.Folder(b.hub)), "1")
	b.must(os.WriteFile(filepath.Join(dir, "scratch", "new-1"), []byte("half"), 0o600))
	in := b.terminal(dir, inbox.Folder(b.hub))
	if left, err := os.ReadDir(filepath.Join(dir, "scratch")); err != nil || len(left) != 0 {
		t.Errorf("left over: %v, %v", left, err)
	}
	b.publish("online", "2", "a", "b")
	accept(t, in, "2")
}
