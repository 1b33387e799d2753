package lanes

import (
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
)

func chance() *rand.Rand { return rand.New(rand.NewPCG(1, 2)) }

// grain is a plane of soft noise and hard edges, with room behind each row that holds something else.
func grain(r *rand.Rand, width, height int) Plane {
	p := Plane{make([]byte, (width+5)*height), width + 5, width, height}
	for i := range p.Pix {
		x, y := i%p.Stride, i/p.Stride
		v := 120 + 60*math.Sin(float64(x)/7)*math.Cos(float64(y)/11)
		if (x/9+y/13)%3 == 0 {
			v -= 90
		}
		p.Pix[i] = byte(min(max(v+4*r.NormFloat64(), 0), 255))
	}
	return p
}

// warped is Warp, sample by sample.
func warped(from Plane, m *[9]float64, x, y, width int) byte {
	const one = 1 << 16
	at := func(x int) (float64, float64) {
		fx, fy := float64(x), float64(y)
		z := 1 / (m[6]*fx + m[7]*fy + m[8])
		return (m[0]*fx + m[1]*fy + m[2]) * z, (m[3]*fx + m[4]*fy + m[5]) * z
	}
	first := x / 16 * 16
	n := min(16, width-first)
	u, v := at(first)
	u1, v1 := at(first + n)
	fu, fv := int(u*one)+(x-first)*(int((u1-u)*one)/n), int(v*one)+(x-first)*(int((v1-v)*one)/n)
	sample := func(x, y int) int {
		return int(from.Pix[min(max(y, 0), from.Height-1)*from.Stride+min(max(x, 0), from.Width-1)])
	}
	right, down := (fu>>8)&255, (fv>>8)&255
	above := sample(fu>>16, fv>>16)*(256-right) + sample(fu>>16+1, fv>>16)*right
	below := sample(fu>>16, fv>>16+1)*(256-right) + sample(fu>>16+1, fv>>16+1)*right
	return byte((above*(256-down) + below*down + 1<<15) >> 16)
}

func TestWarpDoesWhatThePlainLoopDoes(t *testing.T) {
	from := grain(chance(), 301, 207)
	for name, m := range map[string][9]float64{
		"as it is":        {1, 0, 0, 0, 1, 0, 0, 0, 1},
		"tilted":          {0.9, 0.2, -12, -0.15, 0.8, 30, 0.0004, -0.0003, 1},
		"turned":          {0.01, -1.1, 260, 1.2, 0.02, -3, 0, 0.0001, 1},
		"far outside":     {1, 0, 5000, 0, 1, -4000, 0, 0, 1},
		"through nothing": {1, 0, -50, 0, 1, -20, 0.01, 0, -1},
	} {
		to := Plane{make([]byte, 210*150), 210, 203, 150}
		Warp(to, 0, 70, from, &m)
		Warp(to, 70, 150, from, &m)
		for y := range to.Height {
			for x := range to.Width {
				if z := m[6]*float64(x/16*16) + m[7]*float64(y) + m[8]; math.Abs(z) < 0.3 {
					continue // nothing lies there that a plane could show
				}
				if got, want := to.Pix[y*to.Stride+x], warped(from, &m, x, y, to.Width); got != want {
					t.Fatalf("%s: at %d, %d stands %d, want %d", name, x, y, got, want)
				}
			}
			if slices.ContainsFunc(to.Pix[y*to.Stride+to.Width:][:to.Stride-to.Width], func(b byte) bool { return b != 0 }) {
				t.Fatalf("%s: row %d runs over", name, y)
			}
		}
	}
}

// falls is FallsAlong, or FallsDown, sample by sample.
func falls(p Plane, least int, down bool) (w Widths) {
	lines, n, across, along := p.Height, p.Width, p.Stride, 1
	if down {
		lines, n, across, along = p.Width, p.Height, 1, p.Stride
	}
	for line := 1; line < lines-1; line += 3 {
		at := func(i int) float64 { return float64(p.Pix[line*across+i*along]) }
		for i := 1; i < n; {
			begin, up := i-1, at(i) > at(i-1)
			for i < n && at(i) != at(i-1) && (at(i) > at(i-1)) == up {
				i++
			}
			if math.Abs(at(i-1)-at(begin)) >= float64(least) {
				w[min(int(widthOf(at, begin, i-1)*Tenths), len(w)-1)]++
			}
			if i-1 == begin {
				i++
			}
		}
	}
	return w
}

func widthOf(at func(int) float64, begin, end int) float64 {
	cross := func(part float64) float64 {
		want := at(begin) + part*(at(end)-at(begin))
		for i := begin; i < end; i++ {
			if (at(i)-want)*(at(i+1)-want) <= 0 && at(i) != at(i+1) {
				return float64(i) + (want-at(i))/(at(i+1)-at(i))
			}
		}
		return float64(end)
	}
	return cross(0.8) - cross(0.2)
}

func TestFallsAreThoseThatThePlainLoopFinds(t *testing.T) {
	r := chance()
	for _, size := range [][2]int{{301, 207}, {64, 65}, {5, 300}, {300, 5}, {1, 1}, {2, 2}} {
		p := grain(r, size[0], size[1])
		for i := range 3 * p.Width / 4 { // a long slope at the beginning of a row, and one that goes on to its end
			p.Pix[min(p.Height/2, 4)*p.Stride+i] = byte(min(i, 255))
		}
		for _, least := range []int{20, 60} {
			var along, down Widths
			FallsAlong(p, least, &along)
			FallsDown(p, least, &down)
			if want := falls(p, least, false); along != want {
				t.Errorf("%v, %d: along rows %v, want %v", size, least, along, want)
			}
			if want := falls(p, least, true); down != want {
				t.Errorf("%v, %d: down columns %v, want %v", size, least, down, want)
			}
			if size[0] == 301 && (along == Widths{} || down == Widths{}) {
				t.Error("nothing was counted")
			}
		}
	}
}

func TestSumsAreThoseOfTheColumns(t *testing.T) {
	p := grain(chance(), 77, 300)
	for i := range p.Pix {
		p.Pix[i] |= 0xf0 // 256 rows of these only just fit
	}
	sums := make([]uint16, 80)
	SumRows(sums, p, 30, 286)
	for x := range p.Width {
		want := 0
		for y := 30; y < 286; y++ {
			want += int(p.Pix[y*p.Stride+x])
		}
		if int(sums[x]) != want {
			t.Fatalf("column %d: %d, want %d", x, sums[x], want)
		}
	}
}

func TestSpanRowsTakesInWholeColumns(t *testing.T) {
	p := grain(chance(), 77, 60)
	lows, highs := make([]byte, 77), make([]byte, 77)
	for _, rows := range [][2]int{{0, 60}, {7, 12}, {59, 60}} {
		SpanRows(lows, highs, p, rows[0], rows[1])
		for x := range p.Width {
			least, most := byte(255), byte(0)
			for y := rows[0]; y < rows[1]; y++ {
				least, most = min(least, p.Pix[y*p.Stride+x]), max(most, p.Pix[y*p.Stride+x])
			}
			if lows[x] != least || highs[x] != most {
				t.Fatalf("rows %v, column %d: %d to %d, want %d to %d", rows, x, lows[x], highs[x], least, most)
			}
		}
	}
}

func noise(r *rand.Rand, n int) []float32 {
	v := make([]float32, n)
	for i := range v {
		v[i] = float32(r.NormFloat64())
	}
	return v
}

// TestMixTakesItsSumsInOneOrder: the numbers were learnt with these sums, and they are to be the same everywhere.
func TestMixTakesItsSumsInOneOrder(t *testing.T) {
	r := chance()
	for _, channels := range []int{4, 8, 20, 37} {
		const places, made = 83, 7
		src, weights, bias, was := noise(r, channels*places), noise(r, made*channels), noise(r, made), noise(r, made*places)
		out := make([]float32, made*places)
		for _, onto := range [][]float32{nil, was} {
			Mix(out, src, places, weights, bias, 0, 2, true, onto)
			Mix(out, src, places, weights, bias, 2, made, true, onto)
			for o := range made {
				for i := range places {
					at := func(c int) float32 { return weights[o*channels+c] * src[c*places+i] }
					sum, c := bias[o], 0
					for ; c+8 <= channels; c += 8 {
						sum += ((at(c) + at(c+1)) + (at(c+2) + at(c+3))) + ((at(c+4) + at(c+5)) + (at(c+6) + at(c+7)))
					}
					for ; c+4 <= channels; c += 4 {
						sum += (at(c) + at(c+1)) + (at(c+2) + at(c+3))
					}
					for ; c < channels; c++ {
						sum += at(c)
					}
					sum = max(sum, 0.1*sum)
					if onto != nil {
						sum += onto[o*places+i]
					}
					if got := out[o*places+i]; !near(got, sum) {
						t.Fatalf("%d channels: channel %d, place %d is %v, want %v", channels, o, i, got, sum)
					}
				}
			}
		}
	}
}

func TestNeighboursBeyondTheBorderAreNothing(t *testing.T) {
	r := chance()
	for _, size := range [][2]int{{19, 7}, {1, 5}, {5, 1}, {2, 2}, {40, 30}} {
		w, h := size[0], size[1]
		src, taps := noise(r, 3*w*h), noise(r, 27)
		out := make([]float32, 3*w*h)
		Neighbours(out, src, w, h, taps, 0, 1)
		Neighbours(out, src, w, h, taps, 1, 3)
		for i := range out {
			c, y, x := i/(w*h), i/w%h, i%w
			var rows [3]float32
			for j := range 3 {
				for k := range 3 {
					v := float32(0)
					if u, v0 := x+k-1, y+j-1; u >= 0 && v0 >= 0 && u < w && v0 < h {
						v = src[c*w*h+v0*w+u]
					}
					rows[j] += taps[9*c+3*j+k] * v
				}
			}
			if want := rows[0] + rows[1] + rows[2]; !near(out[i], want) {
				t.Fatalf("%v: %d is %v, want %v", size, i, out[i], want)
			}
		}
	}
}

// near allows for processors, and compilers, that multiply and add in one step, which Go's for amd64 does not.
func near(a, b float32) bool { return a == b || math.Abs(float64(a-b)) < 1e-5 && fused }

func TestWhatIsTooSmallPanics(t *testing.T) {
	short := Plane{make([]byte, 99), 10, 10, 10}
	m := [9]float64{1, 0, 0, 0, 1, 0, 0, 0, 1}
	good := Plane{make([]byte, 100), 10, 10, 10}
	for name, f := range map[string]func(){
		"to":    func() { Warp(short, 0, 10, good, &m) },
		"from":  func() { Warp(good, 0, 10, short, &m) },
		"rows":  func() { Warp(good, 0, 11, good, &m) },
		"falls": func() { FallsDown(short, 20, new(Widths)) },
		"sums":  func() { SumRows(make([]uint16, 9), good, 0, 10) },
		"span":  func() { SpanRows(make([]byte, 10), make([]byte, 9), good, 0, 10) },
		"mix":   func() { Mix(make([]float32, 9), make([]float32, 10), 10, []float32{1}, []float32{1}, 0, 1, false, nil) },
		"weights": func() {
			Mix(make([]float32, 10), make([]float32, 20), 10, []float32{1}, []float32{1}, 0, 1, false, nil)
		},
		"taps": func() { Neighbours(make([]float32, 10), make([]float32, 10), 5, 2, make([]float32, 8), 0, 1) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: nothing was said", name)
				}
			}()
			f()
		}()
	}
}

// fused tells whether this processor's Go does.
const fused = runtime.GOARCH != "amd64"

func TestTurnPutsEachSampleWhereItGoes(t *testing.T) {
	r := chance()
	for _, size := range [][2]int{{40, 24}, {37, 21}, {7, 5}, {1, 9}} {
		from := grain(r, size[0], size[1])
		for quarters := 1; quarters < 4; quarters++ {
			w, h := from.Width, from.Height
			if quarters != 2 {
				w, h = h, w
			}
			to := Plane{make([]byte, (w+3)*h), w + 3, w, h}
			Turn(to, from, 0, from.Height/2, quarters)
			Turn(to, from, from.Height/2, from.Height, quarters)
			for y := range from.Height {
				for x := range from.Width {
					u, v := from.Height-1-y, x
					if quarters == 2 {
						u, v = from.Width-1-x, from.Height-1-y
					} else if quarters == 3 {
						u, v = y, from.Width-1-x
					}
					if got, want := to.Pix[v*to.Stride+u], from.Pix[y*from.Stride+x]; got != want {
						t.Fatalf("%v turned %d: at %d, %d stands %d, want %d", size, quarters, u, v, got, want)
					}
				}
			}
		}
	}
}
