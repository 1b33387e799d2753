package keeper

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"yimen/drivers/device"
	"yimen/kiosk/desk"
	"yimen/kiosk/dossier"
	"yimen/kiosk/envelope"
	"yimen/kiosk/household"
	"yimen/kiosk/outbox"
	"yimen/kiosk/policy"
	"yimen/kiosk/slip/number"
	"yimen/kiosk/typeface"
)

const (
	name   = "王𠮷䶮"
	idCard = "11010519491231002X"
	phone  = "13800000000"
)

// office is a keeper with real rooms around it, and the bureau's key.
type office struct {
	*Keeper
	dir     string
	bureau  *envelope.Opener
	another *envelope.Opener // of the desk for reports
}

func open(t *testing.T, dir string, cfg outbox.Config, numbers string) office {
	t.Helper()
	box, err := outbox.Open(t.Context(), filepath.Join(dir, "outbox"), cfg, slog.New(slog.DiscardHandler))
	must(t, err)
	t.Cleanup(func() { _ = box.Close() })
	issuer, err := number.Open(t.Context(), numbers, "150102", "0001")
	must(t, err)
	t.Cleanup(func() { _ = issuer.Close() })
	faces, err := typeface.Load(typeface.Config{})
	must(t, err)
	t.Cleanup(func() { _ = faces.Close() })
	bureau, err := envelope.GenerateOpener(rand.Reader, envelope.Suites()...)
	must(t, err)
	another, err := envelope.GenerateOpener(rand.Reader, envelope.Suites()...)
	must(t, err)
	signer, err := envelope.GenerateSigner(rand.Reader, envelope.Suites()...)
	must(t, err)
	zone := time.FixedZone("CST", 8*3600)
	to := envelope.Addressees{
		Usual:  []envelope.Recipient{bureau.Recipient()},
		Closed: map[string][]envelope.Recipient{"report": {another.Recipient()}, "objection": nil},
	}
	return office{dir: dir, bureau: bureau, another: another, Keeper: &Keeper{
		Box: box, Numbers: issuer, Faces: faces, To: to, By: signer, Random: rand.Reader,
		Now:   func() time.Time { return time.Date(2026, 11, 22, 23, 30, 0, 0, time.UTC).In(zone) },
		NewID: func() string { return "01k9zqv8w3m5n7p2r4s6t8v0x" + strings.ToLower(rand.Text()[:1]) },
	}}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func draft(t *testing.T) dossier.Draft {
	t.Helper()
	pack, err := policy.Load("../policy/packs/CN-150102")
	must(t, err)
	item, ok := pack.Item("0101")
	if !ok {
		t.Fatal("no item 0101")
	}
	answers := household.Answers{}.
		With(household.Key{Scope: "member", Subject: 1, Fact: "name"}, household.Answer{State: household.Given, Text: name}).
		With(household.Key{Fact: "phone"}, household.Answer{State: household.Given, Text: phone})
	return dossier.Draft{
		Kind: "application", Terminal: "150102-0001", Hall: "示例大厅", Lang: "zh-CN", Pack: pack, Item: item, Answers: answers,
		Card: device.Card{Kind: device.CitizenCard, Name: name, Number: idCard, Sex: "2", Birth: "19491231", ValidFrom: "20200101", LongTerm: true},
	}
}

func TestWhatIsKeptIsTheBureausToReadAndNobodyElses(t *testing.T) {
	for _, suite := range envelope.Suites() {
		t.Run(string(suite), func(t *testing.T) { isTheBureausAlone(t, suite) })
	}
}

func isTheBureausAlone(t *testing.T, suite envelope.Suite) {
	dir := t.TempDir()
	o := open(t, dir, outbox.Config{KeepFree: 1}, dir)
	o.Suite = suite
	kept, err := o.Keep(t.Context(), draft(t))
	must(t, err)
	if !number.Valid(kept.SlipNo) || !strings.Contains(kept.SlipNo, "-20261123-") || len(kept.QueryCode) != 8 {
		t.Errorf("slip %s with code %s: want a number of the hall's own day", kept.SlipNo, kept.QueryCode)
	}
	if found(t, dir, string(suite)) == "" { // how it is sealed is no secret
		t.Error("the search finds nothing at all")
	}
	for _, secret := range []string{name, idCard, phone} {
		if where := found(t, dir, secret); where != "" {
			t.Errorf("%q can be read in %s", secret, where)
		}
	}
	var manifest struct {
		Dossier string `json:"dossier"`
		SlipNo  string `json:"slip_no"`
	}
	must(t, json.Unmarshal(o.opened(t, kept.Dossier, func(e *outbox.Entry) ([]byte, error) { return part(e, o.bureau) }), &manifest))
	if manifest.Dossier != kept.Dossier || manifest.SlipNo != kept.SlipNo {
		t.Errorf("the bureau reads %+v, the slip says %+v", manifest, kept)
	}
}

// opened carries the one entry away, as the courier would, and gives its manifest as read reads it.
func (o office) opened(t *testing.T, id string, read func(*outbox.Entry) ([]byte, error)) (manifest []byte) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var failed error
	ended := make(chan error, 1)
	go func() {
		ended <- o.Box.(*outbox.Outbox).Run(ctx, outbox.CourierFunc(func(_ context.Context, e *outbox.Entry) ([]byte, error) {
			manifest, failed = read(e)
			return []byte("receipt"), failed
		}))
	}()
	if !o.Await(ctx, id) {
		t.Fatal("not delivered")
	}
	stop()
	<-ended
	must(t, failed)
	return manifest
}

// part opens an entry's manifest.
func part(e *outbox.Entry, by *envelope.Opener) ([]byte, error) {
	list, err := envelope.ParseList(e.List())
	if err != nil {
		return nil, err
	}
	r, _, err := e.Part(0)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	sealed, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	return envelope.OpenPart(sealed, list, 0, by)
}

func TestAReportIsKeptForAnotherDeskThanTheBureaus(t *testing.T) {
	dir := t.TempDir()
	o := open(t, dir, outbox.Config{KeepFree: 1}, dir)
	report := draft(t)
	report.Kind = "report"
	kept, err := o.Keep(t.Context(), report)
	must(t, err)
	var refused error
	_ = o.opened(t, kept.Dossier, func(e *outbox.Entry) ([]byte, error) {
		_, refused = part(e, o.bureau)
		return part(e, o.another)
	})
	if !errors.Is(refused, envelope.ErrRecipient) {
		t.Errorf("the bureau opens a report: %v, want ErrRecipient", refused)
	}
	nobodys := draft(t)
	nobodys.Kind = "objection"
	if _, err := o.Keep(t.Context(), nobodys); err == nil {
		t.Error("kept what nobody could read, or for the bureau what is closed to it")
	}
}

// found searches every file under dir for a text as UTF-8 and as the UTF-16 of the card.
func found(t *testing.T, dir, secret string) (where string) {
	t.Helper()
	var wide []byte
	for _, u := range utf16.Encode([]rune(secret)) {
		wide = binary.LittleEndian.AppendUint16(wide, u)
	}
	needles := [][]byte{[]byte(secret), wide}
	must(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		for _, n := range needles {
			if bytes.Contains(b, n) {
				where = path
			}
		}
		return err
	}))
	return where
}

func TestDeliveredIsSaidOnlyAfterCentralsReceipt(t *testing.T) {
	dir := t.TempDir()
	o := open(t, dir, outbox.Config{KeepFree: 1}, dir)
	kept, err := o.Keep(t.Context(), draft(t))
	must(t, err)
	short, stop := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer stop()
	if o.Await(short, kept.Dossier) {
		t.Error("delivered, and nobody carried it away")
	}
	if o.Await(t.Context(), "01k9zqv8w3m5n7p2r4s6t8vzzz") {
		t.Error("delivered, and never kept")
	}
}

func TestAFullOutboxIsFullForTheDeskAndUsesNoNumber(t *testing.T) {
	dir := t.TempDir()
	o := open(t, dir, outbox.Config{KeepFree: 1, MaxEntries: 1}, dir)
	_, err := o.Keep(t.Context(), draft(t))
	must(t, err)
	if err := o.Room(); !errors.Is(err, desk.ErrFull) {
		t.Errorf("room: %v, want desk.ErrFull", err)
	}
	if _, err := o.Keep(t.Context(), draft(t)); !errors.Is(err, desk.ErrFull) {
		t.Errorf("keep: %v, want desk.ErrFull", err)
	}
	if next, err := o.Numbers.Next(t.Context(), o.Now()); err != nil || !strings.Contains(next, "-00002-") {
		t.Errorf("the next number is %s, %v", next, err)
	}
}
