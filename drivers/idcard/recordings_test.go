package idcard

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"log/slog"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"yimen/drivers/device"
	"yimen/drivers/wire"
	"yimen/drivers/wire/wiretest"
)

const notes = "../../firmware-notes/sam-v/"

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// golden is what each recording's card says, and the digest of its answer to readBase.
var golden = []struct {
	file, sha256 string
	card         device.Card
}{
	{"citizen.wire", "5f408c3b2169e2504e25c9dc58aa2cd644b6cb1518ceb99668096dcbd12d82c2", device.Card{
		Kind: device.CitizenCard, Name: "张测试", Sex: "2", Ethnic: "01", Birth: "19491231", Address: "北京市西城区测试新址9号",
		Number: "11010519491231002X", Issuer: "北京市公安局朝阳分局", ValidFrom: "20200101", ValidTo: "20400101"}},
	{"citizen-long-term.wire", "f0b8bb9d3a400b96a0559db46f696d6fee2733b4dcc9b484b22ba34d7693e199", device.Card{
		Kind: device.CitizenCard, Name: "李长期", Sex: "1", Ethnic: "03", Birth: "18800101", Address: "广东省汕头市测试路2号",
		Number: "440524188001010014", Issuer: "汕头市公安局测试分局", ValidFrom: "20100101", LongTerm: true}},
	{"foreigner-2017.wire", "983c9d376b871cbc629938cf5fc167d92860d9375aae6352ce7f36672c9a6669", device.Card{
		Kind: device.ForeignCard2017, Name: "测约翰", Latin: "TEST, JOHN", Sex: "1", Birth: "19850101", Number: "SAU320185010109",
		Issuer: "3200", ValidFrom: "20180101", ValidTo: "20280101", Country: "SAU", Issues: "01"}},
	{"hmt-residence.wire", "8655f9f87dede4966478dc397b2d461af9c2f2c24c4a07ec73e1aaa6b1f9e2fb", device.Card{
		Kind: device.HMTResidence, Name: "陈测港", Sex: "2", Birth: "18800101", Address: "广东省深圳市福田区测试路3号",
		Number: "810000188001010023", Issuer: "深圳市公安局福田分局", ValidFrom: "20190101", ValidTo: "20240101", PassNo: "H12345678", Issues: "01"}},
	{"foreigner-2023.wire", "0dc4beecfc9fadc910f6991f9894ae9733f3b393bb30baac00884148fed0bd10", device.Card{
		Kind: device.ForeignCard2023, Name: "测约翰", Latin: "TEST, JOHN", Sex: "1", Birth: "19850101", Number: "932682198501010017",
		ValidFrom: "20231201", ValidTo: "20331130", Country: "SAU", Issues: "00", OldNumber: "SAU320185010109"}},
}

// base is the recorded answer to readBase.
func base(t testing.TB, file string) []byte {
	rec, err := wiretest.Load(notes + file)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range rec {
		if len(b.Bytes) == 1295 {
			return b.Bytes
		}
	}
	t.Fatalf("%s holds no answer to readBase", file)
	return nil
}

// pipe is a Port that hands out one end of a net.Pipe at each Open and gives the other to device.
type pipe struct{ device func(net.Conn) }

func (p pipe) Open() (wire.Conn, error) {
	host, dev := net.Pipe()
	go func() {
		defer dev.Close()
		p.device(dev)
	}()
	return host, nil
}

func (p pipe) String() string { return "pipe" }

func TestEveryRecordedCardIsReadAsItIsPrinted(t *testing.T) {
	for _, g := range golden {
		t.Run(g.file, func(t *testing.T) {
			sum := sha256.Sum256(base(t, g.file))
			if got := hex.EncodeToString(sum[:]); got != g.sha256 {
				t.Fatalf("recording has digest %s", got)
			}
			played(t, g.file, Config{}, func(card device.Card) { same(t, card, g.card) })
		})
	}
}

func TestFingerprintIsReadWhereConfigSaysSo(t *testing.T) {
	for file, length := range map[string]int{"citizen-fingerprint.wire": 1024, "citizen-no-fingerprint.wire": 0} {
		t.Run(file, func(t *testing.T) {
			played(t, file, Config{Fingerprint: true}, func(card device.Card) {
				same(t, card, golden[0].card)
				if len(card.Fingerprint) != length || length > 1 && card.Fingerprint[1] != 6 {
					t.Errorf("fingerprint of %d bytes", len(card.Fingerprint))
				}
			})
		})
	}
}

// played lets a reader that is asked before it runs meet the recorded device.
func played(t *testing.T, file string, cfg Config, check func(device.Card)) {
	t.Helper()
	rec, err := wiretest.Load(notes + file)
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		played := make(chan error, 1)
		r := New(pipe{func(c net.Conn) {
			played <- rec.PlayDevice(c)
			io.Copy(io.Discard, c)
		}}, cfg, quiet())
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		asked := make(chan device.Card)
		go func() {
			card, err := r.Read(ctx)
			if err != nil {
				t.Error(err)
			}
			asked <- card
		}()
		synctest.Wait()
		go func() { done <- r.Run(ctx) }()
		check(<-asked)
		if err := <-played; err != nil {
			t.Error(err)
		}
		cancel()
		<-done
	})
}

// same compares all but the photo and the hour, and checks that both are there. It shows the texts: they are invented.
func same(t *testing.T, got, want device.Card) {
	t.Helper()
	if len(got.Photo) != photoLen || got.ReadAt.IsZero() {
		t.Errorf("photo of %d bytes, read at %v", len(got.Photo), got.ReadAt)
	}
	got.Photo, got.ReadAt = nil, time.Time{}
	show := func(c device.Card) []string {
		return []string{string(c.Kind), c.Name.Reveal(), c.Latin.Reveal(), c.Sex, c.Ethnic, c.Birth.Reveal(), c.Address.Reveal(), c.Number.Reveal(),
			c.Issuer, c.ValidFrom, c.ValidTo, c.Country, c.PassNo.Reveal(), c.Issues, c.OldNumber.Reveal()}
	}
	g, w := show(got), show(want)
	for i := range g {
		if g[i] != w[i] {
			t.Errorf("got %q, want %q", g[i], w[i])
		}
	}
	if got.LongTerm != want.LongTerm {
		t.Errorf("long term: %v", got.LongTerm)
	}
}
