package upright

import "math"

const (
	tile    = 320 // pixels of a side of the squares in which lines are looked for, at most
	leastIn = 120 // places written on, of a square that tells anything
	near    = 32  // rows around a row that it is compared with: columns of figures and margins are no lines
)

// along tells which way lines run: positive across, negative down. Between lines is more room than between the characters
// of one, so that what is written differs more from row to row than from column to column.
func (k ink) along() float64 {
	side := min(tile, k.width, k.height)
	var said mean
	for y := 0; y+side <= k.height; y += max(side/2, 1) {
		for x := 0; x+side <= k.width; x += max(side/2, 1) {
			if rows, columns, all := k.profiles(x, y, side); all >= leastIn {
				said.add(math.Log(varied(rows) / varied(columns)))
			}
		}
	}
	return said.weight()
}

// profiles counts the places written on in each row and each column of a square, and in all.
func (k ink) profiles(x, y, side int) (rows, columns []float64, all int) {
	rows, columns = make([]float64, side), make([]float64, side)
	for j := range side {
		for i, v := range k.row(y + j)[x : x+side] {
			if v >= written {
				rows[j]++
				columns[i]++
				all++
			}
		}
	}
	return rows, columns, all
}

// varied is how much a profile varies from what lies near, beside what lies near. It is never 0.
func varied(profile []float64) float64 {
	upTo := make([]float64, len(profile)+1) // the sums of what lies before
	for i, v := range profile {
		upTo[i+1] = upTo[i] + v
	}
	sum, squares := 1e-9, 1e-9
	for i, v := range profile {
		first, end := max(0, i-near), min(len(profile), i+near+1)
		about := (upTo[end] - upTo[first]) / float64(end-first)
		sum += (v - about) * (v - about)
		squares += about * about
	}
	return sum / squares
}

// mean adds up what the parts of a page say.
type mean struct{ n, sum, squares float64 }

func (m *mean) add(v float64) {
	m.n++
	m.sum += v
	m.squares += v * v
}

// weight is what is said on the whole: more where more parts say it, and where they say it more clearly.
func (m *mean) weight() float64 {
	if m.n == 0 {
		return 0
	}
	return m.sum / math.Sqrt(m.n)
}

// errors is what is said on the whole, beside how much it may be off by chance.
func (m *mean) errors() float64 {
	if m.squares == 0 {
		return 0
	}
	return m.sum / math.Sqrt(m.squares)
}
