package eye

import (
	"slices"

	"yimen/drivers/pageimage/lanes"
)

// What a net learns by: for each of its parts the way back, from what its output should change by to what its input and
// its weights should.

// tape keeps what one block saw, and what it made of it.
type tape struct{ in, mid, out grid }

func (b *block) record(x grid) (grid, tape) {
	y, mid := b.apply(nil, x)
	return y, tape{x, mid, y}
}

// change is by how much a block's numbers should change.
type change struct{ taps, weights, bias []float32 }

func newChange(b *block) change {
	return change{make([]float32, len(b.taps)), make([]float32, len(b.weights)), make([]float32, len(b.bias))}
}

// back takes dy, which it may overwrite.
func (b *block) back(t tape, dy grid, to change) grid {
	var through []float32
	if b.onto {
		through = slices.Clone(dy.v)
	}
	if !b.straight {
		for i, v := range t.out.v {
			if b.onto {
				v -= t.in.v[i]
			}
			if v < 0 {
				dy.v[i] *= lanes.Leak
			}
		}
	}
	dmid := newGrid(b.in, dy.width, dy.height)
	turned := make([]float32, len(b.weights))
	for o := range b.out {
		p := dy.plane(o)
		sum := float32(0)
		for _, v := range p {
			sum += v
		}
		to.bias[o] += sum
		for i := range b.in {
			to.weights[o*b.in+i] += product(p, t.mid.plane(i))
			turned[i*b.out+o] = b.weights[o*b.in+i]
		}
	}
	lanes.Mix(dmid.v, dy.v, dy.width*dy.height, turned, make([]float32, b.in), 0, b.in, false, nil)
	flipped := make([]float32, len(b.taps))
	for i := range b.in {
		for k := range 9 {
			flipped[9*i+k] = b.taps[9*i+8-k]
		}
		tapChange(to.taps[9*i:][:9], t.in.plane(i), dmid.plane(i), dy.width, dy.height)
	}
	dx := newGrid(b.in, dy.width, dy.height)
	lanes.Neighbours(dx.v, dmid.v, dx.width, dx.height, flipped, 0, b.in)
	if b.onto {
		add(dx.v, through)
	}
	return dx
}

func product(a, b []float32) float32 {
	var s0, s1, s2, s3 float32
	b = b[:len(a)]
	i := 0
	for ; i+3 < len(a); i += 4 {
		s0 += a[i] * b[i]
		s1 += a[i+1] * b[i+1]
		s2 += a[i+2] * b[i+2]
		s3 += a[i+3] * b[i+3]
	}
	for ; i < len(a); i++ {
		s0 += a[i] * b[i]
	}
	return s0 + s1 + s2 + s3
}

func tapChange(to, in, dmid []float32, w, h int) {
	for ky := range 3 {
		for y := range h {
			at := y + ky - 1
			if at < 0 || at >= h {
				continue
			}
			src, d := in[at*w:][:w], dmid[y*w:][:w]
			to[3*ky] += product(d[1:], src)
			to[3*ky+1] += product(d, src)
			to[3*ky+2] += product(d[:w-1], src[1:])
		}
	}
}

func halvedBack(d grid, width, height int) grid {
	out := newGrid(d.channels, width, height)
	for c := range d.channels {
		from, to := d.plane(c), out.plane(c)
		for y := range d.height {
			for x := range d.width {
				v := from[y*d.width+x] / 4
				for _, j := range [2]int{2 * y, min(2*y+1, height-1)} {
					for _, i := range [2]int{2 * x, min(2*x+1, width-1)} {
						to[j*width+i] += v
					}
				}
			}
		}
	}
	return out
}

func doubledBack(d grid, width, height int) grid {
	out := newGrid(d.channels, width, height)
	for c := range d.channels {
		from, to := d.plane(c), out.plane(c)
		for y := range d.height {
			for x := range d.width {
				to[(y/2)*width+x/2] += from[y*d.width+x]
			}
		}
	}
	return out
}

// teach runs the net on x, has loss say by how much its output should change, and adds up what its weights should.
func (n *net) teach(x grid, to []change, loss func(out grid) grid) {
	a, t0 := n.first.record(x)
	cells, t1 := n.second.record(a)
	b, t2 := n.third.record((*scratch)(nil).halved(cells))
	fours, t3 := n.fourth.record(b)
	c, t4 := n.fifth.record((*scratch)(nil).halved(fours))
	d, t5 := n.sixth.record(c)
	e, t6 := n.seventh.record(d)
	f, t7 := n.down.record(e)
	up := (*scratch)(nil).doubled(f, fours.width, fours.height)
	add(up.v, fours.v)
	g, t8 := n.eighth.record(up)
	h, t9 := n.downer.record(g)
	up2 := (*scratch)(nil).doubled(h, cells.width, cells.height)
	add(up2.v, cells.v)
	i, t10 := n.ninth.record(up2)
	out, t11 := n.last.record(i)

	dup2 := n.ninth.back(t10, n.last.back(t11, loss(out), to[11]), to[10])
	dup := n.eighth.back(t8, n.downer.back(t9, doubledBack(dup2, h.width, h.height), to[9]), to[8])
	de := n.down.back(t7, doubledBack(dup, f.width, f.height), to[7])
	dc := n.fifth.back(t4, n.sixth.back(t5, n.seventh.back(t6, de, to[6]), to[5]), to[4])
	dfours := halvedBack(dc, fours.width, fours.height)
	add(dfours.v, dup.v)
	db := n.third.back(t2, n.fourth.back(t3, dfours, to[3]), to[2])
	dcells := halvedBack(db, cells.width, cells.height)
	add(dcells.v, dup2.v)
	n.first.back(t0, n.second.back(t1, dcells, to[1]), to[0])
}
