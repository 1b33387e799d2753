package outbox

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// refusing is a central that refuses item 1 for good until told otherwise.
func refusing() *central {
	c := newCentral()
	c.fail = func(id string, attempt int) error {
		if id == item(1).ID && attempt == 1 {
			return fmt.Errorf("terminal is not registered: %w", ErrRefused)
		}
		return nil
	}
	return c
}

func TestWhatWasPutAsideIsSentOncePutBack(t *testing.T) {
	dir := t.TempDir()
	o, c := reopen(t, dir), refusing()
	put(t, o, item(1), item(2))
	drain(t, o, c)
	wantState(t, o, item(1).ID, Quarantined)
	must(t, o.PutBack(t.Context(), item(1).ID))
	wantState(t, o, item(1).ID, Waiting)
	must(t, o.Close())
	o = reopen(t, dir) // it lasts
	drain(t, o, c)
	wantDelivered(t, o, c, item(1), item(2))
	for id, want := range map[string]error{item(1).ID: ErrNotAside, item(9).ID: ErrUnknown, "../escape": ErrUnknown} {
		if err := o.PutBack(t.Context(), id); !errors.Is(err, want) {
			t.Errorf("put back %s: %v, want %v", id, err, want)
		}
	}
}

func TestAFileThatIsStillNotWholeStaysAside(t *testing.T) {
	dir := stopped(t, item(1), item(2))
	whole, err := os.ReadFile(entryPath(dir, item(1)))
	must(t, err)
	other, err := os.ReadFile(entryPath(dir, item(2)))
	must(t, err)
	truncate(t, entryPath(dir, item(1)), 1)
	o, c := reopen(t, dir), newCentral()
	wantState(t, o, item(1).ID, Quarantined)
	if err := o.PutBack(t.Context(), item(1).ID); err == nil || !strings.Contains(err.Error(), "cut") {
		t.Errorf("a cut file was put back: %v", err)
	}
	must(t, os.WriteFile(entryPath(dir, item(1)), other, 0o600))
	if err := o.PutBack(t.Context(), item(1).ID); err == nil {
		t.Error("another entry's file was put back")
	}
	wantState(t, o, item(1).ID, Quarantined)
	must(t, os.WriteFile(entryPath(dir, item(1)), whole, 0o600)) // as a technician may, from a copy of the disk
	must(t, o.PutBack(t.Context(), item(1).ID))
	drain(t, o, c)
	wantDelivered(t, o, c, item(1), item(2))
}

// TestOtherContentIsNotPutBackUnderAnId: what the row names is what the resident's slip stands for.
func TestOtherContentIsNotPutBackUnderAnId(t *testing.T) {
	o, c := reopen(t, t.TempDir()), refusing()
	put(t, o, item(1))
	drain(t, o, c)
	beside := reopen(t, t.TempDir())
	other := item(1)
	other.List = []byte(`{"n":"other"}`)
	put(t, beside, other)
	foreign, err := os.ReadFile(beside.path(other.ID))
	must(t, err)
	must(t, os.WriteFile(o.path(other.ID), foreign, 0o600))
	if err := o.PutBack(t.Context(), other.ID); !errors.Is(err, ErrConflict) {
		t.Errorf("got %v, want %v", err, ErrConflict)
	}
}

func TestADamagedFileWithoutARowIsPutBackOnceItIsWhole(t *testing.T) {
	dir := stopped(t, item(1), item(2))
	whole, err := os.ReadFile(entryPath(dir, item(2)))
	must(t, err)
	truncate(t, entryPath(dir, item(2)), 1)
	alter(t, dir, "DELETE FROM entry WHERE id = ?", item(2).ID)
	o, c := reopen(t, dir), newCentral()
	wantState(t, o, item(2).ID, Quarantined)
	must(t, os.WriteFile(filepath.Join(dir, entriesDir, item(2).ID+entrySuffix), whole, 0o600))
	must(t, o.PutBack(t.Context(), item(2).ID))
	drain(t, o, c)
	wantDelivered(t, o, c, item(2))
}

func TestTheTechnicianSeesWhatIsAsideAndPutsItBack(t *testing.T) {
	o, c := reopen(t, t.TempDir()), refusing()
	put(t, o, item(1), item(2))
	drain(t, o, c)
	ask := func(method, path string) (int, string) {
		answer := httptest.NewRecorder()
		o.Office(o.PutBack).ServeHTTP(answer, httptest.NewRequest(method, path, nil))
		return answer.Code, answer.Body.String()
	}
	if status, body := ask("POST", ListPath); status != http.StatusOK || !strings.Contains(body, item(1).ID) ||
		!strings.Contains(body, "not registered") || strings.Contains(body, item(2).ID) {
		t.Errorf("list: %d %s", status, body)
	}
	for path, want := range map[string]int{
		PutBackPath + "?id=" + item(9).ID: http.StatusNotFound, PutBackPath: http.StatusNotFound,
		PutBackPath + "?id=" + item(2).ID: http.StatusConflict, PutBackPath + "?id=" + item(1).ID: http.StatusNoContent,
	} {
		if status, body := ask("POST", path); status != want {
			t.Errorf("%s: %d %s, want %d", path, status, body, want)
		}
	}
	if status, _ := ask("DELETE", ListPath); status != http.StatusMethodNotAllowed {
		t.Errorf("something can be thrown away: %d", status)
	}
	drain(t, o, c)
	wantDelivered(t, o, c, item(1), item(2))
}
