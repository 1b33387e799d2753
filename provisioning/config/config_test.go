package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"yimen/kiosk/envelope"
)

const whole = `terminal: 150102-0001
pack: /usr/share/yimen/packs/CN-150102
data: /var/lib/yimen
identity: /etc/yimen/terminal
central:
  url: https://central.example:8443
devices:
  idcard:
    port: serial:/dev/ttyUSB0
  printer:
    port: serial:/dev/ttyUSB1
  doccam:
    url: http://127.0.0.1:8481/doccam/stream
`

func readText(t *testing.T, text string) (Config, error) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "terminal.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return Read(file)
}

func TestAWholeConfigIsReadWithItsDefaults(t *testing.T) {
	c, err := readText(t, whole)
	if err != nil {
		t.Fatal(err)
	}
	if c.Mode != "production" || c.Idle.Cover != time.Minute || c.Languages[0] != "zh-CN" || c.Packs.Repository != "" || c.Packs.Every != time.Hour || c.Screen.MMPerPixel == 0 || c.Envelope.Suite != envelope.SuiteSM {
		t.Errorf("defaults: %+v", c)
	}
}

func TestTheSuiteIsChosenInTheConfig(t *testing.T) {
	c, err := readText(t, whole+"envelope:\n  suite: x25519-aes256gcm-sha256-ed25519\n  closed: [report]\n")
	if err != nil || c.Envelope.Suite != envelope.SuiteX25519 || len(c.Envelope.Closed) != 1 {
		t.Errorf("envelope %+v, %v", c.Envelope, err)
	}
}

func TestWhatIsWrongIsToldByFileLineAndKey(t *testing.T) {
	replace := func(old, new string) string { return strings.Replace(whole, old, new, 1) }
	for _, c := range []struct{ name, text, want string }{
		{"unknown key", whole + "colour: red\n", "line 14, column 1: unknown field \"colour\""},
		{"unknown key within", replace("  printer:\n", "  printer:\n    colour: red\n"), "unknown field \"colour\""},
		{"wrong kind", replace("data: /var/lib/yimen", "data: [1]"), "line 3"},
		{"no YAML", "terminal: [\n", "line 1"},
		{"terminal", replace("150102-0001", "hall"), "line 1: terminal: \"hall\""},
		{"mode", whole + "mode: play\n", "line 14: mode: \"play\""},
		{"zone", whole + "zone: Asia/Nowhere\n", "line 14: zone:"},
		{"no pack", replace("pack: /usr/share/yimen/packs/CN-150102\n", ""), "pack: missing"},
		{"printer's port", replace("serial:/dev/ttyUSB1", "parallel:/dev/lp0"), "line 11: devices.printer.port"},
		{"camera's address", replace("http://127.0.0.1:8481/doccam/stream", "camera"), "line 13: devices.doccam.url"},
		{"no reader", replace("  idcard:\n    port: serial:/dev/ttyUSB0\n", ""), "devices: a terminal has idcard"},
		{"packs' repository", whole + "packs:\n  repository: packs\n", "line 15: packs.repository: \"packs\""},
		{"envelope's suite", whole + "envelope:\n  suite: rot13\n", "line 15: envelope.suite: suite \"rot13\" is not known"},
		{"envelope's kind", whole + "envelope:\n  closed: [a report]\n", "line 15: envelope.closed: kind \"a report\""},
		{"packs too often", whole + "packs:\n  repository: central\n  every: 1s\n", "line 16: packs.every"},
		{"idle", whole + "idle:\n  answer: 1s\n", "idle: want"},
		{"one device for both", whole + "voice:\n  loudspeaker: default\n  earpiece: default\n", "line 16: voice.earpiece: it is the loudspeaker"},
		{"panel", whole + "screen:\n  mm_per_pixel: 27\n", "line 15: screen.mm_per_pixel"},
	} {
		_, err := readText(t, c.text)
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "terminal.yaml") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v; want one line with %q", c.name, err, c.want)
		}
	}
}

func TestAMissingFileIsNamed(t *testing.T) {
	if _, err := Read("/nowhere/terminal.yaml"); err == nil || !strings.Contains(err.Error(), "/nowhere/terminal.yaml") {
		t.Errorf("%v", err)
	}
}
