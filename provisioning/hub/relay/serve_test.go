package relay_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"yimen/kiosk/central"
	"yimen/provisioning/hub/door"
	"yimen/provisioning/hub/hubtest"
	"yimen/provisioning/hub/relay"
)

const (
	idA = "01k9zqv8w3m5n7p2r4s6t8v0xa"
	idB = "01k9zqv8w3m5n7p2r4s6t8v0xb"
)

var sealedType = []string{"Content-Type", "application/octet-stream"}

// swap is a relay that can be exchanged for a fresh one, as when the hub is started anew.
type swap struct{ http.Handler }

func newSite(t testing.TB) (*hubtest.Site, func()) {
	s := &swap{}
	var anew func()
	site := hubtest.New(t, "../../../kiosk/central/openapi.yaml", func(at *door.Door, _ hubtest.Hall) http.Handler {
		anew = func() { s.Handler = relay.New(time.Now).Serve(at) }
		anew()
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.Handler.ServeHTTP(w, r) })
	})
	return site, anew
}

// desk answers every ask with its bytes backwards until the test ends, and hands the ids of those it answered on.
func desk(t *testing.T, c *central.Client) <-chan string {
	answered := make(chan string, 100)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	t.Cleanup(func() { stop(); <-done })
	go func() {
		defer close(done)
		for after := ""; ; {
			page, err := c.Asks(ctx, after)
			if err != nil {
				return
			}
			for _, ask := range page.Asks {
				if err := c.Answer(ctx, ask.ID, backwards(ask.Sealed)); err == nil {
					answered <- ask.ID
				}
			}
			after = page.Next
		}
	}()
	return answered
}

func backwards(b []byte) []byte {
	b = bytes.Clone(b)
	for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
		b[i], b[j] = b[j], b[i]
	}
	return b
}

func codeOf(err error) central.Code {
	var p *central.Problem
	if errors.As(err, &p) {
		return p.Code
	}
	return ""
}

func codeIn(body []byte) central.Code {
	var p central.Problem
	if json.Unmarshal(body, &p) != nil {
		return ""
	}
	return p.Code
}

func TestAnAskIsAnsweredAndForgotten(t *testing.T) {
	s, _ := newSite(t)
	answered := desk(t, s.Client(t, s.Bureau.ClientTLS(), central.Config{}))
	terminal := s.Client(t, s.A.Calling, central.Config{})
	for _, sealed := range [][]byte{[]byte("ask"), bytes.Repeat([]byte("x"), central.MaxAsk)} {
		answer, err := terminal.Ask(t.Context(), idA, sealed)
		if err != nil || !bytes.Equal(answer, backwards(sealed)) || <-answered != idA {
			t.Fatalf("%.20q, %v", answer, err)
		}
		if status, body := s.Ask(t, s.A.Calling, "GET", "/v1/asks/"+idA+"/answer", nil); status != 404 {
			t.Errorf("the answer is still there: %d %.20s", status, body)
		}
	}
	s.Served(t, map[string]int{"putAsk": 204, "putAnswer": 204, "withdrawAsk": 204}, central.AsksPath)
}

func TestAnAskOutlivesACutLineAndANewHub(t *testing.T) {
	s, anew := newSite(t)
	terminal := s.Client(t, s.A.Calling, central.Config{})
	lost := 0
	s.LoseAnswers(func(r *http.Request) bool {
		if strings.HasSuffix(r.URL.Path, "/"+idA) && r.Method == http.MethodPut {
			lost++
			return lost == 1
		}
		return false
	})
	type outcome struct {
		answer []byte
		err    error
	}
	came := make(chan outcome, 1)
	go func() {
		answer, err := terminal.Ask(t.Context(), idA, []byte("ask"))
		came <- outcome{answer, err}
	}()
	bureau := s.Client(t, s.Bureau.ClientTLS(), central.Config{})
	if page, err := bureau.Asks(t.Context(), ""); err != nil || len(page.Asks) != 1 {
		t.Fatalf("%+v, %v", page, err)
	}
	anew()
	s.Close() // ends the question that was left open at the old relay
	for {
		page, err := bureau.Asks(t.Context(), "")
		if err != nil {
			t.Fatal(err)
		}
		if len(page.Asks) == 1 {
			if err := bureau.Answer(t.Context(), idA, []byte("answer")); err != nil {
				t.Fatal(err)
			}
			break
		}
	}
	if o := <-came; o.err != nil || string(o.answer) != "answer" {
		t.Errorf("%q, %v", o.answer, o.err)
	}
}

func TestADeadLineIsToldSoon(t *testing.T) {
	s, _ := newSite(t)
	s.Down(true)
	if answer, err := s.Client(t, s.A.Calling, central.Config{}).Ask(t.Context(), idA, []byte("ask")); err == nil {
		t.Errorf("answered %q on a dead line", answer)
	}
	s.Down(false)
	s.Portal(200)
	if _, err := s.Client(t, s.A.Calling, central.Config{}).Ask(t.Context(), idA, []byte("ask")); !errors.Is(err, central.ErrNotCentral) {
		t.Errorf("a portal's page is %v", err)
	}
}

func TestATerminalSeesNoOtherTerminalsAskOrAnswer(t *testing.T) {
	s, _ := newSite(t)
	if status, body := s.Ask(t, s.A.Calling, "PUT", "/v1/asks/"+idA, []byte("ask"), sealedType...); status != 204 {
		t.Fatalf("%d %s", status, body)
	}
	if err := s.Client(t, s.Bureau.ClientTLS(), central.Config{}).Answer(t.Context(), idA, []byte("answer")); err != nil {
		t.Fatal(err)
	}
	for _, try := range []struct {
		method, path string
		body         []byte
	}{
		{"GET", "/v1/asks/" + idA + "/answer", nil},
		{"PUT", "/v1/asks/" + idA, []byte("ask")},
		{"PUT", "/v1/asks/" + idA, []byte("another")},
		{"DELETE", "/v1/asks/" + idA, nil},
		{"GET", "/v1/asks", nil},
		{"PUT", "/v1/asks/" + idA + "/answer", []byte("forged")},
	} {
		if status, body := s.Ask(t, s.B.Calling, try.method, try.path, try.body, sealedType...); status != 403 || codeIn(body) != central.CodeForbidden {
			t.Errorf("%s %s by another terminal: %d %s", try.method, try.path, status, body)
		}
	}
	if status, body := s.Ask(t, s.Bureau.ClientTLS(), "PUT", "/v1/asks/"+idB, []byte("ask"), sealedType...); status != 403 {
		t.Errorf("an ask by a bureau: %d %s", status, body)
	}
	if status, body := s.Ask(t, s.A.Calling, "GET", "/v1/asks/"+idA+"/answer", nil); status != 200 || string(body) != "answer" {
		t.Errorf("after all of them: %d %s", status, body)
	}
}

func TestOddRequestsAreRefusedAndServiceGoesOn(t *testing.T) {
	s, _ := newSite(t)
	s.Ask(t, s.A.Calling, "PUT", "/v1/asks/"+idA, []byte("ask"), sealedType...)
	bureau := s.Bureau.ClientTLS()
	for what, try := range map[string]struct {
		method, path string
		body         []byte
		headers      []string
		status       int
	}{
		"too large":            {"PUT", "/v1/asks/" + idB, make([]byte, central.MaxAsk+1), sealedType, 413},
		"empty":                {"PUT", "/v1/asks/" + idB, nil, sealedType, 400},
		"of another type":      {"PUT", "/v1/asks/" + idB, []byte("ask"), []string{"Content-Type", "text/plain"}, 400},
		"under a path":         {"PUT", "/v1/asks/..%2f..%2fx", []byte("ask"), sealedType, 400},
		"another under its id": {"PUT", "/v1/asks/" + idA, []byte("another"), sealedType, 409},
		"waits too long":       {"GET", "/v1/asks/" + idA + "/answer?wait=31", nil, nil, 400},
		"waits for nonsense":   {"GET", "/v1/asks/" + idA + "/answer?wait=x", nil, nil, 400},
	} {
		if status, body := s.Ask(t, s.A.Calling, try.method, try.path, try.body, try.headers...); status != try.status {
			t.Errorf("%s: %d %s", what, status, body)
		}
	}
	for what, try := range map[string]struct {
		method, path string
		body         []byte
		status       int
	}{
		"an answer too large":      {"PUT", "/v1/asks/" + idA + "/answer", make([]byte, central.MaxAnswer+1), 413},
		"an empty answer":          {"PUT", "/v1/asks/" + idA + "/answer", nil, 400},
		"an answer to nobody":      {"PUT", "/v1/asks/" + idB + "/answer", []byte("answer"), 404},
		"a cursor of another form": {"GET", "/v1/asks?after=-1", nil, 400},
	} {
		if status, body := s.Ask(t, bureau, try.method, try.path, try.body, sealedType...); status != try.status {
			t.Errorf("%s: %d %s", what, status, body)
		}
	}
	desk(t, s.Client(t, bureau, central.Config{}))
	if _, err := s.Client(t, s.A.Calling, central.Config{}).Ask(t.Context(), idA, []byte("ask")); err != nil {
		t.Error(err)
	}
}

func TestTooManyOpenQuestionsOfOneCallerAreTurnedAway(t *testing.T) {
	s, _ := newSite(t)
	statuses := make(chan int)
	for range door.MaxWaits {
		go func() {
			status, _ := s.Ask(t, s.Bureau.ClientTLS(), "GET", "/v1/asks?wait=30", nil)
			statuses <- status
		}()
	}
	for { // until all of them are open
		status, body := s.Ask(t, s.Bureau.ClientTLS(), "GET", "/v1/asks", nil)
		if status == 429 && codeIn(body) == central.CodeBusy {
			break
		}
	}
	if _, err := s.Client(t, s.A.Calling, central.Config{}).Ask(ended(t), idA, []byte("x")); codeOf(err) == central.CodeBusy {
		t.Errorf("another caller is turned away: %v", err)
	}
	s.Close()
	for range door.MaxWaits {
		if status := <-statuses; status != 200 {
			t.Errorf("a question left open when the hub closes: %d", status)
		}
	}
}

func ended(t *testing.T) context.Context {
	ctx, stop := context.WithTimeout(t.Context(), 300*time.Millisecond)
	t.Cleanup(stop)
	return ctx
}

func TestTheLargestAnswerComesWhole(t *testing.T) {
	s, _ := newSite(t)
	whole := bytes.Repeat([]byte("0123456789abcdef"), central.MaxAnswer/16)
	terminal, bureau := s.Client(t, s.A.Calling, central.Config{}), s.Client(t, s.Bureau.ClientTLS(), central.Config{})
	go func() {
		page, err := bureau.Asks(t.Context(), "")
		if err == nil && len(page.Asks) == 1 {
			err = bureau.Answer(t.Context(), page.Asks[0].ID, whole)
		}
		if err != nil {
			t.Error(err)
		}
	}()
	if answer, err := terminal.Ask(t.Context(), idA, []byte("ask")); err != nil || !bytes.Equal(answer, whole) {
		t.Errorf("%d bytes, %v", len(answer), err)
	}
}
