// Package hubtest is a hub for tests: the keys of a hall with two terminals and a bureau, and a running server that
// shows requests to the room under test and holds what is said to openapi.yaml.
package hubtest

import (
	"bytes"
	"context"
	"crypto/tls"
	"io"
	"log"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"yimen/kiosk/central"
	"yimen/kiosk/central/centraltest"
	"yimen/provisioning/hub/door"
)

// Site is a running hub.
type Site struct {
	*centraltest.Trouble
	Hall
	URL      string
	Contract *centraltest.Contract
	Logged   *Log
	Close    context.CancelFunc // tells the door that the hub closes; the server goes on
}

// New serves what rooms makes of a door until the test ends. contract is the path of openapi.yaml.
func New(t testing.TB, contract string, rooms func(*door.Door, Hall) http.Handler) *Site {
	t.Helper()
	return NewGreeting(t, contract, rooms, func(strict *tls.Config) *tls.Config { return strict })
}

// NewGreeting is New with another TLS configuration than the hub's strict one.
func NewGreeting(t testing.TB, contract string, rooms func(*door.Door, Hall) http.Handler, greet func(*tls.Config) *tls.Config) *Site {
	t.Helper()
	s := &Site{Trouble: &centraltest.Trouble{}, Hall: NewHall(t), Contract: centraltest.LoadContract(t, contract), Logged: &Log{}}
	open, closed := context.WithCancel(context.Background())
	s.Close = closed
	room := rooms(door.New(open, s.Logged.Logger()), s.Hall)
	server := httptest.NewUnstartedServer(s.Before(s.Contract.Watch(t, room)))
	server.TLS = greet(s.Hub.ServerTLS())
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	s.URL = server.URL
	t.Cleanup(func() {
		closed()
		server.CloseClientConnections()
		server.Close()
	})
	return s
}

// Client calls the hub as somebody.
func (s *Site) Client(t testing.TB, as *tls.Config, config central.Config) *central.Client {
	t.Helper()
	config.URL = s.URL
	c, err := central.New(config, as, s.Bureau.Receipts, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// Ask sends one request as it is, headers as name, value pairs, and gives the status and the body.
func (s *Site) Ask(t testing.TB, as *tls.Config, method, path string, body []byte, headers ...string) (int, []byte) {
	t.Helper()
	return Ask(t, s.URL, as, method, path, body, headers...)
}

// Ask is Site.Ask of a hub at another address.
func Ask(t testing.TB, url string, as *tls.Config, method, path string, body []byte, headers ...string) (int, []byte) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.URL.Opaque = "//" + strings.TrimPrefix(url, "https://") + path // unclean paths go out as they are
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	// A large body waits for leave: written at once it is cut off by the refusal, which then may not be read any more.
	if len(body) > 1<<20 {
		r.Header.Set("Expect", "100-continue")
	}
	c := &http.Client{Transport: &http.Transport{TLSClientConfig: as, DisableKeepAlives: true, ExpectContinueTimeout: time.Minute},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := c.Do(r)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, text
}

// Served reports the operations of the contract under a path that were not answered well while the test ran. 200
// stands for well where want names no other status.
func (s *Site) Served(t testing.TB, want map[string]int, paths ...string) {
	t.Helper()
	operations := s.Contract.Operations(paths...)
	if len(operations) == 0 {
		t.Errorf("the contract has nothing under %v", paths)
	}
	for _, op := range operations {
		status := want[op]
		if status == 0 {
			status = http.StatusOK
		}
		if !s.Contract.Seen(op, status) {
			t.Errorf("%s was never answered with %d", op, status)
		}
	}
}

// Log is what a hub wrote to its log.
type Log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *Log) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// Logger writes to the log.
func (l *Log) Logger() *slog.Logger { return slog.New(slog.NewTextHandler(l, nil)) }
