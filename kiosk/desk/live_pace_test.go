package desk

import (
	"testing"
	"testing/synctest"
	"time"

	"yimen/drivers/device"
	"yimen/kiosk/journey/view"
)

// TestTheEdgeFollowsAHandTenTimesASecond: a camera sends thirty pictures a second for two seconds. What a glance itself costs
// is measured by the bench of drivers/pageimage/exam.
func TestTheEdgeFollowsAHandTenTimesASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := open(t, &hands{})
		b.enter()
		guides, told := b.desk.Guides(t.Context()), 0
		stop := make(chan struct{})
		go func() {
			for {
				select {
				case g := <-guides:
					if g.Quad != (view.Guide{}).Quad {
						told++
					}
				case <-stop:
					return
				}
			}
		}()
		for range 60 {
			b.hands.frames <- device.Frame{JPEG: []byte("frame")}
			time.Sleep(time.Second / 30)
			synctest.Wait()
		}
		close(stop)
		synctest.Wait()
		if told < 20 || told > 32 {
			t.Errorf("the page's edge was told %d times in two seconds", told)
		}
		b.stop()
	})
}
