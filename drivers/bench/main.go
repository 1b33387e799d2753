// Command bench stands in for a terminal's devices: it plugs emulated ones into ptys, or into the USB of a machine that
// speaks usbredir, serves the pictures of the document camera and of the face camera, and shows a page from which a person
// lays cards and pages, steps before the face camera, takes the paper, pulls cables and spoils the day. Tests and the demo do
// the same through its API. "bench photo" decodes the photos of its own cards. It is never shipped.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"image"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"yimen/drivers/emulator"
	"yimen/drivers/emulator/printer"
	"yimen/drivers/emulator/scanner"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := command(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func command(ctx context.Context, args []string) error {
	if len(args) == 1 && args[0] == "photo" {
		return decodePhoto(os.Stdin, os.Stdout)
	}
	return run(ctx, args, os.Stdout, os.Stderr)
}

// settings are what the command line says.
type settings struct {
	listen, font  string
	dir, usb      string // one of them
	frame         image.Point
	fps           int
	baud          int
	dots          int
	dotsPerSecond int
	scanner       scanner.Dialect
	bridged       bool // the relay board is behind an FT232R
}

func parse(args []string, stderr io.Writer) (settings, error) {
	var s settings
	var frame, dialect string
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.StringVar(&s.listen, "listen", "127.0.0.1:0", "`address` of the panel, the API and the camera's stream")
	f.StringVar(&s.dir, "dir", "", "`folder` for the device files; made if it is missing")
	f.StringVar(&s.usb, "usb", "", "`folder` for a Unix socket per device, to which a host comes that speaks usbredir, such as QEMU; instead of -dir")
	f.StringVar(&s.font, "font", emulator.NotoCollection, "Noto CJK collection that paper and pages are drawn with")
	f.StringVar(&frame, "frame", "2592x1944", "size of the document camera's frames")
	f.IntVar(&s.fps, "fps", 10, "frames a second of either camera")
	f.IntVar(&s.baud, "baud", 115200, "speed of the card reader's line; 0 for no waiting")
	f.IntVar(&s.dots, "dots", printer.Dots80, "printer's dots to a row: 384 for paper of 58 mm, 576 for 80 mm")
	f.IntVar(&s.dotsPerSecond, "print-speed", 1200, "printer's dots of feed a second; 0 for no waiting")
	f.BoolVar(&s.bridged, "ftdi", false, "with -usb, the relay board's serial port is behind an FT232R and not of the class CDC-ACM")
	f.StringVar(&dialect, "scanner", string(scanner.Newland), "what the scanner understands: newland, honeywell, gm65 or older")
	if err := f.Parse(args); err != nil {
		return s, err
	}
	s.scanner = scanner.Dialect(dialect)
	if n, err := fmt.Sscanf(frame, "%dx%d", &s.frame.X, &s.frame.Y); n != 2 || err != nil || s.frame.X < 64 || s.frame.Y < 64 {
		return s, fmt.Errorf("-frame %s: want a size such as 2592x1944", frame)
	}
	if s.fps < 1 || s.baud < 0 || s.dotsPerSecond < 0 {
		return s, errors.New("-fps, -baud and -print-speed cannot be negative")
	}
	if s.dots < 64 || s.dots > 1024 {
		return s, fmt.Errorf("-dots %d: want 384 or 576, or another width up to 1024", s.dots)
	}
	if (s.dir == "") == (s.usb == "") {
		return s, errors.New("want -dir, the folder for the device files, or -usb, the folder for the sockets")
	}
	return s, nil
}

// run is the bench until ctx ends. One line of JSON on stdout says where everything is.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	s, err := parse(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return nil
	}
	if err != nil {
		return err
	}
	dir, err := filepath.Abs(s.dir + s.usb)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", s.listen)
	if err != nil {
		return err
	}
	b, err := newBench(s, dir, slog.New(slog.NewTextHandler(stderr, nil)))
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	if err := b.plugAll(); err != nil {
		return errors.Join(err, listener.Close())
	}
	defer b.unplugAll()
	at := "http://" + listener.Addr().String()
	where := map[string]any{"panel": at + "/", "stream": at + "/doccam/stream", "faces": at + "/facecam/stream"}
	if s.usb != "" {
		where["usb"] = b.paths
	} else {
		for id, path := range b.paths {
			where[id] = path
		}
	}
	if err := json.NewEncoder(stdout).Encode(where); err != nil {
		return errors.Join(err, listener.Close())
	}
	return serve(ctx, listener, b.handler())
}

// serve answers on listener until ctx ends. Streams never end by themselves, so they are dropped.
func serve(ctx context.Context, listener net.Listener, h http.Handler) error {
	server := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	err := server.Close()
	<-ended
	return err
}
