// Command rehearse puts a whole hall on this machine: "run" keeps it up for people to try, "demo" plays one
// visit through it by a real browser and shows what came out at each end, "powercut" cuts the power under a terminal's
// outbox in a machine, "visit" plays a visit at a terminal that is there already. Never shipped.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"yimen/provisioning/hall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := command(ctx, os.Args[1:], os.Stdout)
	stop()
	switch {
	case err == nil:
	case errors.Is(err, flag.ErrHelp):
		os.Exit(2)
	default:
		fmt.Fprintln(os.Stderr, "rehearse:", err)
		os.Exit(1)
	}
}

func command(ctx context.Context, args []string, out io.Writer) error {
	if len(args) > 0 {
		switch args[0] {
		case "run":
			return run(ctx, args[1:], out)
		case "demo":
			return demo(ctx, args[1:], out)
		case "visit":
			return oneVisit(ctx, args[1:], out)
		case "powercut":
			return powercuts(ctx, args[1:], out)
		case "vm":
			return vm(ctx, args[1:], out)
		}
	}
	return errors.New("usage: rehearse run|demo|visit|powercut|vm [flags]")
}

// common are the flags that both commands have.
func common(flags *flag.FlagSet) (bin, pack *string) {
	bin = flags.String("bin", filepath.Dir(self()), "folder with the programs")
	pack = flags.String("pack", "kiosk/policy/packs/CN-150102", "folder of the region's policy pack")
	return bin, pack
}

func self() string {
	exe, err := os.Executable()
	if err != nil {
		return "bin/rehearse"
	}
	return exe
}

// run keeps a hall up until ctx ends or one of its parts does.
func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("run", flag.ContinueOnError)
	bin, pack := common(flags)
	dir := flags.String("dir", "run-data", "folder for keys, data and logs; kept for the next start")
	ports := hall.Ports{Screen: 8480, Bench: 8481, Bureau: 8482, Intake: 8483}
	flags.Func("ports", "screen,bench,bureau,intake (8480,8481,8482,8483)", ports.Parse)
	window := flags.Bool("window", true, "open the terminal's window if there is a display")
	verifier := flags.String("verifier", "", "compare faces with an operator's networks: `{library: …, likeness: …, …}` as in the terminal's config")
	if err := flags.Parse(args); err != nil {
		return err
	}
	h, err := hall.Start(ctx, hall.Options{Bin: *bin, Dir: *dir, Pack: *pack, Ports: ports, Verifier: *verifier, Voice: "  loudspeaker: default\n", Tell: out})
	if ctx.Err() != nil && err != nil {
		return nil // Ctrl-C came before everything was up, and took down what was
	}
	if err != nil {
		return err
	}
	shell, err := openWindow(h, *bin, *window)
	if err != nil {
		fmt.Fprintln(out, "window  ", err)
	}
	fmt.Fprintf(out, "\n  the terminal's screen   %s\n  the bench (lay cards)   %s\n  the bureau desk         %s\n\nCtrl-C ends it.\n", h.Screen, h.Panel, h.Bureau)
	err = wait(ctx, h, shell, out)
	fmt.Fprintln(out, "\nstopping")
	return errors.Join(err, closeWindow(shell), h.Stop())
}

// closeWindow ends the window, if there is one that has not ended by itself.
func closeWindow(shell *hall.Part) error {
	if shell == nil {
		return nil
	}
	select {
	case <-shell.Done():
		return nil
	default:
		return shell.Stop()
	}
}

// wait returns when ctx ends or a part has ended by itself. A window that ends, ends nothing.
func wait(ctx context.Context, h *hall.Hall, shell *hall.Part, out io.Writer) error {
	for {
		var closed <-chan struct{}
		if shell != nil {
			closed = shell.Done()
		}
		select {
		case <-ctx.Done():
			return nil
		case <-closed:
			fmt.Fprintf(out, "window   %s; the hall goes on\n", shell.Last())
			shell = nil
		case <-h.Kiosk.Done():
			return fmt.Errorf("the terminal's daemon has ended: see %s", h.Log("kiosk"))
		case <-h.Hub.Done():
			return fmt.Errorf("the hub has ended: see %s", h.Log("hub"))
		case <-h.BureauDesk.Done():
			return fmt.Errorf("the bureau desk has ended: see %s", h.Log("bureau"))
		case <-h.Bench.Done():
			return fmt.Errorf("the bench has ended: see %s", h.Log("bench"))
		}
	}
}

var errNoDisplay = errors.New("no display here: open the screen's address in a browser")

// openWindow opens the terminal's own window where there is a display to show it on.
func openWindow(h *hall.Hall, bin string, wanted bool) (*hall.Part, error) {
	if !wanted {
		return nil, nil
	}
	if os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" {
		return nil, errNoDisplay
	}
	return h.OpenWindow(filepath.Join(bin, "shell"))
}
