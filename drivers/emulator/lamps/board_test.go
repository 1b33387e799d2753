package lamps

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

func plugged(t *testing.T, b *Board) net.Conn {
	t.Helper()
	line, host := net.Pipe()
	done := make(chan error, 1)
	go func() { done <- b.Serve(t.Context(), line) }()
	t.Cleanup(func() {
		host.Close()
		line.Close()
		if err := <-done; err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrClosedPipe) && !errors.Is(err, context.Canceled) {
			t.Errorf("the board ended with %v", err)
		}
	})
	return host
}

// ask sends a command and gives everything that comes within a second.
func ask(t *testing.T, host net.Conn, command []byte) []byte {
	t.Helper()
	if _, err := host.Write(command); err != nil {
		t.Fatal(err)
	}
	if err := host.SetReadDeadline(time.Now().Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(host)
	if err == nil {
		t.Fatal("the line ended")
	}
	return got
}

const (
	on  = "01 05 00 00 FF 00 8C 3A"
	off = "01 05 00 00 00 00 CD CA"
)

func TestGoldenCommandsSwitchAndAreEchoed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := New()
		host := plugged(t, b)
		for _, s := range []struct {
			send, want string
			lit        [Channels]bool
		}{
			{on, on, [Channels]bool{true}},
			{"01 05 00 02 FF 00 2D FA", "01 05 00 02 FF 00 2D FA", [Channels]bool{0: true, 2: true}},
			{"01 01 00 00 00 08 3D CC", "01 01 01 05 91 8B", [Channels]bool{0: true, 2: true}},
			{off, off, [Channels]bool{2: true}},
		} {
			if got := ask(t, host, unhex(t, s.send)); !bytes.Equal(got, unhex(t, s.want)) {
				t.Errorf("%s is answered by % X", s.send, got)
			}
			if b.Lit() != s.lit {
				t.Errorf("after %s the lamps are %v", s.send, b.Lit())
			}
		}
	})
}

func TestCRCOfPublishedFrames(t *testing.T) {
	for frame, want := range map[string]string{"01 02 00 00 00 08": "79 CC", "01 02 01 05": "61 8B"} {
		if got := sealed(unhex(t, frame)...); !bytes.HasSuffix(got, unhex(t, want)) {
			t.Errorf("%s ends in % X", frame, got[len(got)-2:])
		}
	}
}

func TestWrongCommandsAreRefusedAsModbusSays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := New()
		host := plugged(t, b)
		for command, want := range map[string][]byte{
			"01 05 00 08 FF 00": sealed(1, 0x85, 2), // no such relay
			"01 05 00 00 12 34": sealed(1, 0x85, 3), // neither on nor off
			"01 01 00 00 00 09": sealed(1, 0x81, 2),
			"01 01 00 00 00 00": sealed(1, 0x81, 3),
			"01 03 00 00 00 01": sealed(1, 0x83, 1), // no registers here
			"02 05 00 00 FF 00": nil,                // another station
		} {
			if got := ask(t, host, sealed(unhex(t, command)...)); !bytes.Equal(got, want) {
				t.Errorf("%s is answered by % X, want % X", command, got, want)
			}
		}
		broken := unhex(t, on)
		broken[7] ^= 1
		if got := ask(t, host, broken); len(got) > 0 {
			t.Errorf("a wrong checksum is answered by % X", got)
		}
		if b.Lit() != [Channels]bool{} {
			t.Errorf("refused commands have switched: %v", b.Lit())
		}
		for _, half := range [][]byte{unhex(t, on)[:5], unhex(t, on)[5:]} { // a silence between them
			if got := ask(t, host, half); len(got) > 0 || b.Lit()[0] {
				t.Errorf("half a command is answered by % X, the lamps are %v", got, b.Lit())
			}
		}
		if got := ask(t, host, unhex(t, on)); !bytes.Equal(got, unhex(t, on)) {
			t.Errorf("after half a command and a silence, a whole one is answered by % X", got)
		}
	})
}

func TestBadDaysOfABoard(t *testing.T) {
	first := [Channels]bool{true}
	none := [Channels]bool{}
	echo := string(unhex(t, on))
	for f, want := range map[emulator.Fault]struct {
		says string
		lit  [Channels]bool
	}{
		Silent: {"", none}, Deaf: {"", first}, Split: {echo, first}, WrongCRC: {echo[:7] + "\x6F", first},
		Exception: {string(sealed(1, 0x85, 4)), none}, Stuck: {echo, none}, Broken: {echo, none},
	} {
		t.Run(string(f), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := New()
				if err := b.Faults.Set(f, emulator.UntilOff); err != nil {
					t.Fatal(err)
				}
				host := plugged(t, b)
				if got := ask(t, host, unhex(t, on)); string(got) != want.says {
					t.Errorf("it says % X", got)
				}
				if b.Lit() != want.lit {
					t.Errorf("the lamps are %v", b.Lit())
				}
			})
		})
	}
}

func TestBlindBoardKnowsNoReading(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := New()
		if err := b.Faults.Set(Blind, emulator.UntilOff); err != nil {
			t.Fatal(err)
		}
		if got := ask(t, plugged(t, b), unhex(t, "01 01 00 00 00 08 3D CC")); !bytes.Equal(got, sealed(1, 0x81, 1)) {
			t.Errorf("it says % X", got)
		}
	})
}

func TestRecordingIsAnsweredAsRecorded(t *testing.T) {
	rec, err := wiretest.Load("../../../firmware-notes/relay-board/modbus-8.wire")
	if err != nil {
		t.Fatal(err)
	}
	if err := rec.PlayHost(plugged(t, New())); err != nil {
		t.Error(err)
	}
}

func TestLampsGoOutWithThePower(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := New()
		host := plugged(t, b)
		ask(t, host, unhex(t, on))
		host.Close()
		synctest.Wait()
		if b.Lit() != [Channels]bool{} {
			t.Error("a board without power lights")
		}
	})
}

func FuzzCut(f *testing.F) {
	f.Add(unhex(f, on))
	f.Add(append([]byte{1, 5, 0}, unhex(f, off)...))
	f.Fuzz(func(t *testing.T, b []byte) {
		for {
			frame, rest, ok := cut(b)
			if !ok {
				if len(rest) >= commandLength {
					t.Fatalf("%d bytes are kept", len(rest))
				}
				return
			}
			if len(rest) >= len(b) || len(frame) != commandLength-2 {
				t.Fatal("the line does not move on")
			}
			b = rest
		}
	})
}
