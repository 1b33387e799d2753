package zinnia

import (
	"math"

	"yimen/ui/typing/ink"
)

// Features' numbers, after Zinnia 0.06 (feature.cpp). The line from end to end of a stroke is part 0. A part that bends
// away from its line is cut where it is farthest from it: part n into parts 2n+1 and 2n+2.
const (
	ofStroke    = 1000 // numbers for each stroke
	ofPart      = 20   // and for each of its parts
	lastPart    = 50
	ofMoves     = 100_000 // from the end of the stroke before to this one's begin
	ofCount     = 2_000_000
	straight    = 0.001 // square of a part's bend, in boxes, that still counts as a line
	countWeight = 10
)

// node is a point of the ink. Zinnia reckons with float32, and so do we, for the same answers.
type node struct{ x, y float32 }

// features are values by number. The first value that a number is given stays: the last part of a stroke and the first of
// the next share their numbers, and Zinnia's sums see one of them.
type features map[uint32]float32

func (f features) add(number int, value float32) {
	if _, ok := f[uint32(number)]; !ok {
		f[uint32(number)] = value
	}
}

// featuresOf gives what is measured of the ink; nothing if it has no strokes.
func featuresOf(x ink.Ink) features {
	f := features{}
	var before node
	count := 0
	for _, s := range x {
		if len(s) == 0 || count == ink.MostStrokes {
			continue
		}
		nodes := make([]node, 0, min(len(s), ink.MostPoints))
		for _, p := range s[:min(len(s), ink.MostPoints)] {
			nodes = append(nodes, node{float32(p.X), float32(p.Y)})
		}
		f.addParts(nodes, count*ofStroke, 0)
		if count > 0 {
			f.addLine(ofMoves+count*ofStroke, before, nodes[0])
		}
		before = nodes[len(nodes)-1]
		count++
	}
	if count == 0 {
		return nil
	}
	f.add(0, 1) // the bias, on top of each character's own
	f.add(ofCount, float32(count))
	f.add(ofCount+count, countWeight)
	return f
}

// addParts measures a part of a stroke, and the parts that it is cut into. The numbers of parts bound its depth.
func (f features) addParts(nodes []node, offset, part int) {
	if part > lastPart {
		return
	}
	f.addLine(offset+ofPart*part, nodes[0], nodes[len(nodes)-1])
	if at, bend := farthest(nodes); bend > straight {
		f.addParts(nodes[:at+1], offset, 2*part+1)
		f.addParts(nodes[at:], offset, 2*part+2)
	}
}

// farthest finds the node farthest from the line between the ends, and the square of how far that is. Of a part whose ends
// coincide it says NaN, which is no bend: such a part is never cut, as Zinnia does not either.
func farthest(nodes []node) (at int, bend float32) {
	if len(nodes) < 2 {
		return 0, 0
	}
	first, last := nodes[0], nodes[len(nodes)-1]
	a, b := last.x-first.x, last.y-first.y
	c := last.y*first.x - last.x*first.y
	most := float32(-1)
	for i, n := range nodes[:len(nodes)-1] {
		if d := abs(a*n.y - b*n.x + c); d > most {
			at, most = i, d
		}
	}
	return at, most * most / (a*a + b*b)
}

// addLine measures the line between two nodes: its length and direction, and where its ends lie seen from the middle.
func (f features) addLine(offset int, first, last node) {
	middle := node{0.5, 0.5}
	f.add(offset+1, 10*distance(first, last))
	f.add(offset+2, direction(first, last))
	f.add(offset+3, 10*(first.x-0.5))
	f.add(offset+4, 10*(first.y-0.5))
	f.add(offset+5, 10*(last.x-0.5))
	f.add(offset+6, 10*(last.y-0.5))
	f.add(offset+7, direction(middle, first))
	f.add(offset+8, direction(middle, last))
	f.add(offset+9, 10*distance(middle, first))
	f.add(offset+10, 10*distance(middle, last))
	f.add(offset+11, 5*(last.x-first.x))
	f.add(offset+12, 5*(last.y-first.y))
}

func distance(a, b node) float32 {
	return float32(math.Sqrt(float64((a.x-b.x)*(a.x-b.x) + (a.y-b.y)*(a.y-b.y))))
}

func direction(from, to node) float32 {
	return float32(math.Atan2(float64(to.y-from.y), float64(to.x-from.x)))
}

func abs(v float32) float32 { return max(v, -v) }
