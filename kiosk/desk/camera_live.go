package desk

import (
	"context"
	"sync"
	"time"

	"yimen/drivers/device"
	"yimen/kiosk/desk/framing"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/view"
)

// Guides gives what stands over the live picture, the latest first, until ctx ends; between live pictures it is empty.
func (d *Desk) Guides(ctx context.Context) <-chan view.Guide { return d.album.guides.watch(ctx) }

func (d *Desk) live(v *visit, e journey.Live) {
	if v.stopLive != nil {
		v.stopLive()
		v.stopLive = nil
	}
	if !e.On {
		d.album.dark()
		return
	}
	n := d.album.begin()
	v.framer.look(e.Again)
	v.stopLive = v.do(func(ctx context.Context) journey.Happening {
		newest := make(chan device.Frame, 1)
		var watching sync.WaitGroup
		watching.Go(func() { d.watch(ctx, v, n, e.Auto, newest) })
		for f := range d.hands.Camera.Frames(ctx) {
			d.album.show(n, &f)
			offer(newest, f)
		}
		close(newest)
		watching.Wait()
		return nil
	})
}

// breath is the least time between two glances: fifteen a second guide a hand, and leave the processor to the rest.
const breath = time.Second / 15

// watch glances at the newest frame, again and again, and says what it sees. Frames that come meanwhile are left out.
func (d *Desk) watch(ctx context.Context, v *visit, n int, auto bool, newest <-chan device.Frame) {
	pace := time.NewTicker(breath)
	defer pace.Stop()
	for f := range newest {
		sight, err := d.hands.Pages.Glance(f.JPEG)
		if err != nil {
			continue // a frame that the camera broke off: the next one comes at once
		}
		guide, settled := v.framer.see(sight)
		if !auto {
			guide.Held = 0
		}
		d.album.guide(n, guide)
		if settled && auto {
			v.tell(ctx, journey.Settled{})
		}
		select {
		case <-pace.C:
		case <-ctx.Done():
		}
	}
}

// framer is the visit's framing.Framer: glances come from the live picture, shots from the desk.
type framer struct {
	mu sync.Mutex
	framing.Framer
}

func (f *framer) see(s device.Sight) (view.Guide, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.See(s)
}

func (f *framer) look(again bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.Look(again)
}

func (f *framer) judge(s device.Sight) device.Sight {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.Shot(s)
}

func (f *framer) shot() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.Taken()
}
