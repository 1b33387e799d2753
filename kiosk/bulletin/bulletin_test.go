package bulletin

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"yimen/kiosk/central"
	"yimen/kiosk/envelope"
)

const terminal = "150102-0001"

func id(n int64) string { return fmt.Sprintf("%026d", n) }

// bureau says events and hands them out as a hub does.
type bureau struct {
	mu    sync.Mutex
	by    *envelope.Signer
	said  []central.SignedEvent
	hides map[int64]bool // numbers that the hub leaves out
	asked []int64        // after which number it was asked
	down  error
}

func newBureau(t testing.TB) *bureau {
	t.Helper()
	by, err := envelope.GenerateSigner(rand.Reader, envelope.SuiteX25519)
	if err != nil {
		t.Fatal(err)
	}
	return &bureau{by: by, hides: map[int64]bool{}}
}

var began = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// say says the next event, changed by hand.
func (b *bureau) say(t testing.TB, change func(*central.Event)) {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	n := int64(len(b.said) + 1)
	e := central.Event{Suite: envelope.SuiteX25519, Number: n, Oldest: 1, ID: id(n), Kind: central.KindNotice, At: began, Body: json.RawMessage(`{}`)}
	if change != nil {
		change(&e)
	}
	signed, err := central.SignEvent(e, b.by, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	b.said = append(b.said, signed)
}

func (b *bureau) Events(_ context.Context, after int64) (central.EventPage, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.asked = append(b.asked, after)
	if b.down != nil {
		return central.EventPage{}, b.down
	}
	var page central.EventPage
	for i, signed := range b.said {
		if n := int64(i + 1); n > after && !b.hides[n] {
			page.Events = append(page.Events, signed)
		}
	}
	if len(b.said) > 0 {
		page.Newest = &b.said[len(b.said)-1]
	}
	return page, nil
}

// line breaks the line with an error, or mends it with nil.
func (b *bureau) line(down error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.down = down
}

func open(t testing.TB, dir string, from *bureau) *Bulletin {
	t.Helper()
	b, err := Open(dir, terminal, from.by.Verifier(), from, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// listen listens once and gives the numbers in force afterwards.
func listen(t testing.TB, b *Bulletin) (string, error) {
	t.Helper()
	_, err := b.Listen(t.Context())
	return numbers(b, began), err
}

func numbers(b *Bulletin, at time.Time) string {
	all := []int64{}
	for _, e := range b.InForce(central.KindNotice, at) {
		all = append(all, e.Number)
	}
	return fmt.Sprint(all)
}

func TestWhatWasSaidHoldsWithoutALine(t *testing.T) {
	from, dir := newBureau(t), t.TempDir()
	from.say(t, nil)
	from.say(t, func(e *central.Event) { e.For = "150102" })
	from.say(t, func(e *central.Event) { e.For = "150102-0002" })
	from.say(t, func(e *central.Event) { e.Kind = "other" })
	b := open(t, dir, from)
	if got, err := listen(t, b); got != "[1 2]" || err != nil || b.Last() != 4 {
		t.Errorf("in force %s, last %d, %v", got, b.Last(), err)
	}
	from.line(errors.New("dead line"))
	if got, err := listen(t, b); got != "[1 2]" || err == nil {
		t.Errorf("without a line: %s, %v", got, err)
	}
	again := open(t, dir, from)
	if got := numbers(again, began); got != "[1 2]" || again.Last() != 4 {
		t.Errorf("after a restart: %s, last %d", got, again.Last())
	}
}

func TestANoticeGoesWhenItIsOverAndComesBackWithARightClock(t *testing.T) {
	from := newBureau(t)
	until := began.Add(7 * 24 * time.Hour)
	from.say(t, func(e *central.Event) { e.Until = &until })
	b := open(t, t.TempDir(), from)
	if _, err := listen(t, b); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		at   time.Time
		want string
	}{{until.Add(-time.Second), "[1]"}, {until, "[]"}, {until.Add(10000 * time.Hour), "[]"}, {began, "[1]"}} {
		if got := numbers(b, c.at); got != c.want {
			t.Errorf("at %v: %s, want %s", c.at, got, c.want)
		}
	}
}

func TestAWithdrawnNoticeIsGone(t *testing.T) {
	from, dir := newBureau(t), t.TempDir()
	b := open(t, dir, from)
	from.say(t, nil)
	from.say(t, nil)
	if got, err := listen(t, b); got != "[1 2]" || err != nil {
		t.Fatal(got, err)
	}
	from.say(t, func(e *central.Event) { e.Kind, e.Withdraws = central.KindNoticeWithdrawn, id(1) })
	if got, err := listen(t, b); got != "[2]" || err != nil || len(b.InForce(central.KindNoticeWithdrawn, began)) != 0 {
		t.Errorf("%s, %v", got, err)
	}
	if got := numbers(open(t, dir, from), began); got != "[2]" {
		t.Errorf("after a restart: %s", got)
	}
}

func TestAReplayIsHarmless(t *testing.T) {
	from := newBureau(t)
	b := open(t, t.TempDir(), from)
	from.say(t, nil)
	from.say(t, func(e *central.Event) { e.Kind, e.Withdraws = central.KindNoticeWithdrawn, id(1) })
	if _, err := listen(t, b); err != nil {
		t.Fatal(err)
	}
	page, err := from.Events(t.Context(), 0) // the withdrawn notice among them
	if err != nil {
		t.Fatal(err)
	}
	page.Events = page.Events[:1]
	if came, err := b.take(page); came || err != nil || numbers(b, began) != "[]" {
		t.Errorf("a replayed notice: %v, %v, in force %s", came, err, numbers(b, began))
	}
}

func TestAnEventLeftOutIsNoticedAndAskedForAgain(t *testing.T) {
	from := newBureau(t)
	b := open(t, t.TempDir(), from)
	for range 4 {
		from.say(t, nil)
	}
	from.hides[3] = true
	if got, err := listen(t, b); got != "[1 2]" || !errors.Is(err, ErrMissing) {
		t.Errorf("%s, %v", got, err)
	}
	from.hides[3] = false
	if got, err := listen(t, b); got != "[1 2 3 4]" || err != nil || fmt.Sprint(from.asked) != "[0 2]" {
		t.Errorf("%s, %v, asked after %v", got, err, from.asked)
	}
}

func TestWhatIsOverForEverybodyMayBeLeftOut(t *testing.T) {
	from := newBureau(t)
	early := open(t, t.TempDir(), from)
	from.say(t, nil)
	if _, err := listen(t, early); err != nil {
		t.Fatal(err)
	}
	from.say(t, func(e *central.Event) { e.Kind, e.Withdraws = central.KindNoticeWithdrawn, id(1) })
	from.say(t, nil)
	from.say(t, func(e *central.Event) { e.Oldest = 3 })
	from.hides[1], from.hides[2] = true, true
	late := open(t, t.TempDir(), from)
	for who, b := range map[string]*Bulletin{"heard the first, never its withdrawal": early, "begins now": late} {
		if got, err := listen(t, b); got != "[3 4]" || err != nil {
			t.Errorf("%s: %s, %v", who, got, err)
		}
	}
}

func TestACentralThatForgotItsEventsIsToldAndWhatIsInForceStays(t *testing.T) {
	from := newBureau(t)
	b := open(t, t.TempDir(), from)
	for range 2 {
		from.say(t, nil)
	}
	if _, err := listen(t, b); err != nil {
		t.Fatal(err)
	}
	for n := 1; n >= 0; n-- {
		from.said = from.said[:n]
		if got, err := listen(t, b); got != "[1 2]" || !errors.Is(err, ErrMissing) {
			t.Errorf("with %d events left: %s, %v", n, got, err)
		}
	}
}

func TestWhatIsNotTheBureausIsNotShown(t *testing.T) {
	from, other := newBureau(t), newBureau(t)
	from.say(t, nil)
	b := open(t, t.TempDir(), from)
	if _, err := listen(t, b); err != nil {
		t.Fatal(err)
	}
	other.say(t, nil)
	other.say(t, nil)
	from.said = append(from.said, other.said[1])
	if got, err := listen(t, b); got != "[1]" || !errors.Is(err, central.ErrEvent) {
		t.Errorf("%s, %v", got, err)
	}
}

func TestADamagedFileIsToldAndCentralIsAskedForAll(t *testing.T) {
	from, dir := newBureau(t), t.TempDir()
	from.say(t, nil)
	b := open(t, dir, from)
	if _, err := listen(t, b); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "events.json")
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for what, bad := range map[string]string{
		"cut":             string(data[:len(data)/2]),
		"another number":  strings.Replace(string(data), `"last":1`, `"last":0`, 1),
		"unsigned":        strings.Replace(string(data), `"signature":"`, `"signature":"AAAA`, 1),
		"more than it is": string(data) + "{}",
	} {
		if err := os.WriteFile(file, []byte(bad), 0o600); err != nil {
			t.Fatal(err)
		}
		var log bytes.Buffer
		damaged, err := Open(dir, terminal, from.by.Verifier(), from, slog.New(slog.NewTextHandler(&log, nil)))
		if err != nil {
			t.Fatal(err)
		}
		if damaged.Last() != 0 || numbers(damaged, began) != "[]" || !strings.Contains(log.String(), "cannot be used") {
			t.Errorf("%s: last %d, in force %s, log %s", what, damaged.Last(), numbers(damaged, began), log.String())
		}
		if got, err := listen(t, damaged); got != "[1]" || err != nil {
			t.Errorf("%s: healed to %s, %v", what, got, err)
		}
	}
}

func TestWhatCannotBeKeptIsNotAccepted(t *testing.T) {
	from, dir := newBureau(t), t.TempDir()
	from.say(t, nil)
	b := open(t, dir, from)
	if err := os.RemoveAll(b.scratch); err != nil { // as on a disk that fails
		t.Fatal(err)
	}
	if came, err := b.Listen(t.Context()); came || err == nil || b.Last() != 0 || numbers(b, began) != "[]" {
		t.Errorf("accepted though it could not be kept: %v, %v, last %d", came, err, b.Last())
	}
}

func TestTroubleIsTriedAgainLessAndLessOften(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		from := newBureau(t)
		b := open(t, t.TempDir(), from)
		ctx, stop := context.WithCancel(t.Context())
		changes, ended := 0, make(chan error, 1)
		go func() { ended <- b.Run(ctx, func() { changes++ }) }()
		from.line(errors.New("dead line"))
		time.Sleep(time.Hour)
		synctest.Wait()
		if tries := len(from.asked); tries < 10 || tries > 40 {
			t.Errorf("%d tries in an hour of a dead line", tries)
		}
		from.line(nil)
		from.say(t, nil)
		time.Sleep(2 * lastRetry)
		synctest.Wait()
		if changes != 1 || numbers(b, began) != "[1]" {
			t.Errorf("%d changes told, in force %s", changes, numbers(b, began))
		}
		stop()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("ended with %v", err)
		}
	})
}

func FuzzParseRecord(f *testing.F) {
	from := newBureau(f)
	from.say(f, nil)
	data, err := writeRecord(1, []entry{{signed: from.said[0]}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte(`{"format":1,"last":0,"events":[]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		last, inside, err := parseRecord(data, from.by.Verifier())
		if err == nil && (last < 0 || int64(len(inside)) > last) {
			t.Errorf("%d events by number %d", len(inside), last)
		}
	})
}
