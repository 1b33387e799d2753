package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"log/slog"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"yimen/drivers/emulator/machine"
	"yimen/drivers/emulator/machine/system"
	"yimen/provisioning/hall"
	"yimen/provisioning/visitor"
	"yimen/ui/shell/shelltest"
)

// The package's own files, and where it puts what is shared with the machine.
const (
	packaging = "../packaging/"
	software  = "/usr/lib/yimen"
	current   = "/var/lib/yimen-software/current"
	packs     = "/usr/share/yimen/packs"
)

// slowly gives an emulated processor time; what is hardened stays as it is.
const slowly = `[Service]
WatchdogSec=15min
TimeoutStartSec=15min
`

// driven starts the window by WebKit's driver, so that its page can be asked, in all that the package's unit says.
const driven = slowly + `ExecStart=
ExecStart=/usr/bin/cage -- /usr/bin/WebKitWebDriver --host=127.0.0.1 --port=%d
`

// triggers is what apt would have run after the packages were unpacked.
const triggers = `
/usr/lib/x86_64-linux-gnu/glib-2.0/glib-compile-schemas /usr/share/glib-2.0/schemas
/usr/lib/x86_64-linux-gnu/gdk-pixbuf-2.0/gdk-pixbuf-query-loaders --update-cache
`

// screenPatience is how long an emulated processor on a busy host may take to show something new.
const screenPatience = 5 * time.Minute

// kioskMemory is what systemd, a browser and two copies of large fonts need.
const kioskMemory = 2048 // MiB

func TestTheWindowOnARealKernelIsTheWindowHere(t *testing.T) {
	if os.Getenv("YIMEN_VM") == "" {
		t.Skip("boots a machine with a screen: make bench-vm-kiosk sets YIMEN_VM")
	}
	programs := programs(t)
	must(t, os.Chmod(programs, 0o755)) // for the terminal's user in the machine
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	picture, err := buildMachine(t.Context(), system.Screen(), log)
	if err != nil && os.Getenv(requireVM) != "1" {
		t.Skipf("no machine can be built here: %v", err)
	}
	must(t, err)
	dir, err := os.MkdirTemp("", "yimen-vm-") // short, for the sockets
	must(t, err)
	t.Cleanup(func() { os.RemoveAll(dir) })
	usb := filepath.Join(dir, "usb")
	h := startHall(t, func(o *hall.Options) {
		o.Dir, o.Elsewhere = dir, usb
		o.Idle = "  cover: 50m\n  ask: 55m\n  quiet: 50m\n" // a slow machine is no absent resident
	})
	g := bootScreen(t, picture, h, usb, programs)

	there := shelltest.StartAt(t, g.driver, software+"/shell", g.screen)
	for end := time.Now().Add(screenPatience); ; time.Sleep(time.Second) {
		seen, err := visitor.Look(t.Context(), window{there})
		if err == nil && seen.Screen == "attract" {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("no first screen: %+v %v", seen, err)
		}
	}
	t.Log("the window shows the first screen in the machine")
	here := shelltest.StartOn(t, displayLikeWayland(t), filepath.Join(programs, "shell"), g.screen)
	s := &sameWindows{t: t, there: window{there}, here: window{here}, machine: g.machine, keep: os.Getenv("YIMEN_SCREENS")}
	v := visitor.Visitor{Offer: "apply:0101", Card: "liu", Pages: []string{"bankbook"}, Scan: 1, Patience: screenPatience,
		Answers: map[string]string{"household_size": "1", "member.1.income_kinds": "none"}}
	v.Browser, v.Bench, v.Before = panel{window{there}, h.Panel, g.machine}, &visitor.Bench{Panel: h.Panel}, s.compare
	ctx := within(t, 40*time.Minute)
	last, err := v.Play(ctx)
	if err != nil {
		s.look(ctx, "end")
		t.Fatalf("%v\n%s", err, g.evidence())
	}
	slip := number(last.Text)
	if _, err := (&visitor.BureauDesk{URL: h.Bureau}).Find(ctx, slip, time.Minute); err != nil {
		t.Error(err)
	}
	t.Logf("%s: %d screens, %d texts and boxes, the farthest %.1f px apart", slip, s.screens, s.boxes, s.farthest)
}

// displayLikeWayland is a display whose texts are set as GTK sets them under Wayland: firmware-notes/linux "A screen".
func displayLikeWayland(t *testing.T) *shelltest.Display {
	t.Helper()
	display := shelltest.StartDisplay(t, shelltest.PanelWidth, shelltest.PanelHeight)
	const resources = "Xft.antialias:\t1\nXft.hinting:\t1\nXft.hintstyle:\thintslight\nXft.rgba:\tnone\n"
	out, err := display.Command(t, "x11-utils", "xprop", "-root", "-f", "RESOURCE_MANAGER", "8s", "-set", "RESOURCE_MANAGER", resources).CombinedOutput()
	if err != nil {
		t.Fatalf("xprop: %v\n%s", err, out)
	}
	return display
}

// screenTerminal is a terminal with a screen in a machine.
type screenTerminal struct {
	guestTerminal
	driver int // port of its WebKitWebDriver, on the host as in the guest
}

func bootScreen(t *testing.T, picture system.Image, h *hall.Hall, usb, programs string) *screenTerminal {
	t.Helper()
	v := &rehearsal{out: t.Output(), console: t.Output(), began: time.Now()}
	page, err := freePort()
	must(t, err)
	g := &screenTerminal{guestTerminal: guestTerminal{hall: h, screen: fmt.Sprintf("http://127.0.0.1:%d/", page)}}
	g.driver, err = freePort()
	must(t, err)
	c, err := v.config(picture, h, usb)
	must(t, err)
	rules, err := filepath.Abs(filepath.Dir(pack))
	must(t, err)
	c.Screen, c.MemoryMiB, c.Expose = image.Pt(shelltest.PanelWidth, shelltest.PanelHeight), kioskMemory, []int{page, g.driver}
	c.Share = map[string]string{
		software: programs, packs: rules, "/mnt/keys": h.Keys("terminal"),
		"/usr/share/fonts": "/usr/share/fonts", "/etc/fonts": "/etc/fonts", "/var/cache/fontconfig": "/var/cache/fontconfig",
		"/etc/alternatives": "/etc/alternatives", // some fonts are links that lead there
	}
	g.machine, err = v.bootMachine(t.Context(), c)
	must(t, err)
	t.Cleanup(g.machine.Kill)
	ctx := within(t, 10*time.Minute)
	settings := strings.NewReplacer(h.Keys("terminal"), "/var/lib/yimen/identity", h.Data(), "/var/lib/yimen", rules, packs).
		Replace(h.Settings(fmt.Sprintf("127.0.0.1:%d", page), usbDevices))
	g.unpack(ctx, t, settings)
	_, err = g.machine.Run(ctx, "sh", "-c", "systemctl daemon-reload && systemctl start yimen && systemctl start --no-block yimen-screen")
	must(t, err)
	t.Cleanup(func() {
		if !t.Failed() {
			return
		}
		out, err := g.machine.Run(context.Background(), "sh", "-c", "systemctl status yimen yimen-screen seatd; journalctl -b --no-pager | tail -60; ps aux")
		t.Logf("%v\n%s", err, out)
	})
	for _, address := range []string{g.screen, fmt.Sprintf("http://127.0.0.1:%d/status", g.driver)} {
		answers(t, address)
	}
	return g
}

// answers waits until a server in the machine does.
func answers(t *testing.T, address string) {
	t.Helper()
	for end := time.Now().Add(screenPatience); ; time.Sleep(time.Second) {
		resp, err := http.Get(address)
		if err == nil {
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return
			}
		}
		if time.Now().After(end) {
			t.Fatalf("%s does not answer: %v", address, err)
		}
	}
}

// unpack puts into the machine what the Debian package brings, as it is, and the terminal's keys and config where it looks for
// them.
func (g *screenTerminal) unpack(ctx context.Context, t *testing.T, settings string) {
	t.Helper()
	for from, to := range map[string]string{
		"systemd/yimen.service": "/usr/lib/systemd/system/yimen.service", "systemd/yimen-screen.service": "/usr/lib/systemd/system/yimen-screen.service",
		"etc/sysusers.conf": "/usr/lib/sysusers.d/yimen.conf", "etc/tmpfiles.conf": "/usr/lib/tmpfiles.d/yimen.conf",
		"etc/modules.conf": "/usr/lib/modules-load.d/yimen.conf", "etc/udev.rules": "/usr/lib/udev/rules.d/60-yimen.rules",
	} {
		text, err := os.ReadFile(packaging + from)
		must(t, err)
		must(t, g.put(ctx, to, string(text)))
	}
	must(t, g.put(ctx, "/etc/systemd/system/yimen.service.d/slowly.conf", slowly))
	must(t, g.put(ctx, "/etc/systemd/system/yimen-screen.service.d/driven.conf", fmt.Sprintf(driven, g.driver)))
	must(t, g.put(ctx, "/etc/yimen/terminal.yaml", settings))
	_, err := g.machine.Run(ctx, "sh", "-ec", `systemd-sysusers
systemd-tmpfiles --create /usr/lib/tmpfiles.d/yimen.conf
/usr/lib/systemd/systemd-modules-load
cp -r /mnt/keys /var/lib/yimen/identity
chown -R kiosk:kiosk /var/lib/yimen
chmod 700 /var/lib/yimen/identity
chown -R root:kiosk /etc/yimen
chmod 640 /etc/yimen/terminal.yaml
[ "$(readlink `+current+`)" = `+software+` ]
udevadm control --reload && udevadm trigger --action=add --subsystem-match=usb && udevadm settle --timeout=60`+triggers)
	must(t, err)
}

// panel is the window in the machine, touched through the emulated touch panel and looked at on the emulated screen.
type panel struct {
	window
	bench   string // the bench's panel
	machine *machine.Machine
}

func (p panel) Tap(ctx context.Context, at visitor.Point) error {
	return p.touch(ctx, map[string]any{"x": at.X / shelltest.PanelWidth, "y": at.Y / shelltest.PanelHeight})
}

func (p panel) Draw(ctx context.Context, path []visitor.Point) error {
	for i, at := range append(path, path[len(path)-1]) {
		contact := map[string]any{"id": 0, "x": at.X / shelltest.PanelWidth, "y": at.Y / shelltest.PanelHeight, "down": i < len(path)}
		if err := p.touch(ctx, map[string]any{"contacts": []any{contact}}); err != nil {
			return err
		}
	}
	return nil
}

func (p panel) touch(ctx context.Context, what map[string]any) error {
	body, err := json.Marshal(what)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, "POST", p.bench+"api/touch", bytes.NewReader(body))
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("touch: %s", resp.Status)
	}
	return nil
}

func (p panel) Picture(ctx context.Context) ([]byte, error) {
	p.painted()
	picture, err := p.machine.Screenshot(ctx)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = png.Encode(&b, picture)
	return b.Bytes(), err
}

// sameWindows holds two windows of one visit against each other.
type sameWindows struct {
	t           *testing.T
	there, here window
	machine     *machine.Machine
	keep        string // folder for pictures; none if it is empty

	screens, boxes int
	farthest       float64 // pixels
}

// box is a text on the page and where it stands, in pixels.
type box struct {
	Text                string
	X, Y, Width, Height float64
}

// boxesOnPage are the texts that are seen and the things that can be touched, in the order of the page, with what says
// which screen it is.
const boxesOnPage = `(() => {
  const s = document.getElementById("screen"), boxes = [];
  const add = (text, r) => { if (r.width > 0 && r.height > 0) boxes.push({text, x: r.x, y: r.y, width: r.width, height: r.height}); };
  const walk = document.createTreeWalker(s, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  for (let n = walk.nextNode(); n; n = walk.nextNode()) {
    if (n.nodeType === Node.ELEMENT_NODE) { if (n.dataset.do) add("<" + n.dataset.do + ">", n.getBoundingClientRect()); continue; }
    const text = n.data.trim();
    if (!text || getComputedStyle(n.parentElement).visibility === "hidden") continue;
    const range = document.createRange(); range.selectNodeContents(n);
    add(text, range.getBoundingClientRect());
  }
  return {at: s.dataset.visit + s.dataset.seq, boxes};
})()`

// tolerance is how far apart a box may be in the two windows, in pixels.
const tolerance = 2

// compare waits until both windows show the same screen, and then that they show it alike.
func (s *sameWindows) compare(ctx context.Context, seen visitor.Seen) error {
	var difference string
	for end := time.Now().Add(screenPatience); time.Now().Before(end); time.Sleep(200 * time.Millisecond) {
		var far float64
		var n int
		if far, n, difference = s.differ(ctx); difference == "" {
			s.screens, s.boxes, s.farthest = s.screens+1, s.boxes+n, max(s.farthest, far)
			s.look(ctx, seen.Screen+"-"+seen.Question)
			return nil
		}
	}
	s.look(ctx, "differs")
	return fmt.Errorf("screen %s %s: %s", seen.Screen, seen.Question, difference)
}

// differ says how the two pages differ, or how far their boxes are apart at most.
func (s *sameWindows) differ(ctx context.Context) (far float64, boxes int, difference string) {
	var there, here struct {
		At    string
		Boxes []box
	}
	for w, into := range map[window]any{s.there: &there, s.here: &here} {
		raw, err := w.Eval(ctx, boxesOnPage)
		if err != nil {
			return 0, 0, err.Error()
		}
		if err := json.Unmarshal(raw, into); err != nil {
			return 0, 0, err.Error()
		}
	}
	if there.At != here.At || len(there.Boxes) != len(here.Boxes) {
		return 0, 0, fmt.Sprintf("%d boxes at %s there, %d at %s here", len(there.Boxes), there.At, len(here.Boxes), here.At)
	}
	for i, a := range there.Boxes {
		b := here.Boxes[i]
		d := max(math.Abs(a.X-b.X), math.Abs(a.Y-b.Y), math.Abs(a.Width-b.Width), math.Abs(a.Height-b.Height))
		if a.Text != b.Text || d > tolerance {
			return 0, 0, fmt.Sprintf("%+v there, %+v here", a, b)
		}
		far = max(far, d)
	}
	return far, len(there.Boxes), ""
}

// look keeps a picture of both screens.
func (s *sameWindows) look(ctx context.Context, name string) {
	if s.keep == "" {
		return
	}
	there, err := panel{window: s.there, machine: s.machine}.Picture(ctx)
	must(s.t, err)
	here, err := s.here.Picture(ctx)
	must(s.t, err)
	must(s.t, os.MkdirAll(s.keep, 0o755))
	for side, b := range map[string][]byte{"machine": there, "xvfb": here} {
		must(s.t, os.WriteFile(filepath.Join(s.keep, fmt.Sprintf("%02d-%s-%s.png", s.screens, strings.Trim(name, "-"), side)), b, 0o644))
	}
}
