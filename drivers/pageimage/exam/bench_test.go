package exam

import (
	"image"
	"slices"
	"syscall"
	"testing"
	"time"

	"yimen/drivers/jpeg"
	"yimen/drivers/pageimage"
	"yimen/drivers/pageimage/peer"
	"yimen/drivers/pageimage/scene"
	"yimen/drivers/pageimage/scene/paper"
)

// onDark gives a frame that both finders manage: an A4 page on a dark mat, without trouble.
func onDark(b *testing.B, size image.Point) []byte {
	b.Helper()
	studio, err := scene.Open()
	if err != nil {
		b.Fatal(err)
	}
	sc, err := studio.Make(scene.Order{Seed: 1, Size: size, Paper: paper.A4, State: scene.Flat, Ground: scene.DarkMat, Trouble: scene.Nothing})
	if err != nil {
		b.Fatal(err)
	}
	return sc.Frame
}

// rounds is how many times both are measured, by turns, so that what else the machine does hits both alike.
const rounds = 15

// beside reports how long ours takes, and in parts of what the peer takes; of each the middle one of many rounds counts.
// x-work compares what the processors spent, which a machine that is busy otherwise changes less.
func beside(b *testing.B, ours func(), theirs func() peer.Answer) {
	b.Helper()
	for b.Loop() {
		var took, work, peerTook, peerWork []time.Duration
		for range rounds {
			start, spent := time.Now(), processors(b)
			ours()
			took, work = append(took, time.Since(start)), append(work, processors(b)-spent)
			got := theirs()
			if !got.Found {
				b.Fatal("the peer found no page")
			}
			peerTook, peerWork = append(peerTook, got.Took), append(peerWork, got.Work)
		}
		b.ReportMetric(0, "ns/op") // of both, and many rounds: says nothing
		b.ReportMetric(1000*middle(took), "ms")
		b.ReportMetric(1000*middle(peerTook), "ms-opencv")
		b.ReportMetric(middle(took)/middle(peerTook), "x-opencv")
		b.ReportMetric(middle(work)/middle(peerWork), "x-work")
	}
}

// middle gives the median in seconds.
func middle(of []time.Duration) float64 {
	slices.Sort(of)
	return of[len(of)/2].Seconds()
}

// processors gives the time that they spent on this process.
func processors(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// benchPeer skips where there is no OpenCV.
func benchPeer(b *testing.B) *peer.Program {
	b.Helper()
	p := startPeer(b)
	if p == nil {
		b.Skip("nothing to compare with")
	}
	return p
}

// BenchmarkPage turns a frame into a straightened and judged page of A4, at most 300 dots to the inch. The peer makes a
// page of the same size with the same steps, on two threads.
func BenchmarkPage(b *testing.B) {
	for name, size := range map[string]image.Point{"8MP": scene.EightMega, "13MP": scene.ThirteenMP} {
		b.Run(name, func(b *testing.B) {
			frame, p := onDark(b, size), benchPeer(b)
			var page pageimage.Page
			ours := func() {
				picture, err := pageimage.Decode(frame)
				if err != nil {
					b.Fatal(err)
				}
				if page, err = picture.Capture(pageimage.A4, pageimage.DefaultLimits); err != nil || !page.Sure() {
					b.Fatal(page.Flaws, err)
				}
			}
			ours()
			head, err := jpeg.Header(page.JPEG)
			if err != nil {
				b.Fatal(err)
			}
			beside(b, ours, func() peer.Answer {
				a, err := p.Page(frame, head.Width, head.Height)
				if err != nil {
					b.Fatal(err)
				}
				return a
			})
		})
	}
}

// BenchmarkGlance finds the page in a live frame.
func BenchmarkGlance(b *testing.B) {
	frame, p := onDark(b, scene.Preview), benchPeer(b)
	ours := func() {
		if s, err := pageimage.Glance(frame, pageimage.DefaultLimits); err != nil || !s.Sure() {
			b.Fatal(s.Flaws, err)
		}
	}
	beside(b, ours, func() peer.Answer {
		a, err := p.Glance(frame)
		if err != nil {
			b.Fatal(err)
		}
		return a
	})
}
