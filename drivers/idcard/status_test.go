package idcard

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"net"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"yimen/drivers/device"
)

// noted are the rows of the note's table of status codes: the code, its frame's end, and what the driver makes of it.
func noted(t *testing.T) (rows map[status]struct{ tail, verdict string }) {
	text, err := os.ReadFile(notes + "README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(text), "\n## Status codes\n")
	table, _, _ = strings.Cut(table, "\n## ")
	rows = map[status]struct{ tail, verdict string }{}
	for _, m := range regexp.MustCompile(`(?m)^\| ([0-9A-F]{2}) \|[^|]*\|([^|]*)\|([^|]*)\|$`).FindAllStringSubmatch(table, -1) {
		sw, _ := hex.DecodeString(m[1])
		rows[status(sw[0])] = struct{ tail, verdict string }{strings.TrimSpace(m[2]), strings.TrimSpace(m[3])}
	}
	if len(rows) != 18 {
		t.Fatalf("the note knows %d status codes", len(rows))
	}
	return rows
}

// verdicts is what the note's words mean for a Read whose card's base read is answered so.
var verdicts = map[string]error{
	"protocol":                     device.ErrProtocol,
	"link fault: sent once more":   device.ErrProtocol,
	"invalid medium":               device.ErrInvalidMedia,
	"invalid medium: lay it again": device.ErrInvalidMedia,
	"defective: call service":      device.ErrHardware,
	"not present, no error":        device.ErrNoMedia,
	"nothing to add":               device.ErrProtocol, // a card without a base part is none
}

func TestEveryStatusCodeComesToWhatTheNoteSays(t *testing.T) {
	for sw, row := range noted(t) {
		if sw == done || sw == cardFound {
			continue
		}
		t.Run(hex.EncodeToString([]byte{byte(sw)}), func(t *testing.T) {
			frame := answerOf(sw)
			tail, err := hex.DecodeString(strings.ReplaceAll(row.tail, " ", ""))
			if err != nil || !bytes.HasSuffix(frame, tail) || len(frame) != 11 {
				t.Fatalf("frame % X, the note says %s", frame, row.tail)
			}
			want, known := verdicts[row.verdict]
			if !known {
				t.Fatalf("nobody says what %q means", row.verdict)
			}
			m := &module{spoil: func(m *module, c net.Conn, cmd command) bool {
				if cmd == readBase {
					c.Write(frame)
				}
				return cmd == readBase
			}}
			on(t, Config{}, m, func(b bench) {
				if card, err := b.read(time.Minute); !errors.Is(err, want) || !card.Number.Empty() {
					b.Errorf("got %v, want %v", err, want)
				}
				m.with(func() {
					if sent := m.count[readBase]; strings.Contains(row.verdict, "once more") && sent < 2 {
						b.Error("not sent once more")
					}
				})
			})
		})
	}
}

func TestFindThatFailsIsNoErrorAndNoCard(t *testing.T) {
	on(t, Config{}, &module{spoil: func(m *module, c net.Conn, cmd command) bool { m.base = nil; return false }}, func(b bench) {
		if _, err := b.read(5 * time.Second); !errors.Is(err, context.DeadlineExceeded) {
			b.Errorf("got %v", err)
		}
		if s := b.r.Status(); !s.Ready() || s.Media != device.MediaNotPresent {
			b.Errorf("status %+v", s)
		}
	})
}

func TestModuleWithoutFingerprintsReadsTheRest(t *testing.T) {
	for _, sw := range []status{unknownCommand, notPermitted} {
		m := &module{spoil: func(m *module, c net.Conn, cmd command) bool {
			if cmd == readPrints {
				c.Write(answerOf(sw))
			}
			return cmd == readPrints
		}}
		on(t, Config{Fingerprint: true, AfterRead: AllowReread}, m, func(b bench) {
			b.mustRead("张测试")
			b.mustRead("张测试")
			m.with(func() {
				if n := m.count[readPrints]; n != 1 {
					b.Errorf("asked %d times for what it does not know", n)
				}
			})
		})
	}
}

// decoder answers with what it was given, or fails.
type decoder struct{ err error }

func (d decoder) Decode(_ context.Context, photo []byte) ([]byte, error) {
	if d.err != nil {
		return nil, d.err
	}
	return append([]byte("png of "), photo[:2]...), nil
}

func TestCardCountsWithoutItsPicture(t *testing.T) {
	for want, d := range map[string]PhotoDecoder{"": nil, "png of WL": decoder{}} {
		on(t, Config{Photo: d}, &module{}, func(b bench) {
			card, err := b.read(time.Minute)
			if err != nil || string(card.Picture) != want || len(card.Photo) != photoLen {
				b.Errorf("picture %q, photo of %d bytes, %v", card.Picture, len(card.Photo), err)
			}
		})
	}
	on(t, Config{Photo: decoder{errors.New("helper crashed")}}, &module{}, func(b bench) {
		card, err := b.read(time.Minute)
		if err != nil || card.Picture != nil || len(card.Photo) != photoLen || card.Name.Empty() {
			b.Errorf("picture %q, %v", card.Picture, err)
		}
	})
}
