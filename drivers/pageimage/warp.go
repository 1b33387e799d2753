package pageimage

import (
	"fmt"
	"image"
	"math"
	"runtime"
	"sync"

	"yimen/drivers/device"
)

// matrix maps (x, y, 1) to (u·w, v·w, w): a plane seen in perspective.
type matrix [9]float64

// homography gives the matrix from a page of this size to the corners of it in a frame. Both are measured in pixels
// whose edges, not middles, lie on whole numbers.
func homography(corners [4]device.Point, size image.Point) (matrix, error) {
	w, h := float64(size.X), float64(size.Y)
	var rows [8][9]float64
	for i, p := range [4]device.Point{{X: 0, Y: 0}, {X: w, Y: 0}, {X: w, Y: h}, {X: 0, Y: h}} {
		u, v := corners[i].X, corners[i].Y
		rows[2*i] = [9]float64{p.X, p.Y, 1, 0, 0, 0, -u * p.X, -u * p.Y, u}
		rows[2*i+1] = [9]float64{0, 0, 0, p.X, p.Y, 1, -v * p.X, -v * p.Y, v}
	}
	m := matrix{8: 1}
	for col := range 8 { // Gauss and Jordan, with the largest pivot
		best := col
		for r := col + 1; r < 8; r++ {
			if math.Abs(rows[r][col]) > math.Abs(rows[best][col]) {
				best = r
			}
		}
		if math.Abs(rows[best][col]) < 1e-12 {
			return matrix{}, fmt.Errorf("%w: they lie in a line", ErrQuad)
		}
		rows[col], rows[best] = rows[best], rows[col]
		for r := range rows {
			if r == col {
				continue
			}
			factor := rows[r][col] / rows[col][col]
			for k := col; k < 9; k++ {
				rows[r][k] -= factor * rows[col][k]
			}
		}
	}
	for i := range 8 {
		m[i] = rows[i][8] / rows[i][i]
	}
	return m, nil
}

// between gives m for planes whose samples are larger than a pixel: fx by fy pixels where it comes from, tx by ty
// where it leads. Samples are counted at their middles.
func (m matrix) between(fx, fy, tx, ty float64) matrix {
	var out matrix
	for r := range 3 {
		a, b, c := m[3*r], m[3*r+1], m[3*r+2]
		out[3*r], out[3*r+1], out[3*r+2] = a*fx, b*fy, c+(a*fx+b*fy)/2
	}
	for k := range 3 {
		out[k] = out[k]/tx - out[6+k]/2
		out[3+k] = out[3+k]/ty - out[6+k]/2
	}
	return out
}

// plane is one component of a picture.
type plane struct {
	pix           []byte
	stride        int
	width, height int
}

// warpPicture fills page with what toFrame finds in frame, on two cores at the most: a visit goes on meanwhile.
func warpPicture(page, frame *image.YCbCr, toFrame matrix) {
	w, h := frame.Rect.Dx(), frame.Rect.Dy()
	across, down := sampling(frame.SubsampleRatio)
	pw, ph := page.Rect.Dx(), page.Rect.Dy()
	luma := plane{frame.Y, frame.YStride, w, h}
	cw, ch := (w+across-1)/across, (h+down-1)/down
	toChroma := toFrame.between(2, 2, float64(across), float64(down))
	warp(plane{page.Y, page.YStride, pw, ph}, luma, toFrame.between(1, 1, 1, 1))
	warp(plane{page.Cb, page.CStride, (pw + 1) / 2, (ph + 1) / 2}, plane{frame.Cb, frame.CStride, cw, ch}, toChroma)
	warp(plane{page.Cr, page.CStride, (pw + 1) / 2, (ph + 1) / 2}, plane{frame.Cr, frame.CStride, cw, ch}, toChroma)
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

func warp(dst, src plane, m matrix) {
	const band = 64 // rows: small enough to share evenly
	rows := make(chan int, dst.height/band+1)
	for y := 0; y < dst.height; y += band {
		rows <- y
	}
	close(rows)
	var wg sync.WaitGroup
	for range min(2, runtime.GOMAXPROCS(0)) {
		wg.Go(func() {
			for y := range rows {
				for row := y; row < min(y+band, dst.height); row++ {
					warpRow(dst.pix[row*dst.stride:][:dst.width], src, m, float64(row))
				}
			}
		})
	}
	wg.Wait()
}

// warpRow takes the perspective division every step pixels and goes straight between.
func warpRow(row []byte, src plane, m matrix, y float64) {
	const step = 16
	const one = 1 << 16
	at := func(x float64) (float64, float64) {
		z := 1 / (m[6]*x + m[7]*y + m[8])
		return (m[0]*x + m[1]*y + m[2]) * z, (m[3]*x + m[4]*y + m[5]) * z
	}
	u, v := at(0)
	for x := 0; x < len(row); x += step {
		part := row[x:min(x+step, len(row))]
		u1, v1 := at(float64(x + len(part)))
		fu, fv := int(u*one), int(v*one)
		du, dv := int((u1-u)*one)/len(part), int((v1-v)*one)/len(part)
		if inside(u, v, src) && inside(u1, v1, src) {
			blend(part, src, fu, fv, du, dv)
		} else {
			blendAtEdge(part, src, fu, fv, du, dv)
		}
		u, v = u1, v1
	}
}

// inside leaves room for the four neighbours that blend reads, and for rounding.
func inside(u, v float64, p plane) bool {
	return u >= 1 && v >= 1 && u < float64(p.width-2) && v < float64(p.height-2)
}

// blend mixes the four samples around each place. Places count in 65536ths of a sample.
func blend(row []byte, src plane, fu, fv, du, dv int) {
	for i := range row {
		o := (fv>>16)*src.stride + fu>>16
		right, down := (fu>>8)&255, (fv>>8)&255
		p, q := src.pix[o:o+2:len(src.pix)], src.pix[o+src.stride:o+src.stride+2:len(src.pix)]
		above := int(p[0])<<8 + (int(p[1])-int(p[0]))*right
		below := int(q[0])<<8 + (int(q[1])-int(q[0]))*right
		row[i] = byte((above<<8 + (below-above)*down + 1<<15) >> 16)
		fu += du
		fv += dv
	}
}

// blendAtEdge is blend where a neighbour may lie outside: the nearest sample stands for it.
func blendAtEdge(row []byte, src plane, fu, fv, du, dv int) {
	sample := func(x, y int) int {
		return int(src.pix[min(max(y, 0), src.height-1)*src.stride+min(max(x, 0), src.width-1)])
	}
	for i := range row {
		x, y := fu>>16, fv>>16
		right, down := (fu>>8)&255, (fv>>8)&255
		above := sample(x, y)*(256-right) + sample(x+1, y)*right
		below := sample(x, y+1)*(256-right) + sample(x+1, y+1)*right
		row[i] = byte((above*(256-down) + below*down + 1<<15) >> 16)
		fu += du
		fv += dv
	}
}
