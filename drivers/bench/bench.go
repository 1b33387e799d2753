package main

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"log/slog"
	"path/filepath"
	"sync"
	"time"

	"yimen/drivers/emulator"
	"yimen/drivers/emulator/doccam"
	"yimen/drivers/emulator/gadget"
	"yimen/drivers/emulator/idcard"
	"yimen/drivers/emulator/lamps"
	"yimen/drivers/emulator/printer"
	"yimen/drivers/emulator/scanner"
	"yimen/drivers/emulator/usb"
)

// The devices, by the ids that config and status use.
const (
	cardReader  = "idcard"
	slipPrinter = "printer"
	docCamera   = "doccam"
	codeScanner = "scanner"
	lampBoard   = "lamps"
	touchPanel  = "touch" // on USB alone
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

// bench is the devices and what lies on them.
type bench struct {
	log      *slog.Logger
	typeface *emulator.Typeface
	reader   *idcard.Reader
	printer  *printer.Printer
	camera   *doccam.Camera
	scanner  *scanner.Engine
	lamps    *lamps.Board
	touch    *gadget.Touch // nil without USB
	faults   map[string]switches
	cables   map[string]plugger
	paths    map[string]string // of the device files or the sockets
	eye      *httpCable

	mu   sync.Mutex
	card string // id of what lies there, "" for nothing
	page string
	code string // what the code before the scanner says
}

func newBench(s settings, dir string, log *slog.Logger) (*bench, error) {
	typeface, err := emulator.LoadTypeface(s.font)
	if err != nil {
		return nil, err
	}
	b := &bench{log: log, typeface: typeface, reader: idcard.NewReader(), lamps: lamps.New(), eye: newHTTPCable()}
	b.reader.ByteTime = 0
	if s.baud > 0 {
		b.reader.ByteTime = 10 * time.Second / time.Duration(s.baud)
	}
	if b.printer, err = printer.New(typeface, s.dots); err != nil {
		return nil, err
	}
	if s.dotsPerSecond > 0 {
		b.printer.DotTime = time.Second / time.Duration(s.dotsPerSecond)
	}
	if b.camera, err = doccam.New(s.frame, s.fps); err != nil {
		return nil, err
	}
	if b.scanner, err = scanner.New(s.scanner); err != nil {
		return nil, err
	}
	b.faults = map[string]switches{
		cardReader: {b.reader.Faults}, slipPrinter: {b.printer.Faults}, docCamera: {b.camera.Faults},
		codeScanner: {b.scanner.Faults}, lampBoard: {b.lamps.Faults},
	}
	b.cables, b.paths = map[string]plugger{docCamera: b.eye}, map[string]string{}
	if s.usb != "" {
		b.wireUSB(dir, s.fps)
	} else {
		b.wireTTYs(dir)
	}
	return b, nil
}

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
// camera keeps its stream over HTTP beside: one plug is for both.
func (b *bench) wireUSB(dir string, fps int) {
	b.reader.ByteTime = 0
	touch, panel := gadget.NewTouch("B0000006", panelWidth, panelHeight)
	b.touch = touch
	for id, device := range map[string]*usb.Device{
		cardReader:  gadget.NewSAM("B0000001", b.reader.Serve),
		slipPrinter: gadget.NewPrinter("B0000002", b.printer),
		codeScanner: gadget.NewSerial("QR engine", "B0000003", qrEngineProduct, b.scanner.Serve),
		lampBoard:   gadget.NewSerial("Relay board", "B0000004", relayBoardProduct, b.lamps.Serve),
		docCamera:   gadget.NewCamera("B0000005", b.camera.View(), b.camera.Size(), fps),
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

func (b *bench) plugAll() error {
	for _, c := range b.cables {
		if err := c.plug(); err != nil {
			return errors.Join(err, b.unplugAll())
		}
	}
	return nil
}

func (b *bench) unplugAll() error {
	var err error
	for _, c := range b.cables {
		err = errors.Join(err, c.unplug())
	}
	return err
}

// layCard puts a card on the reader; id is what the panel calls it.
func (b *bench) layCard(id string, c idcard.Card) error {
	if err := c.Check(); err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.reader.Lay(c)
	b.card = id
	return nil
}

func (b *bench) takeCard() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.reader.Take()
	b.card = ""
}

// layPage puts a picture of a page on the desk and returns when the camera sees it.
func (b *bench) layPage(id string, page image.Image, pose doccam.Pose) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.camera.Lay(page, pose); err != nil {
		return err
	}
	b.page = id
	return nil
}

func (b *bench) takePage() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.page = ""
	return b.camera.Take()
}

// holdCode holds a code that says text before the scanner.
func (b *bench) holdCode(text string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.scanner.Hold([]byte(text)); err != nil {
		return err
	}
	b.code = text
	return nil
}

func (b *bench) dropCode() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.scanner.Drop()
	b.code = ""
}

// held is what the code before the scanner says, "" for none.
func (b *bench) held() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.code
}

// laid is what lies on the reader and on the desk. A card that was pulled by a fault is gone.
func (b *bench) laid() (card, page string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, ok := b.reader.Card(); !ok {
		b.card = ""
	}
	return b.card, b.page
}
