package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"yimen/drivers/emulator/machine"
	"yimen/drivers/emulator/machine/system"
)

// atKernel is a machine on whose USB the bench's devices are.
func atKernel(t *testing.T) (*running, *machine.Machine) {
	t.Helper()
	if os.Getenv("YIMEN_VM") == "" {
		t.Skip("boots a machine: make soak sets YIMEN_VM")
	}
	r, sockets := startUSB(t, "-frame", "1600x1200")
	dir, err := system.CacheDir()
	if err != nil {
		t.Fatal(err)
	}
	image, err := machine.Build(t.Context(), dir, system.Headless(), slog.New(slog.NewTextHandler(t.Output(), nil)))
	if err != nil {
		t.Fatal(err)
	}
	m, err := machine.Boot(t.Context(), machine.Config{Image: image, USB: slices.Collect(maps.Values(sockets)), Console: t.Output()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Kill)
	return r, m
}

// sh runs a line in the machine and gives what it says.
func sh(t *testing.T, m *machine.Machine, line string) []byte {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	out, err := m.Run(ctx, "sh", "-c", line)
	if err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	return out
}

// The nodes by which the kernel knows the devices. The card reader has none: its class is the maker's own.
var nodes = map[string]string{
	slipPrinter: "/dev/usb/lp0",
	codeScanner: "/dev/serial/by-id/usb-Yimen_Bench_QR_engine_B0000003-if00",
	lampBoard:   "/dev/serial/by-id/usb-Yimen_Bench_Relay_board_B0000004-if00",
	docCamera:   "/dev/v4l/by-id/usb-Yimen_Bench_Document_camera_B0000005-video-index0",
	touchPanel:  "/dev/input/by-id/usb-Yimen_Bench_Touch_panel_B0000006-event-if00",
}

const untilThere, untilGone = "until [ -e %s ]; do sleep 0.1; done", "while [ -e %s ]; do sleep 0.1; done"

// complaint is a line of the kernel's log about a USB device that it does not like.
var complaint = regexp.MustCompile(`(?i)(usb|uvc|hid|cdc|lp\d).*(invalid|error|fail|unable|unsupported|not supported|missing|bogus|unknown|warn|refus|bad )`)

func TestKernelTakesEveryDeviceWithoutComplaint(t *testing.T) {
	r, m := atKernel(t)
	for _, node := range nodes {
		sh(t, m, fmt.Sprintf(untilThere, node))
	}
	for line := range strings.Lines(string(sh(t, m, "dmesg"))) {
		if complaint.MatchString(line) {
			t.Error(strings.TrimSpace(line))
		}
	}
	t.Run("usblp", func(t *testing.T) {
		got := sh(t, m, "exec 3<>"+nodes[slipPrinter]+`; printf '\033@slip\n\035V\000\035r\001' >&3; head -c 1 <&3`) // usblp forgets answers on closing
		if !bytes.Equal(got, []byte{0}) {
			t.Errorf("the paper's state after the slip: % X", got)
		}
		if p := r.must("GET", "api/state", "")["printer"].(map[string]any); p["bytes"] != 13.0 || p["slips"] != 1.0 {
			t.Errorf("the printer says %v", p)
		}
	})
	t.Run("cdc_acm", func(t *testing.T) {
		got := sh(t, m, "stty -F "+nodes[lampBoard]+" raw -echo 9600; exec 3<>"+nodes[lampBoard]+`; printf '\001\005\000\000\377\000\214\072' >&3; head -c 8 <&3`)
		if fmt.Sprintf("%X", got) != "01050000FF008C3A" {
			t.Errorf("the relay board echoes % X", got)
		}
		if lit := r.must("GET", "api/lamps", "")["lit"].([]any); lit[0] != true {
			t.Errorf("lamps %v", lit)
		}
	})
	t.Run("hid-multitouch", func(t *testing.T) {
		ctx, stop := context.WithTimeout(t.Context(), time.Minute)
		defer stop()
		heard := make(chan []byte, 1)
		go func() {
			b, _ := m.Run(ctx, "head", "-c", strconv.Itoa(20*inputEvent), nodes[touchPanel])
			heard <- b
		}()
		var got []string
		for got == nil { // what was tapped before somebody listened is not heard
			r.do("POST", "api/touch", `{"x":0.25,"y":0.75}`) // nor what is tapped when it has heard enough
			select {
			case b := <-heard:
				got = append(events(b), "end")
			default:
			}
		}
		for _, want := range []string{"3/53/8192", "3/54/24575", "1/330/1"} { // ABS_MT_POSITION_X and Y, BTN_TOUCH
			if !slices.Contains(got, want) {
				t.Errorf("no event %s in %v", want, got)
			}
		}
	})
	t.Run("a printer that leaves in the middle of a slip", func(t *testing.T) {
		r.must("POST", "api/fault", `{"device":"printer","fault":"usb-unplug","on":true,"times":1}`)
		sh(t, m, "! yes | head -c 20000 > "+nodes[slipPrinter])
		sh(t, m, fmt.Sprintf(untilGone, nodes[slipPrinter]))
		if r.must("GET", "api/state", "")["plugged"].(map[string]any)[slipPrinter] != false {
			t.Error("the panel does not know")
		}
		r.must("POST", "api/plug", `{"device":"printer"}`)
		sh(t, m, fmt.Sprintf(untilThere, nodes[slipPrinter]))
	})
	t.Run("each cable, pulled and plugged in", func(t *testing.T) {
		for id, node := range nodes {
			r.must("POST", "api/unplug", fmt.Sprintf(`{"device":%q}`, id))
			sh(t, m, fmt.Sprintf(untilGone, node))
			r.must("POST", "api/plug", fmt.Sprintf(`{"device":%q}`, id))
			sh(t, m, fmt.Sprintf(untilThere, node))
		}
	})
}

// inputEvent is the size of Linux' struct input_event on 64 bits.
const inputEvent = 24

// events are input events as type/code/value.
func events(b []byte) (all []string) {
	for ; len(b) >= inputEvent; b = b[inputEvent:] {
		all = append(all, fmt.Sprintf("%d/%d/%d", binary.LittleEndian.Uint16(b[16:]), binary.LittleEndian.Uint16(b[18:]), int32(binary.LittleEndian.Uint32(b[20:]))))
	}
	return all
}
