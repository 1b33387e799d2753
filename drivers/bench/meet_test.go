package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"yimen/drivers/device"
	boards "yimen/drivers/emulator/lamps"
	engines "yimen/drivers/emulator/scanner"
	"yimen/drivers/lamps"
	"yimen/drivers/scanner"
	"yimen/drivers/wire"
)

// link is a port at whose other end a device is served.
type link struct {
	ctx   context.Context
	serve func(context.Context, io.ReadWriter) error
}

func (l link) Open() (wire.Conn, error) {
	host, dev := net.Pipe()
	go func() {
		defer dev.Close()
		_ = l.serve(l.ctx, dev)
	}()
	return host, nil
}

func (link) String() string { return "link" }

// beside runs the driver in a bubble while body goes on.
func beside(t *testing.T, run func(context.Context) error, body func(ctx context.Context)) {
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- run(ctx) }()
	body(ctx)
	cancel()
	<-done
	time.Sleep(time.Minute) // what still sleeps must have ended before the bubble's clock stands still
}

func TestDriverReadsEveryDialectOfEngineOnBadDays(t *testing.T) {
	quiet := slog.New(slog.DiscardHandler)
	for _, model := range scanner.Models() {
		for _, code := range []string{"SA-20240001", "办理码12345678", string(bytes.Repeat([]byte("7"), engines.LongestCode))} {
			for _, terminator := range []string{"\r", "\r\n", ""} {
				synctest.Test(t, func(t *testing.T) {
					engine, err := engines.New(engines.Dialect(model))
					if err != nil {
						t.Fatal(err)
					}
					engine.Terminator = terminator
					cfg, err := scanner.Model(model)
					if err != nil {
						t.Fatal(err)
					}
					s := scanner.New(link{t.Context(), engine.Serve}, cfg, quiet)
					beside(t, s.Run, func(ctx context.Context) {
						if err := engine.Hold([]byte(code)); err != nil {
							t.Fatal(err)
						}
						for _, fault := range append(engine.Faults.Known(), "") {
							if fault != "" {
								_ = engine.Faults.Set(fault, 1)
							}
							got, err := s.Read(ctx)
							for tries := 0; err != nil && tries < 5; tries++ { // as a resident who shows it again
								var f *device.Fault
								if !errors.As(err, &f) {
									t.Errorf("%s, %q, %s: %v", model, terminator, fault, err)
								}
								time.Sleep(5 * time.Second)
								got, err = s.Read(ctx)
							}
							if err != nil || got.Text.Reveal() != code {
								t.Errorf("%s, %q, %s: read %d bytes, %v", model, terminator, fault, len(got.Text), err)
							}
						}
					})
				})
			}
		}
	}
}

func TestDriverSeesEveryLampThatIsLitAndNoOther(t *testing.T) {
	quiet := slog.New(slog.DiscardHandler)
	hall := map[device.ID]int{device.IDCardReader: 1, device.DocCam: 2, device.Printer: 8}
	for _, fault := range append(boards.New().Faults.Known(), "") {
		t.Run(string("fault "+fault), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				board := boards.New()
				l := lamps.New(link{t.Context(), board.Serve}, lamps.Config{Relays: hall}, quiet)
				beside(t, l.Run, func(ctx context.Context) {
					time.Sleep(time.Second)
					if fault != "" {
						_ = board.Faults.Set(fault, -1)
					}
					err := l.Point(ctx, device.Printer, true)
					if lit := board.Lit() == [boards.Channels]bool{7: true}; err == nil && !lit && fault != boards.Broken {
						t.Errorf("told as lit, and is not: %v", board.Lit())
					}
					if fault != "" {
						_ = board.Faults.Set(fault, 0)
					}
					time.Sleep(time.Minute)
					if board.Lit() != [boards.Channels]bool{7: true} || !l.Status().Ready() {
						t.Errorf("lamps %v, status %+v", board.Lit(), l.Status())
					}
				})
			})
		})
	}
}

// TestAnOpenDoorIsToldOnceAndACutLineIsNoClosedDoor: in every trouble that the board may have but its silence.
func TestAnOpenDoorIsToldOnceAndACutLineIsNoClosedDoor(t *testing.T) {
	quiet := slog.New(slog.DiscardHandler)
	for _, fault := range append(boards.New().Faults.Known(), "") {
		t.Run(string("fault "+fault), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				board := boards.New()
				cfg, err := lamps.Model("modbus-8-8")
				if err != nil {
					t.Fatal(err)
				}
				cfg.Contacts = map[device.Contact]int{device.CabinetDoor: 1, device.TamperSensor: 8}
				l := lamps.New(link{t.Context(), board.Serve}, cfg, quiet)
				var mu sync.Mutex
				var told []string
				l.WatchContacts(func(c device.Contact, s device.ContactState) {
					mu.Lock()
					defer mu.Unlock()
					told = append(told, string(c)+" "+string(s))
				})
				heard := func() []string {
					mu.Lock()
					defer mu.Unlock()
					return slices.Clone(told)
				}
				beside(t, l.Run, func(ctx context.Context) {
					time.Sleep(5 * time.Second)
					if got := heard(); !slices.Equal(got, []string{"cabinetDoor closed", "tamperSensor closed"}) {
						t.Fatalf("at first it was told %v", got)
					}
					if fault != "" {
						_ = board.Faults.Set(fault, 2)
					}
					board.Close(0, false)
					time.Sleep(time.Minute)
					if got := l.Contacts(); got[device.CabinetDoor] != device.ContactOpened || got[device.TamperSensor] != device.ContactClosed {
						t.Errorf("the door is open, and told is %v", got)
					}
					opened := 0
					for _, s := range heard() {
						if s == "cabinetDoor open" {
							opened++
						}
					}
					if opened != 1 {
						t.Errorf("the door was opened once, and told %v", heard())
					}
					_ = board.Faults.Set(boards.Silent, -1)
					time.Sleep(time.Minute)
					if got := l.Contacts(); got[device.CabinetDoor] != device.ContactUnknown || got[device.TamperSensor] != device.ContactUnknown {
						t.Errorf("nobody sees the door, and told is %v", got)
					}
					board.Close(0, true)
					_ = board.Faults.Set(boards.Silent, 0)
					time.Sleep(time.Minute)
					if got := l.Contacts(); got[device.CabinetDoor] != device.ContactClosed {
						t.Errorf("the door was closed, and told is %v", got)
					}
				})
			})
		})
	}
}

func TestADoorThatChattersIsNoOpenDoor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		board := boards.New()
		l := lamps.New(link{t.Context(), board.Serve}, lamps.Config{Inputs: 8, Contacts: map[device.Contact]int{device.CabinetDoor: 3}}, slog.New(slog.DiscardHandler))
		var opened atomic.Int32
		l.WatchContacts(func(_ device.Contact, s device.ContactState) {
			if s == device.ContactOpened {
				opened.Add(1)
			}
		})
		beside(t, l.Run, func(context.Context) {
			time.Sleep(5 * time.Second)
			for range 20 {
				board.Close(2, false)
				time.Sleep(300 * time.Millisecond)
				board.Close(2, true)
				time.Sleep(time.Second)
			}
			if n := opened.Load(); n != 0 {
				t.Errorf("a door that did not open was told %d times", n)
			}
		})
	})
}
