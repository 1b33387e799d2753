package finder

import "image"

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

// reduced gives a component 1/by as wide and high: each sample is the mean of by times by.
func reduced(pix []byte, stride, width, height, by int) plane {
	out := newPlane(width/by, height/by)
	sums := make([]uint32, out.width)
	for y := range out.height {
		clear(sums)
		for k := range by {
			row := pix[(y*by+k)*stride:][:out.width*by]
			switch by {
			case 1:
				for x := range sums {
					sums[x] = uint32(row[x])
				}
			case 4:
				for x := range sums {
					q := row[4*x : 4*x+4 : 4*x+4]
					sums[x] += uint32(q[0]) + uint32(q[1]) + uint32(q[2]) + uint32(q[3])
				}
			default:
				for x := range sums {
					for _, v := range row[x*by : x*by+by] {
						sums[x] += uint32(v)
					}
				}
			}
		}
		to, n := out.pix[y*out.width:][:out.width], uint32(by*by)
		for x, s := range sums {
			to[x] = byte((s + n/2) / n)
		}
	}
	return out
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

// working is a picture made as small as finding needs: luma, and chroma that may be smaller still.
type working struct {
	luma   plane
	cb, cr plane
	mean   int // of luma
	by     int // pixels of the picture to one sample of luma, along each side
}

// workingSize is the longer side, in samples, that a picture has at least when it is looked at; at most it has twice as many.
const workingSize = 640

// reduce makes the working picture. img begins at 0, 0.
func reduce(img *image.YCbCr) working {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	by := max(max(w, h)/workingSize, 1)
	across, down := sampling(img.SubsampleRatio)
	cw, ch := (w+across-1)/across, (h+down-1)/down
	chroma := max(by/max(across, down), 1)
	out := working{
		luma: smoothed(reduced(img.Y, img.YStride, w, h, by)),
		cb:   reduced(img.Cb, img.CStride, cw, ch, chroma), cr: reduced(img.Cr, img.CStride, cw, ch, chroma), by: by,
	}
	sum := 0
	for _, v := range out.luma.pix {
		sum += int(v)
	}
	out.mean = sum / max(len(out.luma.pix), 1)
	return out
}

// colour gives luma and chroma at a place of the luma plane.
func (w working) colour(x, y float64) (l, cb, cr int) {
	fx, fy := float64(w.cb.width)/float64(w.luma.width), float64(w.cb.height)/float64(w.luma.height)
	return w.luma.at(x, y), w.cb.at(x*fx, y*fy), w.cr.at(x*fx, y*fy)
}

func sampling(r image.YCbCrSubsampleRatio) (across, down int) {
	switch r {
	case image.YCbCrSubsampleRatio422:
		return 2, 1
	case image.YCbCrSubsampleRatio420:
		return 2, 2
	case image.YCbCrSubsampleRatio440:
		return 1, 2
	case image.YCbCrSubsampleRatio411:
		return 4, 1
	}
	return 1, 1
}
