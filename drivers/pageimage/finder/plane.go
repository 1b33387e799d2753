package finder

import (
	"image"

	"yimen/drivers/pageimage/eye"
)

// plane is one component of a picture, of which neighbours are read freely.
type plane struct {
	pix           []byte
	stride        int
	width, height int
}

func newPlane(width, height int) plane {
	return plane{make([]byte, width*height), width, width, height}
}

// at gives the sample nearest to a place; beyond the border stands what is on it.
func (p plane) at(x, y float64) int {
	ix, iy := min(max(int(x), 0), p.width-1), min(max(int(y), 0), p.height-1)
	return int(p.pix[iy*p.stride+ix])
}

// smoothed takes the noise off a plane: five binomial taps along and five across.
func smoothed(p plane) plane {
	w, h := p.width, p.height
	along := make([]uint16, w*h)
	for y := range h {
		row, to := p.pix[y*p.stride:][:w], along[y*w:][:w]
		for x := range min(2, w) {
			to[x] = 16 * uint16(row[x])
		}
		for x := max(w-2, 0); x < w; x++ {
			to[x] = 16 * uint16(row[x])
		}
		for x := 2; x < w-2; x++ {
			q := row[x-2 : x+3 : x+3]
			to[x] = uint16(q[0]) + uint16(q[4]) + 4*(uint16(q[1])+uint16(q[3])) + 6*uint16(q[2])
		}
	}
	out := newPlane(w, h)
	for y := range h {
		line := func(k int) []uint16 { return along[min(max(y+k, 0), h-1)*w:][:w] }
		a, b, c, d, e, to := line(-2), line(-1), line(0), line(1), line(2), out.pix[y*w:][:w]
		for x := range to {
			to[x] = byte((uint32(a[x]) + uint32(e[x]) + 4*(uint32(b[x])+uint32(d[x])) + 6*uint32(c[x]) + 128) >> 8)
		}
	}
	return out
}

// working is a picture made as small as finding needs. Places in it are samples of luma, whose edges, not middles, lie on
// whole numbers.
type working struct {
	luma   plane
	small  plane // luma as the eye sees it
	cb, cr plane
	by     float64 // pixels of the picture to one sample of luma, along each side
}

// Longer sides, in samples, that a picture has at least when it is looked at; at most it has twice as many.
const (
	workingSize = 640
	glanceSize  = 320
)

// reduced makes the working picture for finding edges. img begins at 0, 0.
func reduced(img *image.YCbCr) working {
	luma, cb, cr := planes(img)
	by := max(max(luma.width, luma.height)/workingSize, 1)
	raw := luma.shrunk(max(luma.width/by, 1), max(luma.height/by, 1))
	w, h := max(raw.width/2, 1), max(raw.height/2, 1)
	return working{luma: smoothed(raw), small: raw.shrunk(w, h), cb: cb.shrunk(w, h), cr: cr.shrunk(w, h), by: float64(by)}
}

// glanced makes it for a glance.
func glanced(img *image.YCbCr) working {
	luma, cb, cr := planes(img)
	by := max(max(luma.width, luma.height)/glanceSize, 1)
	small := luma.shrunk(max(luma.width/by, 1), max(luma.height/by, 1))
	return working{luma: small, small: small, cb: cb.shrunk(small.width, small.height), cr: cr.shrunk(small.width, small.height), by: float64(by)}
}

// planes are a picture's components, each as large as it is sampled.
func planes(img *image.YCbCr) (luma, cb, cr plane) {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	cw, ch := img.COffset(w-1, 0)+1, img.COffset(0, h-1)/img.CStride+1
	return plane{img.Y, img.YStride, w, h}, plane{img.Cb, img.CStride, cw, ch}, plane{img.Cr, img.CStride, cw, ch}
}

// colour gives luma and chroma at a place of the luma plane.
func (w working) colour(x, y float64) (l, cb, cr int) {
	fx, fy := float64(w.cb.width)/float64(w.luma.width), float64(w.cb.height)/float64(w.luma.height)
	return w.luma.at(x, y), w.cb.at(x*fx, y*fy), w.cr.at(x*fx, y*fy)
}

func (p plane) seen() eye.Plane {
	return eye.Plane{Pix: p.pix, Stride: p.stride, Width: p.width, Height: p.height}
}

func (w working) picture() eye.Picture {
	return eye.Picture{Luma: w.luma.seen(), Cb: w.cb.seen(), Cr: w.cr.seen()}
}
