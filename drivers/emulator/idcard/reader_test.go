package idcard

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"yimen/drivers/emulator"
)

// golden are the specimens of firmware-notes/sam-v "Golden frames".
var golden = []struct {
	label   string
	card    Card
	chk, fp byte
	sha     string
}{
	{"citizen", Card{Name: "张测试", Sex: "2", Ethnic: "01", Birth: "19491231", Address: "北京市朝阳区测试街道1号", Number: "11010519491231002X",
		Issuer: "北京市公安局朝阳分局", ValidFrom: "20200101", ValidTo: "20400101"}, 0x96, 0xB8,
		"5f408c3b2169e2504e25c9dc58aa2cd644b6cb1518ceb99668096dcbd12d82c2"},
	{"citizen without end", Card{Name: "李长期", Sex: "1", Ethnic: "03", Birth: "18800101", Address: "广东省汕头市测试路2号", Number: "440524188001010014",
		Issuer: "汕头市公安局测试分局", ValidFrom: "20100101", ValidTo: "长期"}, 0x9D, 0xB3,
		"f0b8bb9d3a400b96a0559db46f696d6fee2733b4dcc9b484b22ba34d7693e199"},
	{"I", Card{Kind: Foreigner2017, EnglishName: "TEST, JOHN", Sex: "1", Number: "SAU320185010109", Country: "SAU", Name: "测约翰",
		ValidFrom: "20180101", ValidTo: "20280101", Birth: "19850101", Version: "01", Issuer: "3200"}, 0xDB, 0xF5,
		"983c9d376b871cbc629938cf5fc167d92860d9375aae6352ce7f36672c9a6669"},
	{"J", Card{Kind: HongKongMacauTwn, Name: "陈测港", Sex: "2", Birth: "18800101", Address: "广东省深圳市福田区测试路3号", Number: "810000188001010023",
		Issuer: "深圳市公安局福田分局", ValidFrom: "20190101", ValidTo: "20240101", PassNumber: "H12345678", Issues: "01"}, 0x35, 0x1B,
		"8655f9f87dede4966478dc397b2d461af9c2f2c24c4a07ec73e1aaa6b1f9e2fb"},
	{"Y", Card{Kind: Foreigner2023, Name: "测约翰", Sex: "1", Issues: "00", Birth: "19850101", EnglishName: "TEST, JOHN", Number: "932682198501010017",
		ValidFrom: "20231201", ValidTo: "20331130", Country: "SAU", OldNumber: "010"}, 0xBD, 0x93,
		"0dc4beecfc9fadc910f6991f9894ae9733f3b393bb30baac00884148fed0bd10"},
}

func TestGoldenCardsAreReadByteForByte(t *testing.T) {
	for _, g := range golden {
		t.Run(g.label, func(t *testing.T) {
			frame := answerFrame(StatusOK, g.card.base(false))
			if len(frame) != 1295 || frame[1294] != g.chk {
				t.Errorf("base frame is %d bytes, checksum %02X, want 1295 and %02X", len(frame), frame[len(frame)-1], g.chk)
			}
			if sum := sha256.Sum256(frame); hex.EncodeToString(sum[:]) != g.sha {
				t.Errorf("base frame has SHA-256 %x", sum)
			}
			frame = answerFrame(StatusOK, g.card.base(true))
			if len(frame) != 2321 || frame[2320] != g.fp {
				t.Errorf("fingerprint frame is %d bytes, checksum %02X, want 2321 and %02X", len(frame), frame[len(frame)-1], g.fp)
			}
		})
	}
}

func TestGoldenNewestAddress(t *testing.T) {
	frame := answerFrame(StatusOK, Card{NewestAddress: "北京市西城区测试新址9号"}.address())
	sum := sha256.Sum256(frame)
	if len(frame) != 81 || frame[80] != 0x21 || hex.EncodeToString(sum[:]) != "bdb5e33b7efa84217e3f389f60ef5b2afc30f296e6b5f35184416171b887d3a3" {
		t.Errorf("%d bytes, % X", len(frame), frame)
	}
}

func TestGoldenStatusAndIdentityFrames(t *testing.T) {
	for want, frame := range map[string][]byte{
		"AAAAAA9669000400009094":                                 answerFrame(StatusOK, nil),
		"AAAAAA9669000400006662":                                 answerFrame(StatusLocked, nil),
		"AAAAAA9669000400008084":                                 answerFrame(StatusNotFound, nil),
		"AAAAAA9669000800009F0000000097":                         answerFrame(StatusCardFound, make([]byte, 4)),
		"AAAAAA9669000C00009000000000000000009C":                 answerFrame(StatusOK, make([]byte, 8)),
		"AAAAAA9669001400009005000300E5D6340139300000B168DE3AB0": answerFrame(StatusOK, samID),
	} {
		if got := strings.ToUpper(hex.EncodeToString(frame)); got != want {
			t.Errorf("frame %s, want %s", got, want)
		}
	}
}

// command frames a request.
func command(b ...byte) []byte {
	f := append(bytes.Clone(preamble[:]), 0, byte(len(b)+1))
	f = append(f, b...)
	return append(f, xor(f[5:]))
}

// plugged serves r on one end of a pipe and gives the other; the link closes with the test.
func plugged(t *testing.T, serve func(io.ReadWriter) error) net.Conn {
	t.Helper()
	device, host := net.Pipe()
	done := make(chan error, 1)
	go func() { done <- serve(device) }()
	t.Cleanup(func() {
		host.Close()
		device.Close()
		if err := <-done; err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrClosedPipe) && !errors.Is(err, context.Canceled) {
			t.Errorf("the device ended with %v", err)
		}
	})
	return host
}

// ask sends a command and gives SW3 of the answer and its data.
func ask(t *testing.T, host net.Conn, cmd []byte) (Status, []byte) {
	t.Helper()
	if _, err := host.Write(cmd); err != nil {
		t.Fatal(err)
	}
	head := make([]byte, 7)
	if _, err := io.ReadFull(host, head); err != nil {
		t.Fatal(err)
	}
	body := make([]byte, int(head[5])<<8|int(head[6]))
	if _, err := io.ReadFull(host, body); err != nil {
		t.Fatal(err)
	}
	return Status(body[2]), body[3 : len(body)-1]
}

var (
	reset = command(0x10, 0xFF)
	find  = command(0x20, 0x01)
	sel   = command(0x20, 0x02)
	read  = command(0x30, 0x01)
	addr  = command(0x30, 0x03)
)

func TestReaderKeepsToFindSelectRead(t *testing.T) {
	type step struct {
		cmd  []byte // nil lays the card, an empty one takes it
		want Status
	}
	take := []byte{}
	cases := map[string][]step{
		"no card":                        {{find, StatusNotFound}, {sel, StatusNotSelected}, {read, StatusReadFailed}, {addr, StatusReadFailed}},
		"in order":                       {{nil, 0}, {find, StatusCardFound}, {sel, StatusOK}, {read, StatusOK}, {addr, StatusNoContent}},
		"select without find":            {{nil, 0}, {sel, StatusNotSelected}},
		"read without select":            {{nil, 0}, {find, StatusCardFound}, {read, StatusReadFailed}},
		"find again while it lies there": {{nil, 0}, {find, StatusCardFound}, {sel, StatusOK}, {read, StatusOK}, {find, StatusNotFound}, {sel, StatusNotSelected}, {read, StatusOK}},
		"removal":                        {{nil, 0}, {find, StatusCardFound}, {sel, StatusOK}, {addr, StatusNoContent}, {take, 0}, {addr, StatusReadFailed}, {find, StatusNotFound}},
		"laid again":                     {{nil, 0}, {find, StatusCardFound}, {sel, StatusOK}, {take, 0}, {nil, 0}, {find, StatusCardFound}},
		"reset":                          {{nil, 0}, {find, StatusCardFound}, {sel, StatusOK}, {reset, StatusOK}, {read, StatusReadFailed}, {find, StatusCardFound}},
		"unknown":                        {{command(0x77, 0x01), StatusUnknown}, {command(0x20, 0x09), StatusUnknown}},
		"rates":                          {{command(0x60, 0x04), StatusOK}, {command(0x60, 0x05), StatusUnknown}, {command(0x61, 0xFF, 0x50), StatusOK}, {command(0x61, 0xFF, 0x10), StatusUnknown}},
		"too long":                       {{append(bytes.Clone(preamble[:]), 0, 9, 0x20), StatusBadLength}},
		"bad checksum":                   {{append(bytes.Clone(preamble[:]), 0, 3, 0x20, 0x01, 0x99), StatusBadChecksum}},
	}
	for label, steps := range cases {
		t.Run(label, func(t *testing.T) {
			r := NewReader()
			r.ByteTime = 0
			host := plugged(t, func(l io.ReadWriter) error { return r.Serve(t.Context(), l) })
			for i, s := range steps {
				switch {
				case s.cmd == nil:
					r.Lay(golden[0].card)
				case len(s.cmd) == 0:
					r.Take()
				default:
					if got, _ := ask(t, host, s.cmd); got != s.want {
						t.Fatalf("step %d answers %02X, want %02X", i, got, s.want)
					}
				}
			}
		})
	}
}

func TestEveryStatusCanBeOrdered(t *testing.T) {
	r := NewReader()
	r.ByteTime = 0
	r.Lay(golden[0].card)
	host := plugged(t, func(l io.ReadWriter) error { return r.Serve(t.Context(), l) })
	for _, sw := range []Status{StatusNotPermitted, StatusUnidentified, StatusCardRejectSAM, StatusSAMRejectCard, StatusMAC, StatusUnknownCard, StatusRandom, StatusSelfTest} {
		r.Answer(sw)
		if got, _ := ask(t, host, find); got != sw {
			t.Errorf("answers %02X, want %02X", got, sw)
		}
	}
	r.Answer(0)
	if got, _ := ask(t, host, find); got != StatusCardFound {
		t.Errorf("answers %02X after the order ended", got)
	}
}

func TestFaultHappensSoManyTimes(t *testing.T) {
	r := NewReader()
	r.ByteTime = 0
	r.Lay(golden[0].card)
	host := plugged(t, func(l io.ReadWriter) error { return r.Serve(t.Context(), l) })
	if err := r.Faults.Set(CardPulled, 1); err != nil {
		t.Fatal(err)
	}
	for _, want := range []Status{StatusReadFailed, StatusOK} {
		r.Lay(golden[0].card)
		ask(t, host, find)
		ask(t, host, sel)
		if got, _ := ask(t, host, read); got != want {
			t.Errorf("read answers %02X, want %02X", got, want)
		}
		if _, there := r.Card(); there != (want == StatusOK) {
			t.Errorf("after answer %02X the card is there: %v", want, there)
		}
	}
	if err := r.Faults.Set("on fire", 1); err == nil {
		t.Error("a fault that the reader does not have was accepted")
	}
}

func TestSpoiledAnswersAreSpoiled(t *testing.T) {
	whole := answerFrame(StatusOK, golden[0].card.base(false))
	for f, spoiled := range map[emulator.Fault]func([]byte) bool{
		Flipped:       func(b []byte) bool { return len(b) == len(whole) && !bytes.Equal(b, whole) },
		WrongChecksum: func(b []byte) bool { return bytes.Equal(b[:1294], whole[:1294]) && b[1294] != whole[1294] },
		CutShort:      func(b []byte) bool { return bytes.HasPrefix(whole, b) && len(b) < len(whole) },
		Noise:         func(b []byte) bool { return bytes.HasSuffix(b, whole) && len(b) > len(whole) },
	} {
		r := NewReader()
		if err := r.Faults.Set(f, emulator.UntilOff); err != nil {
			t.Fatal(err)
		}
		if got := r.spoil(whole); !spoiled(got) {
			t.Errorf("%s leaves % X", f, got)
		}
	}
}

func TestAnswerTakesItsTimeOnTheWire(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := NewReader()
		r.Lay(golden[0].card)
		host := plugged(t, func(l io.ReadWriter) error { return r.Serve(t.Context(), l) })
		ask(t, host, find)
		ask(t, host, sel)
		began := time.Now()
		ask(t, host, read)
		if took := time.Since(began).Round(time.Millisecond); took != 112*time.Millisecond {
			t.Errorf("1295 bytes at 115200 baud took %v, want 112ms", took)
		}
		if err := r.Faults.Set(Late, 1); err != nil {
			t.Fatal(err)
		}
		began = time.Now()
		ask(t, host, addr)
		if took := time.Since(began); took < r.Late {
			t.Errorf("a late answer took %v", took)
		}
	})
}

func FuzzParser(f *testing.F) {
	f.Add(find)
	f.Add(append([]byte{0xAA, 0xAA, 0xAA}, read...))
	f.Add([]byte("\xAA\xAA\xAA\x96\x69\x00\x05\x05\x05\x05"))
	f.Fuzz(func(t *testing.T, b []byte) {
		var p parser
		p.feed(b)
		for {
			before := len(p.buf)
			cmd, refused, ok := p.next()
			if !ok {
				break
			}
			if refused == 0 && (len(cmd) == 0 || len(cmd) > longestCommand) {
				t.Fatalf("command of %d bytes", len(cmd))
			}
			if len(p.buf) >= before {
				t.Fatal("the parser does not move on")
			}
		}
	})
}
