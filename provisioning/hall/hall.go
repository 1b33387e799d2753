// Package hall puts a whole street hall on one machine: keys made on the spot, the hub's intake and the
// bureau's desk, the bench with its emulated devices, and the terminal's daemon, each a process of its own.
// For `make run`, `make demo` and the tests that play whole visits; never shipped.
package hall

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Ports that the parts listen on, all on loopback; 0 takes any free one.
type Ports struct{ Screen, Bench, Bureau, Intake int }

// Options of a hall.
type Options struct {
	Bin      string            // folder with the programs kiosk, hub, bench, provisioning
	Dir      string            // folder for keys, data, logs; made if it is missing, used again if it is not
	Pack     string            // folder of the region's policy pack
	Ports    Ports             //
	Frame    string            // size of the camera's frames, as the bench takes it; empty for its default
	Bench    []string          // more of the bench's flags, such as -dots 384
	Kiosk    string            // the terminal's daemon, where it is another program than kiosk in Bin
	Verifier string            // YAML of the face camera's verifier section, in one line; empty: staff compare faces
	Models   map[string]string // the model of a device, by its name in the config, where it is not the default
	Idle     string            // YAML of the terminal's idle section; empty for the defaults of P14
	Outbox   string            // YAML of its outbox section, likewise
	Envelope string            // YAML of its envelope section, likewise
	Voice    string            // YAML of its voice section; empty: it has none
	Tell     io.Writer         // one line for each part as it starts; nil for silence
	Central  string            // where the terminal sends to; empty for the hall's own intake
	// Elsewhere has the terminal's daemon run on another machine, which the caller starts with Settings: the bench gives
	// its devices over usbredir, on sockets in this folder.
	Elsewhere string
}

// Hall is a running hall.
type Hall struct {
	Screen string // the terminal's page
	Panel  string // the bench's panel
	Bureau string // the bureau desk
	Intake string // the hub's intake
	Status string // how the hub's terminals are

	Kiosk, Bench, BureauDesk, Hub *Part

	opt   Options
	bench benchReady
}

type benchReady struct {
	Panel, Stream, Faces, IDCard, Printer, Scanner, Lamps string
}

// Data is the terminal's data folder.
func (h *Hall) Data() string { return filepath.Join(h.opt.Dir, "terminal") }

// Store is the intake's folder.
func (h *Hall) Store() string { return filepath.Join(h.opt.Dir, "intake") }

// Keys is the folder of one party's keys.
func (h *Hall) Keys(party string) string { return h.path("keys", party) }

// Config is the terminal's config file.
func (h *Hall) Config() string { return h.path("terminal.yaml") }

// Log is the log of a part.
func (h *Hall) Log(part string) string { return filepath.Join(h.opt.Dir, "log", part+".log") }

// Start brings everything up, in the order of the data's way backwards. What was started before something
// failed is stopped again.
func Start(ctx context.Context, opt Options) (_ *Hall, err error) {
	h := &Hall{opt: opt}
	defer func() {
		if err != nil {
			err = errors.Join(err, h.Stop())
		}
	}()
	if err := h.opt.Ports.free(); err != nil {
		return nil, err
	}
	if h.opt.Bin, err = filepath.Abs(opt.Bin); err != nil {
		return nil, fmt.Errorf("folder with the programs: %w", err)
	}
	for _, d := range []string{"log", "dev"} {
		if err := os.MkdirAll(filepath.Join(opt.Dir, d), 0o700); err != nil {
			return nil, fmt.Errorf("hall folder: %w", err)
		}
	}
	if err := h.keys(ctx); err != nil {
		return nil, err
	}
	parts := []func(context.Context) error{h.packs, h.StartHub, h.officers, h.startBureau, h.startBench}
	if opt.Elsewhere == "" {
		parts = append(parts, h.StartKiosk)
	}
	for _, f := range parts {
		if err := f(ctx); err != nil {
			return nil, err
		}
	}
	return h, nil
}

// free looks whether the wanted ports can be had, so that a taken one is told by its number and purpose.
func (p Ports) free() error {
	for _, want := range []struct {
		port int
		what string
	}{{p.Screen, "the screen"}, {p.Bench, "the bench panel"}, {p.Bureau, "the bureau desk"}, {p.Intake, "the hub's intake"}} {
		if want.port == 0 {
			continue
		}
		l, err := net.Listen("tcp", address(want.port))
		if err != nil {
			return fmt.Errorf("port %d for %s is taken: stop what uses it, or choose another with -ports", want.port, want.what)
		}
		l.Close()
	}
	return nil
}

// Parse reads "8480,8481,8482,8483": screen, bench, bureau, intake.
func (p *Ports) Parse(s string) error {
	into := []*int{&p.Screen, &p.Bench, &p.Bureau, &p.Intake}
	parts := strings.Split(s, ",")
	if len(parts) != len(into) {
		return fmt.Errorf("want %d ports", len(into))
	}
	for i, part := range parts {
		n, err := strconv.ParseUint(part, 10, 16)
		if err != nil {
			return fmt.Errorf("port %q: want a number up to 65535", part)
		}
		*into[i] = int(n)
	}
	return nil
}

func address(port int) string { return "127.0.0.1:" + strconv.Itoa(port) }

// Stop ends all parts, the terminal first.
func (h *Hall) Stop() error {
	var errs []error
	for _, p := range []*Part{h.Kiosk, h.Bench, h.BureauDesk, h.Hub} {
		if p != nil {
			errs = append(errs, p.Stop())
		}
	}
	return errors.Join(errs...)
}

func (h *Hall) program(name string) string { return filepath.Join(h.opt.Bin, name) }

func (h *Hall) tell(format string, args ...any) {
	if h.opt.Tell != nil {
		fmt.Fprintf(h.opt.Tell, format+"\n", args...)
	}
}

// StartHub starts the intake, again on the port that it had before.
func (h *Hall) StartHub(ctx context.Context) error {
	listen := address(h.opt.Ports.Intake)
	if h.Intake != "" {
		listen = h.Intake[len("https://"):]
	}
	var ready struct{ URL, Status string }
	p, err := start(ctx, "hub", h.program("hub"), []string{"intake", "-listen", listen, "-status", address(0),
		"-identity", h.path("keys", "hub"), "-store", h.Store(), "-packs", h.Offered()}, h.Log("hub"), &ready)
	if err != nil {
		return err
	}
	h.Hub, h.Intake, h.Status = p, ready.URL, ready.Status
	h.tell("hub      %s", ready.URL)
	h.tell("fleet    %s", ready.Status)
	return nil
}

func (h *Hall) startBureau(ctx context.Context) error {
	var ready struct{ URL string }
	p, err := start(ctx, "bureau", h.program("hub"), []string{"bureau", "-listen", address(h.opt.Ports.Bureau),
		"-identity", h.path("keys", "bureau"), "-intake", h.Intake, "-packs", h.Offered(), "-docket", h.path("docket"), "-officers", h.Roster()}, h.Log("bureau"), &ready)
	if err != nil {
		return err
	}
	h.BureauDesk, h.Bureau = p, ready.URL
	password, err := h.Password()
	if err != nil {
		return err
	}
	h.tell("bureau   %s  (cases: %s/cases/ as 01, 02, 03 or 04, password %s)", ready.URL, ready.URL, password)
	return nil
}

func (h *Hall) startBench(ctx context.Context) error {
	args := []string{"-listen", address(h.opt.Ports.Bench), "-dir", h.path("dev")}
	if h.opt.Elsewhere != "" {
		args = []string{"-listen", address(h.opt.Ports.Bench), "-usb", h.opt.Elsewhere}
	}
	if h.opt.Frame != "" {
		args = append(args, "-frame", h.opt.Frame)
	}
	args = append(args, h.opt.Bench...)
	p, err := start(ctx, "bench", h.program("bench"), args, h.Log("bench"), &h.bench)
	if err != nil {
		return err
	}
	h.Bench, h.Panel = p, h.bench.Panel
	h.tell("bench    %s", h.Panel)
	return nil
}

// StartKiosk starts the terminal's daemon, again on the port that it had before.
func (h *Hall) StartKiosk(ctx context.Context) error {
	listen := address(h.opt.Ports.Screen)
	if h.Screen != "" {
		listen = h.Screen[len("http://") : len(h.Screen)-1]
	}
	file := h.Config()
	if err := os.WriteFile(file, []byte(h.Settings(listen, h.ptys())), 0o600); err != nil {
		return fmt.Errorf("terminal's config: %w", err)
	}
	var ready struct{ URL string }
	p, err := start(ctx, "kiosk", cmp.Or(h.opt.Kiosk, h.program("kiosk")), []string{"-config", file}, h.Log("kiosk"), &ready)
	if err != nil {
		return err
	}
	h.Kiosk, h.Screen = p, ready.URL
	h.tell("screen   %s", ready.URL)
	return nil
}

// OpenWindow opens the terminal's own window; the caller stops it.
func (h *Hall) OpenWindow(shell string) (*Part, error) {
	return launch("window", shell, []string{"-url", h.Screen}, h.Log("window"))
}

func (h *Hall) path(elem ...string) string {
	return filepath.Join(append([]string{h.opt.Dir}, elem...)...)
}
