package desktest

import (
	"context"
	"errors"
	"time"

	"yimen/drivers/device"
	"yimen/kiosk/journey"
)

// perSecond is how many frames a live camera gives.
const perSecond = 30

// frames gives live frames until ctx ends.
func (d *Devices) frames(ctx context.Context, each time.Duration) <-chan device.Frame {
	out := make(chan device.Frame)
	go func() {
		defer close(out)
		for {
			select {
			case out <- device.Frame{JPEG: d.live, At: time.Now()}:
			case <-ctx.Done():
				return
			}
			select {
			case <-time.After(each):
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}

// bed is the document camera, and who finds pages in its frames.
type bed struct{ *Devices }

func (p bed) Frames(ctx context.Context) <-chan device.Frame { return p.frames(ctx, time.Second) }

func (p bed) Capture(ctx context.Context) (device.Frame, error) {
	h, err := wait[journey.FrameTaken](ctx, p.Devices)
	return h.Frame, err
}

// Glance sees no page: none is taken by itself.
func (bed) Glance([]byte) (device.Sight, error) {
	return device.Sight{Flaws: []device.Flaw{device.NoPage}}, nil
}

func (p bed) Find(jpeg []byte) (device.Page, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	page, ok := p.pages[string(jpeg)]
	if !ok {
		return device.Page{}, errors.New("a frame that nobody took")
	}
	return page, nil
}

func (p bed) Cut([]byte, device.Quad, bool) (device.Page, error) {
	h, err := wait[journey.PageMade](context.Background(), p.Devices)
	return h.Page, err
}

// mirror is the face camera, before which a good face is seen at once, and who compares it.
type mirror struct{ *Devices }

func (p mirror) Ready() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.faces
}

func (p mirror) Frames(ctx context.Context) <-chan device.Frame {
	return p.frames(ctx, time.Second/perSecond)
}

func (mirror) Look([]byte) (device.FaceSight, error) {
	return device.FaceSight{Quad: device.Quad{{X: .3, Y: .2}, {X: .6, Y: .2}, {X: .6, Y: .7}, {X: .3, Y: .7}}}, nil
}

func (p mirror) Match(ctx context.Context, _ []byte, _ [][]byte) (journey.FaceMatched, error) {
	return wait[journey.FaceMatched](ctx, p.Devices)
}
