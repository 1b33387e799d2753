package usbwire_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"yimen/drivers/emulator/gadget"
	"yimen/drivers/emulator/machine"
	"yimen/drivers/emulator/machine/system"
)

// importer is a machine that can import devices by USB/IP.
func importer(t *testing.T, port int) *machine.Machine {
	t.Helper()
	if os.Getenv("YIMEN_VM") == "" {
		t.Skip("boots a machine: make soak sets YIMEN_VM")
	}
	dir, err := system.CacheDir()
	if err != nil {
		t.Fatal(err)
	}
	recipe := system.Headless()
	recipe.Packages = append(slices.Clone(recipe.Packages), "usbip")
	recipe.Modules = append(slices.Clone(recipe.Modules), "vhci_hcd")
	image, err := machine.Build(t.Context(), dir, recipe, slog.New(slog.NewTextHandler(t.Output(), nil)))
	if err != nil {
		t.Fatal(err)
	}
	m, err := machine.Boot(t.Context(), machine.Config{Image: image, Forward: []int{port}, Console: t.Output()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Kill)
	return m
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

// complaint is a line of the kernel's log about a USB device that it does not like.
var complaint = regexp.MustCompile(`(?i)(usb |usblp|ftdi|vhci).*(invalid|error|fail|unable|unsupported|missing|bogus|unknown|warn|bad )`)

func TestKernelImportsTwinsAndABridgeByUSBIP(t *testing.T) {
	address := export(t, gadget.NewPrinter("twin", paper{}), gadget.NewPrinter("twin", paper{}), gadget.NewBridge("bridge", echo))
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	var number int
	if _, err := fmt.Sscan(port, &number); err != nil {
		t.Fatal(err)
	}
	m := importer(t, number)
	sh(t, m, "modprobe vhci_hcd")
	if list := string(sh(t, m, "usbip --tcp-port "+port+" list -r "+machine.Host)); strings.Count(list, "0483:5743") != 2 || !strings.Contains(list, "0403:6001") {
		t.Errorf("exported are\n%s", list)
	}
	for _, bus := range []string{"1-1", "1-2", "1-3"} {
		// usbip fails while udev still looks at the device before.
		sh(t, m, "until usbip --tcp-port "+port+" attach -r "+machine.Host+" -b "+bus+"; do sleep 0.2; done")
	}
	for _, node := range []string{"/dev/usb/lp0", "/dev/usb/lp1", "/dev/ttyUSB0"} {
		sh(t, m, "until [ -e "+node+" ]; do sleep 0.1; done")
	}
	for _, node := range []string{"/dev/usb/lp0", "/dev/usb/lp1"} {
		if got := sh(t, m, "exec 3<>"+node+"; printf proof >&3; head -c 5 <&3"); string(got) != "proof" {
			t.Errorf("%s says %q", node, got)
		}
	}
	long := bytes.Repeat([]byte("0123456789"), 20)
	got := sh(t, m, "stty -F /dev/ttyUSB0 raw -echo 9600; exec 3<>/dev/ttyUSB0; printf "+string(long)+" >&3; head -c 200 <&3")
	if !bytes.Equal(got, long) {
		t.Errorf("the bridge says %q", got)
	}
	for line := range strings.Lines(string(sh(t, m, "dmesg"))) {
		if complaint.MatchString(line) {
			t.Error(strings.TrimSpace(line))
		}
	}
	sh(t, m, "usbip detach -p 0; while [ -e /dev/usb/lp0 ]; do sleep 0.1; done")
}
