package drivers

import (
	"cmp"
	"fmt"
	"image"
	"net/url"
	"slices"
	"strings"
	"time"

	"yimen/drivers/camera"
	"yimen/drivers/camera/v4l2"
	"yimen/drivers/device"
	"yimen/drivers/doccam"
	"yimen/drivers/face/onnx"
	"yimen/drivers/idcard"
	"yimen/drivers/lamps"
	"yimen/drivers/pageimage"
	"yimen/drivers/printer"
	"yimen/drivers/scanner"
	"yimen/drivers/wire"
	"yimen/drivers/wlt"
)

// Config names the devices of one terminal. A device that is left out is not there.
type Config struct {
	IDCard  *IDCard  `yaml:"idcard"`
	Printer *Printer `yaml:"printer"`
	DocCam  *DocCam  `yaml:"doccam"`
	FaceCam *FaceCam `yaml:"facecam"`
	Scanner *Scanner `yaml:"scanner"`
	Lamps   *Lamps   `yaml:"lamps"`
}

// IDCard is the resident ID-card reader.
type IDCard struct {
	Port      string           `yaml:"port"`       // serial:/path, tcp:host:port or usb:…; see portOf
	Baud      int              `yaml:"baud"`       // of a serial port; 115200 when left out
	Model     string           `yaml:"model"`      // a file in firmware-notes/sam-v/models; standard when left out
	AfterRead idcard.AfterRead `yaml:"after_read"` // wait_removal or allow_reread, instead of the model's
	// Fingerprint has fingerprints read too, where somebody can match them.
	Fingerprint bool   `yaml:"fingerprint"`
	Photo       *Photo `yaml:"photo"`
}

// Photo is the program that decodes the photos of identity cards; without one they stay as read.
type Photo struct {
	Command []string      `yaml:"command"` // an absolute path and arguments; WLT in, BMP, PNG or JPEG out
	Timeout time.Duration `yaml:"timeout"` // 3 s when left out
}

// Printer is the receipt printer.
type Printer struct {
	Port  string `yaml:"port"`  // serial:/path, tcp:host:port, usb:… or lp:…; see portOf
	Baud  int    `yaml:"baud"`  // of a serial port; 115200 when left out
	Model string `yaml:"model"` // a file in firmware-notes/escpos/models; generic-80 when left out
	Dots  int    `yaml:"dots"`  // instead of the model's
	QR    string `yaml:"qr"`    // native or raster, instead of the model's
}

// DocCam is the document camera: one on the USB, or a stream of one.
type DocCam struct {
	URL     string `yaml:"url"`     // of a motion JPEG stream; or else
	Device  string `yaml:"device"`  // /dev/v4l/by-id/…, or usb:VVVV:PPPP, perhaps with /serial=… or /at=BUS-PORT.PORT
	Model   string `yaml:"model"`   // a file in firmware-notes/doccam/models, of a face camera in firmware-notes/uvc/models; standard when left out
	Preview string `yaml:"preview"` // such as 1280x960, instead of the model's
	Full    string `yaml:"full"`    // such as 3264x2448, instead of the model's
}

// FaceCam is the camera that looks at whoever stands before the terminal, and only where somebody agreed to it.
type FaceCam struct {
	DocCam `yaml:",inline"` // its frames come in the same ways
	// Verifier compares faces with cards' photos; where it is left out, a person does.
	Verifier *onnx.Config `yaml:"verifier"`
}

// Scanner is the QR engine.
type Scanner struct {
	Port  string `yaml:"port"`  // serial:/path, tcp:host:port or usb:…; see portOf
	Baud  int    `yaml:"baud"`  // of a serial port; 9600 when left out
	Model string `yaml:"model"` // a file in firmware-notes/qr-engine/models; newland when left out
}

// Lamps is the relay board that lights a lamp beside the device in use.
type Lamps struct {
	Port  string `yaml:"port"`  // serial:/path, tcp:host:port or usb:…; see portOf
	Baud  int    `yaml:"baud"`  // of a serial port; 9600 when left out
	Model string `yaml:"model"` // a file in firmware-notes/relay-board/models; modbus-8 when left out
	Unit  int    `yaml:"unit"`  // address of the board; 1 when left out
	// Relays tells which relay, from 1, lights the lamp beside which device.
	Relays map[device.ID]int `yaml:"relays"`
	// Contacts tells at which input, from 1, a switch guards the case: cabinetDoor, tamperSensor.
	Contacts map[device.Contact]int `yaml:"contacts"`
}

// Validate checks everything that can be checked without a device. Its error begins with the key that is wrong.
func (c Config) Validate() error {
	if c.IDCard != nil {
		if _, _, err := c.IDCard.parts(); err != nil {
			return fmt.Errorf("idcard.%w", err)
		}
	}
	if c.Printer != nil {
		if _, _, err := c.Printer.parts(); err != nil {
			return fmt.Errorf("printer.%w", err)
		}
	}
	if c.DocCam != nil {
		if _, _, err := c.DocCam.parts(); err != nil {
			return fmt.Errorf("doccam.%w", err)
		}
	}
	if c.FaceCam != nil {
		if _, err := c.FaceCam.source(); err != nil {
			return fmt.Errorf("facecam.%w", err)
		}
		if v := c.FaceCam.Verifier; v != nil {
			if err := v.Validate(); err != nil {
				return fmt.Errorf("facecam.verifier.%w", err)
			}
		}
	}
	if c.Scanner != nil {
		if _, _, err := c.Scanner.parts(); err != nil {
			return fmt.Errorf("scanner.%w", err)
		}
	}
	if c.Lamps != nil {
		if _, _, err := c.Lamps.parts(); err != nil {
			return fmt.Errorf("lamps.%w", err)
		}
	}
	return nil
}

// parts are the reader's port, and its model with what IDCard says instead. An error begins with the key.
func (c IDCard) parts() (wire.Port, idcard.Config, error) {
	cfg, err := idcard.Model(c.Model)
	if err != nil {
		return nil, cfg, fmt.Errorf("model: %w", err)
	}
	switch c.AfterRead {
	case "":
	case idcard.WaitRemoval, idcard.AllowReread:
		cfg.AfterRead = c.AfterRead
	default:
		return nil, cfg, fmt.Errorf("after_read: %q is neither %s nor %s", c.AfterRead, idcard.WaitRemoval, idcard.AllowReread)
	}
	cfg.Fingerprint = c.Fingerprint
	if p := c.Photo; p != nil {
		switch {
		case len(p.Command) == 0 || !strings.HasPrefix(p.Command[0], "/"):
			return nil, cfg, fmt.Errorf("photo.command: %q begins with no absolute path", p.Command)
		case p.Timeout < 0 || p.Timeout > time.Minute:
			return nil, cfg, fmt.Errorf("photo.timeout: nobody waits %v for a picture", p.Timeout)
		}
		cfg.Photo = wlt.Helper{Command: p.Command, Timeout: p.Timeout}
	}
	port, err := portOf(c.Port, c.Baud, cfg.USB)
	return port, cfg, err
}

// parts are the printer's port, and its model with what Printer says instead. An error begins with the key.
func (c Printer) parts() (wire.Port, printer.Config, error) {
	cfg, err := printer.Model(c.Model)
	if err != nil {
		return nil, cfg, fmt.Errorf("model: %w", err)
	}
	switch {
	case c.Dots == 0:
	case c.Dots < 192 || c.Dots > 1280:
		return nil, cfg, fmt.Errorf("dots: %d is no width of a receipt", c.Dots)
	default:
		cfg.Dots = c.Dots
	}
	switch c.QR {
	case "":
	case "native", "raster":
		cfg.RasterQR = c.QR == "raster"
	default:
		return nil, cfg, fmt.Errorf("qr: %q is neither native nor raster", c.QR)
	}
	if place, ok := strings.CutPrefix(c.Port, "lp:"); ok {
		port, err := lpOf(place, cfg.USB)
		return port, cfg, err
	}
	port, err := portOf(c.Port, c.Baud, cfg.USB)
	return port, cfg, err
}

// parts are where a document camera's frames come from, and what its pages must reach. An error begins with the key.
func (c DocCam) parts() (camera.Source, pageimage.Limits, error) {
	model, err := doccam.LookUp(c.Model)
	if err != nil {
		return nil, pageimage.Limits{}, fmt.Errorf("model: %w", err)
	}
	if c.Model = model.Camera; c.Device == "" { // a stream comes as it is, whatever camera sends it
		c.Model = ""
	}
	source, err := c.source()
	return source, model.Limits, err
}

// Limits are what the document camera's pages must reach. The config has been validated.
func (c DocCam) Limits() (pageimage.Limits, error) {
	_, limits, err := c.parts()
	return limits, err
}

// source is where a camera's frames come from. An error begins with the key.
func (c DocCam) source() (camera.Source, error) {
	if c.Device == "" {
		u, err := url.Parse(c.URL)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			return nil, fmt.Errorf("url: %q is not http://host:port/path", c.URL)
		}
		for key, value := range map[string]string{"model": c.Model, "preview": c.Preview, "full": c.Full} {
			if value != "" {
				return nil, fmt.Errorf("%s: a stream comes as it is", key)
			}
		}
		return camera.HTTP{URL: c.URL}, nil
	}
	if c.URL != "" {
		return nil, fmt.Errorf("url: the camera is %s already", c.Device)
	}
	address, err := v4l2.ParseAddress(c.Device)
	if err != nil {
		return nil, fmt.Errorf("device: %w", err)
	}
	model, err := camera.LookUp(c.Model)
	if err != nil {
		return nil, fmt.Errorf("model: %w", err)
	}
	for _, size := range []struct {
		key, value string
		into       *image.Point
	}{{"preview", c.Preview, &model.Preview}, {"full", c.Full, &model.Full}} {
		if size.value != "" {
			if *size.into, err = camera.ParseSize(size.value); err != nil {
				return nil, fmt.Errorf("%s: %w", size.key, err)
			}
		}
	}
	return camera.V4L2{Address: address, Model: model}, nil
}

// parts are the engine's port and model. An error begins with the key.
func (c Scanner) parts() (wire.Port, scanner.Config, error) {
	cfg, err := scanner.Model(c.Model)
	if err != nil {
		return nil, cfg, fmt.Errorf("model: %w", err)
	}
	port, err := portOf(c.Port, cmp.Or(c.Baud, 9600), "")
	return port, cfg, err
}

// parts are the board's port, and its model with what Lamps says of its wiring. An error begins with the key.
func (c Lamps) parts() (wire.Port, lamps.Config, error) {
	cfg, err := lamps.Model(c.Model)
	if err != nil {
		return nil, cfg, fmt.Errorf("model: %w", err)
	}
	if c.Unit < 0 || c.Unit > 247 {
		return nil, cfg, fmt.Errorf("unit: %d is no address of a board", c.Unit)
	}
	for id, relay := range c.Relays {
		switch {
		case !slices.Contains(lit, id):
			return nil, cfg, fmt.Errorf("relays: %q is no device that a lamp can stand beside", id)
		case relay < 1 || relay > cfg.Count:
			return nil, cfg, fmt.Errorf("relays: %s: the board has relays 1 to %d, not %d", id, cfg.Count, relay)
		}
	}
	for contact, input := range c.Contacts {
		switch {
		case !slices.Contains(device.Contacts(), contact):
			return nil, cfg, fmt.Errorf("contacts: %q is none that a case has", contact)
		case input < 1 || input > cfg.Inputs:
			return nil, cfg, fmt.Errorf("contacts: %s: the board has %d inputs, counted from 1, not %d", contact, cfg.Inputs, input)
		}
	}
	cfg.Unit, cfg.Relays, cfg.Contacts = byte(c.Unit), c.Relays, c.Contacts
	port, err := portOf(c.Port, cmp.Or(c.Baud, 9600), "")
	return port, cfg, err
}

// lit are the devices that a lamp can stand beside.
var lit = []device.ID{device.IDCardReader, device.Printer, device.DocCam, device.FaceCam, device.Scanner}
