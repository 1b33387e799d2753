package crash

// Without gives the operations without those that drop picks, as if they had never been asked for.
func Without(ops []Op, drop func(Op) bool) []Op {
	var left []Op
	before := make([]int, len(ops)+1) // how many are left of the first so many
	for i, o := range ops {
		if !drop(o) {
			left = append(left, o)
		}
		before[i+1] = len(left)
	}
	for i := range left {
		if left[i].Kind == Sync {
			left[i].Begun = before[left[i].Begun]
		}
	}
	return left
}

// Later gives the operations with each sync that pick picks done only after the next operation that until picks, of what
// is at that operation's place then.
func Later(ops []Op, pick func(Op) bool, until func(Op) bool) []Op {
	var late, all []Op
	for _, o := range ops {
		if o.Kind == Sync && pick(o) {
			late = append(late, o)
			continue
		}
		all = append(all, o)
		if len(late) > 0 && until(o) {
			all = append(all, Op{Kind: Sync, Path: o.To})
			late = nil
		}
	}
	for i := range all {
		if all[i].Kind == Sync { // one after the other, so that places need not be counted anew
			all[i].Begun = i
		}
	}
	return all
}

// Then gives the operations of a run and of one that came after it, on the same disk.
func Then(first, next []Op) []Op {
	all := append([]Op(nil), first...)
	for _, o := range next {
		if o.Kind == Sync {
			o.Begun += len(first)
		}
		all = append(all, o)
	}
	return all
}
