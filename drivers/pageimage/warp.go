package pageimage

import (
	"fmt"
	"image"
	"math"
	"runtime"
	"sync"
	"sync/atomic"

	"yimen/drivers/device"
	"yimen/drivers/pageimage/lanes"
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

// warpPicture fills page with what toFrame finds in frame.
func warpPicture(page, frame *image.YCbCr, toFrame matrix) {
	across, down := sampling(frame.SubsampleRatio)
	toLuma, toChroma := toFrame.between(1, 1, 1, 1), toFrame.between(2, 2, float64(across), float64(down))
	to, from := planes(page), planes(frame)
	inBands(to, func(i, first, end int) {
		m := &toLuma
		if i > 0 {
			m = &toChroma
		}
		lanes.Warp(to[i], first, end, from[i], (*[9]float64)(m))
	})
}

// planes are a picture's luma and chroma, each as large as it is sampled.
func planes(img *image.YCbCr) [3]lanes.Plane {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	across, down := sampling(img.SubsampleRatio)
	cw, ch := (w+across-1)/across, (h+down-1)/down
	return [3]lanes.Plane{{Pix: img.Y, Stride: img.YStride, Width: w, Height: h},
		{Pix: img.Cb, Stride: img.CStride, Width: cw, Height: ch}, {Pix: img.Cr, Stride: img.CStride, Width: cw, Height: ch}}
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

// inBands has do work on rows first to end of plane i, for all rows of all planes, on two cores at the most: a visit goes on
// meanwhile.
func inBands(of [3]lanes.Plane, do func(i, first, end int)) {
	const band = 128 // rows: few enough to share evenly
	type part struct{ i, first, end int }
	var parts []part
	for i, p := range of {
		for y := 0; y < p.Height; y += band {
			parts = append(parts, part{i, y, min(y+band, p.Height)})
		}
	}
	var next atomic.Int32
	work := func() {
		for n := int(next.Add(1)) - 1; n < len(parts); n = int(next.Add(1)) - 1 {
			do(parts[n].i, parts[n].first, parts[n].end)
		}
	}
	var other sync.WaitGroup
	if runtime.GOMAXPROCS(0) > 1 {
		other.Go(work)
	}
	work()
	other.Wait()
}
