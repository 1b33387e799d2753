package shelltest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"testing"
	"time"
)

// driver speaks the W3C WebDriver protocol (https://www.w3.org/TR/webdriver2/) with one WebKitWebDriver.
type driver struct {
	base   string // "http://127.0.0.1:PORT", later with "/session/ID"
	client http.Client
	end    func() // ends the driver and the window
}

// driverError is an answer that says what could not be done, §6.6 of the protocol.
type driverError struct {
	Code    string `json:"error"` // e.g. "no such element"
	Message string `json:"message"`
}

func (e *driverError) Error() string { return e.Code + ": " + e.Message }

// startDriver starts WebKitWebDriver on the display and waits until it listens.
func startDriver(t testing.TB, display *Display) *driver {
	t.Helper()
	port := freePort(t)
	command := display.Command(t, "webkit2gtk-driver", "WebKitWebDriver", "--host=127.0.0.1", "--port="+itoa(port))
	command.Stderr = t.Output() // and with it what the window logs
	return awaitDriver(t, &driver{base: fmt.Sprintf("http://127.0.0.1:%d", port), client: http.Client{Timeout: patience}, end: start(t, command)})
}

// awaitDriver waits until a driver listens.
func awaitDriver(t testing.TB, d *driver) *driver {
	t.Helper()
	for end := time.Now().Add(patience); ; time.Sleep(pause) {
		if err := d.do(http.MethodGet, "/status", nil, nil); err == nil {
			return d
		} else if time.Now().After(end) {
			t.Fatalf("WebKitWebDriver does not answer: %v", err)
		}
	}
}

// freePort is a port that was free a moment ago: WebKitWebDriver does not say which it took when told to choose.
func freePort(t testing.TB) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port
}

// openSession has the driver start the shell and take it over.
func (d *driver) openSession(shell, url string) error {
	capabilities := map[string]any{
		"pageLoadStrategy": "none", // a page with a live picture never ends loading
		"webkitgtk:browserOptions": map[string]any{
			"binary": shell,
			"args":   []string{"-controlled", "-paint", "5m", "-url", url}, // an emulated or busy processor is no blank page
		},
	}
	var session struct {
		ID string `json:"sessionId"`
	}
	request := map[string]any{"capabilities": map[string]any{"alwaysMatch": capabilities}}
	if err := d.do(http.MethodPost, "/session", request, &session); err != nil {
		return err
	}
	d.base += "/session/" + session.ID
	return nil
}

// element is a reference to an element of the page, good until the page changes.
type element string

// elementKey is the name under which references travel, §12.2 of the protocol.
const elementKey = "element-6066-11e4-a52e-4f735466cecf"

func (d *driver) find(css string) (element, error) {
	found := map[string]string{}
	err := d.do(http.MethodPost, "/element", map[string]any{"using": "css selector", "value": css}, &found)
	return element(found[elementKey]), err
}

// do sends one command; into is where its value goes, if not nil. The error is a *driverError if the driver answered.
func (d *driver) do(method, path string, body, into any) error {
	var payload io.Reader
	if method == http.MethodPost {
		if body == nil {
			body = struct{}{}
		}
		encoded, err := json.Marshal(body)
		if err != nil {
			return err
		}
		payload = bytes.NewReader(encoded)
	}
	request, err := http.NewRequest(method, d.base+path, payload)
	if err != nil {
		return err
	}
	response, err := d.client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	var answer struct {
		Value json.RawMessage `json:"value"`
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return fmt.Errorf("read the driver's answer to %s %s: %w", method, path, err)
	}
	if response.StatusCode != http.StatusOK {
		refusal := &driverError{Code: response.Status}
		if err := json.Unmarshal(answer.Value, refusal); err != nil {
			return err
		}
		return refusal
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(answer.Value, into)
}
