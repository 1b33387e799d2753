package main

import (
	"context"
	"io"
	"log/slog"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"yimen/drivers"
	"yimen/drivers/device"
	"yimen/drivers/emulator/lamps"
)

// socket is a board's serial line behind a network port: the board keeps its power while callers come and go.
func socket(t *testing.T, board *lamps.Board) (port string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	near, far := net.Pipe()
	go func() { _ = board.Serve(context.Background(), far) }()
	var caller atomic.Pointer[net.Conn]
	go func() {
		b := make([]byte, 256)
		for n, err := near.Read(b); err == nil; n, err = near.Read(b) {
			if c := caller.Load(); c != nil {
				_, _ = (*c).Write(b[:n])
			}
		}
	}()
	go func() {
		for c, err := l.Accept(); err == nil; c, err = l.Accept() {
			caller.Store(&c)
			_, _ = io.Copy(near, c)
		}
	}()
	t.Cleanup(func() { l.Close(); near.Close() })
	return "tcp:" + l.Addr().String()
}

func TestNoLampStaysLitBehindADaemonThatIsGone(t *testing.T) {
	board := lamps.New()
	cfg := drivers.Lamps{Port: socket(t, board), Relays: map[device.ID]int{device.IDCardReader: 1, device.Printer: 3}}
	daemon, err := drivers.Open(drivers.Config{Lamps: &cfg}, nil, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ctx, kill := context.WithTimeout(t.Context(), 20*time.Second)
	ended := make(chan error, 1)
	go func() { ended <- daemon.Run(ctx) }()
	if err := daemon.Lamps().Point(ctx, device.Printer, true); err != nil {
		t.Fatal(err)
	}
	kill()
	<-ended
	if !board.Lit()[2] {
		t.Fatal("the lamp went out with the daemon: nothing is tried here")
	}
	if err := darken(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	if board.Lit() != [lamps.Channels]bool{} {
		t.Errorf("still lit: %v", board.Lit())
	}
}
