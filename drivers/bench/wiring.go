package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"yimen/drivers/emulator/gadget"
	"yimen/drivers/emulator/usb"
)

// Size of the screen that the touch panel lies on, in millimetres: 27 inches, upright.
const (
	panelWidth  = 336
	panelHeight = 597
)

// USB product numbers of the serial ports, of the Linux Foundation's vendor number.
const (
	qrEngineProduct   = 0x0104
	relayBoardProduct = 0x0105
)

// wireTTYs gives each device that speaks on a line a tty in dir.
func (b *bench) wireTTYs(dir string) {
	for id, serve := range map[string]func(context.Context, io.ReadWriter) error{
		cardReader: b.reader.Serve, slipPrinter: b.printer.Serve, codeScanner: b.scanner.Serve, lampBoard: b.lamps.Serve,
	} {
		b.paths[id] = filepath.Join(dir, id+".tty")
		b.cables[id] = &cable{path: b.paths[id], serve: serve, log: b.log}
	}
}

// wireUSB puts each device on a USB port of its own, whose socket is in dir. A line's speed is no matter there. The
// cameras keep their streams over HTTP beside: one plug is for both.
func (b *bench) wireUSB(dir string, s settings) {
	b.reader.ByteTime = 0
	relays := gadget.NewSerial("Relay board", "B0000004", relayBoardProduct, b.lamps.Serve)
	if s.bridged {
		relays = gadget.NewBridge("B0000004", b.lamps.Serve)
	}
	touch, panel := gadget.NewTouch("B0000006", panelWidth, panelHeight)
	b.touch = touch
	for id, device := range map[string]*usb.Device{
		cardReader:  gadget.NewSAM("B0000001", b.reader.Serve),
		slipPrinter: gadget.NewPrinter("B0000002", b.printer),
		codeScanner: gadget.NewSerial("QR engine", "B0000003", qrEngineProduct, b.scanner.Serve),
		lampBoard:   relays,
		docCamera:   gadget.NewCamera("B0000005", b.camera.View(), b.camera.Size(), s.fps),
		faceCamera:  gadget.NewCamera("B0000007", b.mirror.View(), b.mirror.Size(), s.fps),
		touchPanel:  panel,
	} {
		b.paths[id] = filepath.Join(dir, id+".sock")
		b.faults[id] = append(b.faults[id], device.Faults)
		port := &usbCable{path: b.paths[id], device: device, log: b.log}
		if beside, ok := b.cables[id]; ok {
			b.cables[id] = bundle{port, beside}
		} else {
			b.cables[id] = port
		}
	}
}

// plugger is a cable of either kind.
type plugger interface {
	plug() error
	unplug() error
	plugged() bool
}

// bundle is several cables in one sleeve.
type bundle []plugger

func (b bundle) plug() (err error) {
	for _, c := range b {
		err = errors.Join(err, c.plug())
	}
	return err
}

func (b bundle) unplug() (err error) {
	for _, c := range b {
		err = errors.Join(err, c.unplug())
	}
	return err
}

// plugged says what the first of them says.
func (b bundle) plugged() bool { return b[0].plugged() }

func (b *bench) cable(id string) (plugger, error) {
	if c, ok := b.cables[id]; ok {
		return c, nil
	}
	return nil, fmt.Errorf("no such device: %q", id)
}
