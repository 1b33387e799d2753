package main

import (
	"context"
	"io"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"yimen/provisioning/hall"
)

// fleetPage reads the hub's page of its terminals, or what stands below it.
func fleetPage(ctx context.Context, t *testing.T, h *hall.Hall, below string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, h.Status+below, nil)
	must(t, err)
	answer, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(r)
	must(t, err)
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	must(t, err)
	return string(body)
}

// heads gives the journal heads that the hub has of the hall's terminal, oldest first.
func heads(t *testing.T, h *hall.Hall) []string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), filepath.Join(programs(t), "hub"), "fleet", "heads", "-store", h.Store(), "-terminal", "150102-0001").Output()
	must(t, err)
	var all []string
	for line := range strings.Lines(string(out)) {
		head, _, _ := strings.Cut(line, " ")
		all = append(all, head)
	}
	return all
}

// TestTheHubKnowsHowItsTerminalIsThroughKills kills the hub and then the terminal: the page has the terminal again at
// once, the journal goes on and is no alarm, and the heads that the hub got prove it.
func TestTheHubKnowsHowItsTerminalIsThroughKills(t *testing.T) {
	h := startHall(t, nil)
	ctx := within(t, 3*time.Minute)
	for len(heads(t, h)) == 0 {
		must(t, ctx.Err())
		time.Sleep(50 * time.Millisecond)
	}
	if page := fleetPage(ctx, t, h, ""); !strings.Contains(page, "<b>150102-0001</b>") || !strings.Contains(page, "空闲") {
		t.Errorf("the page is\n%s", page)
	}
	h.Hub.Kill()
	must(t, h.StartHub(ctx))
	if page := fleetPage(ctx, t, h, ""); !strings.Contains(page, "<b>150102-0001</b>") {
		t.Errorf("after the hub was killed the page is\n%s", page)
	}
	h.Kiosk.Kill()
	must(t, h.StartKiosk(ctx))
	for len(heads(t, h)) < 2 {
		must(t, ctx.Err())
		time.Sleep(50 * time.Millisecond)
	}
	for _, kind := range []string{"journal", "clock", "down"} {
		if want := `yimen_terminal_alarm{kind="` + kind + `",terminal="150102-0001"} 0`; !strings.Contains(fleetPage(ctx, t, h, "metrics"), want+"\n") {
			t.Errorf("the hub says that %s is wrong", kind)
		}
	}
	var flags []string
	for _, head := range heads(t, h) {
		flags = append(flags, "-head", head)
	}
	if status, said := technician(t, h, "journal verify", flags...); status != 0 {
		t.Errorf("with the heads that the hub has: status %d: %s", status, said)
	}
}
