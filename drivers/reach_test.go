package drivers

import (
	"context"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"testing"

	"yimen/drivers/wire/wiretest"
)

// card is a reader that answers each request as the one of the citizen's card was recorded to do, in any order.
func card(t *testing.T, rw io.ReadWriter) {
	rec, err := wiretest.Load("../firmware-notes/sam-v/citizen.wire")
	if err != nil {
		t.Error(err)
		return
	}
	answers := map[string][]byte{}
	for i := 0; i+1 < len(rec); i += 2 {
		answers[string(rec[i].Bytes)] = rec[i+1].Bytes
	}
	request := make([]byte, 10)
	for {
		if _, err := io.ReadFull(rw, request); err != nil {
			return
		}
		rw.Write(answers[string(request)])
	}
}

func TestSameCardIsReadOverSerialAndTCP(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		card(t, c)
	}()
	c := &cable{link: filepath.Join(t.TempDir(), "idcard.tty"), device: func(master *os.File) { card(t, master) }}
	c.plug(t)
	defer c.pull()

	for _, port := range []string{"tcp:" + l.Addr().String(), "serial:" + c.link} {
		term, err := Open(Config{IDCard: &IDCard{Port: port}}, nil, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- term.Run(ctx) }()
		got, err := term.IDCard().Read(ctx)
		if err != nil || got.Number != "11010519491231002X" || got.Address != "北京市西城区测试新址9号" {
			t.Errorf("%s: another card, %v", port, err)
		}
		cancel()
		<-done
	}
}
