package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image/jpeg"
	"io"
	"log/slog"
	"net/http"
	"os/exec"
	"strings"
	"testing"
	"time"

	"yimen/drivers"
	"yimen/drivers/device"
	"yimen/drivers/emulator/idcard"
)

// terminal opens the bench's devices with the terminal's own drivers: here the two that were written apart meet.
func (r *running) terminal() (*drivers.Terminal, context.Context) {
	r.t.Helper()
	t, err := drivers.Open(drivers.Config{
		IDCard:  &drivers.IDCard{Port: "serial:" + r.IDCard},
		Printer: &drivers.Printer{Port: "serial:" + r.Printer},
		DocCam:  &drivers.DocCam{URL: r.Stream},
	}, blocks{}, slog.New(slog.NewTextHandler(io.Discard, nil)))
	if err != nil {
		r.t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(r.t.Context(), time.Minute)
	ended := make(chan error, 1)
	go func() { ended <- t.Run(ctx) }()
	r.t.Cleanup(func() { cancel(); <-ended })
	return t, ctx
}

// blocks draws every character that the printer's font lacks as a black square.
type blocks struct{}

func (blocks) RasterLine(text string, dots int, _ bool) (device.Bitmap, error) {
	b := device.Bitmap{Width: dots * len([]rune(text)), Height: dots}
	b.Bits = bytes.Repeat([]byte{0xFF}, b.Stride()*b.Height)
	return b, nil
}

func TestDriverReadsEverySampleCard(t *testing.T) {
	r := start(t)
	terminal, ctx := r.terminal()
	for _, c := range cards {
		r.must("POST", "api/card", fmt.Sprintf(`{"id":%q}`, c.ID))
		got, err := terminal.IDCard().Read(ctx)
		if err != nil {
			t.Fatalf("card %s: %v", c.ID, err)
		}
		if d := differs(got, c.Thing); d != "" {
			t.Errorf("card %s is read with another %s", c.ID, d)
		}
		r.must("DELETE", "api/card", "")
		for terminal.IDCard().Media() != device.MediaNotPresent && ctx.Err() == nil {
			time.Sleep(10 * time.Millisecond)
		}
	}
}

// differs names a field that was not read as it stands on the card.
func differs(got device.Card, on idcard.Card) string {
	kind := device.CardKind(on.Kind)
	if on.Kind == idcard.Citizen {
		kind = device.CitizenCard
	}
	address := on.Address
	if on.NewestAddress != "" {
		address = on.NewestAddress
	}
	until := strings.TrimPrefix(on.ValidTo, "长期")
	for name, pair := range map[string][2]string{
		"kind": {string(got.Kind), string(kind)}, "name": {got.Name.Reveal(), on.Name}, "latin name": {got.Latin.Reveal(), on.EnglishName},
		"sex": {got.Sex, on.Sex}, "ethnic group": {got.Ethnic, on.Ethnic}, "birth": {got.Birth.Reveal(), on.Birth},
		"address": {got.Address.Reveal(), address}, "number": {got.Number.Reveal(), on.Number}, "start": {got.ValidFrom, on.ValidFrom},
		"end": {got.ValidTo, until}, "country": {got.Country, on.Country}, "pass number": {got.PassNo.Reveal(), on.PassNumber},
	} {
		if pair[0] != pair[1] {
			return fmt.Sprintf("%s: %q, want %q", name, pair[0], pair[1])
		}
	}
	if got.LongTerm != (until == "" && on.ValidTo != "") {
		return "end: long term"
	}
	return ""
}

func TestDriverNeverReadsAWrongCardOnABadLine(t *testing.T) {
	for _, fault := range []string{"split", "flipped", "wrong-checksum", "noise", "cut-short", "silent", "card-pulled"} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			r := start(t)
			terminal, ctx := r.terminal()
			r.must("POST", "api/fault", fmt.Sprintf(`{"device":"idcard","fault":%q,"on":true,"times":2}`, fault))
			for range 20 {
				r.must("POST", "api/card", `{"id":"rare"}`)
				got, err := terminal.IDCard().Read(ctx)
				if err == nil {
					want, _ := sampleCard("rare")
					if d := differs(got, want); d != "" {
						t.Fatalf("a card was read with another %s", d)
					}
					return
				}
				var f *device.Fault
				if !errors.As(err, &f) {
					t.Fatalf("error %v", err)
				}
				r.must("DELETE", "api/card", "")
			}
			t.Error("the card was never read")
		})
	}
}

func TestLockedReaderIsADefectForTheDriver(t *testing.T) {
	r := start(t)
	terminal, ctx := r.terminal()
	r.must("POST", "api/fault", `{"device":"idcard","fault":"locked","on":true}`)
	if _, err := terminal.IDCard().Read(ctx); !errors.Is(err, device.ErrHardware) {
		t.Errorf("error %v, want a defect", err)
	}
}

// receipt is a slip with something of everything.
func receipt() device.Slip {
	return device.Slip{Rows: []device.Row{
		device.Text{Text: "收件回执", Align: device.Centre, Size: 2, Bold: true},
		device.Columns{Left: "姓名", Right: "王𠮷䶮"},
		device.Columns{Left: "编号", Right: "SA-20240001"},
		device.Rule{},
		device.QR{Data: "SA-20240001", Dots: 160},
		device.Feed{Lines: 2},
	}}
}

// scan reads the code on the paper with zbar.
func (r *running) scan(ctx context.Context) string {
	r.t.Helper()
	a, err := http.Get(r.Panel + "api/paper.png")
	if err != nil {
		r.t.Fatal(err)
	}
	defer a.Body.Close()
	cmd := exec.CommandContext(ctx, "zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", "png:-")
	cmd.Stdin = a.Body
	out, err := cmd.Output()
	if err != nil {
		r.t.Fatalf("zbarimg (Debian package zbar-tools): %v", err)
	}
	return strings.TrimSpace(string(out))
}

func TestDriverPrintsASlipThatCanBeRead(t *testing.T) {
	r := start(t)
	terminal, ctx := r.terminal()
	p, err := terminal.Printer().Print(ctx, receipt())
	if err != nil || !p.Confirmed {
		t.Fatalf("%+v, %v", p, err)
	}
	if got := r.scan(ctx); got != "SA-20240001" {
		t.Errorf("zbar reads %q", got)
	}
	if s := r.must("GET", "api/state", ""); s["printer"].(map[string]any)["slips"] != 1.0 || s["printer"].(map[string]any)["unrecognised"] != nil {
		t.Errorf("the printer says %v", s["printer"])
	}
}

func TestDriverClaimsNothingThatThePrinterDidNotSayAndPrintsOnceItIsCured(t *testing.T) {
	for fault, want := range map[string]error{
		"paper-out": device.ErrPaperOut, "paper-out-mid-slip": device.ErrPaperOut, "cover-open": device.ErrNeedsUser, "cutter-jam": device.ErrJammed,
		"swallows": nil, "mute": nil, "garbage": nil,
	} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			r := start(t)
			terminal, ctx := r.terminal()
			r.must("POST", "api/fault", fmt.Sprintf(`{"device":"printer","fault":%q,"on":true}`, fault))
			p, err := terminal.Printer().Print(ctx, receipt())
			if p.Confirmed || err == nil || want != nil && !errors.Is(err, want) {
				t.Errorf("%+v, %v, want %v", p, err, want)
			}
			for _, f := range []string{fault, "paper-out"} { // paper that ran out is out
				r.must("POST", "api/fault", fmt.Sprintf(`{"device":"printer","fault":%q,"on":false}`, f))
			}
			for !terminal.Printer().Status().Ready() && ctx.Err() == nil {
				time.Sleep(50 * time.Millisecond)
			}
			if p, err := terminal.Printer().Print(ctx, receipt()); err != nil || !p.Confirmed {
				t.Errorf("after the cure: %+v, %v", p, err)
			}
			if got := r.scan(ctx); !strings.HasSuffix(got, "SA-20240001") { // after a jam the slip before hangs on the same paper
				t.Errorf("after the cure zbar reads %q", got)
			}
		})
	}
}

func TestDriverSeesThePageThatLiesThere(t *testing.T) {
	r := start(t)
	terminal, ctx := r.terminal()
	for _, quirk := range []string{"", "no-huffman", "content-length"} {
		if quirk != "" {
			r.must("POST", "api/fault", fmt.Sprintf(`{"device":"doccam","fault":%q,"on":true}`, quirk))
		}
		r.must("POST", "api/page", `{"id":"lease"}`)
		f, err := terminal.DocCam().Capture(ctx)
		if err != nil {
			t.Fatalf("with %q: %v", quirk, err)
		}
		if quirk == "no-huffman" { // image/jpeg refuses such a frame, as it should here
			if bytes.Contains(f.JPEG, []byte{0xFF, 0xC4}) {
				t.Error("the tables are there")
			}
			r.must("POST", "api/fault", `{"device":"doccam","fault":"no-huffman","on":false}`)
			continue
		}
		im, err := jpeg.Decode(bytes.NewReader(f.JPEG))
		if err != nil {
			t.Fatalf("with %q: %v", quirk, err)
		}
		if red, _, _, _ := im.At(160, 215).RGBA(); red < 0x8000 {
			t.Errorf("with %q the frame shows the desk", quirk)
		}
	}
	r.must("POST", "api/unplug", `{"device":"doccam"}`)
	r.must("POST", "api/plug", `{"device":"doccam"}`)
	for {
		if _, err := terminal.DocCam().Capture(ctx); err == nil {
			break
		}
		if ctx.Err() != nil {
			t.Fatal("the camera does not come back")
		}
		time.Sleep(50 * time.Millisecond)
	}
}
