package main

/*
#cgo pkg-config: gtk+-3.0 webkit2gtk-4.1
#include <stdlib.h>
#include "window.h"
*/
import "C"

import (
	"context"
	_ "embed"
	"errors"
	"log/slog"
	"net/url"
	"runtime/cgo"
	"strings"
	"time"
	"unsafe"

	webview "github.com/webview/webview_go"
)

// awayHTML is the window's own page: what a resident reads while there is no daemon that could show anything.
//
//go:embed away.html
var awayHTML string

// errNoDisplay says that there is neither an X nor a Wayland display to open a window on.
var errNoDisplay = errors.New("no display")

// window covers the monitor with the app's page. One per process; all but Show belong to the main thread.
type window struct {
	view    webview.WebView
	witness cgo.Handle
}

// witness is told, on the main thread, what befalls the window.
type witness struct {
	log     *slog.Logger
	painted func() // something of a page was seen
	blank   func() // nothing was, of several pages in a row, each with a process of its own
	moving  func() // the main thread goes round, after each word of the heartbeat
}

// openWindow opens the window at the page home, not yet visible. With controlled, WebKitWebDriver may take it over;
// patience is how long a page may take until something of it is seen. The error is errNoDisplay.
func openWindow(home *url.URL, controlled bool, patience time.Duration, told *witness) (*window, error) {
	options := C.window_options{
		home:       C.CString(home.String()),
		origin:     C.CString(originOf(home)),
		away_html:  C.CString(awayHTML),
		controlled: C.bool(controlled),
		paint_ms:   C.int(patience.Milliseconds()),
		witness:    C.uintptr_t(cgo.NewHandle(told)),
	}
	defer C.free(unsafe.Pointer(options.home))
	defer C.free(unsafe.Pointer(options.origin))
	defer C.free(unsafe.Pointer(options.away_html))

	frame := C.window_create(options)
	if frame == nil {
		cgo.Handle(options.witness).Delete()
		return nil, errNoDisplay
	}
	return &window{view: webview.NewWindow(false, frame), witness: cgo.Handle(options.witness)}, nil
}

// Run shows the window until ctx ends. Show may be called meanwhile, by one goroutine, which must have ended
// when ctx has: webview_go's Dispatch mixes up functions handed in at the same time.
func (w *window) Run(ctx context.Context) {
	stop := context.AfterFunc(ctx, w.view.Terminate)
	defer stop()
	C.window_show()
	w.view.Run()
}

// Show shows the app's page while the daemon is alive, and the window's own while it is not. Saying the same again
// changes nothing, save that an app's page that did not load is tried again.
func (w *window) Show(alive bool) {
	w.view.Dispatch(func() {
		if alive {
			C.window_show_app()
		} else {
			C.window_show_away()
		}
		w.witness.Value().(*witness).moving()
	})
}

// Close ends the web processes.
func (w *window) Close() {
	w.view.Destroy()
	w.witness.Delete()
}

// originOf is the beginning of every address of the same origin, written as WebKit writes it.
func originOf(home *url.URL) string {
	return "http://" + strings.TrimSuffix(home.Host, ":80") + "/"
}

//export windowReport
func windowReport(told C.uintptr_t, event, detail *C.char) {
	witnessOf(told).log.Info(C.GoString(event), "detail", C.GoString(detail))
}

//export windowPainted
func windowPainted(told C.uintptr_t) { witnessOf(told).painted() }

//export windowBlank
func windowBlank(told C.uintptr_t) { witnessOf(told).blank() }

func witnessOf(told C.uintptr_t) *witness { return cgo.Handle(told).Value().(*witness) }
