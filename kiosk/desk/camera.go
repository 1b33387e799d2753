package desk

import (
	"context"
	"maps"
	"sync"

	"yimen/drivers/device"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/view"
)

// Camera is the document camera over the bed.
type Camera interface {
	// Frames gives live frames, the latest first, until ctx ends or the camera is gone.
	Frames(ctx context.Context) <-chan device.Frame
	// Capture gives a frame that was taken after the call.
	Capture(ctx context.Context) (device.Frame, error)
}

// PageMaker finds pages in frames, cuts them out and judges them. Errors: a frame that cannot be used, corners that go
// round no page.
type PageMaker interface {
	// Glance looks at a live frame: quickly, and at less than Find.
	Glance(jpeg []byte) (device.Sight, error)
	// Find cuts out the page that lies in the frame. Where none is found, the page has no JPEG.
	Find(jpeg []byte) (device.Page, error)
	// Cut cuts out the page within the corners. Where they are turned, a person has said which of them is its top left;
	// otherwise its writing tells, where it is sure.
	Cut(jpeg []byte, q device.Quad, turned bool) (device.Page, error)
}

// album holds the pictures of the present visit that the screen may show, and the live ones.
type album struct {
	mu       sync.Mutex
	pictures map[string][]byte
	live     board[*device.Frame] // nil: no live picture; an empty Frame: none yet
	guides   board[view.Guide]
	showing  int // counts the live pictures; a frame of an earlier one is not shown
}

// begin starts a live picture and gives its number.
func (a *album) begin() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.showing++
	a.live.set(&device.Frame{})
	return a.showing
}

// show shows a frame of live picture n, if that one still goes on.
func (a *album) show(n int, f *device.Frame) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if n == a.showing {
		a.live.set(f)
	}
}

// guide shows what stands over live picture n, if that one still goes on.
func (a *album) guide(n int, g view.Guide) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if n == a.showing {
		a.guides.set(g)
	}
}

// darken ends live picture n, if that one still goes on.
func (a *album) darken(n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if n == a.showing {
		a.showing++
		a.live.set(nil)
		a.guides.set(view.Guide{})
	}
}

// dark ends the live picture.
func (a *album) dark() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.showing++
	a.live.set(nil)
	a.guides.set(view.Guide{})
}

func (a *album) put(id string, jpeg []byte) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.pictures == nil {
		a.pictures = map[string][]byte{}
	}
	a.pictures[id] = jpeg
}

func (a *album) drop(id string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.pictures, id)
}

func (a *album) clear() {
	a.mu.Lock()
	maps.DeleteFunc(a.pictures, func(string, []byte) bool { return true })
	a.mu.Unlock()
	a.dark()
}

// Picture gives a remembered picture of the present visit.
func (d *Desk) Picture(id string) ([]byte, bool) {
	d.album.mu.Lock()
	defer d.album.mu.Unlock()
	p, ok := d.album.pictures[id]
	return p, ok
}

// Frames gives the live picture's JPEG frames from now on; the channel is closed when the live picture ends,
// when ctx ends, or at once when there is none.
func (d *Desk) Frames(ctx context.Context) <-chan []byte {
	ctx, stop := context.WithCancel(ctx)
	in, out := d.album.live.watch(ctx), make(chan []byte)
	go func() {
		defer close(out)
		defer stop()
		for f := range in {
			if f == nil {
				return
			}
			if f.JPEG == nil {
				continue
			}
			select {
			case out <- f.JPEG:
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}

func (d *Desk) takeFrame(v *visit) {
	v.framer.shot()
	v.do(func(ctx context.Context) journey.Happening {
		f, err := d.hands.Camera.Capture(ctx)
		if err != nil {
			d.log.Info("no picture taken", "err", err)
			return journey.FrameFault{Err: err}
		}
		page, err := d.hands.Pages.Find(f.JPEG)
		if err != nil {
			d.log.Info("no page looked for", "err", err)
			page = device.Page{Sight: device.Sight{Flaws: []device.Flaw{device.NoPage}}}
		}
		page.Sight = v.framer.judge(page.Sight)
		return journey.FrameTaken{Frame: f, Page: page}
	})
}

func (d *Desk) makePage(v *visit, e journey.MakePage) {
	v.do(func(context.Context) journey.Happening {
		page, err := d.hands.Pages.Cut(e.JPEG, e.Quad, e.Turned)
		if err != nil {
			d.log.Info("page not cut out", "err", err)
			return journey.PageFault{Frame: e.Frame, Err: err}
		}
		return journey.PageMade{Frame: e.Frame, Page: page}
	})
}
