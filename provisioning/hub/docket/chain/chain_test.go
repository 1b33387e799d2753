package chain

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

var at = time.Date(2026, 11, 23, 9, 0, 0, 1, time.UTC)

// two makes a folder with two rows and gives them.
func two(t *testing.T) (string, []Row) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "new")
	c, none, err := Open(t.Context(), dir, "rows.db")
	if err != nil || len(none) != 0 {
		t.Fatal(none, err)
	}
	rows := []Row{{About: "1", At: at, By: "01", Kind: "a", Body: []byte("x")}, {About: "2", At: at, Kind: "b", Body: []byte{}}}
	if err := c.Add(t.Context(), rows); err != nil {
		t.Fatal(err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	return dir, rows
}

func TestRowsAreThereAgainInOrder(t *testing.T) {
	dir, rows := two(t)
	c, got, err := Open(t.Context(), dir, "rows.db")
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if !reflect.DeepEqual(got, rows) || got[1].Seq != 2 {
		t.Errorf("%+v, want %+v", got, rows)
	}
	if _, _, err := Open(t.Context(), dir, "rows.db"); !errors.Is(err, ErrInUse) {
		t.Errorf("opened twice: %v", err)
	}
	if err := c.Add(t.Context(), []Row{{About: "3", At: at, Kind: "c", Body: []byte("z")}}); err != nil {
		t.Error(err)
	}
}

func TestARowIsNeverChanged(t *testing.T) {
	for name, statement := range map[string]string{
		"changed":              "UPDATE record SET actor = '99' WHERE seq = 1",
		"removed":              "DELETE FROM record WHERE seq = 1",
		"changed past the key": "DROP TRIGGER never_changed; UPDATE record SET actor = '99' WHERE seq = 2",
		"removed past the key": "DROP TRIGGER never_removed; DELETE FROM record WHERE seq = 1",
		"split past the key":   "DROP TRIGGER never_changed; UPDATE record SET about = '10', actor = '1' WHERE seq = 1",
	} {
		t.Run(name, func(t *testing.T) {
			dir, _ := two(t)
			db, err := sql.Open("sqlite3", filepath.Join(dir, "rows.db"))
			if err != nil {
				t.Fatal(err)
			}
			_, refused := db.ExecContext(t.Context(), statement)
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			c, _, err := Open(t.Context(), dir, "rows.db")
			if err == nil {
				defer c.Close()
			}
			if refused == nil && !errors.Is(err, ErrChanged) {
				t.Errorf("it was changed, and is opened: %v", err)
			}
			if refused != nil && err != nil {
				t.Errorf("nothing was changed, and it is not opened: %v", err)
			}
			if (refused == nil) != strings.Contains(name, "past the key") {
				t.Errorf("the statement: %v", refused)
			}
		})
	}
}

// A row that was added survives a power cut: SQLite flushes its log at every commit.
func TestEveryCommitIsFlushedAndClosedToOthers(t *testing.T) {
	dir, _ := two(t)
	c, _, err := Open(t.Context(), dir, "rows.db")
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for pragma, want := range map[string]string{"synchronous": "2", "journal_mode": "wal"} { // 2 is FULL
		var got string
		if err := c.db.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got); err != nil || got != want {
			t.Errorf("%s is %s, %v", pragma, got, err)
		}
	}
	for _, file := range []string{"", "rows.db", "lock"} {
		if info, err := os.Stat(filepath.Join(dir, file)); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%q may be read by others, or %v", file, err)
		}
	}
}
