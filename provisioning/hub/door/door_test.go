package door_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"yimen/kiosk/central"
	"yimen/provisioning/hub/door"
	"yimen/provisioning/hub/hubtest"
	"yimen/provisioning/identity"
)

const contract = "../../../kiosk/central/openapi.yaml"

func TestARequestInTheMiddleIsCutOffWhenItsCallerIsShutOut(t *testing.T) {
	var out atomic.Value
	out.Store("")
	var at *door.Door
	reading, read := make(chan struct{}), make(chan error, 1)
	s := hubtest.New(t, contract, func(d *door.Door, _ hubtest.Hall) http.Handler {
		at = d
		d.AskFirst(func(_ context.Context, from door.Caller) error {
			if from.Name == out.Load() {
				return door.Forbidden("shut out")
			}
			return nil
		})
		return d.Only(func(w http.ResponseWriter, r *http.Request, _ door.Caller) error {
			close(reading)
			_, err := io.Copy(io.Discard, r.Body)
			read <- errors.Join(err, r.Context().Err())
			return door.Malformed("cut short")
		}, identity.RoleTerminal)
	})
	body, more := io.Pipe()
	answered := make(chan error, 1)
	go func() {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPut, s.URL+central.EnvelopesPath+"/x", body)
		if err == nil {
			var answer *http.Response
			if answer, err = (&http.Transport{TLSClientConfig: s.A.Calling}).RoundTrip(r); err == nil {
				err = answer.Body.Close()
			}
		}
		answered <- err
	}()
	<-reading
	at.Recheck(t.Context()) // nobody is shut out
	select {
	case err := <-read:
		t.Fatalf("cut off for nothing: %v", err)
	default:
	}
	out.Store(hubtest.TerminalB)
	at.Recheck(t.Context())
	select {
	case err := <-read:
		t.Fatalf("cut off for another: %v", err)
	default:
	}
	out.Store(hubtest.TerminalA)
	at.Recheck(t.Context())
	if err := <-read; err == nil {
		t.Error("the body was read to its end")
	}
	must(t, more.Close()) // the client's transport waits for it
	<-answered
	if status, _ := s.Ask(t, s.A.Calling, "PUT", central.EnvelopesPath+"/01k9zqv8w3m5n7p2r4s6t8v0x1", nil); status != http.StatusForbidden {
		t.Errorf("the next request: %d", status)
	}
	if log := s.Logged.String(); !strings.Contains(log, "cut off") || !strings.Contains(log, hubtest.TerminalA) {
		t.Errorf("log is\n%s", log)
	}
}

func TestATroubleOfOurOwnIsLoggedAndNotDescribed(t *testing.T) {
	s := hubtest.New(t, contract, func(d *door.Door, _ hubtest.Hall) http.Handler {
		return d.Only(func(http.ResponseWriter, *http.Request, door.Caller) error {
			return errors.New("disk sda1 has failed")
		}, identity.RoleBureau)
	})
	status, body := s.Ask(t, s.Bureau.ClientTLS(), "GET", central.TerminalsPath, nil)
	if status != http.StatusInternalServerError || strings.Contains(string(body), "sda1") || !strings.Contains(s.Logged.String(), "sda1") {
		t.Errorf("%d %s; log is\n%s", status, body, s.Logged)
	}
	if status, body := s.Ask(t, s.A.Calling, "GET", central.TerminalsPath, nil); status != http.StatusForbidden {
		t.Errorf("another role: %d %s", status, body)
	}
	stranger := s.A.Calling.Clone()
	stranger.GetClientCertificate = nil
	if answer, err := (&http.Transport{TLSClientConfig: stranger}).RoundTrip(request(t, s.URL)); err == nil {
		t.Errorf("without a certificate: %s", answer.Status)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func request(t *testing.T, url string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+central.TerminalsPath, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
