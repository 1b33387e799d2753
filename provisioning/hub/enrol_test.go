package main

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"yimen/kiosk/central"
	"yimen/kiosk/envelope"
	"yimen/provisioning/enrol"
	"yimen/provisioning/identity"
)

const newcomer = "150102-0009"

// enrolled has the command draw a code, and enrols a terminal by it.
func enrolled(t *testing.T, intake *process, keys, store string) *identity.Terminal {
	t.Helper()
	var out bytes.Buffer
	if code := run(t.Context(), []string{"enrol", "new-code", "-identity", filepath.Join(keys, "hub"), "-store", store, "-terminal", newcomer}, &out, io.Discard); code != 0 {
		t.Fatalf("new-code ended with %d", code)
	}
	code, _, _ := strings.Cut(out.String(), "\n")
	folder := filepath.Join(t.TempDir(), "identity")
	if name, err := enrol.Enrol(t.Context(), intake.url, code, "", folder); err != nil || name != newcomer {
		t.Fatalf("%q, %v", name, err)
	}
	terminal, err := identity.LoadTerminal(folder)
	if err != nil {
		t.Fatal(err)
	}
	return terminal
}

func client(t *testing.T, intake *process, terminal *identity.Terminal) *central.Client {
	t.Helper()
	c, err := central.New(central.Config{URL: intake.url, Patience: 2 * time.Second}, terminal.ClientTLS(), terminal.Receipts, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func TestATerminalEnrolsBesideARunningHubAndIsRevoked(t *testing.T) {
	dir, store := keys(t), filepath.Join(t.TempDir(), "store")
	intake := begin(t, "intake", "-identity", filepath.Join(dir, "hub"), "-store", store)
	c := client(t, intake, enrolled(t, intake, dir, store))
	if _, err := c.Events(t.Context(), 0); err != nil {
		t.Error(err)
	}
	if code := run(t.Context(), []string{"enrol", "revoke", "-store", store, "-terminal", newcomer}, io.Discard, io.Discard); code != 0 {
		t.Fatalf("revoke ended with %d", code)
	}
	var problem *central.Problem
	if _, err := c.Events(t.Context(), 0); !errors.As(err, &problem) || problem.Code != central.CodeForbidden {
		t.Errorf("a revoked terminal on an open connection: %v", err)
	}
	if code := intake.stop(); code != 0 {
		t.Errorf("intake ended with %d: %s", code, intake.complaints)
	}
}

// deliver sends a dossier of a terminal and gives the path of its answers at the desk.
func deliver(t *testing.T, intake *process, terminal *identity.Terminal, id string) string {
	t.Helper()
	p := parcel{id: id}
	var err error
	head := envelope.Head{Suite: envelope.SuiteSM, ID: id, Kind: "application", Terminal: terminal.Name, SealedAt: time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC)}
	bodies := dossier(t, id, []byte(`{"answers":[]}`))
	bodies[0] = bytes.Replace(bodies[0], []byte("150102-001"), []byte(terminal.Name), 1)
	if p.Sealed, err = envelope.Seal(head, bodies, []envelope.Recipient{terminal.Bureau}, terminal.Signing, rand.Reader); err != nil {
		t.Fatal(err)
	}
	if _, err := client(t, intake, terminal).Deliver(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	return "/api/dossiers/" + id + "/parts/answers.json"
}

// wait waits until something holds, a minute at most.
func wait(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !holds(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("it never comes to it that %s", what)
		}
	}
}

func TestABureauMeetsWhoEnrolsAndBelievesNoOtherKeyByItself(t *testing.T) {
	dir, store := keys(t), filepath.Join(t.TempDir(), "store")
	intake := begin(t, "intake", "-identity", filepath.Join(dir, "hub"), "-store", store)
	desk := func() *process {
		return begin(t, "bureau", "-identity", filepath.Join(dir, "bureau"), "-intake", intake.url)
	}
	opened := func(bureau *process, path string) bool {
		status, _ := get(t, bureau.url+path)
		return status == http.StatusOK
	}
	first := deliver(t, intake, enrolled(t, intake, dir, store), "01k9zqv8w3m5n7p2r4s6t8v0x1")
	bureau := desk()
	wait(t, "the first dossier is opened", func() bool { return opened(bureau, first) }) // the desk asks the hub when it begins
	if bureau.stop() != 0 {
		t.Errorf("bureau: %s", bureau.complaints)
	}
	second := deliver(t, intake, enrolled(t, intake, dir, store), "01k9zqv8w3m5n7p2r4s6t8v0x2")
	bureau = desk()
	wait(t, "the other key is told", func() bool { return strings.Contains(bureau.complaints.String(), "another key") })
	if opened(bureau, second) || !opened(bureau, first) {
		t.Error("a dossier is believed that was signed with another key than the bureau knows, or one is not that was")
	}
	if bureau.stop() != 0 {
		t.Errorf("bureau: %s", bureau.complaints)
	}
	trust := []string{"trust", "-identity", filepath.Join(dir, "bureau"), "-intake", intake.url, "-terminal", newcomer}
	if code := run(t.Context(), trust, io.Discard, io.Discard); code != 0 {
		t.Fatalf("trust ended with %d", code)
	}
	if code := run(t.Context(), trust, io.Discard, io.Discard); code != 1 {
		t.Errorf("trusting twice ended with %d", code)
	}
	bureau = desk()
	if !opened(bureau, second) || !opened(bureau, first) {
		t.Error("after a person believed it, one of the dossiers is not opened")
	}
	http.DefaultClient.CloseIdleConnections()
	if bureau.stop() != 0 || intake.stop() != 0 {
		t.Errorf("not a clean end: %s%s", bureau.complaints, intake.complaints)
	}
}
