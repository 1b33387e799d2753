package main

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	_ "image/jpeg" // an uploaded page
	"image/png"
	"io"
	"net/http"
	"strconv"
	"strings"

	"yimen/drivers/emulator"
	"yimen/drivers/emulator/doccam"
	"yimen/drivers/emulator/idcard"
	"yimen/drivers/emulator/lamps"
)

//go:embed panel.html
var panel embed.FS

// largestUpload bounds an uploaded picture, in bytes.
const largestUpload = 32 << 20

// handler is the panel, the API and the camera. Requests and answers are JSON; an error is 400 and {"error":…}.
//
//	GET  /api/state                  what lies where, what is plugged in, every fault, the printer's report, the page's corners
//	GET  /api/cards                  sample cards: [{id, label}]
//	POST /api/card                   {"id"} or the fields of idcard.Card; DELETE takes the card away
//	GET  /api/pages                  sample pages: [{id, label}]
//	POST /api/page                   {"id"} or the fields of doccam.Page, and perhaps {"pose"}; DELETE takes the page away
//	POST /api/page/upload            a PNG or JPEG, as the body or as the form file "page"
//	GET  /api/people                 who may stand before the face camera: [{id, label}]
//	POST /api/person                 {"id"} steps before it; DELETE walks away
//	POST /api/code                   {"text"} holds a code before the scanner; DELETE takes it away
//	GET  /api/lamps                  {"lit": [bool…]}, the board's channels from 0
//	POST /api/contact                {"input","closed"} closes the loop at an input of the relay board, from 1, or opens it
//	POST /api/touch                  {"x","y"} taps the touch panel, from 0,0 at the top left to 1,1; with "toX","toY" and perhaps
//	                                 "milliseconds" one finger drags; {"contacts":[{"id","x","y","down"}…]} is one report of
//	                                 several. Answers when the host has fetched all; only with -usb
//	GET  /api/faults                 per device: {known, on}
//	POST /api/fault                  {"device","fault","on","times"}: times counts answers, frames or cuts; a lasting state
//	                                 such as cover-open stays on until it is switched off. idcard has status-XX beside its list. With -usb
//	                                 each device also has the usb- faults, which count transfers
//	POST /api/unplug, /api/plug      {"device"}
//	GET  /api/paper.png, paper.bin   the paper as it shows, and every byte received; POST /api/paper/tear takes the paper away
//	GET  /doccam/stream, snapshot    the document camera
//	GET  /facecam/stream, snapshot   the face camera
func (b *bench) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) { http.ServeFileFS(w, r, panel, "panel.html") })
	mux.HandleFunc("GET /doccam/stream", b.eye.through(b.camera.ServeStream))
	mux.HandleFunc("GET /doccam/snapshot", b.eye.through(b.camera.ServeSnapshot))
	mux.HandleFunc("GET /facecam/stream", b.gaze.through(b.mirror.ServeStream))
	mux.HandleFunc("GET /facecam/snapshot", b.gaze.through(b.mirror.ServeSnapshot))
	mux.Handle("GET /api/state", answering(b.state))
	mux.Handle("GET /api/cards", answering(func(*http.Request) (any, error) { return cardList(), nil }))
	mux.Handle("POST /api/card", answering(b.postCard))
	mux.Handle("DELETE /api/card", answering(func(*http.Request) (any, error) { b.takeCard(); return nil, nil }))
	mux.Handle("GET /api/pages", answering(func(*http.Request) (any, error) { return pageList(), nil }))
	mux.Handle("POST /api/page", answering(b.postPage))
	mux.Handle("POST /api/page/upload", answering(b.uploadPage))
	mux.Handle("DELETE /api/page", answering(func(*http.Request) (any, error) { return nil, b.takePage() }))
	mux.Handle("GET /api/people", answering(func(*http.Request) (any, error) { return list(people), nil }))
	mux.Handle("POST /api/person", answering(b.postPerson))
	mux.Handle("DELETE /api/person", answering(func(*http.Request) (any, error) { return nil, b.stand(nobody) }))
	mux.Handle("POST /api/code", answering(b.postCode))
	mux.Handle("DELETE /api/code", answering(func(*http.Request) (any, error) { b.dropCode(); return nil, nil }))
	mux.Handle("GET /api/lamps", answering(func(*http.Request) (any, error) { return map[string]any{"lit": b.lamps.Lit()}, nil }))
	mux.Handle("POST /api/contact", answering(b.postContact))
	mux.Handle("POST /api/touch", answering(b.postTouch))
	mux.Handle("GET /api/faults", answering(func(*http.Request) (any, error) { return b.faultList(), nil }))
	mux.Handle("POST /api/fault", answering(b.postFault))
	mux.Handle("POST /api/plug", answering(b.postPlug(plugger.plug)))
	mux.Handle("POST /api/unplug", answering(b.postPlug(plugger.unplug)))
	mux.Handle("POST /api/paper/tear", answering(func(*http.Request) (any, error) { b.printer.Tear(); return nil, nil }))
	mux.HandleFunc("GET /api/paper.bin", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/octet-stream")
		w.Write(b.printer.Received())
	})
	mux.HandleFunc("GET /api/paper.png", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "image/png")
		if err := png.Encode(w, b.printer.Paper()); err != nil {
			b.log.Warn("send paper", "err", err)
		}
	})
	return mux
}

// answering makes a handler of a function: its value as JSON, {"ok":true} for nil, or its error as 400 and
// {"error":…}.
func answering(f func(*http.Request) (any, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		v, err := f(r)
		switch {
		case err != nil:
			w.WriteHeader(http.StatusBadRequest)
			v = map[string]string{"error": err.Error()}
		case v == nil:
			v = map[string]bool{"ok": true}
		}
		json.NewEncoder(w).Encode(v)
	})
}

// body reads a request's JSON into v; unknown fields are errors, so that a misspelt one is noticed.
func body(r *http.Request, v any) error {
	d := json.NewDecoder(io.LimitReader(r.Body, 1<<20))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return fmt.Errorf("request: %w", err)
	}
	return nil
}

// postCard lays a sample card by its id, or the card whose fields are given.
func (b *bench) postCard(r *http.Request) (any, error) {
	var want struct {
		ID string `json:"id"`
		idcard.Card
	}
	if err := body(r, &want); err != nil {
		return nil, err
	}
	if want.ID == "" {
		return nil, b.layCard("typed", want.Card)
	}
	c, ok := sampleCard(want.ID)
	if !ok {
		return nil, fmt.Errorf("no such card: %q", want.ID)
	}
	return nil, b.layCard(want.ID, c)
}

// postPage lays a sample page by its id, or the page whose text is given. A pose may go with it.
func (b *bench) postPage(r *http.Request) (any, error) {
	var want struct {
		ID   string       `json:"id"`
		Pose *doccam.Pose `json:"pose"`
		doccam.Page
	}
	if err := body(r, &want); err != nil {
		return nil, err
	}
	id, page := "typed", want.Page
	if want.ID != "" {
		var ok bool
		if page, ok = samplePage(want.ID); !ok {
			return nil, fmt.Errorf("no such page: %q", want.ID)
		}
		id = want.ID
	}
	sheet, err := page.Draw(b.typeface)
	if err != nil {
		return nil, err
	}
	pose := doccam.LaidByHand
	if want.Pose != nil {
		pose = *want.Pose
	}
	return nil, b.layPage(id, sheet, pose)
}

// uploadPage lays a picture (PNG or JPEG), sent as the body or as the form file "page".
func (b *bench) uploadPage(r *http.Request) (any, error) {
	var from io.Reader = r.Body
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		f, _, err := r.FormFile("page")
		if err != nil {
			return nil, fmt.Errorf("upload: %w", err)
		}
		defer f.Close()
		from = f
	}
	page, _, err := image.Decode(io.LimitReader(from, largestUpload))
	if err != nil {
		return nil, fmt.Errorf("upload: %w", err)
	}
	return nil, b.layPage("uploaded", page, doccam.LaidByHand)
}

// postCode holds a code with the text given before the scanner.
func (b *bench) postCode(r *http.Request) (any, error) {
	var want struct {
		Text string `json:"text"`
	}
	if err := body(r, &want); err != nil {
		return nil, err
	}
	return nil, b.holdCode(want.Text)
}

// postContact closes the loop at an input of the relay board, from 1 as on its label, or opens it.
func (b *bench) postContact(r *http.Request) (any, error) {
	var want struct {
		Input  int  `json:"input"`
		Closed bool `json:"closed"`
	}
	if err := body(r, &want); err != nil {
		return nil, err
	}
	if want.Input < 1 || want.Input > lamps.Channels {
		return nil, fmt.Errorf("no such input: %d", want.Input)
	}
	b.lamps.Close(want.Input-1, want.Closed)
	return nil, nil
}

// statusFault is how a status code of the reader is ordered as a fault: status-66.
const statusFault = "status-"

// postFault switches a fault on or off, for so many times if that is said.
func (b *bench) postFault(r *http.Request) (any, error) {
	var want struct {
		Device string `json:"device"`
		Fault  string `json:"fault"`
		On     bool   `json:"on"`
		Times  int    `json:"times"` // 0: until it is switched off
	}
	if err := body(r, &want); err != nil {
		return nil, err
	}
	d, ok := b.faults[want.Device]
	if !ok {
		return nil, fmt.Errorf("no such device: %q", want.Device)
	}
	if code, ok := strings.CutPrefix(want.Fault, statusFault); ok && want.Device == cardReader {
		return nil, b.orderStatus(code, want.On)
	}
	times := 0
	if want.On {
		if times = want.Times; times == 0 {
			times = emulator.UntilOff
		}
	}
	return nil, d.set(emulator.Fault(want.Fault), times)
}

// orderStatus makes the reader answer every card command with one status code.
func (b *bench) orderStatus(code string, on bool) error {
	sw, err := strconv.ParseUint(code, 16, 8)
	if err != nil || sw == 0 {
		return errors.New("status code: want two hexadecimal digits, such as status-41")
	}
	if !on {
		sw = 0
	}
	b.reader.Answer(idcard.Status(sw))
	return nil
}

// faultList is every fault of every device, with those that are on.
func (b *bench) faultList() map[string]any {
	out := map[string]any{}
	for id, d := range b.faults {
		out[id] = map[string]any{"known": d.known(), "on": d.active()}
	}
	return out
}

// postPlug does what to the cable of a device.
func (b *bench) postPlug(what func(plugger) error) func(*http.Request) (any, error) {
	return func(r *http.Request) (any, error) {
		var want struct {
			Device string `json:"device"`
		}
		if err := body(r, &want); err != nil {
			return nil, err
		}
		c, err := b.cable(want.Device)
		if err != nil {
			return nil, err
		}
		return nil, what(c)
	}
}

// state is all that the panel shows.
func (b *bench) state(*http.Request) (any, error) {
	card, page := b.laid()
	plugged := map[string]bool{}
	for id := range b.faults {
		c, err := b.cable(id)
		if err != nil {
			return nil, err
		}
		plugged[id] = c.plugged()
	}
	s := map[string]any{
		"card": card, "page": page, "plugged": plugged, "faults": b.faultList(), "printer": b.printer.Report(),
		"frame": [2]int{b.camera.Size().X, b.camera.Size().Y}, "readerAnswers": fmt.Sprintf("%02X", byte(b.reader.Ordered())),
		"code": b.held(), "person": b.stands(), "scanning": b.scanner.Lit(), "lamps": b.lamps.Lit(), "contacts": b.lamps.Closed(),
	}
	if corners, ok := b.camera.Corners(); ok {
		var c [4][2]int
		for i, p := range corners {
			c[i] = [2]int{p.X, p.Y}
		}
		s["corners"] = c // clockwise from the page's own top left
	}
	return s, nil
}
