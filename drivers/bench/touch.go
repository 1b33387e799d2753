package main

import (
	"errors"
	"net/http"
	"time"

	"yimen/drivers/emulator/gadget"
)

// postTouch taps, drags, or lays several fingers on the panel.
func (b *bench) postTouch(r *http.Request) (any, error) {
	want := struct {
		X            *float64         `json:"x"`
		Y            *float64         `json:"y"`
		ToX          *float64         `json:"toX"`
		ToY          *float64         `json:"toY"`
		Milliseconds int              `json:"milliseconds"` // of a drag
		Contacts     []gadget.Contact `json:"contacts"`
	}{Milliseconds: 300}
	if err := body(r, &want); err != nil {
		return nil, err
	}
	tap, drag := want.X != nil && want.Y != nil, want.ToX != nil && want.ToY != nil
	switch {
	case b.touch == nil:
		return nil, errors.New("there is a touch panel with -usb alone")
	case len(want.Contacts) > 0:
		return nil, b.touch.Report(r.Context(), want.Contacts...)
	case tap && drag:
		return nil, b.touch.Drag(r.Context(), gadget.Contact{X: *want.X, Y: *want.Y}, *want.ToX, *want.ToY, time.Duration(want.Milliseconds)*time.Millisecond)
	case tap:
		return nil, b.touch.Tap(r.Context(), *want.X, *want.Y)
	}
	return nil, errors.New("touch: want x and y, or contacts")
}
