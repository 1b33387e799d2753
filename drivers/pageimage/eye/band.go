package eye

import "yimen/drivers/pageimage/lanes"

// band is one row of fields in a plane: what stands in each column is taken together first, for all fields at once.
type band struct {
	plane       lanes.Plane
	columns     []int // where the fields begin, and the last ends
	first, end  int   // rows of samples
	sums        []uint16
	lows, highs []byte
}

func newBand(p Plane, across int) band {
	return band{plane: lanes.Plane(p), columns: bounds(p.Width, across),
		sums: make([]uint16, p.Width), lows: make([]byte, p.Width), highs: make([]byte, p.Width)}
}

// take goes to the fields between two rows, or next to them where the plane has fewer samples than fields.
func (b *band) take(rows []int) {
	b.first = min(rows[0], b.plane.Height-1)
	b.end = max(rows[1], b.first+1)
	lanes.SumRows(b.sums, b.plane, b.first, b.end)
}

// span has the ends of what was taken looked at.
func (b *band) span() { lanes.SpanRows(b.lows, b.highs, b.plane, b.first, b.end) }

// field gives the columns of a field, or those next to it.
func (b *band) field(x int) (from, to int) {
	from = min(b.columns[x], b.plane.Width-1)
	return from, max(b.columns[x+1], from+1)
}

// mean is that of a field's samples.
func (b *band) mean(x int) float32 {
	from, to := b.field(x)
	sum := 0
	for _, v := range b.sums[from:to] {
		sum += int(v)
	}
	return float32(sum) / float32((to-from)*(b.end-b.first))
}

// ends gives the least and the greatest of a field's samples.
func (b *band) ends(x int) (low, high float32) {
	from, to := b.field(x)
	least, most := byte(255), byte(0)
	for _, v := range b.lows[from:to] {
		least = min(least, v)
	}
	for _, v := range b.highs[from:to] {
		most = max(most, v)
	}
	return float32(least), float32(most)
}
