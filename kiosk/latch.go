package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"sync"

	"yimen/kiosk/journal"
	"yimen/provisioning/report"
)

// latch is the technician's lock: while it is closed no visit begins. It is a file, so that it holds through a restart: a
// terminal whose cover is open does not serve because its power came back.
type latch struct {
	file string
	tell func(journal.Event) // it was closed or opened

	mu     sync.Mutex
	closed bool
}

// openLatch finds it as it was left.
func openLatch(file string, tell func(journal.Event)) (*latch, error) {
	l := &latch{file: file, tell: tell}
	_, err := os.Stat(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("technician's lock: %w", err)
	}
	l.closed = err == nil
	return l, nil
}

// Closed says whether it is closed.
func (l *latch) Closed() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.closed
}

// set closes or opens it.
func (l *latch) set(closed bool) error {
	changed, err := l.turn(closed)
	switch {
	case err != nil:
		return fmt.Errorf("technician's lock: %w", err)
	case changed && closed:
		l.tell(journal.TerminalLocked{})
	case changed:
		l.tell(journal.TerminalOpened{})
	}
	return nil
}

func (l *latch) turn(closed bool) (changed bool, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed == closed {
		return false, nil
	}
	if closed {
		err = os.WriteFile(l.file, nil, 0o600)
	} else {
		err = os.Remove(l.file)
	}
	if err == nil {
		l.closed = closed
	}
	return err == nil, err
}

// answer closes it on a POST with lock=yes and opens it with lock=no. idle says whether a visit still goes on.
func (l *latch) answer(idle func() bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		wanted := r.URL.Query().Get("lock")
		if r.Method != http.MethodPost || wanted != "yes" && wanted != "no" {
			http.Error(w, "want POST with lock=yes or lock=no", http.StatusBadRequest)
			return
		}
		was := l.Closed()
		if err := l.set(wanted == "yes"); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(report.Latch{Locked: l.Closed(), Was: was, Visit: !idle()}) // whoever asked may have left
	})
}
