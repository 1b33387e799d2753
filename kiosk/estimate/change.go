package estimate

import (
	"slices"

	"yimen/kiosk/estimate/means"
	"yimen/kiosk/estimate/trace"
	"yimen/kiosk/household"
	"yimen/kiosk/policy"
)

// offer adds a change in the words of the rule that declares it. A rule without such words offers nothing.
func (w *working) offer(r *policy.Rule, c Change, say ...trace.Word) {
	if r == nil || r.Change == nil {
		return
	}
	c.Rule, c.Document, c.Citation = r.ID, r.Proof, r.Citation
	c.Sentence = trace.Say(r.Change, say...)
	w.Result.Changes = append(w.Result.Changes, c)
}

// distance tells how far a figure is from the limit of a step that was not met.
func (w *working) distance(step string, is, limit policy.Number, unit string) {
	away := is.Sub(limit)
	if away.Sign() < 0 {
		away = away.Neg()
	}
	w.offer(w.Step(step), Change{Lever: Distance, From: fen(is), To: fen(limit), Unit: unit},
		trace.Fill("from", trace.Yuan(is)), trace.Fill("to", trace.Yuan(limit)), trace.Fill("more", trace.Yuan(away)))
}

// incomeLevers offers what would bring a year's income, or income less spending, down by more than over fen: each by
// itself, and only where it suffices. shared says whether it is the household's, from which spending is taken and
// to which supporters add; else it is the income of the subjects alone.
func (w *working) incomeLevers(over policy.Number, subjects []int, shared bool, gives Verdict) {
	if shared {
		w.spendingLevers(over, true, gives)
	}
	for _, subject := range subjects {
		w.earningLevers(subject, over, gives)
		w.imputedLever(subject, over)
	}
	if shared {
		w.supportLevers(over)
	}
}

// spendingLevers offers each kind of spending that, stated higher, makes more than over fen a year more; capped says
// whether only so much of it counts as the rule's parameter says.
func (w *working) spendingLevers(over policy.Number, capped bool, gives Verdict) {
	for _, r := range w.Pack.Rules(policy.GroupDeduct) {
		if r.Change == nil || len(r.Facts) == 0 || !w.Holds(r, 0) {
			continue
		}
		spent, known := w.Sums(r.Sums(), 0)
		if !known {
			continue
		}
		key := household.Key{Fact: r.Facts[0]}
		if capped {
			limit, settled := w.Usable(r.Param)
			each := means.Yearly(key)
			if !settled || limit.Sub(spent).Cmp(next(over.Quo(each)).Mul(each)) < 0 {
				continue // beyond the cap nothing more is taken off
			}
		}
		w.raise(r, Spending, key, over, gives)
	}
}

// earningLevers offers, for one person's income, its costs and the parts of it that do not count.
func (w *working) earningLevers(subject int, over policy.Number, gives Verdict) {
	if w.Own[subject].Cmp(over) <= 0 {
		return // all of it would not be enough
	}
	for _, r := range w.Pack.Rules(policy.GroupIncome) {
		if r.Change == nil || len(r.Facts) == 0 || !w.Holds(r, subject) {
			continue
		}
		if len(r.Less) > 0 {
			w.partLever(r, Costs, subject, r.Less[0], over, gives)
			continue
		}
		w.lower(r, subject, over, gives)
	}
	for _, r := range w.Pack.Rules(policy.GroupExempt) {
		if r.Change == nil || len(r.Facts) == 0 || !w.Holds(r, subject) {
			continue
		}
		if on, settled := w.Usable(r.Param); settled && on.Sign() > 0 {
			w.partLever(r, Exempt, subject, r.Facts[0], over, gives)
		}
	}
}

// partLever offers to state higher what is a part of another sum, as far as that sum reaches.
func (w *working) partLever(r *policy.Rule, lever Lever, subject int, fact string, over policy.Number, gives Verdict) {
	key := household.Key{Scope: household.Member, Subject: subject, Fact: fact}
	f, _ := household.FactOf(key.Scope, fact)
	part, whole := w.Answers.Get(key), w.Answers.Get(household.Key{Scope: key.Scope, Subject: subject, Fact: f.Of})
	room := policy.Whole(whole.Number).Sub(policy.Whole(part.Number))
	if part.State == household.Given && whole.State == household.Given && room.Cmp(next(over.Quo(means.Yearly(key)))) >= 0 {
		w.raise(r, lever, key, over, gives)
	}
}

// raise offers to state a sum higher, by the least whole fen that make more than over a year.
func (w *working) raise(r *policy.Rule, lever Lever, key household.Key, over policy.Number, gives Verdict) {
	more := next(over.Quo(means.Yearly(key)))
	w.restate(r, lever, key, more, more, gives)
}

// lower offers that more than over a year of a stated income may be of a kind that does not count.
func (w *working) lower(r *policy.Rule, subject int, over policy.Number, gives Verdict) {
	key := household.Key{Scope: household.Member, Subject: subject, Fact: r.Facts[0]}
	more := next(over.Quo(means.Yearly(key)))
	if policy.Whole(w.Answers.Get(key).Number).Cmp(more) >= 0 {
		w.restate(r, Exempt, key, more.Neg(), more, gives)
	}
}

// restate offers that a sum was stated by so much too low, or too high.
func (w *working) restate(r *policy.Rule, lever Lever, key household.Key, by, more policy.Number, gives Verdict) {
	from := policy.Whole(max(w.Answers.Get(key).Number, 0))
	f, _ := household.FactOf(key.Scope, key.Fact)
	w.offer(r, Change{Lever: lever, Keys: []household.Key{key}, From: fen(from), To: fen(from.Add(by)), Unit: f.Unit, Gives: gives},
		w.about(key, trace.Fill("from", trace.Yuan(from)), trace.Fill("to", trace.Yuan(from.Add(by))), trace.Fill("more", trace.Yuan(more)))...)
}

// imputedLever offers that a person really has not what was reckoned of them (R5: no income is to be invented).
func (w *working) imputedLever(subject int, over policy.Number) {
	sum := w.Reckoned[subject]
	if sum.Rule == nil || sum.Amount.Cmp(over) <= 0 || w.Own[subject].Cmp(over) <= 0 {
		return
	}
	key := household.Key{Scope: household.Member, Subject: subject, Fact: "work"}
	w.offer(sum.Rule, Change{Lever: Circumstance, Keys: []household.Key{key}, From: fen(sum.Amount), Unit: "fen/12months"},
		w.about(key, trace.Fill("from", trace.Yuan(sum.Amount)))...)
}

// supportLevers offers that a supporter may be of those of whom nothing is reckoned.
func (w *working) supportLevers(over policy.Number) {
	all := policy.Number{}
	for _, d := range w.Dues {
		all = all.Add(d.Amount)
	}
	now := all.Sub(w.Received).NotBelowZero()
	for i, d := range w.Dues {
		if d.Rule == nil || now.Sub(all.Sub(d.Amount).Sub(w.Received).NotBelowZero()).Cmp(over) <= 0 {
			continue
		}
		key := household.Key{Scope: household.Supporter, Subject: i + 1, Fact: "situation"}
		w.offer(d.Rule, Change{Lever: Circumstance, Keys: []household.Key{key}, From: fen(d.Amount), Unit: "fen/12months", Gives: w.then()},
			trace.Fill("n", trace.Count(i+1)), trace.Fill("from", trace.Yuan(d.Amount)))
	}
}

// circumstances offers the conditions of a group that one of the subjects may meet after all; age is no such thing.
func (w *working) circumstances(g policy.Group, subjects []int) {
	for _, r := range w.Pack.Rules(g) {
		var keys []household.Key
		for _, subject := range subjects {
			for _, fact := range r.Reads() {
				keys = append(keys, household.Key{Scope: household.Member, Subject: subject, Fact: fact})
			}
		}
		if len(keys) > 0 {
			w.offer(r, Change{Lever: Circumstance, Keys: keys}, w.about(keys[0])...)
		}
	}
}

// openEnds offers what is missing: each answer by its question, each figure that is not settled by its name.
func (w *working) openEnds() {
	for _, k := range w.Result.Missing {
		asked, text := trace.Plain(k.Fact), "change.answer"
		if q, ok := w.Pack.Question(k.Scope, k.Fact); ok {
			asked = trace.Spoken(q.Label)
		}
		if k.Scope != household.Household {
			text = "change.answer_of"
		}
		w.Result.Changes = append(w.Result.Changes, Change{Lever: Answer, Keys: []household.Key{k},
			Sentence: trace.Say(w.Pack.Text(text), w.about(k, trace.Fill("question", asked))...)})
	}
	for _, lines := range [][]Line{w.Result.Flags, w.Result.Lines} {
		for _, l := range lines {
			if w.Pack.HasParam(l.Rule) {
				w.Result.Changes = append(w.Result.Changes, Change{Lever: Settlement, Rule: l.Rule, Sentence: l.Sentence, Citation: l.Citation})
			}
		}
	}
}

// about adds whom a key is about.
func (w *working) about(k household.Key, say ...trace.Word) []trace.Word {
	switch k.Scope {
	case household.Member:
		return append(say, trace.Fill("who", w.Who(k.Subject)))
	case household.Supporter:
		s := trace.Say(w.Pack.Text("person.supporter"), trace.Fill("n", trace.Count(k.Subject)))
		return append(say, trace.Fill("who", trace.Said(&s)))
	}
	return say
}

// then is the answer once the only condition that fails is met: a person's where any flag stands open.
func (w *working) then() Verdict {
	if w.Manual || w.Book.Others(trace.Flag, "") || len(w.Result.Missing) > 0 {
		return Manual
	}
	return Likely
}

// next is the least whole number above n.
func next(n policy.Number) policy.Number {
	return n.Floor().Add(policy.Whole(1))
}

// gather puts the changes in their order: what would change the answer, then what is missing.
func (w *working) gather() {
	w.openEnds()
	order := []Lever{Distance, Spending, Costs, Exempt, Circumstance, Answer, Settlement}
	slices.SortStableFunc(w.Result.Changes, func(x, y Change) int {
		return slices.Index(order, x.Lever) - slices.Index(order, y.Lever)
	})
}
