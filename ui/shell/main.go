// Command shell is the window on the terminal's screen: the daemon's page from edge to edge, and nothing else.
//
// It is a process of its own, which may crash without losing a visit. It goes nowhere but to the daemon, keeps nothing
// on disk, loads the page again when its web process dies, and shows a page of its own while the daemon is away.
//
// Where systemd started it, systemd hears when something is first seen and that the window goes on moving; it starts
// another where that does not come.
//
// Exit codes: 0 ended by SIGINT or SIGTERM, 2 wrong flags, 3 no display, 4 nothing can be seen in the window.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"github.com/coreos/go-systemd/v22/daemon"
)

const (
	exitUsage     = 2
	exitNoDisplay = 3
	exitBlank     = 4
)

// errBlank ends a window in which nothing can be seen.
var errBlank = errors.New("nothing can be seen in the window")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stderr))
}

// run is main with its surroundings as arguments. It must be called on the main thread.
func run(ctx context.Context, args []string, stderr io.Writer) int {
	flags := flag.NewFlagSet("shell", flag.ContinueOnError)
	flags.SetOutput(stderr)
	address := flags.String("url", "", "`address` of the app's page, on this machine: http://127.0.0.1:PORT/…")
	controlled := flags.Bool("controlled", false, "let WebKitWebDriver take the window over (tests)")
	patience := flags.Duration("paint", 20*time.Second, "how long a page may take until something of it is seen")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return 0
	} else if err != nil {
		return exitUsage
	}
	home, err := parseHome(*address)
	if err != nil {
		fmt.Fprintln(stderr, "shell: -url:", err)
		return exitUsage
	}

	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	told := newWitness(slog.New(slog.NewTextHandler(stderr, nil)), func() { stop(errBlank) })
	w, err := openWindow(home, *controlled, *patience, told)
	if err != nil {
		fmt.Fprintf(stderr, "shell: %v: DISPLAY is %q and WAYLAND_DISPLAY is %q, and neither opens\n",
			err, os.Getenv("DISPLAY"), os.Getenv("WAYLAND_DISPLAY"))
		return exitNoDisplay
	}
	defer w.Close()

	var watching sync.WaitGroup
	watching.Go(func() { newHeartbeat(home).Run(ctx, w.Show) })
	w.Run(ctx)
	watching.Wait()
	if errors.Is(context.Cause(ctx), errBlank) {
		fmt.Fprintln(stderr, "shell:", errBlank)
		return exitBlank
	}
	return 0
}

// newWitness passes what befalls the window on to systemd and to the log.
func newWitness(log *slog.Logger, blank func()) *witness {
	tell := func(word string) {
		if _, err := daemon.SdNotify(false, word); err != nil {
			log.Error("systemd does not hear from the window", "err", err)
		}
	}
	return &witness{
		log: log, blank: blank,
		painted: func() { tell(daemon.SdNotifyReady) },
		moving:  func() { tell(daemon.SdNotifyWatchdog) },
	}
}

// parseHome reads the address of the app's page, which must be on this machine: the window trusts what it shows.
func parseHome(address string) (*url.URL, error) {
	home, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	ip := net.ParseIP(home.Hostname())
	if home.Scheme != "http" || ip == nil || !ip.IsLoopback() {
		return nil, fmt.Errorf("%q is not an address like http://127.0.0.1:8080/", address)
	}
	if home.Path == "" {
		home.Path = "/"
	}
	return home, nil
}
