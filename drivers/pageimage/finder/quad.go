package finder

import "math"

type point struct{ X, Y float64 }

// quad is four corners, clockwise as one looks at the picture.
type quad [4]point

// area is positive where the corners go round clockwise.
func (q quad) area() float64 {
	sum := 0.0
	for i, a := range q {
		b := q[(i+1)%4]
		sum += a.X*b.Y - b.X*a.Y
	}
	return sum / 2
}

// convex tells whether no corner is flatter than thirty degrees, or turned in.
func (q quad) convex() bool {
	for i, a := range q {
		b, d := q[(i+1)%4], q[(i+2)%4]
		turn := (b.X-a.X)*(d.Y-b.Y) - (b.Y-a.Y)*(d.X-b.X)
		if turn < 0.5*math.Hypot(b.X-a.X, b.Y-a.Y)*math.Hypot(d.X-b.X, d.Y-b.Y) {
			return false
		}
	}
	return true
}

func (q quad) holds(x, y float64) bool {
	for i, a := range q {
		b := q[(i+1)%4]
		if (b.X-a.X)*(y-a.Y)-(b.Y-a.Y)*(x-a.X) < 0 {
			return false
		}
	}
	return true
}

func (q quad) middle() point {
	var m point
	for _, k := range q {
		m.X, m.Y = m.X+k.X/4, m.Y+k.Y/4
	}
	return m
}

// inside gives the place that lies u across and v down the page, without perspective.
func (q quad) inside(u, v float64) (x, y float64) {
	return (1-v)*((1-u)*q[0].X+u*q[1].X) + v*((1-u)*q[3].X+u*q[2].X),
		(1-v)*((1-u)*q[0].Y+u*q[1].Y) + v*((1-u)*q[3].Y+u*q[2].Y)
}

// scaled gives the quad in other units.
func (q quad) scaled(x, y float64) quad {
	for i := range q {
		q[i].X, q[i].Y = q[i].X*x, q[i].Y*y
	}
	return q
}

// upright has the corners begin with the one nearest the top left.
func (q quad) upright() quad {
	k := 0
	for i, p := range q {
		if p.X+p.Y < q[k].X+q[k].Y {
			k = i
		}
	}
	var out quad
	for i := range q {
		out[i] = q[(k+i)%4]
	}
	return out
}
