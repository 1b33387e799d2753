package upright

import "math"

const (
	tile    = 320 // pixels of a side of the squares in which lines are looked for, at most
	leastIn = 120 // places written on, of a square that tells anything
	near    = 32  // rows around a row that it is compared with: columns of figures and margins are no lines
)

// along tells which way lines run: positive across, negative down. Between lines is more room than between the characters
// of one, so that what is written differs more from row to row than from column to column. It looks at squares that lie half
// over each other: each is four of half its side, which are counted once.
func (k ink) along() float64 {
	half := min(tile, k.width, k.height) / 2
	if half == 0 {
		return 0
	}
	across, down := k.width/half, k.height/half
	all := make([]profile, across*down)
	for i := range all {
		all[i] = k.profile(i%across*half, i/across*half, half)
	}
	var said mean
	for y := range down - 1 {
		for x := range across - 1 {
			p, q, r, s := &all[y*across+x], &all[y*across+x+1], &all[(y+1)*across+x], &all[(y+1)*across+x+1]
			if p.all+q.all+r.all+s.all >= leastIn {
				said.add(math.Log(varied(joined(p.rows, q.rows, r.rows, s.rows)) / varied(joined(p.columns, r.columns, q.columns, s.columns))))
			}
		}
	}
	return said.weight()
}

// profile is how many places of a square are written on, in each row, in each column, and in all.
type profile struct {
	rows, columns []byte
	all           int
}

// profile looks at a square of less than 256 places a side.
func (k ink) profile(x, y, side int) profile {
	p := profile{rows: make([]byte, side), columns: make([]byte, side)}
	for j := range side {
		row := k.row(y + j)[x : x+side]
		for i := nextWritten(row, 0); i < side; i = nextWritten(row, i+1) {
			p.rows[j]++
			p.columns[i]++
		}
		p.all += int(p.rows[j])
	}
	return p
}

// joined gives the profile of four squares: a beside b, and c beside d after them.
func joined(a, b, c, d []byte) []float64 {
	out := make([]float64, 0, 2*len(a))
	for i, v := range a {
		out = append(out, float64(v)+float64(b[i]))
	}
	for i, v := range c {
		out = append(out, float64(v)+float64(d[i]))
	}
	return out
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
