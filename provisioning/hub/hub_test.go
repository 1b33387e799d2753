package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"yimen/kiosk/central"
	"yimen/provisioning/hub/hubtest"
	"yimen/provisioning/identity"
)

// process is a run of the command inside the test.
type process struct {
	status     string // URL of the fleet's page
	url        string
	end        context.CancelFunc
	code       chan int
	complaints *hubtest.Log
}

// begin runs the command and waits for its ready line.
func begin(t *testing.T, args ...string) *process {
	t.Helper()
	ctx, end := context.WithCancel(context.Background())
	read, write := io.Pipe()
	p := &process{end: end, code: make(chan int, 1), complaints: &hubtest.Log{}}
	go func() {
		p.code <- run(ctx, args, write, p.complaints)
		write.Close()
	}()
	line, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		t.Fatalf("hub %s ended before it was ready: %s", args[0], p.complaints)
	}
	var ready struct{ URL, Status string }
	if err := json.Unmarshal([]byte(line), &ready); err != nil {
		t.Fatalf("ready line %q: %v", line, err)
	}
	p.url, p.status = ready.URL, ready.Status
	t.Cleanup(end)
	return p
}

// stop ends the process as SIGTERM does and gives its exit code.
func (p *process) stop() int {
	p.end()
	return <-p.code
}

func keys(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "keys")
	if err := identity.NewHall(dir, "150102-001", []string{"127.0.0.1"}, time.Now()); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestIntakeAndBureauServeAndEndCleanly(t *testing.T) {
	dir := keys(t)
	intake := begin(t, "intake", "-identity", filepath.Join(dir, "hub"), "-store", filepath.Join(t.TempDir(), "store"))
	bureau := begin(t, "bureau", "-identity", filepath.Join(dir, "bureau"), "-intake", intake.url)
	if !strings.HasPrefix(intake.url, "https://127.0.0.1:") || !strings.HasPrefix(bureau.url, "http://127.0.0.1:") {
		t.Errorf("urls are %s and %s", intake.url, bureau.url)
	}
	answer, err := http.Get(bureau.url + "/api/dossiers")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if body, err := io.ReadAll(answer.Body); err != nil || answer.StatusCode != 200 || string(body) != `{"dossiers":[]}` {
		t.Errorf("dossiers of an empty hub: %d %s %v", answer.StatusCode, body, err)
	}
	http.DefaultClient.CloseIdleConnections()
	if code := bureau.stop(); code != 0 {
		t.Errorf("bureau ended with %d: %s", code, bureau.complaints)
	}
	if code := intake.stop(); code != 0 {
		t.Errorf("intake ended with %d: %s", code, intake.complaints)
	}
}

func TestAHeartbeatStandsOnTheFleetsPage(t *testing.T) {
	dir, store := keys(t), filepath.Join(t.TempDir(), "store")
	intake := begin(t, "intake", "-identity", filepath.Join(dir, "hub"), "-store", store, "-status", "127.0.0.1:0")
	terminal, err := identity.LoadTerminal(filepath.Join(dir, "terminal"))
	if err != nil {
		t.Fatal(err)
	}
	client, err := central.New(central.Config{URL: intake.url}, terminal.ClientTLS(), terminal.Receipts, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	head := "7:" + strings.Repeat("5", 64)
	if _, _, err := client.Beat(t.Context(), central.Heartbeat{At: time.Now(), Screen: central.ScreenState{Name: "attract", Resting: true}, Devices: []central.DeviceState{}, Journal: head}); err != nil {
		t.Fatal(err)
	}
	if status, body := get(t, intake.status); status != 200 || !bytes.Contains(body, []byte(terminal.Name)) || !bytes.Contains(body, []byte("7 55555555")) {
		t.Errorf("%d %s", status, body)
	}
	if status, body := get(t, intake.status+"metrics"); status != 200 || !bytes.Contains(body, []byte("yimen_terminal_outbox_waiting{terminal=\""+terminal.Name+"\"} 0")) || !bytes.Contains(body, []byte("go_goroutines")) {
		t.Errorf("%d %s", status, body)
	}
	var out bytes.Buffer
	if code := run(t.Context(), []string{"fleet", "heads", "-store", store, "-terminal", terminal.Name}, &out, io.Discard); code != 0 || !strings.HasPrefix(out.String(), head) {
		t.Errorf("heads: %d %s", code, out.String())
	}
	for _, what := range []string{"settle", "forget"} {
		if code := run(t.Context(), []string{"fleet", what, "-store", store, "-terminal", terminal.Name}, io.Discard, io.Discard); code != 0 {
			t.Errorf("fleet %s ended with %d", what, code)
		}
	}
	if status, body := get(t, intake.status); status != 200 || bytes.Contains(body, []byte(terminal.Name+"</b>")) {
		t.Errorf("forgotten, and still there: %d %s", status, body)
	}
	http.DefaultClient.CloseIdleConnections()
	if code := intake.stop(); code != 0 {
		t.Errorf("intake ended with %d: %s", code, intake.complaints)
	}
}

func TestEachTroubleAtTheStartIsOneLine(t *testing.T) {
	dir := keys(t)
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	store := filepath.Join(t.TempDir(), "store")
	running := begin(t, "intake", "-identity", filepath.Join(dir, "hub"), "-store", store)
	for what, try := range map[string]struct {
		args []string
		says string
	}{
		"port taken":         {[]string{"intake", "-listen", taken.Addr().String(), "-identity", filepath.Join(dir, "hub"), "-store", filepath.Join(t.TempDir(), "x")}, "is taken"},
		"store in use":       {[]string{"intake", "-identity", filepath.Join(dir, "hub"), "-store", store}, "in use"},
		"no keys":            {[]string{"intake", "-identity", filepath.Join(dir, "nowhere"), "-store", store}, "hub identity"},
		"another's keys":     {[]string{"intake", "-identity", filepath.Join(dir, "bureau"), "-store", store}, "hub identity"},
		"no packs":           {[]string{"intake", "-identity", filepath.Join(dir, "hub"), "-store", filepath.Join(t.TempDir(), "x"), "-packs", "/nowhere"}, "policy packs"},
		"page for everybody": {[]string{"intake", "-status", "0.0.0.0:0", "-identity", filepath.Join(dir, "hub"), "-store", filepath.Join(t.TempDir(), "x")}, "this machine only"},
		"desk for everybody": {[]string{"bureau", "-listen", "0.0.0.0:0", "-identity", filepath.Join(dir, "bureau"), "-intake", running.url}, "this machine only"},
		"plain http intake":  {[]string{"bureau", "-identity", filepath.Join(dir, "bureau"), "-intake", "http://127.0.0.1:1"}, "https"},
	} {
		var ready, complaints bytes.Buffer
		if code := run(t.Context(), try.args, &ready, &complaints); code != 1 {
			t.Errorf("%s: exit code %d", what, code)
		}
		if text := complaints.String(); strings.Count(text, "\n") != 1 || !strings.Contains(text, try.says) || ready.Len() > 0 {
			t.Errorf("%s: says %q, ready %q", what, text, ready.String())
		}
	}
	for _, args := range [][]string{nil, {"publish"}, {"intake"}, {"bureau", "-intake", "https://x"}, {"intake", "-odd"}, {"enrol"}, {"enrol", "odd"}, {"enrol", "revoke"}, {"fleet"}, {"fleet", "odd"}, {"fleet", "heads"}} {
		if code := run(t.Context(), args, io.Discard, io.Discard); code != 2 {
			t.Errorf("hub %v: exit code %d, want 2", args, code)
		}
	}
}
