package ui

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/jpeg"
	"sync"
	"testing"

	"yimen/kiosk/journey"
	"yimen/kiosk/journey/view"
)

// stage is a desk that shows what a test puts on it and notes what was touched.
type stage struct {
	picture []byte
	touches chan journey.Touch

	mu       sync.Mutex
	view     view.View
	guide    view.Guide // said to whoever asks from now on
	watchers map[chan view.View]bool
}

func newStage(t testing.TB, v view.View) *stage {
	t.Helper()
	return &stage{picture: paperPicture(t), touches: make(chan journey.Touch, 100), view: v, watchers: map[chan view.View]bool{}}
}

// show puts a View on; its Seq is given by the stage.
func (s *stage) show(v view.View) view.View {
	s.mu.Lock()
	defer s.mu.Unlock()
	v.Seq = s.view.Seq + 1
	s.view = v
	for w := range s.watchers {
		select {
		case <-w: // latest wins
		default:
		}
		w <- v
	}
	return v
}

func (s *stage) Views(ctx context.Context) <-chan view.View {
	w := make(chan view.View, 1)
	out := make(chan view.View)
	s.mu.Lock()
	w <- s.view
	s.watchers[w] = true
	s.mu.Unlock()
	go func() {
		defer close(out)
		defer func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			delete(s.watchers, w)
		}()
		for {
			select {
			case v := <-w:
				select {
				case out <- v:
				case <-ctx.Done():
					return
				}
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}

func (s *stage) Touch(t journey.Touch) { s.touches <- t }

func (s *stage) Frames(ctx context.Context) <-chan []byte {
	frames := make(chan []byte, 2)
	frames <- s.picture
	frames <- s.picture
	context.AfterFunc(ctx, func() { close(frames) })
	return frames
}

func (s *stage) Guides(ctx context.Context) <-chan view.Guide {
	guides := make(chan view.Guide, 1)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.guide.Hint != "" {
		guides <- s.guide
	}
	return guides
}

func (s *stage) Picture(id string) ([]byte, bool) { return s.picture, id == "page1" || id == "page2" }

// paperPicture is a sheet of paper lying askew on a dark desk.
func paperPicture(t testing.TB) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 800, 600))
	for y := range 600 {
		for x := range 800 {
			c := color.RGBA{70, 62, 54, 255}
			u, v := x+y/10, y-x/12
			if u > 250 && u < 620 && v > 30 && v < 500 {
				c = color.RGBA{240, 238, 230, 255}
				if v%34 < 9 && u > 290 && u < 580 {
					c = color.RGBA{90, 90, 95, 255}
				}
			}
			img.Set(x, y, c)
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
