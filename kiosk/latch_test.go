package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"testing"

	"yimen/kiosk/journal"
	"yimen/provisioning/report"
)

func TestALockedTerminalStaysLockedThroughARestart(t *testing.T) {
	file := filepath.Join(t.TempDir(), "locked")
	var told []string
	tell := func(e journal.Event) { told = append(told, journal.Name(e)) }
	l, err := openLatch(file, tell)
	must(t, err)
	idle := false
	ask := func(query string) (int, report.Latch) {
		w := httptest.NewRecorder()
		l.answer(func() bool { return idle }).ServeHTTP(w, httptest.NewRequest(http.MethodPost, report.LatchPath+query, nil))
		var a report.Latch
		if w.Code == http.StatusOK {
			must(t, json.Unmarshal(w.Body.Bytes(), &a))
		}
		return w.Code, a
	}
	if l.Closed() {
		t.Fatal("a new terminal is locked")
	}
	for range 2 { // the second changes nothing
		if code, a := ask("?lock=yes"); code != 200 || !a.Locked || !a.Visit {
			t.Errorf("%d %+v", code, a)
		}
	}
	if l, err = openLatch(file, tell); err != nil || !l.Closed() {
		t.Fatalf("open after a restart, %v", err)
	}
	idle = true
	if code, a := ask("?lock=no"); code != 200 || a.Locked || a.Visit {
		t.Errorf("%d %+v", code, a)
	}
	if code, _ := ask(""); code != http.StatusBadRequest {
		t.Errorf("without a wish: %d", code)
	}
	if !slices.Equal(told, []string{"terminal-locked", "terminal-opened"}) {
		t.Errorf("the journal was told %v", told)
	}
}
