package visitor

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
)

// Corners says where the corners of the page on the bed lie, in parts of the camera's frame, clockwise from the page's own
// top left; ok is false while none lies there.
func (b *Bench) Corners(ctx context.Context) (corners [4]Point, ok bool, err error) {
	raw, err := b.do(ctx, "GET", "/api/state", nil)
	if err != nil {
		return corners, false, err
	}
	var state struct {
		Frame   [2]float64
		Corners *[4][2]float64
	}
	if err := json.Unmarshal(raw, &state); err != nil {
		return corners, false, fmt.Errorf("bench: read its state: %w", err)
	}
	if state.Corners == nil || state.Frame[0] <= 0 || state.Frame[1] <= 0 {
		return corners, false, nil
	}
	for i, c := range state.Corners {
		corners[i] = Point{c[0] / state.Frame[0], c[1] / state.Frame[1]}
	}
	return corners, true, nil
}

// still is where the picture to be cut lies on the page: places in it are parts of its width and height.
type still struct {
	X, Y, W, H float64
	Quad       []Point // where the handles stand
}

// The picture keeps its shape within its box, in the middle.
const findStill = `(() => {
  const box = document.getElementById("corners"), img = box && box.querySelector("img");
  if (!img || !img.naturalWidth) return null;
  const r = box.getBoundingClientRect(), k = Math.min(r.width / img.naturalWidth, r.height / img.naturalHeight);
  const w = img.naturalWidth * k, h = img.naturalHeight * k;
  return {
    X: r.left + (r.width - w) / 2, Y: r.top + (r.height - h) / 2, W: w, H: h,
    Quad: box.dataset.quad.trim().split(/\s+/).map(p => { const [x, y] = p.split(","); return {X: +x, Y: +y}; }),
  };
})()`

func (s *still) at(p Point) Point { return Point{s.X + p.X*s.W, s.Y + p.Y*s.H} }

// corner drags the four handles of the still onto the corners of the page, as a resident should; where the page was found,
// there are none.
func (v *Visitor) corner(ctx context.Context) error {
	corners, ok, err := v.Bench.Corners(ctx)
	if err != nil || !ok {
		return err
	}
	raw, err := v.Browser.Eval(ctx, findStill)
	if err != nil {
		return fmt.Errorf("find the still: %w", err)
	}
	var s *still
	if err := json.Unmarshal(raw, &s); err != nil {
		return fmt.Errorf("find the still: %w", err)
	}
	if s == nil {
		return nil
	}
	if len(s.Quad) != len(corners) {
		return errors.New("a still without four corners")
	}
	for i, to := range corners {
		from := s.Quad[i]
		between := Point{(from.X + to.X) / 2, (from.Y + to.Y) / 2}
		if err := v.Browser.Draw(ctx, []Point{s.at(from), s.at(between), s.at(to)}); err != nil {
			return fmt.Errorf("drag corner %d: %w", i, err)
		}
	}
	return nil
}
