package scanner

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"yimen/drivers/emulator"
	"yimen/drivers/wire/wiretest"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// golden are the triggers of each dialect as the notes give them.
var golden = map[Dialect]struct{ on, ack, off string }{
	Newland:   {"7E 01 30 30 30 30 23 53 43 4E 54 52 47 31 3B 03", "02 01 30 30 30 30 23 53 43 4E 54 52 47 31 06 3B 03", "7E 01 30 30 30 30 23 53 43 4E 54 52 47 30 3B 03"},
	Honeywell: {"16 54 0D", "", "16 55 0D"},
	Older:     {"01 54 04", "", "01 50 04"},
	GM65:      {"7E 00 08 01 00 02 01 AB CD", "02 00 00 01 00 33 31", "7E 00 08 01 00 02 00 AB CD"},
}

// host is the terminal's end of the line.
type host struct {
	t    *testing.T
	conn net.Conn
}

func plugged(t *testing.T, e *Engine) *host {
	t.Helper()
	line, conn := net.Pipe()
	done := make(chan error, 1)
	go func() { done <- e.Serve(t.Context(), line) }()
	t.Cleanup(func() {
		conn.Close()
		line.Close()
		if err := <-done; err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrClosedPipe) && !errors.Is(err, context.Canceled) {
			t.Errorf("the engine ended with %v", err)
		}
	})
	return &host{t: t, conn: conn}
}

func (h *host) send(s string) {
	h.t.Helper()
	if _, err := h.conn.Write(unhex(h.t, s)); err != nil {
		h.t.Fatal(err)
	}
}

// hears is everything that comes within d.
func (h *host) hears(d time.Duration) []byte {
	h.t.Helper()
	if err := h.conn.SetReadDeadline(time.Now().Add(d)); err != nil {
		h.t.Fatal(err)
	}
	got, err := io.ReadAll(h.conn)
	if err == nil {
		h.t.Fatal("the line ended")
	}
	return got
}

func engine(t *testing.T, d Dialect) *Engine {
	t.Helper()
	e, err := New(d)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestTriggeredEngineSendsWhatIsHeldBeforeItOnce(t *testing.T) {
	for d, g := range golden {
		t.Run(string(d), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				e := engine(t, d)
				h := plugged(t, e)
				if err := e.Hold([]byte("SA-20240001")); err != nil {
					t.Fatal(err)
				}
				if got := h.hears(time.Second); len(got) > 0 {
					t.Errorf("without a trigger it says % X", got)
				}
				h.send(g.on)
				if got, want := h.hears(e.Light/2), append(unhex(t, g.ack), "SA-20240001\r\n"...); !bytes.Equal(got, want) {
					t.Errorf("got  %q\nwant %q", got, want)
				}
				if e.Lit() {
					t.Error("it still looks after it has read")
				}
				if err := e.Hold([]byte("next")); err != nil {
					t.Fatal(err)
				}
				if got := h.hears(e.Light); len(got) > 0 {
					t.Errorf("untriggered it reads %q", got)
				}
			})
		})
	}
}

func TestEngineLooksUntilACodeComesOrItIsStopped(t *testing.T) {
	for d, g := range golden {
		t.Run(string(d), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				e := engine(t, d)
				h := plugged(t, e)
				h.send(g.on)
				h.hears(e.Light / 2)
				if !e.Lit() {
					t.Error("it does not look")
				}
				if err := e.Hold([]byte("late")); err != nil {
					t.Fatal(err)
				}
				if got := h.hears(time.Second); string(got) != "late\r\n" {
					t.Errorf("a code held during the look is read as %q", got)
				}
				e.Drop()
				h.send(g.on)
				h.hears(time.Second)
				h.send(g.off)
				h.hears(time.Second)
				if err := e.Hold([]byte("later")); err != nil {
					t.Fatal(err)
				}
				if got := h.hears(time.Second); len(got) > 0 {
					t.Errorf("after it was stopped it reads %q", got)
				}
				e.Drop()
				h.send(g.on)
				h.hears(e.Light + time.Second)
				if e.Lit() {
					t.Error("it looks for ever")
				}
			})
		})
	}
}

func TestSettingsAreAnsweredByTheirDialect(t *testing.T) {
	for _, c := range []struct {
		d            Dialect
		send, answer string
	}{
		{GM65, "7E 00 09 01 00 00 00 DE C8", "02 00 00 01 00 33 31"},
		{GM65, "7E 00 09 01 00 00 00 DE C9", "02 00 01 01 00 04 01"}, // wrong CRC
		{GM65, "7E 00 0A 01 00 00 00 AB CD", "02 00 03 01 00 6A 61"}, // no such type
		{Newland, hex.EncodeToString([]byte("\x7e\x010000@SCNTRG9;\x03")), hex.EncodeToString([]byte("\x02\x010000@SCNTRG9\x15;\x03"))},
		{Newland, hex.EncodeToString([]byte("\x7e\x010000#NOSUCH1;\x03")), hex.EncodeToString([]byte("\x02\x010000#NOSUCH1\x05;\x03"))},
		{Newland, golden[GM65].on, ""},
		{Honeywell, golden[Newland].on, ""},
		{Older, golden[Honeywell].on, ""},
		{GM65, golden[Newland].on, ""},
	} {
		synctest.Test(t, func(t *testing.T) {
			e := engine(t, c.d)
			h := plugged(t, e)
			h.send(c.send)
			if got := h.hears(time.Second); !bytes.Equal(got, unhex(t, c.answer)) {
				t.Errorf("%s answers %s by % X", c.d, c.send, got)
			}
			if e.Lit() {
				t.Errorf("%s was triggered by %s", c.d, c.send)
			}
		})
	}
}

func TestBadDaysOfAnEngine(t *testing.T) {
	ack := string(unhex(t, golden[Newland].ack))
	nak := strings.Replace(ack, "\x06", "\x15", 1)
	for f, right := range map[emulator.Fault]func(string) bool{
		Silent:       func(s string) bool { return s == "" },
		Refused:      func(s string) bool { return s == nak },
		Split:        func(s string) bool { return s == ack+"SA-20240001\r\n" },
		NoTerminator: func(s string) bool { return s == ack+"SA-20240001" },
		Garbage: func(s string) bool {
			return strings.HasPrefix(s, ack) && strings.HasSuffix(s, "\r\n") && !strings.Contains(s, "SA-")
		},
	} {
		t.Run(string(f), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				e := engine(t, Newland)
				if err := errors.Join(e.Hold([]byte("SA-20240001")), e.Faults.Set(f, emulator.UntilOff)); err != nil {
					t.Fatal(err)
				}
				h := plugged(t, e)
				h.send(golden[Newland].on)
				if got := string(h.hears(10 * time.Second)); !right(got) {
					t.Errorf("it says %q", got)
				}
			})
		})
	}
}

func TestOnlyWhatFitsInACodeCanBeHeld(t *testing.T) {
	e := engine(t, GM65)
	for _, n := range []int{0, LongestCode + 1} {
		if e.Hold(make([]byte, n)) == nil {
			t.Errorf("%d bytes are held", n)
		}
	}
	if _, err := New("klingon"); err == nil {
		t.Error("an engine of no known dialect was made")
	}
}

func TestRecordingsAreAnsweredAsRecorded(t *testing.T) {
	for d, held := range map[Dialect]struct{ code, terminator string }{
		Newland: {"\xB0\xEC\xC0\xED\xC2\xEBSA-20240001", "\r\n"}, // GBK
		GM65:    {"办理码SA-20240001", ""}, Honeywell: {"SA-20240001", "\r"},
	} {
		t.Run(string(d), func(t *testing.T) {
			rec, err := wiretest.Load("../../../firmware-notes/qr-engine/" + string(d) + ".wire")
			if err != nil {
				t.Fatal(err)
			}
			e := engine(t, d)
			e.Terminator = held.terminator
			if err := e.Hold([]byte(held.code)); err != nil {
				t.Fatal(err)
			}
			if err := rec.PlayHost(plugged(t, e).conn); err != nil {
				t.Error(err)
			}
		})
	}
}

func FuzzParser(f *testing.F) {
	for i, d := range []Dialect{Newland, Honeywell, GM65, Older} {
		f.Add(byte(i), unhex(f, golden[d].on))
		f.Add(byte(i), append([]byte{0x7E}, unhex(f, golden[d].off)...))
	}
	f.Fuzz(func(t *testing.T, which byte, b []byte) {
		p := parser{dialect: []Dialect{Newland, Honeywell, GM65, Older}[which%4]}
		p.feed(b)
		for {
			before := len(p.buf)
			if _, ok := p.next(); !ok {
				break
			}
			if len(p.buf) >= before {
				t.Fatal("the parser does not move on")
			}
		}
		if len(p.buf) >= longestCommand {
			t.Fatalf("%d bytes are kept", len(p.buf))
		}
	})
}
