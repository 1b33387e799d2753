package exam

import (
	"image"
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

// rounds is how many times all are measured, by turns, so that what else the machine does hits them alike.
const rounds = 15

// spent is what something took at its best: by the clock, and of the processors, which a machine that is busy otherwise
// changes less.
type spent struct{ took, work time.Duration }

func (s *spent) add(took, work time.Duration) {
	if s.took == 0 {
		*s = spent{took, work}
	}
	s.took, s.work = min(s.took, took), min(s.work, work)
}

// rival is what ours is measured beside; name stands behind the units of what is reported.
type rival struct {
	name string
	do   func() (peer.Answer, error)
}

// beside reports how long ours takes, and in parts of what each rival takes; of each the best of many rounds counts.
func beside(b *testing.B, ours func(), rivals ...rival) {
	b.Helper()
	for b.Loop() {
		var our spent
		their := make([]spent, len(rivals))
		for range rounds {
			start, before := time.Now(), processors(b)
			ours()
			our.add(time.Since(start), processors(b)-before)
			for i, r := range rivals {
				got, err := r.do()
				if err != nil || !got.Found {
					b.Fatalf("the peer found no page: %v", err)
				}
				their[i].add(got.Took, got.Work)
			}
		}
		b.ReportMetric(0, "ns/op") // of all, and many rounds: says nothing
		b.ReportMetric(1000*our.took.Seconds(), "ms")
		b.ReportMetric(1000*our.work.Seconds(), "ms-work")
		for i, r := range rivals {
			b.ReportMetric(1000*their[i].took.Seconds(), "ms-"+r.name)
			b.ReportMetric(our.took.Seconds()/their[i].took.Seconds(), "x-"+r.name)
			b.ReportMetric(our.work.Seconds()/their[i].work.Seconds(), "x-work-"+r.name)
		}
	}
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

// BenchmarkPage turns a frame into a straightened and judged page of A4, at most 300 dots to the inch, that stands as its
// writing does. The peer makes a page of the same size with the same steps, on two threads; as "lying" it leaves out which way
// up the page is, and the turning.
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
				if page, err = picture.Capture(pageimage.A4, pageimage.DefaultLimits); err != nil || !page.Sure() || !page.Turned {
					b.Fatal(page.Flaws, page.Turned, err)
				}
			}
			ours()
			head, err := jpeg.Header(page.JPEG)
			if err != nil {
				b.Fatal(err)
			}
			beside(b, ours, rival{"opencv", func() (peer.Answer, error) { return p.Stand(frame, head.Width, head.Height) }},
				rival{"opencv-lying", func() (peer.Answer, error) { return p.Page(frame, head.Width, head.Height) }})
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
	beside(b, ours, rival{"opencv", func() (peer.Answer, error) { return p.Glance(frame) }})
}

// BenchmarkLive glances at live frames of what people lay: every bed, with and without trouble. It reports how many glances
// one processor gives in a second that is all its own: a live picture wants ten, whatever else the machine does.
func BenchmarkLive(b *testing.B) {
	studio, err := scene.Open()
	if err != nil {
		b.Fatal(err)
	}
	var frames [][]byte
	for seed := range uint64(12) {
		sc, err := studio.Make(scene.Deal(scene.DevelopmentSeeds+seed, scene.Preview))
		if err != nil {
			b.Fatal(err)
		}
		frames = append(frames, sc.Frame)
	}
	before, n := processors(b), 0
	for b.Loop() {
		if _, err := pageimage.Glance(frames[n%len(frames)], pageimage.DefaultLimits); err != nil {
			b.Fatal(err)
		}
		n++
	}
	work := processors(b) - before
	b.ReportMetric(float64(n)/work.Seconds(), "glances/processor-s")
	b.ReportMetric(1000*work.Seconds()/float64(n), "ms-work")
}
