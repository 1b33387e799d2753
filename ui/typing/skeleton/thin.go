package skeleton

// thin takes pixels off the edges until lines are one pixel wide (T. Y. Zhang, C. Y. Suen, A fast parallel algorithm for
// thinning digital patterns, CACM 27, 1984). The outermost pixels of the picture must be empty.
func thin(p picture) {
	var gone []int
	for changed := true; changed; {
		changed = false
		for pass := range 2 {
			gone = gone[:0]
			for y := 1; y < side-1; y++ {
				for x := 1; x < side-1; x++ {
					if i := y*side + x; p[i] != 0 && spare(p, i, pass) {
						gone = append(gone, i)
					}
				}
			}
			for _, i := range gone {
				p[i] = 0
			}
			changed = changed || len(gone) > 0
		}
	}
}

// spare tells whether a pixel may go in the first (0) or second (1) pass: its neighbours hold together without it.
func spare(p picture, i, pass int) bool {
	// from above, clockwise, and the first once more
	n := [9]byte{p[i-side], p[i-side+1], p[i+1], p[i+side+1], p[i+side], p[i+side-1], p[i-1], p[i-side-1], p[i-side]}
	count, begins := 0, 0
	for k := range 8 {
		count += int(n[k])
		if n[k] == 0 && n[k+1] == 1 {
			begins++
		}
	}
	if count < 2 || count > 6 || begins != 1 {
		return false
	}
	above, right, below, left := n[0], n[2], n[4], n[6]
	if pass == 0 {
		return above*right*below == 0 && right*below*left == 0
	}
	return above*right*left == 0 && above*below*left == 0
}
