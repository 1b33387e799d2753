package drivers

import (
	"log/slog"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

func TestConfigErrorNamesTheKey(t *testing.T) {
	for text, key := range map[string]string{
		`idcard: {port: "serial:/dev/ttyUSB0", baud: 115200, after_read: wait_removal}`:                               "",
		`idcard: {port: "tcp:10.0.0.7:4001", after_read: allow_reread}`:                                               "",
		`idcard: {port: "serial:/dev/ttyS0", model: sticky}`:                                                          "",
		`idcard: {port: "serial:/dev/ttyS0", model: nobody}`:                                                          "idcard.model",
		`idcard: {port: "serial:/dev/ttyS0", fingerprint: true, photo: {command: [/opt/wlt/decode, -], timeout: 5s}}`: "",
		`idcard: {port: "serial:/dev/ttyS0", photo: {timeout: 5s}}`:                                                   "idcard.photo.command",
		`idcard: {port: "serial:/dev/ttyS0", photo: {command: [decode]}}`:                                             "idcard.photo.command",
		`idcard: {port: "serial:/dev/ttyS0", photo: {command: [/x], timeout: 5h}}`:                                    "idcard.photo.timeout",
		`idcard: {port: "usb:0400:c35a"}`:                                                                             "",
		`idcard: {port: "usb:0400:c35a/pipes=4/at=1-2.3"}`:                                                            "",
		`idcard: {port: "usb:"}`:                                                         "",
		`idcard: {port: "usb:/serial=A/7"}`:                                              "",
		`idcard: {port: "usb"}`:                                                          "idcard.port",
		`idcard: {port: "usb:0400"}`:                                                     "idcard.port",
		`idcard: {port: "lp:/dev/usb/lp0"}`:                                              "idcard.port",
		`printer: {port: "usb:"}`:                                                        "",
		`printer: {port: "usb:printer/at=1-2"}`:                                          "",
		`printer: {port: "usb:0416:5011/serial=P1"}`:                                     "",
		`printer: {port: "usb:/at=somewhere"}`:                                           "printer.port",
		`printer: {port: "lp:/dev/usb/lp0"}`:                                             "",
		`printer: {port: "lp:0416:5011/serial=P1"}`:                                      "",
		`printer: {port: "lp:/at=1-2"}`:                                                  "",
		`printer: {port: "lp:dev/usb/lp0"}`:                                              "printer.port",
		`scanner: {port: "usb:"}`:                                                        "scanner.port",
		`scanner: {port: "usb:1eab:1d06"}`:                                               "",
		`idcard: {port: ""}`:                                                             "idcard.port",
		`idcard: {port: "serial:ttyUSB0"}`:                                               "idcard.port",
		`idcard: {port: "tcp:nowhere"}`:                                                  "idcard.port",
		`idcard: {port: "serial:/dev/ttyS0", baud: 7}`:                                   "idcard.baud",
		`idcard: {port: "serial:/dev/ttyS0", after_read: never}`:                         "idcard.after_read",
		`printer: {port: "serial:/dev/ttyS1"}`:                                           "",
		`printer: {port: "serial:/dev/ttyS1", model: generic-58, qr: native, dots: 416}`: "",
		`printer: {port: "lp0"}`:                                                         "printer.port",
		`printer: {port: "serial:/dev/ttyS1", dots: 5}`:                                  "printer.dots",
		`printer: {port: "serial:/dev/ttyS1", qr: blue}`:                                 "printer.qr",
		`printer: {port: "serial:/dev/ttyS1", model: ../../x}`:                           "printer.model",
		`doccam: {url: "http://127.0.0.1:8080/stream"}`:                                  "",
		`doccam: {url: "rtsp://camera/"}`:                                                "doccam.url",
		`scanner: {port: "serial:/dev/ttyACM0"}`:                                         "",
		`scanner: {port: "serial:/dev/ttyACM0", model: gm65, baud: 115200}`:              "",
		`scanner: {port: "/dev/hidraw0"}`:                                                "scanner.port",
		`scanner: {port: "serial:/dev/ttyACM0", model: wedge}`:                           "scanner.model",
		`lamps: {port: "serial:/dev/ttyS2", relays: {idcard: 1, doccam: 2, printer: 8}}`: "",
		`lamps: {port: "tcp:10.0.0.8:502", model: modbus-8-blind, unit: 3}`:              "",
		`lamps: {port: "serial:/dev/ttyS2", relays: {idcard: 9}}`:                        "lamps.relays",
		`lamps: {port: "serial:/dev/ttyS2", relays: {lamps: 1}}`:                         "lamps.relays",
		`lamps: {port: "serial:/dev/ttyS2", unit: 300}`:                                  "lamps.unit",
		`lamps: {port: ""}`:                                                              "lamps.port",
		`lamps: {port: "serial:/dev/ttyS2", model: nobody}`:                              "lamps.model",
		`doccam: {}`: "doccam.url",
		`doccam: {device: /dev/v4l/by-id/usb-UDS_CamScanner-video-index0}`:               "",
		`doccam: {device: "usb:0c45:6366/at=1-2.3", preview: 1024x768, full: 3264x2448}`: "",
		`doccam: {device: "usb:0AC8:3370/serial=7", model: microstar-5m}`:                "",
		`doccam: {device: video0}`:                                           "doccam.device",
		`doccam: {device: "usb:c45:6366"}`:                                   "doccam.device",
		`doccam: {device: "usb:0c45:6366/hub=1"}`:                            "doccam.device",
		`doccam: {device: /dev/video0, model: lens}`:                         "doccam.model",
		`doccam: {url: "http://127.0.0.1:8080/stream", model: lens}`:         "doccam.model",
		`doccam: {url: "http://127.0.0.1:8080/stream", model: fixed-a4}`:     "",
		`doccam: {device: /dev/video0, full: A4}`:                            "doccam.full",
		`doccam: {device: /dev/video0, preview: "640x480 or so"}`:            "doccam.preview",
		`doccam: {device: /dev/video0, url: "http://127.0.0.1:8080/stream"}`: "doccam.url",
		`doccam: {url: "http://127.0.0.1:8080/stream", full: 640x480}`:       "doccam.full",
	} {
		var c Config
		if err := yaml.UnmarshalWithOptions([]byte(text), &c, yaml.Strict()); err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		switch err := c.Validate(); {
		case key == "" && err != nil:
			t.Errorf("%s: %v", text, err)
		case key != "" && (err == nil || !strings.HasPrefix(err.Error(), key+": ")):
			t.Errorf("%s: got %v, want an error about %s", text, err, key)
		}
		_, err := Open(c, nil, slog.New(slog.DiscardHandler))
		if (err == nil) != (key == "") {
			t.Errorf("%s: Open gave %v", text, err)
		}
	}
}

func TestAFaceCameraIsNamedLikeADocumentCamera(t *testing.T) {
	for config, want := range map[string]string{
		"facecam: {url: \"http://127.0.0.1:1/stream\"}":                                "",
		"facecam: {device: \"usb:0ac8:3410\", preview: 640x480}":                       "",
		"facecam: {url: \"ftp://127.0.0.1\"}":                                          "facecam.url",
		"facecam: {url: \"http://127.0.0.1:1/stream\", preview: \"640x480\"}":          "facecam.preview",
		"facecam: {device: somewhere}":                                                 "facecam.device",
		"facecam: {device: \"usb:0ac8:3410\", verifier: {library: libonnxruntime.so}}": "facecam.verifier.library",
	} {
		var c Config
		if err := yaml.UnmarshalWithOptions([]byte(config), &c, yaml.Strict()); err != nil {
			t.Errorf("%s: %v", config, err)
			continue
		}
		if err := c.Validate(); want == "" && err != nil || want != "" && (err == nil || !strings.HasPrefix(err.Error(), want)) {
			t.Errorf("%s: %v, not about %q", config, err, want)
		}
	}
}
