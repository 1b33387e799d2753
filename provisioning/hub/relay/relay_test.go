package relay

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"yimen/kiosk/central"
)

func id(n int) string { return fmt.Sprintf("%026d", n) }

func code(err error) central.Code {
	var p *central.Problem
	if errors.As(err, &p) {
		return p.Code
	}
	return ""
}

func TestAnAskAndItsAnswerAreForgottenAfterTheirTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := New(time.Now)
		for n := range 2 {
			if err := r.put("a", id(n), []byte("ask")); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := r.reserve(id(0), int64(len("answer"))); err != nil {
			t.Fatal(err)
		}
		if kept, err := r.keepAnswer(id(0), []byte("answer")); !kept || err != nil {
			t.Fatal(kept, err)
		}
		time.Sleep(central.AskLife - time.Second)
		if answer, err := r.answerOf(t.Context(), "a", id(0)); err != nil || string(answer) != "answer" {
			t.Errorf("before its time: %q, %v", answer, err)
		}
		waiting := make(chan error, 1)
		go func() { _, err := r.answerOf(t.Context(), "a", id(1)); waiting <- err }()
		time.Sleep(2 * time.Second)
		if err := <-waiting; code(err) != central.CodeNotFound {
			t.Errorf("who waits for a forgotten ask is told %v", err)
		}
		if _, err := r.answerOf(t.Context(), "a", id(0)); code(err) != central.CodeNotFound {
			t.Errorf("after its time: %v", err)
		}
		if _, err := r.keepAnswer(id(1), []byte("late")); code(err) != central.CodeNotFound {
			t.Errorf("a late answer: %v", err)
		}
		if len(r.asks)+len(r.order) != 0 || r.reserved != 0 {
			t.Errorf("left behind: %d asks, %d in order, %d bytes", len(r.asks), len(r.order), r.reserved)
		}
	})
}

func TestADeskThatWaitsIsHandedTheNextAskAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := New(time.Now)
		began := time.Now()
		pages := make(chan central.AskPage, 1)
		go func() {
			ctx, stop := context.WithTimeout(t.Context(), time.Minute)
			defer stop()
			pages <- r.open(ctx, "")
		}()
		time.Sleep(10 * time.Second)
		if err := r.put("a", id(1), []byte("ask")); err != nil {
			t.Fatal(err)
		}
		page := <-pages
		if len(page.Asks) != 1 || page.Asks[0].ID != id(1) || page.Asks[0].Terminal != "a" || time.Since(began) != 10*time.Second {
			t.Errorf("%+v after %v", page, time.Since(began))
		}
		ctx, stop := context.WithTimeout(t.Context(), time.Minute)
		defer stop()
		if again := r.open(ctx, page.Next); len(again.Asks) != 0 || again.Next != page.Next || time.Since(began) != 70*time.Second {
			t.Errorf("after the last: %+v after %v", again, time.Since(began))
		}
		if err := r.withdraw("a", id(1)); err != nil { // its timer would keep the bubble
			t.Fatal(err)
		}
	})
}

func TestACursorOfAnotherLifeBeginsWithTheOldest(t *testing.T) {
	before, r := New(time.Now), New(time.Now)
	for n := range central.AskPageSize + 1 {
		for _, one := range []*Relay{before, r} {
			if err := one.put(fmt.Sprint(n%3), id(n), []byte("ask")); err != nil {
				t.Fatal(err)
			}
		}
	}
	gone, stop := context.WithCancel(t.Context())
	stop()
	first := r.open(gone, before.open(gone, "").Next)
	if len(first.Asks) != central.AskPageSize || first.Asks[0].ID != id(0) {
		t.Fatalf("%+v", first)
	}
	if rest := r.open(gone, first.Next); len(rest.Asks) != 1 || rest.Asks[0].ID != id(central.AskPageSize) {
		t.Errorf("%+v", rest)
	}
}

func TestAFloodOfAsksMeetsABoundAndOthersAreServed(t *testing.T) {
	r := New(time.Now)
	for n := range maxTerminal {
		if err := r.put("loud", id(n), []byte("ask")); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.put("loud", id(maxTerminal), []byte("ask")); code(err) != central.CodeBusy {
		t.Errorf("one too many of a terminal: %v", err)
	}
	if err := r.put("loud", id(0), []byte("ask")); err != nil {
		t.Errorf("the same again: %v", err)
	}
	for n := maxTerminal; n < maxAsks; n++ {
		if err := r.put(fmt.Sprint("t", n), id(n), []byte("ask")); err != nil {
			t.Fatalf("another terminal's: %v", err)
		}
	}
	if err := r.put("one more", id(maxAsks), []byte("ask")); code(err) != central.CodeBusy {
		t.Errorf("one too many of all: %v", err)
	}
	if err := r.withdraw("loud", id(3)); err != nil {
		t.Fatal(err)
	}
	if err := r.put("one more", id(maxAsks), []byte("ask")); err != nil {
		t.Errorf("in the room of a withdrawn one: %v", err)
	}
}

func TestAnswersMeetABoundTogether(t *testing.T) {
	r := New(time.Now)
	if err := r.put("a", id(1), []byte("ask")); err != nil {
		t.Fatal(err)
	}
	var releases []func()
	for {
		release, err := r.reserve(id(1), central.MaxAnswer)
		if err != nil {
			if code(err) != central.CodeBusy || len(releases) != maxAnswerByte/central.MaxAnswer {
				t.Errorf("after %d: %v", len(releases), err)
			}
			break
		}
		releases = append(releases, release)
	}
	for _, release := range releases {
		release()
	}
	if r.reserved != 0 {
		t.Errorf("%d bytes of room are gone", r.reserved)
	}
}

func TestTheFirstAnswerStays(t *testing.T) {
	r := New(time.Now)
	if err := r.put("a", id(1), []byte("ask")); err != nil {
		t.Fatal(err)
	}
	if kept, err := r.keepAnswer(id(1), []byte("first")); !kept || err != nil {
		t.Fatal(kept, err)
	}
	if kept, err := r.keepAnswer(id(1), []byte("first")); kept || err != nil {
		t.Errorf("the same again: %v, %v", kept, err)
	}
	if kept, err := r.keepAnswer(id(1), []byte("second")); kept || code(err) != central.CodeConflict {
		t.Errorf("another: %v, %v", kept, err)
	}
	if answer, err := r.answerOf(t.Context(), "a", id(1)); err != nil || !bytes.Equal(answer, []byte("first")) {
		t.Errorf("%q, %v", answer, err)
	}
	if page := r.open(ended(t), ""); len(page.Asks) != 0 {
		t.Errorf("an answered ask is handed out: %+v", page)
	}
}

func ended(t *testing.T) context.Context {
	ctx, stop := context.WithCancel(t.Context())
	stop()
	return ctx
}

func FuzzCursor(f *testing.F) {
	r := New(time.Now)
	f.Add(r.cursor(7))
	f.Add("0123456789abcdef.1")
	f.Add(strings.Repeat("9", 40))
	f.Fuzz(func(t *testing.T, cursor string) {
		if n := r.number(cursor); n != 0 && !strings.HasPrefix(cursor, r.epoch+".") {
			t.Errorf("%q is of another relay and gives %d", cursor, n)
		}
	})
}
