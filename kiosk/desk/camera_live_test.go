package desk

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"yimen/drivers/device"
	"yimen/kiosk/journey/view"
)

// frames shows n frames under the live picture, each after the glance at the one before.
func (b *bubble) frames(n int) {
	for range n {
		b.hands.frames <- device.Frame{JPEG: []byte("frame")}
		time.Sleep(breath)
		synctest.Wait()
	}
}

func (b *bubble) guide() view.Guide {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	return <-b.desk.Guides(ctx)
}

func TestAPageThatLiesStillIsTakenWithoutATouch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := open(t, &hands{})
		b.enter()
		b.frames(3)
		if g := b.guide(); g.Quad[0].X != .2 || g.Hint != view.HintStill || g.Held <= 0 {
			t.Errorf("over the live picture stands %+v", g)
		}
		b.frames(60)
		if v := b.view(); v.Question.Now != 1 {
			t.Errorf("the page settled %d times", v.Question.Now)
		}
		if _, ok := b.desk.Picture("p"); !ok {
			t.Error("no picture was taken")
		}
		if g := b.guide(); g.Hint != view.HintSame || g.Held != 0 {
			t.Errorf("after the shot stands %+v", g)
		}
		b.stop()
	})
}

func TestTheGuideEndsWithTheLivePicture(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := open(t, &hands{})
		b.enter()
		b.frames(3)
		b.tap(view.DoFinish, "")
		if g := b.guide(); g != (view.Guide{}) {
			t.Errorf("the next resident's screen has %+v", g)
		}
		b.stop()
	})
}

func TestABrokenFrameIsPassedOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := open(t, &hands{})
		b.enter()
		b.hands.frames <- device.Frame{JPEG: []byte{}}
		b.frames(3)
		if g := b.guide(); g.Hint != view.HintStill {
			t.Errorf("a broken frame ended the watching: %+v", g)
		}
		b.stop()
	})
}
