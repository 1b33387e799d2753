package usb

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestDeviceThatSpeaksToNobodyHasToWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := NewPipe(64)
		if err := p.Push(t.Context(), make([]byte, roomInPipe)); err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithTimeout(t.Context(), time.Hour)
		defer stop()
		if err := p.Push(ctx, []byte("more")); !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("there was room: %v", err)
		}
		said := make(chan error, 1)
		go func() { said <- p.Push(t.Context(), []byte("more")) }()
		synctest.Wait()
		if b, err := p.Take(t.Context(), roomInPipe); len(b) != roomInPipe || err != nil {
			t.Errorf("%d bytes, %v", len(b), err)
		}
		if err := <-said; err != nil {
			t.Error(err)
		}
		if b, err := p.Take(t.Context(), 64); string(b) != "more" || err != nil {
			t.Errorf("%q, %v", b, err)
		}
	})
}

func TestTransferIsCutAtPacketsAndAnEmptyOneEndsOne(t *testing.T) {
	p := NewPipe(8)
	for _, b := range []string{strings.Repeat("x", 20), "", "last"} {
		p.Put([]byte(b))
	}
	for i, want := range []int{16, 4, 0, 4} {
		if b, err := p.Take(t.Context(), 16); len(b) != want || err != nil {
			t.Errorf("transfer %d: %d bytes, want %d, %v", i, len(b), want, err)
		}
	}
}

func TestStringsAreWholeWhateverIsInThem(t *testing.T) {
	d := Description{Maker: strings.Repeat("长", 300), Name: "𠮷"}
	long, _ := d.text(stringMaker)
	if len(long) != 254 || int(long[0]) != len(long) {
		t.Errorf("a long one has %d bytes and says %d", len(long), long[0])
	}
	if rare, _ := d.text(stringName); string(rare) != "\x06\x03\x42\xD8\xB7\xDF" {
		t.Errorf("a rare one is % X", rare)
	}
	if _, ok := d.text(stringSerial); ok {
		t.Error("a serial number out of nothing")
	}
}

// mute is a function that does nothing.
type mute struct{}

func (mute) Run(context.Context) error                              { return nil }
func (mute) Control(Setup, []byte) ([]byte, error)                  { return nil, ErrStall }
func (mute) In(ctx context.Context, _ uint8, _ int) ([]byte, error) { return nil, nil }
func (mute) Out(_ context.Context, _ uint8, b []byte) (int, error)  { return len(b), nil }
func (mute) Return(uint8, []byte)                                   {}
func (mute) Restart(uint8)                                          {}

func TestAlternateSettingBringsItsEndpoints(t *testing.T) {
	d := New(Description{Interfaces: []Interface{
		{Number: 0, Alternate: 0},
		{Number: 0, Alternate: 1, Endpoints: []Endpoint{{Address: 0x01, Attributes: Bulk, MaxPacket: 64}}},
	}}, mute{})
	set := func(alternate uint16) error {
		_, err := d.Control(Setup{Type: ToInterface, Request: SetInterface, Value: alternate}, nil)
		return err
	}
	if n, err := d.Out(t.Context(), 0x01, []byte("x")); n != 0 || !errors.Is(err, ErrStall) {
		t.Errorf("an endpoint of another setting took %d bytes, %v", n, err)
	}
	if err := set(1); err != nil {
		t.Fatal(err)
	}
	if n, err := d.Out(t.Context(), 0x01, []byte("x")); n != 1 || err != nil {
		t.Errorf("%d bytes, %v", n, err)
	}
	if b, err := d.Control(Setup{Type: DirectionIn | ToInterface, Request: GetInterface, Length: 1}, nil); err != nil || b[0] != 1 {
		t.Errorf("the setting is % X, %v", b, err)
	}
	if err := set(2); !errors.Is(err, ErrStall) {
		t.Errorf("a setting that is not there: %v", err)
	}
	if _, err := d.Control(Setup{Request: SetConfiguration, Value: 1}, nil); err != nil {
		t.Fatal(err)
	}
	if _, ok := d.Endpoint(0x01); ok {
		t.Error("configured anew, the device keeps its setting")
	}
}
