package fleet_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"yimen/kiosk/central"
	"yimen/provisioning/hub/door"
	"yimen/provisioning/hub/fleet"
	"yimen/provisioning/hub/fleet/alarm"
	"yimen/provisioning/hub/hubtest"
)

// site is a hub with a fleet, whose clock the test sets.
type site struct {
	*hubtest.Site
	*fleet.Fleet
	file string
	log  hubtest.Log

	mu    sync.Mutex
	clock time.Time
}

func (s *site) now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.clock
}

func (s *site) pass(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clock = s.clock.Add(d)
}

// reopen opens the file anew, as a hub does that was killed.
func (s *site) reopen(t testing.TB) {
	t.Helper()
	if s.Fleet != nil {
		if err := s.Fleet.Close(); err != nil {
			t.Error(err)
		}
	}
	var err error
	if s.Fleet, err = fleet.Open(context.Background(), s.file, alarm.DefaultLimits(), s.now, s.log.Logger()); err != nil {
		t.Fatal(err)
	}
}

func newSite(t testing.TB) *site {
	s := &site{file: filepath.Join(t.TempDir(), "fleet.db"), clock: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
	s.reopen(t)
	t.Cleanup(func() { s.Fleet.Close() })
	s.Site = hubtest.New(t, "../../../kiosk/central/openapi.yaml", func(at *door.Door, _ hubtest.Hall) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.Fleet.Serve(at).ServeHTTP(w, r) })
	})
	return s
}

func (s *site) heartbeat(change func(*central.Heartbeat)) central.Heartbeat {
	h := central.Heartbeat{
		Format: 1, At: s.now(), Running: 7, Screen: central.ScreenState{Name: "attract", Resting: true, Age: 60},
		Devices: []central.DeviceState{{ID: "printer", State: "online", Paper: "low"}}, Journal: "5:" + strings.Repeat("a", 64),
		Pack: central.PackState{ID: "CN-150102", Edition: "2026.1"}, Software: strings.Repeat("0", 64),
	}
	if change != nil {
		change(&h)
	}
	return h
}

func (s *site) beat(t testing.TB, change func(*central.Heartbeat)) central.Beat {
	t.Helper()
	answer, _, err := s.Client(t, s.A.Calling, central.Config{}).Beat(t.Context(), s.heartbeat(change))
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

// told gives the tellings so far, oldest first.
func (s *site) told(t testing.TB) string {
	t.Helper()
	all, err := s.Told(t.Context(), 100)
	if err != nil {
		t.Fatal(err)
	}
	var text []string
	for _, one := range all {
		text = append([]string{fmt.Sprintf("%s %s %s", one.Terminal, one.Kind, one.Phase)}, text...)
	}
	return strings.Join(text, ", ")
}

func TestTheLastHeartbeatAndAShortHistorySurviveARestart(t *testing.T) {
	s := newSite(t)
	for n := range 4 {
		answer := s.beat(t, func(h *central.Heartbeat) { h.Outbox.Waiting, h.Running = 3-n, int64(n) })
		if !answer.At.Equal(s.now()) || answer.Every != 60 {
			t.Errorf("answered %+v at %v", answer, s.now())
		}
		s.pass(fleet.Slot / 2)
	}
	s.reopen(t)
	all, err := s.Terminals(t.Context())
	if err != nil || len(all) != 1 || all[0].Name != hubtest.TerminalA || all[0].Beat.Running != 3 || !all[0].Received.Equal(s.now().Add(-fleet.Slot/2)) {
		t.Fatalf("%+v, %v", all, err)
	}
	past, err := s.Past(t.Context())
	if got := past[hubtest.TerminalA]; err != nil || len(got) != 2 || got[0].Waiting != 3 || got[1].Waiting != 1 || got[1].Beats != 2 {
		t.Errorf("history %+v, %v", got, err)
	}
	s.Served(t, nil, central.HeartbeatsPath)
}

func TestASilentTerminalIsDownOnceThoughTheHubStartsAnew(t *testing.T) {
	s := newSite(t)
	s.beat(t, nil)
	for range 5 {
		s.pass(time.Minute)
		if err := s.Look(t.Context()); err != nil {
			t.Fatal(err)
		}
		s.reopen(t)
	}
	s.beat(t, nil)
	if got, want := s.told(t), "150102-0001 down raised, 150102-0001 down ended"; got != want {
		t.Errorf("told %q, want %q", got, want)
	}
	if log := s.log.String(); strings.Count(log, "msg=alarm") != 2 || !strings.Contains(log, "level=ERROR") {
		t.Errorf("log is\n%s", log)
	}
}

func TestAWrongClockIsNoticedByTheHubToo(t *testing.T) {
	s := newSite(t)
	s.beat(t, func(h *central.Heartbeat) { h.At = s.now().Add(-3 * time.Hour) })
	all, err := s.Terminals(t.Context())
	if err != nil || all[0].Skew() != -3*time.Hour || s.told(t) != "150102-0001 clock raised" {
		t.Errorf("skew %v, told %q, %v", all[0].Skew(), s.told(t), err)
	}
}

func TestHeadsAreKeptAndOneThatGoesBackIsAnAlarm(t *testing.T) {
	s := newSite(t)
	head := func(no int, digit string) string { return fmt.Sprintf("%d:%s", no, strings.Repeat(digit, 64)) }
	for _, h := range []string{"", head(1, "a"), head(1, "a"), head(4, "b"), head(3, "c"), head(9, "d")} {
		s.beat(t, func(b *central.Heartbeat) { b.Journal = h })
		s.pass(time.Minute)
	}
	if got := s.told(t); got != "150102-0001 journal raised" {
		t.Errorf("told %q", got)
	}
	heads, err := s.Heads(t.Context(), hubtest.TerminalA)
	if err != nil || len(heads) != 4 || heads[0].Head != head(1, "a") || heads[2].Head != head(3, "c") {
		t.Errorf("heads %+v, %v", heads, err)
	}
	if err := s.Settle(t.Context(), hubtest.TerminalA); err != nil {
		t.Fatal(err)
	}
	s.beat(t, func(b *central.Heartbeat) { b.Journal = head(9, "d") })
	if all, err := s.Terminals(t.Context()); err != nil || len(all[0].Watch.Wrong()) != 0 {
		t.Errorf("after somebody looked: %v, %v", all[0].Watch.Wrong(), err)
	}
	s.pass(72 * time.Hour)
	s.beat(t, func(b *central.Heartbeat) { b.Journal = head(10, "e") })
	if err := s.Prune(t.Context()); err != nil {
		t.Fatal(err)
	}
	if heads, err = s.Heads(t.Context(), hubtest.TerminalA); err != nil || len(heads) != 2 || heads[0].Head != head(9, "d") || heads[1].Head != head(10, "e") {
		t.Errorf("of an old day stays %+v, %v", heads, err)
	}
	if past, err := s.Past(t.Context()); err != nil || len(past[hubtest.TerminalA]) != 1 {
		t.Errorf("history %+v, %v", past, err)
	}
}

func TestABrokenDeviceAndAnEnvelopeSetAsideAreTold(t *testing.T) {
	s := newSite(t)
	for range 11 {
		s.beat(t, func(h *central.Heartbeat) {
			h.Devices = append(h.Devices, central.DeviceState{ID: "idcard", State: "noDevice"}, central.DeviceState{ID: "doccam", State: "deviceBusy"})
			h.Outbox.Quarantined = 1
		})
		s.pass(time.Minute)
	}
	if got, want := s.told(t), "150102-0001 quarantine raised, 150102-0001 device raised"; got != want {
		t.Errorf("told %q, want %q", got, want)
	}
	if all, err := s.Terminals(t.Context()); err != nil || all[0].Watch.Open[alarm.Device].Detail != "idcard" {
		t.Errorf("%+v, %v", all, err)
	}
}

func TestATerminalTellsOfItselfOnly(t *testing.T) {
	s := newSite(t)
	good, err := json.Marshal(s.heartbeat(nil))
	if err != nil {
		t.Fatal(err)
	}
	for what, try := range map[string]struct {
		body   []byte
		status int
	}{
		"nothing":           {nil, 400},
		"more than it is":   {append(bytes.Clone(good), "{}"...), 400},
		"a name in a field": {bytes.Replace(good, []byte(`"attract"`), []byte(`"佟试"`), 1), 400},
		"a field too many":  {bytes.Replace(good, []byte(`{"format"`), []byte(`{"terminal":"150102-0001","format"`), 1), 400},
		"a number below 0":  {bytes.Replace(good, []byte(`"waiting":0`), []byte(`"waiting":-1`), 1), 400},
		"a head of no form": {bytes.Replace(good, []byte(`"journal":"5:`), []byte(`"journal":"x:`), 1), 400},
		"too large":         {bytes.Repeat([]byte(" "), central.MaxHeartbeat+1), 413},
	} {
		if status, body := s.Ask(t, s.B.Calling, "POST", central.HeartbeatsPath, try.body, "Content-Type", "application/json"); status != try.status {
			t.Errorf("%s: %d %s", what, status, body)
		}
	}
	if status, body := s.Ask(t, s.Bureau.ClientTLS(), "POST", central.HeartbeatsPath, good, "Content-Type", "application/json"); status != 403 {
		t.Errorf("by a bureau: %d %s", status, body)
	}
	if all, err := s.Terminals(t.Context()); err != nil || len(all) != 0 {
		t.Errorf("kept %+v, %v", all, err)
	}
	s.beat(t, nil)
	if err := s.Forget(t.Context(), hubtest.TerminalA); err != nil {
		t.Fatal(err)
	}
	if all, err := s.Terminals(t.Context()); err != nil || len(all) != 0 {
		t.Errorf("forgotten, and still there: %+v, %v", all, err)
	}
}
