package finder

import (
	"runtime"
	"sync"

	"yimen/drivers/pageimage/lanes"
)

// shrunk gives a plane of that width and height at most: each sample is the mean of those that it stands for, of 256 rows at
// most, which only a picture hundreds of times as wide as high has more of.
func (p plane) shrunk(width, height int) plane {
	width, height = min(width, p.width), min(height, p.height)
	if width == p.width && height == p.height {
		return p
	}
	out := newPlane(width, height)
	half := height
	var other sync.WaitGroup
	if p.width*p.height > worthSharing && runtime.GOMAXPROCS(0) > 1 {
		half = height / 2
		other.Go(func() { p.shrink(out, half, height) })
	}
	p.shrink(out, 0, half)
	other.Wait()
	return out
}

// worthSharing is how many samples a plane has for two to shrink it.
const worthSharing = 500_000

// shrink makes rows first to end of the smaller plane.
func (p plane) shrink(out plane, first, end int) {
	ends := make([]int, out.width+1) // the columns at which each of its samples begins, and the last ends
	for x := range ends {
		ends[x] = x * p.width / out.width
	}
	whole := lanes.Plane{Pix: p.pix, Stride: p.stride, Width: p.width, Height: p.height}
	sums := make([]uint16, p.width)
	for y := first; y < end; y++ {
		from, to := y*p.height/out.height, (y+1)*p.height/out.height
		to = min(to, from+256)
		lanes.SumRows(sums, whole, from, to)
		row := out.pix[y*out.width:][:out.width]
		a, n, part := 0, uint64(0), uint64(0)
		for x := range row {
			b := ends[x+1]
			sum := uint64(0)
			for _, v := range sums[a:b] {
				sum += uint64(v)
			}
			if all := uint64((b - a) * (to - from)); all != n {
				n, part = all, 1<<40/all+1 // dividing takes ten times as long
			}
			row[x] = byte((sum + n/2) * part >> 40)
			a = b
		}
	}
}
