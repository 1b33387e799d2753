package eye

import (
	"runtime"
	"slices"
	"sync"

	"yimen/drivers/pageimage/lanes"
)

// block mixes neighbours, then channels.
type block struct {
	in, out  int
	onto     bool      // adds what it makes to what it got
	straight bool      // does not bend what it makes
	taps     []float32 // nine of each channel that comes in
	weights  []float32 // of each channel that comes in, for every one that goes out
	bias     []float32
}

// numbers are all that a block learns.
func (b *block) numbers() [3][]float32 { return [3][]float32{b.taps, b.weights, b.bias} }

// apply gives what the block makes of x, and before that what of it neighbours make.
func (b *block) apply(s *scratch, x grid) (y, mid grid) {
	mid, y = s.grid(b.in, x.width, x.height), s.grid(b.out, x.width, x.height)
	shared(b.in*len(x.plane(0)), b.in, func(from, to int) { lanes.Neighbours(mid.v, x.v, x.width, x.height, b.taps, from, to) })
	var was []float32
	if b.onto {
		was = x.v
	}
	shared(b.in*len(y.v), b.out, func(from, to int) {
		lanes.Mix(y.v, mid.v, x.width*x.height, b.weights, b.bias, from, to, !b.straight, was)
	})
	return y, mid
}

// worthSharing is how many multiplications one has to have for another to take half of them.
const worthSharing = 4_000_000

// shared has two do the work for channels 0 to n, where there is enough of it.
func shared(work, n int, do func(from, to int)) {
	if work < worthSharing || runtime.GOMAXPROCS(0) < 2 {
		do(0, n)
		return
	}
	var other sync.WaitGroup
	other.Go(func() { do(n/2, n) })
	do(0, n/2)
	other.Wait()
}

// net looks at cells, at four, at sixteen of them, and back.
type net struct {
	first, second, third, fourth, fifth, sixth, seventh, down, eighth, downer, ninth, last block

	used *sync.Pool // of *scratch: a look takes megabytes of it, fifteen times a second
}

func (n *net) blocks() []*block {
	return []*block{&n.first, &n.second, &n.third, &n.fourth, &n.fifth, &n.sixth, &n.seventh, &n.down, &n.eighth, &n.downer, &n.ninth, &n.last}
}

// shapes gives a net whose numbers are nothing: so many channels come in, are looked at one by one, in fours, in sixteens,
// and go out.
func shapes(in, wide, wider, widest, out int) net {
	n := net{used: new(sync.Pool)}
	for i, size := range [12][2]int{{in, wide}, {wide, wide}, {wide, wider}, {wider, wider}, {wider, widest}, {widest, widest},
		{widest, widest}, {widest, wider}, {wider, wider}, {wider, wide}, {wide, wide}, {wide, out}} {
		in, out := size[0], size[1]
		*n.blocks()[i] = block{in: in, out: out, taps: make([]float32, 9*in), weights: make([]float32, in*out), bias: make([]float32, out)}
	}
	for _, b := range []*block{&n.second, &n.fourth, &n.sixth, &n.seventh, &n.eighth, &n.ninth} {
		b.onto = true
	}
	n.last.straight = true
	return n
}

// look runs the net on paper that it writes all over: what it makes on its way takes some twelve times what its first block
// makes. What it gives is the caller's.
func (n *net) look(x grid) grid {
	s, _ := n.used.Get().(*scratch)
	if size := 12 * n.first.out * x.width * x.height; s == nil || len(s.v) < size {
		s = &scratch{v: make([]float32, size)}
	}
	s.used = 0
	out := n.run(s, x)
	out.v = slices.Clone(out.v)
	n.used.Put(s)
	return out
}

// run gives what the net makes of x. Without scratch paper, all it makes on its way is kept.
func (n *net) run(s *scratch, x grid) grid {
	next := func(b *block, x grid) grid {
		y, _ := b.apply(s, x)
		return y
	}
	cells := next(&n.second, next(&n.first, x))
	fours := next(&n.fourth, next(&n.third, s.halved(cells)))
	all := next(&n.seventh, next(&n.sixth, next(&n.fifth, s.halved(fours))))
	up := s.doubled(next(&n.down, all), fours.width, fours.height)
	add(up.v, fours.v)
	up = s.doubled(next(&n.downer, next(&n.eighth, up)), cells.width, cells.height)
	add(up.v, cells.v)
	return next(&n.last, next(&n.ninth, up))
}
