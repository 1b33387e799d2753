package pulse

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"yimen/kiosk/central"
)

func TestMetricsSayWhatAHeartbeatSaysAndOnlyToTheirOwnAddress(t *testing.T) {
	p := New(func(context.Context) central.Heartbeat {
		return central.Heartbeat{
			Screen: central.ScreenState{Name: "menu", Age: 12}, Outbox: central.OutboxState{Waiting: 3, Delivered: 9, Oldest: 60},
			Devices: []central.DeviceState{{ID: "printer", State: "noDevice"}}, Free: 1 << 30, Events: 4,
		}
	}, &office{}, slog.New(slog.DiscardHandler))
	l, err := ListenMetrics("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- p.ServeMetrics(ctx, l, slog.New(slog.DiscardHandler)) }()
	get := func(headers ...string) (int, string) {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+l.Addr().String()+"/metrics", nil)
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
			if headers[i] == "Host" {
				r.Host = headers[i+1]
			}
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
	status, body := get()
	for _, line := range []string{
		`yimen_kiosk_screen_age_seconds{screen="menu"} 12`, "yimen_kiosk_outbox_waiting 3", "yimen_kiosk_outbox_delivered_total 9",
		`yimen_kiosk_device_state{device="printer",state="noDevice"} 1`, "yimen_kiosk_disk_free_bytes 1.073741824e+09",
	} {
		if status != 200 || !strings.Contains(body, line+"\n") {
			t.Errorf("%d, %s is not among\n%s", status, line, body)
		}
	}
	if strings.Contains(body, "clock_ahead") {
		t.Error("a clock is told that was never compared")
	}
	for _, headers := range [][]string{{"Host", "metrics.example"}, {"Sec-Fetch-Site", "cross-site"}} {
		if status, _ := get(headers...); status != 403 {
			t.Errorf("with %v: %d", headers, status)
		}
	}
	http.DefaultClient.CloseIdleConnections()
	stop()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if _, err := ListenMetrics("0.0.0.0:0"); err == nil {
		t.Error("metrics for everybody")
	}
}
