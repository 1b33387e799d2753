package hall

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// terminalID is the invented terminal of the demo: 新城区, first machine.
const terminalID = "150102-0001"

// keys makes the hall's keys unless an earlier run has.
func (h *Hall) keys(ctx context.Context) error {
	dir := h.path("keys")
	if _, err := os.Stat(filepath.Join(dir, "terminal")); err == nil {
		if _, err := os.Stat(filepath.Join(dir, "hub", "card.json")); err != nil {
			return fmt.Errorf("the keys in %s are of an older release: remove %s, or name another folder", dir, h.opt.Dir)
		}
		return nil
	}
	if err := h.provision(ctx, "keys", "-dir", dir, "-terminal", terminalID); err != nil {
		return err
	}
	h.tell("keys     made for this hall only, in %s", dir)
	return nil
}

// provision runs the technician's command.
func (h *Hall) provision(ctx context.Context, args ...string) error {
	out, err := exec.CommandContext(ctx, h.program("provisioning"), args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("provisioning %s: %w: %s", strings.Join(args[:min(2, len(args))], " "), err, strings.TrimSpace(string(out)))
	}
	return nil
}

// Settings is the terminal's config file, with these devices: YAML that is indented by two. Every other value is
// quoted as YAML's double-quoted text, which is Go's %q.
func (h *Hall) Settings(listen, devices string) string {
	central := h.opt.Central
	if central == "" {
		central = h.Intake
	}
	var b strings.Builder
	fmt.Fprintf(&b, "terminal: %q\nmode: demo\npack: %q\ndata: %q\nidentity: %q\nlisten: %q\n",
		terminalID, h.opt.Pack, h.Data(), h.Keys("terminal"), listen)
	fmt.Fprintf(&b, "hall:\n  name: 新城区示例街道便民服务大厅\n  hotline: \"12349\"\n")
	fmt.Fprintf(&b, "central:\n  url: %q\n", central)
	fmt.Fprintf(&b, "packs: {repository: central, every: 1h}\n")
	fmt.Fprintf(&b, "devices:\n%s", devices)
	for _, section := range []struct{ key, yaml string }{{"idle", h.opt.Idle}, {"outbox", h.opt.Outbox}, {"envelope", h.opt.Envelope}, {"voice", h.opt.Voice}} {
		if section.yaml != "" {
			fmt.Fprintf(&b, "%s:\n%s", section.key, section.yaml)
		}
	}
	return b.String()
}

// ptys are the devices that the bench emulates on this machine.
func (h *Hall) ptys() string {
	var b strings.Builder
	fmt.Fprintf(&b, "  doccam:\n    url: %q\n", h.bench.Stream)
	fmt.Fprintf(&b, "  facecam:\n    url: %q\n", h.bench.Faces)
	if h.opt.Verifier != "" {
		fmt.Fprintf(&b, "    verifier: %s\n", h.opt.Verifier)
	}
	for _, d := range []struct{ id, tty string }{{"idcard", h.bench.IDCard}, {"printer", h.bench.Printer}, {"scanner", h.bench.Scanner}, {"lamps", h.bench.Lamps}} {
		fmt.Fprintf(&b, "  %s:\n    port: %q\n", d.id, "serial:"+d.tty)
		if d.id == "idcard" { // whose cards' photos no other program can decode
			fmt.Fprintf(&b, "    photo: {command: [%q, photo], timeout: 20s}\n", h.program("bench"))
		}
		if model := h.opt.Models[d.id]; model != "" {
			fmt.Fprintf(&b, "    model: %q\n", model)
		}
	}
	fmt.Fprintf(&b, "    relays: {idcard: 1, doccam: 2, printer: 3, scanner: 4, facecam: 5}\n") // of the lamps
	if h.opt.Models["lamps"] == "" {
		fmt.Fprintf(&b, "    model: modbus-8-8\n    contacts: {cabinetDoor: 1, tamperSensor: 2}\n")
	}
	return b.String()
}
