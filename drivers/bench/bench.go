package main

import (
	"errors"
	"image"
	"log/slog"
	"sync"
	"time"

	"yimen/drivers/emulator"
	"yimen/drivers/emulator/doccam"
	"yimen/drivers/emulator/gadget"
	"yimen/drivers/emulator/idcard"
	"yimen/drivers/emulator/lamps"
	"yimen/drivers/emulator/portrait"
	"yimen/drivers/emulator/printer"
	"yimen/drivers/emulator/scanner"
)

// The devices, by the ids that config and status use.
const (
	cardReader  = "idcard"
	slipPrinter = "printer"
	docCamera   = "doccam"
	faceCamera  = "facecam"
	codeScanner = "scanner"
	lampBoard   = "lamps"
	touchPanel  = "touch" // on USB alone
)

// bench is the devices and what lies on them.
type bench struct {
	log      *slog.Logger
	typeface *emulator.Typeface
	reader   *idcard.Reader
	printer  *printer.Printer
	camera   *doccam.Camera
	mirror   *doccam.Camera // the face camera
	scanner  *scanner.Engine
	lamps    *lamps.Board
	touch    *gadget.Touch // nil without USB
	faults   map[string]switches
	cables   map[string]plugger
	paths    map[string]string // of the device files or the sockets
	eye      *httpCable        // of the document camera
	gaze     *httpCable        // of the face camera

	mu     sync.Mutex
	card   string // id of what lies there, "" for nothing
	page   string
	code   string // what the code before the scanner says
	person string // id of who stands before the face camera
	holder portrait.Person
}

func newBench(s settings, dir string, log *slog.Logger) (*bench, error) {
	typeface, err := emulator.LoadTypeface(s.font)
	if err != nil {
		return nil, err
	}
	b := &bench{log: log, typeface: typeface, reader: idcard.NewReader(), lamps: lamps.New(), eye: newHTTPCable(), gaze: newHTTPCable()}
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
	if b.mirror, err = doccam.New(faceFrame, s.fps); err != nil {
		return nil, err
	}
	if err := b.stand(nobody); err != nil {
		return nil, err
	}
	if b.scanner, err = scanner.New(s.scanner); err != nil {
		return nil, err
	}
	b.faults = map[string]switches{
		cardReader: {b.reader.Faults}, slipPrinter: {b.printer.Faults}, docCamera: {b.camera.Faults}, faceCamera: {b.mirror.Faults},
		codeScanner: {b.scanner.Faults}, lampBoard: {b.lamps.Faults},
	}
	b.cables, b.paths = map[string]plugger{docCamera: b.eye, faceCamera: b.gaze}, map[string]string{}
	if s.usb != "" {
		b.wireUSB(dir, s)
	} else {
		b.wireTTYs(dir)
	}
	return b, nil
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

// layCard puts a card on the reader; id is what the panel calls it. Its photo shows whom the number belongs to.
func (b *bench) layCard(id string, c idcard.Card) error {
	who := portrait.Of(c.Number)
	c.Portrait = who.String()
	if err := c.Check(); err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.reader.Lay(c)
	b.card = id
	return b.belongs(who)
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
