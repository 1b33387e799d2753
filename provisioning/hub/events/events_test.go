package events_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"yimen/kiosk/central"
	"yimen/kiosk/envelope"
	"yimen/provisioning/hub/crier"
	"yimen/provisioning/hub/door"
	"yimen/provisioning/hub/events"
	"yimen/provisioning/hub/hubtest"
)

func id(n int) string { return fmt.Sprintf("%026d", n) }

type site struct {
	*hubtest.Site
	restart func() // opens the file anew, as a hub does that was killed
	forget  func() // begins another file
}

// newSite serves events over a file.
func newSite(t testing.TB) site {
	file := filepath.Join(t.TempDir(), "events.db")
	var s site
	s.Site = hubtest.New(t, "../../../kiosk/central/openapi.yaml", func(at *door.Door, h hubtest.Hall) http.Handler {
		var kept *events.Keeping
		var room http.Handler
		open := func() {
			if kept != nil {
				if err := kept.Close(); err != nil {
					t.Error(err)
				}
			}
			var err error
			if kept, err = events.Open(context.Background(), file); err != nil {
				t.Fatal(err)
			}
			room = kept.Serve(at, h.Hub.Word, slog.New(slog.DiscardHandler))
		}
		open()
		t.Cleanup(func() { kept.Close() })
		s.restart = open
		s.forget = func() { file += ".new"; open() }
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { room.ServeHTTP(w, r) })
	})
	return s
}

func (s site) publisher(t testing.TB) *crier.Crier {
	return crier.New(s.Client(t, s.Bureau.ClientTLS(), central.Config{}), s.Bureau.Signing, envelope.SuiteSM, time.Now)
}

func (s site) publish(t testing.TB, p *crier.Crier, say crier.Saying) central.Event {
	t.Helper()
	if say.Kind == "" {
		say.Kind = central.KindNotice
	}
	if say.Body == nil {
		say.Body = json.RawMessage(`{"text": "a < b"}`)
	}
	e, err := p.Say(t.Context(), say)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// numbers gives the numbers that a terminal is told after one, each verified.
func (s site) numbers(t testing.TB, after int64) []int64 {
	t.Helper()
	page, err := s.Client(t, s.A.Calling, central.Config{Patience: time.Second}).Events(t.Context(), after)
	if err != nil {
		t.Fatal(err)
	}
	var numbers []int64
	for _, signed := range page.Events {
		e, err := central.VerifyEvent(signed, s.Hub.Word)
		if err != nil {
			t.Fatal(err)
		}
		numbers = append(numbers, e.Number)
	}
	return numbers
}

func TestWhatTheBureauSaysComesInOrderAndSurvivesARestart(t *testing.T) {
	s := newSite(t)
	p := s.publisher(t)
	for n := range 3 {
		s.publish(t, p, crier.Saying{ID: id(n)})
	}
	s.restart()
	s.publish(t, s.publisher(t), crier.Saying{ID: id(3)})
	if got := fmt.Sprint(s.numbers(t, 0), s.numbers(t, 2), s.numbers(t, 4)); got != "[1 2 3 4] [3 4] []" {
		t.Errorf("numbers %s", got)
	}
	s.Served(t, map[string]int{"publishEvent": 201}, central.EventsPath)
}

func TestSaidTwiceIsOneEvent(t *testing.T) {
	s := newSite(t)
	first := s.publish(t, s.publisher(t), crier.Saying{ID: id(1), Until: time.Now().Add(time.Hour)})
	again := s.publish(t, s.publisher(t), crier.Saying{ID: id(1), Until: *first.Until})
	if again.Number != first.Number || !again.At.Equal(first.At) {
		t.Errorf("said %+v, then %+v", first, again)
	}
	for what, other := range map[string]crier.Saying{
		"another text": {ID: id(1), Kind: central.KindNotice, Until: *first.Until, Body: json.RawMessage(`{"text":"b"}`)},
		"another end":  {ID: id(1), Kind: central.KindNotice, Body: json.RawMessage(`{"text": "a < b"}`)},
	} {
		if e, err := s.publisher(t).Say(t.Context(), other); err == nil {
			t.Errorf("%s under the same id was taken: %+v", what, e)
		}
	}
	if got := s.numbers(t, 0); len(got) != 1 {
		t.Errorf("numbers %v", got)
	}
}

func TestALostAnswerDoesNotDoubleWhatWasSaid(t *testing.T) {
	s := newSite(t)
	s.LoseAnswers(func(r *http.Request) bool { return r.Method == http.MethodPut })
	p := s.publisher(t)
	say := crier.Saying{ID: id(1), Kind: central.KindNotice, Body: json.RawMessage(`{}`)}
	if _, err := p.Say(t.Context(), say); err == nil {
		t.Fatal("said although the answer was lost")
	}
	s.LoseAnswers(nil)
	if e, err := p.Say(t.Context(), say); err != nil || e.Number != 1 {
		t.Errorf("%+v, %v", e, err)
	}
	if got := s.numbers(t, 0); len(got) != 1 {
		t.Errorf("numbers %v", got)
	}
}

func TestTwoCriersDoNotTakeOneNumber(t *testing.T) {
	s := newSite(t)
	var all sync.WaitGroup
	for who := range 2 {
		p := s.publisher(t)
		all.Go(func() {
			for n := range 10 {
				if _, err := p.Say(t.Context(), crier.Saying{ID: id(who*100 + n), Kind: central.KindNotice, Body: json.RawMessage(`{}`)}); err != nil && !strings.Contains(err.Error(), "others speak") {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	numbers := s.numbers(t, 0)
	for i, n := range numbers {
		if n != int64(i+1) {
			t.Fatalf("numbers %v", numbers)
		}
	}
	if len(numbers) < 10 {
		t.Errorf("only %d events", len(numbers))
	}
}

func TestWhatIsOverIsForgotten(t *testing.T) {
	s := newSite(t)
	now := time.Now()
	p := crier.New(s.Client(t, s.Bureau.ClientTLS(), central.Config{}), s.Bureau.Signing, envelope.SuiteSM, func() time.Time { return now })
	s.publish(t, p, crier.Saying{ID: id(1), Until: now.Add(time.Hour)})
	s.publish(t, p, crier.Saying{ID: id(2), Until: now.Add(3 * time.Hour)})
	s.publish(t, p, crier.Saying{ID: id(3), Until: now.Add(3 * time.Hour)})
	if e := s.publish(t, p, crier.Saying{ID: id(4), Kind: central.KindNoticeWithdrawn, Withdraws: id(2)}); e.Oldest != 1 {
		t.Errorf("oldest %d while 1 is in force", e.Oldest)
	}
	now = now.Add(2 * time.Hour)
	if e := s.publish(t, p, crier.Saying{ID: id(5)}); e.Oldest != 3 {
		t.Errorf("oldest %d, want 3: 1 is over and 2 withdrawn", e.Oldest)
	}
	if got := fmt.Sprint(s.numbers(t, 0)); got != "[3 4 5]" {
		t.Errorf("numbers %s", got)
	}
	fresh := crier.New(s.Client(t, s.Bureau.ClientTLS(), central.Config{}), s.Bureau.Signing, envelope.SuiteSM, func() time.Time { return now })
	if e := s.publish(t, fresh, crier.Saying{ID: id(6)}); e.Number != 6 || e.Oldest != 3 {
		t.Errorf("a publisher that was started anew: %+v", e)
	}
}

func TestOnlyTheBureausOwnWordIsKept(t *testing.T) {
	s := newSite(t)
	first := s.publish(t, s.publisher(t), crier.Saying{ID: id(1)})
	sign := func(by *envelope.Signer, change func(*central.Event)) []byte {
		e := first
		e.Number, e.ID = 2, id(2)
		change(&e)
		signed, err := central.SignEvent(e, by, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		body, err := json.Marshal(signed)
		if err != nil {
			t.Fatal(err)
		}
		return body
	}
	same := func(*central.Event) {}
	bureau := s.Bureau.ClientTLS()
	for what, try := range map[string]struct {
		as     hubtest.Terminal
		body   []byte
		id     string
		status int
	}{
		"by a terminal":       {s.A, sign(s.Bureau.Signing, same), id(2), 403},
		"signed by another":   {hubtest.Terminal{Calling: bureau}, sign(s.A.Signing, same), id(2), 403},
		"under another id":    {hubtest.Terminal{Calling: bureau}, sign(s.Bureau.Signing, same), id(3), 400},
		"a number twice":      {hubtest.Terminal{Calling: bureau}, sign(s.Bureau.Signing, func(e *central.Event) { e.Number = 1 }), id(2), 409},
		"a number left out":   {hubtest.Terminal{Calling: bureau}, sign(s.Bureau.Signing, func(e *central.Event) { e.Number = 3 }), id(2), 409},
		"not an event":        {hubtest.Terminal{Calling: bureau}, []byte(`{"event":"e30=","signature":"AA=="}`), id(2), 403},
		"more than expected":  {hubtest.Terminal{Calling: bureau}, []byte(`{"event":"","signature":"","x":1}`), id(2), 400},
		"too large to be one": {hubtest.Terminal{Calling: bureau}, []byte(`{"event":"` + strings.Repeat("A", 30<<10) + `"}`), id(2), 413},
	} {
		if status, body := s.Ask(t, try.as.Calling, "PUT", "/v1/events/"+try.id, try.body, "Content-Type", "application/json"); status != try.status {
			t.Errorf("%s: %d %s", what, status, body)
		}
	}
	if got := fmt.Sprint(s.numbers(t, 0)); got != "[1]" {
		t.Errorf("numbers %s", got)
	}
	for _, path := range []string{"/v1/events?after=-1", "/v1/events?after=x", "/v1/events?wait=99"} {
		if status, body := s.Ask(t, s.A.Calling, "GET", path, nil); status != 400 {
			t.Errorf("%s: %d %s", path, status, body)
		}
	}
}

func TestWhoListensHearsAtOnce(t *testing.T) {
	s := newSite(t)
	heard := make(chan central.EventPage, 1)
	go func() {
		page, err := s.Client(t, s.B.Calling, central.Config{}).Events(t.Context(), 0)
		if err != nil {
			t.Error(err)
		}
		heard <- page
	}()
	s.publish(t, s.publisher(t), crier.Saying{ID: id(1)})
	if page := <-heard; len(page.Events) != 1 || page.Newest == nil {
		t.Errorf("%+v", page)
	}
}

func TestMoreThanAPageComesInPages(t *testing.T) {
	s := newSite(t)
	p := s.publisher(t)
	for n := range central.EventPageSize + 3 {
		s.publish(t, p, crier.Saying{ID: id(n), Body: json.RawMessage(`{"text":"` + strings.Repeat("字", 2000) + `"}`)})
	}
	if got := s.numbers(t, 0); len(got) != central.EventPageSize {
		t.Errorf("%d at once", len(got))
	}
	if got := fmt.Sprint(s.numbers(t, central.EventPageSize)); got != "[33 34 35]" {
		t.Errorf("the rest: %s", got)
	}
	if e := s.publish(t, s.publisher(t), crier.Saying{ID: id(99)}); e.Number != 36 {
		t.Errorf("a publisher that was started anew says number %d", e.Number)
	}
}

func TestACentralThatForgotItsEventsIsNoticed(t *testing.T) {
	s := newSite(t)
	p := s.publisher(t)
	s.publish(t, p, crier.Saying{ID: id(1)})
	s.publish(t, p, crier.Saying{ID: id(2)})
	s.forget()
	for range 2 { // also after somebody else said something there
		if e, err := p.Say(t.Context(), crier.Saying{ID: id(3), Kind: central.KindNotice, Body: json.RawMessage(`{}`)}); err == nil || !strings.Contains(err.Error(), "lost") {
			t.Errorf("said number %d, %v", e.Number, err)
		}
		s.publish(t, s.publisher(t), crier.Saying{ID: id(4)})
	}
}
