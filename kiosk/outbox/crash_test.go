package outbox

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// stopped gives the folder of an outbox that held the items and ended suddenly, without being closed.
func stopped(t *testing.T, items ...Item) string {
	t.Helper()
	alive := filepath.Join(t.TempDir(), "alive")
	o := reopen(t, alive)
	put(t, o, items...)
	return snapshot(t, alive)
}

// snapshot copies a folder as a sudden end would leave it.
func snapshot(t *testing.T, dir string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "stopped")
	if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	return to
}

func entryPath(dir string, it Item) string {
	return filepath.Join(dir, entriesDir, it.ID+entrySuffix)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// alter changes the database of a stopped outbox.
func alter(t *testing.T, dir, statement string, args ...any) {
	t.Helper()
	r, err := openRows(t.Context(), filepath.Join(dir, databaseFile))
	must(t, err)
	_, err = r.db.ExecContext(t.Context(), statement, args...)
	must(t, errors.Join(err, r.close()))
}

func truncate(t *testing.T, path string, by int64) {
	t.Helper()
	info, err := os.Stat(path)
	must(t, err)
	must(t, os.Truncate(path, info.Size()-by))
}

// TestReopeningAfterEveryWayToDie names each state a sudden end can leave, and states that only a hand or a
// dying disk can, and says what becomes of item 2. Item 1 was put before and is always delivered.
func TestReopeningAfterEveryWayToDie(t *testing.T) {
	one, two := item(1), item(2)
	for _, c := range []struct {
		name string
		die  func(t *testing.T, dir string)
		want State // of item 2; "" if it is gone
		left bool  // item 2's file stays after all is delivered
	}{
		{"nothing interrupted", func(*testing.T, string) {}, Waiting, false},
		{"in the middle of writing", func(t *testing.T, dir string) {
			must(t, os.Rename(entryPath(dir, two), filepath.Join(dir, entriesDir, two.ID+tmpSuffix)))
			truncate(t, filepath.Join(dir, entriesDir, two.ID+tmpSuffix), 1000)
			alter(t, dir, "DELETE FROM entry WHERE id = ?", two.ID)
		}, "", false},
		{"written, before the rename", func(t *testing.T, dir string) {
			must(t, os.Rename(entryPath(dir, two), filepath.Join(dir, entriesDir, two.ID+tmpSuffix)))
			alter(t, dir, "DELETE FROM entry WHERE id = ?", two.ID)
		}, "", false},
		{"renamed, before the row", func(t *testing.T, dir string) {
			alter(t, dir, "DELETE FROM entry WHERE id = ?", two.ID)
		}, Waiting, false},
		{"row torn in the log", func(t *testing.T, dir string) {
			truncate(t, filepath.Join(dir, databaseFile+"-wal"), 100)
		}, Waiting, false},
		{"log lost", func(t *testing.T, dir string) {
			must(t, os.Remove(filepath.Join(dir, databaseFile+"-wal")))
		}, Waiting, false},
		{"database lost", func(t *testing.T, dir string) {
			must(t, errors.Join(os.Remove(filepath.Join(dir, databaseFile)), os.Remove(filepath.Join(dir, databaseFile+"-wal"))))
		}, Waiting, false},
		{"reserve lost", func(t *testing.T, dir string) {
			must(t, os.Remove(filepath.Join(dir, reserveFile)))
		}, Waiting, false},
		{"receipt stored, before the file went", func(t *testing.T, dir string) {
			alter(t, dir, "UPDATE entry SET state = 'delivered', receipt = ?, settled_at = 1 WHERE id = ?", []byte("receipt "+two.ID), two.ID)
		}, Delivered, false},
		{"file lost", func(t *testing.T, dir string) {
			must(t, os.Remove(entryPath(dir, two)))
		}, Quarantined, false},
		{"file cut", func(t *testing.T, dir string) {
			truncate(t, entryPath(dir, two), 1)
		}, Quarantined, true},
		{"file cut, before the row", func(t *testing.T, dir string) {
			truncate(t, entryPath(dir, two), 1)
			alter(t, dir, "DELETE FROM entry WHERE id = ?", two.ID)
		}, Quarantined, true},
		{"file empty, before the row", func(t *testing.T, dir string) {
			must(t, os.Truncate(entryPath(dir, two), 0))
			alter(t, dir, "DELETE FROM entry WHERE id = ?", two.ID)
		}, Quarantined, true},
		{"a part changed, before the row", func(t *testing.T, dir string) {
			b, err := os.ReadFile(entryPath(dir, two))
			must(t, err)
			b[len(b)-1] ^= 1
			must(t, os.WriteFile(entryPath(dir, two), b, 0o600))
			alter(t, dir, "DELETE FROM entry WHERE id = ?", two.ID)
		}, Quarantined, true},
		{"file under another's name", func(t *testing.T, dir string) {
			must(t, os.Rename(entryPath(dir, two), entryPath(dir, item(9))))
		}, Quarantined, false},
		{"strange file beside", func(t *testing.T, dir string) {
			must(t, os.WriteFile(filepath.Join(dir, entriesDir, "NOTE.txt"), []byte("hello"), 0o600))
		}, Waiting, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := stopped(t, one, two)
			c.die(t, dir)
			wantAfterDeath(t, dir, one, two, c.want, c.left)
		})
	}
}

// wantAfterDeath opens dir, checks the state of item two, delivers everything, and does so once more.
func wantAfterDeath(t *testing.T, dir string, one, two Item, want State, left bool) {
	t.Helper()
	o, c := reopen(t, dir), newCentral()
	wantState(t, o, one.ID, Waiting)
	if want == "" {
		if _, err := o.Wait(t.Context(), two.ID); !errors.Is(err, ErrUnknown) {
			t.Errorf("item 2: %v, want ErrUnknown", err)
		}
		put(t, o, two) // what was never acknowledged can be put again
	} else {
		wantState(t, o, two.ID, want)
	}
	drain(t, o, c)
	wantDelivered(t, o, c, one)
	if want == Waiting || want == "" {
		wantDelivered(t, o, c, two)
	} else if c.tries[two.ID] != 0 {
		t.Errorf("item 2 was sent although it is %s", want)
	}
	must(t, o.Close())
	o = reopen(t, dir)
	drain(t, o, c)
	if c.tries[one.ID] != 1 || c.tries[two.ID] > 1 {
		t.Errorf("tries %v, want each entry sent once", c.tries)
	}
	for _, it := range []Item{one, two} {
		_, err := os.Stat(entryPath(dir, it))
		if want := left && it.ID == two.ID; want != (err == nil) {
			t.Errorf("file of %s: %v, want it to be there: %t", it.ID, err, want)
		}
	}
	if leftovers, err := filepath.Glob(filepath.Join(dir, entriesDir, "*"+tmpSuffix)); err != nil || len(leftovers) != 0 {
		t.Errorf("left behind %v, %v", leftovers, err)
	}
}

// The receipt is stored by one commit and the file goes after it: a sudden end between Deliver's answer and
// that commit brings the entry to central again, a later one never does.
func TestEndDuringDeliveryNeitherLosesNorRepeats(t *testing.T) {
	alive := filepath.Join(t.TempDir(), "alive")
	o := reopen(t, alive)
	put(t, o, item(1))
	var during string
	ctx, cancel := context.WithCancel(t.Context())
	must(t, o.Run(ctx, CourierFunc(func(context.Context, *Entry) ([]byte, error) {
		during = snapshot(t, alive)
		cancel()
		return []byte("receipt " + item(1).ID), nil
	})))
	after := snapshot(t, alive)

	c := newCentral()
	o = reopen(t, during)
	drain(t, o, c)
	wantDelivered(t, o, c, item(1))

	late := newCentral()
	o = reopen(t, after)
	drain(t, o, late)
	if late.tries[item(1).ID] != 0 {
		t.Error("delivered again after the receipt was stored")
	}
	wantState(t, o, item(1).ID, Delivered)
}

func TestEntriesWithoutRowsKeepTheirAge(t *testing.T) {
	alive := filepath.Join(t.TempDir(), "alive")
	o := reopen(t, alive)
	for _, n := range []int{5, 4, 3} {
		put(t, o, item(n))
		time.Sleep(2 * time.Millisecond) // their files carry the time of day
	}
	dir := snapshot(t, alive)
	must(t, errors.Join(os.Remove(filepath.Join(dir, databaseFile)), os.Remove(filepath.Join(dir, databaseFile+"-wal"))))
	o, c := reopen(t, dir), newCentral()
	drain(t, o, c)
	if got, want := strings.Join(c.order, " "), strings.Join([]string{item(5).ID, item(4).ID, item(3).ID}, " "); got != want {
		t.Errorf("order %s, want %s", got, want)
	}
}

func TestBrokenDatabaseIsNamedAndNothingIsThrownAway(t *testing.T) {
	dir := stopped(t, item(1))
	must(t, os.WriteFile(filepath.Join(dir, databaseFile), bytes.Repeat([]byte("not a database "), 500), 0o600))
	must(t, os.Remove(filepath.Join(dir, databaseFile+"-wal")))
	if _, err := Open(t.Context(), dir, quick(), quiet()); err == nil || !strings.Contains(err.Error(), databaseFile) {
		t.Errorf("%v, want it to name %s", err, databaseFile)
	}
	// What a technician does about it: move the broken file away.
	must(t, os.Rename(filepath.Join(dir, databaseFile), filepath.Join(t.TempDir(), "broken")))
	o, c := reopen(t, dir), newCentral()
	drain(t, o, c)
	wantDelivered(t, o, c, item(1))
}

func TestNewerDatabaseIsLeftAlone(t *testing.T) {
	dir := stopped(t, item(1))
	alter(t, dir, "PRAGMA user_version = 99")
	if _, err := Open(t.Context(), dir, quick(), quiet()); err == nil || !strings.Contains(err.Error(), "99") {
		t.Errorf("%v, want the version named", err)
	}
}
