package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"yimen/kiosk/outbox"
	"yimen/provisioning/selftest"
)

// TestWhatWasSetAsideIsSeenAndPutBackThroughTheDaemon plays the daemon: an outbox, and the technician's socket.
func TestWhatWasSetAsideIsSeenAndPutBackThroughTheDaemon(t *testing.T) {
	const id = "01k9zqv8w3m5n7p2r4s6t8v0xa"
	data := t.TempDir()
	box, err := outbox.Open(t.Context(), t.TempDir(), outbox.Config{}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer box.Close()
	if err := box.Put(t.Context(), outbox.Item{ID: id, Kind: "application", List: []byte("{}"), Parts: [][]byte{{1}}}); err != nil {
		t.Fatal(err)
	}
	asked, err := selftest.Listen(data)
	if err != nil {
		t.Fatal(err)
	}
	ctx, end := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- selftest.Serve(ctx, asked, box.Office(box.PutBack)) }()
	defer func() { end(); <-served }()

	refuse(t, box)
	var out bytes.Buffer
	if err := listQueued(t.Context(), data, &out); err != nil || !strings.Contains(out.String(), id) ||
		!strings.Contains(out.String(), "quarantined") || !strings.Contains(out.String(), "not registered") {
		t.Errorf("%v:\n%s", err, &out)
	}
	err = putBack(t.Context(), data, []string{"nothing", id}, &out)
	if err == nil || !strings.Contains(err.Error(), "nothing") {
		t.Errorf("an id that is not there: %v", err)
	}
	if state, err := box.State(t.Context(), id); err != nil || state != outbox.Waiting {
		t.Errorf("entry is %s, %v", state, err)
	}

	refuse(t, box)
	out.Reset()
	if err := putBack(t.Context(), data, []string{"all"}, &out); err != nil || out.String() != id+" waits again\n" {
		t.Errorf("all: %v: %s", err, &out)
	}
	if err := putBack(t.Context(), data, []string{"all"}, &out); err != nil {
		t.Errorf("nothing is aside: %v", err)
	}
}

// refuse has the box's one entry refused for good.
func refuse(t *testing.T, box *outbox.Outbox) {
	t.Helper()
	running, stop := context.WithCancel(t.Context())
	defer stop()
	err := box.Run(running, outbox.CourierFunc(func(context.Context, *outbox.Entry) ([]byte, error) {
		stop()
		return nil, fmt.Errorf("terminal is not registered: %w", outbox.ErrRefused)
	}))
	if err != nil {
		t.Fatal(err)
	}
}

func TestOutboxIsAskedForInWordsThatExist(t *testing.T) {
	for _, args := range [][]string{{"throw-away"}, {"put-back"}} {
		var wrong usageError
		if err := queued(t.Context(), args, &bytes.Buffer{}); !errors.As(err, &wrong) {
			t.Errorf("%v: %v", args, err)
		}
	}
}
