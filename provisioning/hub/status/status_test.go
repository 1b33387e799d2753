package status

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"yimen/kiosk/central"
	"yimen/provisioning/hub/fleet"
	"yimen/provisioning/hub/fleet/alarm"
)

var at = time.Date(2026, 11, 23, 1, 30, 0, 0, time.UTC)

// example is a fleet with a terminal for each thing that can be wrong.
type example struct {
	terminals []fleet.Terminal
	past      map[string][]fleet.Point
	told      []fleet.Telling
	err       error
}

func (e *example) Terminals(context.Context) ([]fleet.Terminal, error)        { return e.terminals, e.err }
func (e *example) Past(context.Context) (map[string][]fleet.Point, error)     { return e.past, e.err }
func (e *example) Told(_ context.Context, limit int) ([]fleet.Telling, error) { return e.told, e.err }

func beat(change func(*central.Heartbeat)) central.Heartbeat {
	h := central.Heartbeat{
		At: at.Add(-20 * time.Second), Screen: central.ScreenState{Name: "attract", Resting: true, Age: 900},
		Devices: []central.DeviceState{{ID: "idcard", State: "online"}, {ID: "printer", State: "online", Paper: "full"}, {ID: "doccam", State: "online"}},
		Journal: "1842:" + strings.Repeat("3f9a", 16), Pack: central.PackState{Edition: "2026.1"}, Software: strings.Repeat("c0ffee12", 8), Free: 40 << 30,
	}
	if change != nil {
		change(&h)
	}
	return h
}

func newExample() *example {
	e := &example{past: map[string][]fleet.Point{}}
	add := func(kind alarm.Kind, change func(*central.Heartbeat)) {
		name := fmt.Sprintf("150102-%04d", len(e.terminals)+1)
		t := fleet.Terminal{Name: name, Beat: beat(change), Received: at.Add(-20 * time.Second)}
		if kind != "" {
			t.Watch.Open = map[alarm.Kind]alarm.Open{kind: {Since: at.Add(-time.Hour)}}
			e.told = append(e.told, fleet.Telling{Terminal: name, At: at.Add(-time.Hour), Alarm: alarm.Alarm{Kind: kind, Phase: alarm.Raised, Since: at.Add(-time.Hour), Detail: "3 wait"}})
		}
		if kind == alarm.Down {
			t.Received = at.Add(-5 * time.Hour)
			t.Beat.At = t.Received
		}
		for i := range slots {
			slot := at.Truncate(fleet.Slot).Add(-time.Duration(i) * fleet.Slot)
			if slot.Before(t.Received.Add(time.Minute)) && (len(e.terminals) != 2 || i < 60 || i > 90) {
				e.past[name] = append(e.past[name], fleet.Point{Slot: slot, Waiting: (i * (len(e.terminals) + 1) / 7) % 4, Beats: 10})
			}
		}
		e.terminals = append(e.terminals, t)
	}
	add("", nil)
	add("", func(h *central.Heartbeat) { h.Screen = central.ScreenState{Name: "scan", Age: 12} })
	add(alarm.StuckOutbox, func(h *central.Heartbeat) { h.Outbox = central.OutboxState{Waiting: 3, Oldest: 3*3600 + 5} })
	add(alarm.Down, nil)
	add(alarm.StuckScreen, func(h *central.Heartbeat) { h.Screen = central.ScreenState{Name: "menu", Age: 1800} })
	add(alarm.Device, func(h *central.Heartbeat) {
		h.Devices[0].State, h.Devices[1].Paper = "noDevice", "out"
		h.Devices = append(h.Devices, central.DeviceState{ID: "gadget", State: "newWord"})
	})
	add(alarm.Clock, func(h *central.Heartbeat) { h.At = h.At.Add(-3 * time.Hour) })
	add(alarm.Journal, func(h *central.Heartbeat) { h.Journal = "7:" + strings.Repeat("b", 64) })
	add(alarm.Quarantine, func(h *central.Heartbeat) { h.Outbox.Quarantined, h.Pack.Trouble = 1, true })
	return e
}

func serve(t testing.TB, f Fleet) *httptest.Server {
	t.Helper()
	p, err := New(f, func() time.Time { return at }, time.FixedZone("UTC+8", 8*60*60), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(p)
	t.Cleanup(s.Close)
	return s
}

func get(t testing.TB, url string, headers ...string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		if headers[i] == "Host" {
			r.Host = headers[i+1]
		}
		r.Header.Set(headers[i], headers[i+1])
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(body)
}

func TestThePageSaysOfEachTerminalWhatIsWrongAndTheWorstFirst(t *testing.T) {
	status, body := get(t, serve(t, newExample()).URL)
	if status != 200 {
		t.Fatalf("%d %s", status, body)
	}
	at := -1
	for _, part := range []string{
		"150102-0004</b>", "5 小时前", "不知道，失联前：空闲", "失联：", // down, and so first
		"150102-0003</b>", "3 份，最早的等了 3 小时", "送不出去：",
		"150102-0005</b>", "30 分钟没有变化", "屏幕卡住：",
		"150102-0006</b>", "身份证阅读器 没接上", "打印机 没纸", "gadget newWord", "设备坏了",
		"150102-0007</b>", "慢 3 小时", "150102-0008</b>", "7 bbbbbbbb", "日志倒退：", "150102-0009</b>", "另有 1 份单独放下", "新版没有收下",
		"150102-0001</b>", "空闲", "都正常", "1842 3f9a3f9a", "准", "150102-0002</b>", "有人在办，12 秒没有变化",
		"最近的提醒", "11-23 08:30",
	} {
		next := strings.Index(body[at+1:], part)
		if next < 0 {
			t.Fatalf("%q is not there after byte %d of\n%s", part, at, body)
		}
		at += next + 1
	}
	if strings.Contains(body, "<no value>") || regexp.MustCompile(`style=|<script`).MatchString(body) {
		t.Error("a value is missing, or something stands in the page that the policy forbids")
	}
}

func TestAnEmptyFleetIsSaid(t *testing.T) {
	if status, body := get(t, serve(t, &example{}).URL); status != 200 || !strings.Contains(body, "还没有终端报过平安") || !strings.Contains(body, "没有提醒") {
		t.Errorf("%d %s", status, body)
	}
	if status, _ := get(t, serve(t, &example{err: errors.New("disk")}).URL); status != 500 {
		t.Errorf("a fleet that cannot be read: %d", status)
	}
}

func TestThePageIsReachedUnderItsOwnAddressOnly(t *testing.T) {
	s := serve(t, newExample())
	for _, headers := range [][]string{{"Host", "status.example"}, {"Host", "localhost"}, {"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}} {
		for _, path := range []string{"/", "/metrics", "/style.css"} {
			if status, _ := get(t, s.URL+path, headers...); status != 403 {
				t.Errorf("%s with %v: %d", path, headers, status)
			}
		}
	}
}

func TestMetricsTellTheSame(t *testing.T) {
	s := serve(t, newExample())
	status, body := get(t, s.URL+"/metrics")
	if status != 200 {
		t.Fatalf("%d %s", status, body)
	}
	for _, line := range []string{
		`yimen_terminal_alarm{kind="down",terminal="150102-0004"} 1`, `yimen_terminal_alarm{kind="down",terminal="150102-0001"} 0`,
		`yimen_terminal_outbox_waiting{terminal="150102-0003"} 3`, `yimen_terminal_clock_ahead_seconds{terminal="150102-0007"} -10800`,
		`yimen_terminal_heartbeat_age_seconds{terminal="150102-0004"} 18000`,
	} {
		if !strings.Contains(body, line+"\n") {
			t.Errorf("%s is not among\n%s", line, body)
		}
	}
	if status, _ := get(t, serve(t, &example{err: errors.New("disk")}).URL+"/metrics"); status != 500 {
		t.Errorf("a fleet that cannot be read: %d", status)
	}
}

func TestABarStandsForItsSlotAndAGapForSilence(t *testing.T) {
	slot := func(back int) time.Time { return at.Truncate(fleet.Slot).Add(-time.Duration(back) * fleet.Slot) }
	c := barsOf(map[time.Time]int{slot(0): 10, slot(3): 5, slot(4): 0, slot(slots): 99}, at, true)
	want := chart{Width: slots, Height: height, Most: 99, Bars: "M0 32H284V31H285V32H287V29H288V32Z", Gaps: []gap{{slots - 3, 2}}}
	if fmt.Sprint(c) != fmt.Sprint(want) {
		t.Errorf("%+v, want %+v", c, want)
	}
}

func TestEveryKindAndPhaseOfAnAlarmHasItsWords(t *testing.T) {
	w, err := readWords()
	if err != nil {
		t.Fatal(err)
	}
	ids := []string{"phase." + string(alarm.Raised), "phase." + string(alarm.Repeated), "phase." + string(alarm.Ended)}
	for _, kind := range alarm.Kinds() {
		ids = append(ids, "alarm."+string(kind))
	}
	for _, id := range ids {
		if w[id] == "" {
			t.Errorf("%s has no words", id)
		}
	}
}
