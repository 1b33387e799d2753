package estimate

import (
	"yimen/kiosk/estimate/means"
	"yimen/kiosk/estimate/trace"
	"yimen/kiosk/household"
	"yimen/kiosk/policy"
)

// rigid is 刚性支出困难家庭 (R4): income per person and year, before any deduction, below last year's disposable
// income of residents, and rigid spending of twelve months over the local share of income. Whether living
// costs belong to that spending is the region's to say; while it is not settled the answer stands only where
// both readings agree.
func (w *working) rigid() {
	w.WhoCounts()
	income := w.Income()
	spent := w.rigidSpending()
	m := means.Sums{}
	m.Standard, m.Settled = w.Param("dibao.standard")
	limit, knownLimit := w.Param("income.resident_disposable")
	share, knownShare := w.Param("rigid.ratio")
	if w.Open || !knownLimit || !knownShare || !m.Settled {
		w.Line(w.Step("RIGID.LT"), 0, NotKnown)
		w.flags(m)
		return
	}
	n := w.People()
	each := income.Quo(n)
	w.Result.Verdict = Unlikely
	lower := each.Cmp(limit) < 0
	outcome := NotMet
	if lower {
		outcome = Met
	}
	w.Line(w.Step("RIGID.LT"), 0, outcome, trace.Fill("amount", trace.Yuan(each)), trace.Fill("limit", trace.Yuan(limit))).Gave(each).Used(
		trace.Taken("income.resident_disposable", limit, "fen/person/year"))
	living := m.Standard.Mul(n).Mul(twelve).Add(spent)
	over, overWithLiving := w.share("RIGID.RATIO", spent, income, share), w.share("RIGID.RATIO_LIVING", living, income, share)
	enough := w.rigidOver(over, overWithLiving)
	if lower && enough {
		w.Result.Verdict = Likely
	}
	w.flags(m)
	if !lower {
		w.distance("RIGID.LT", each, limit, "fen/person/year")
	} else if !enough {
		w.rigidChanges(spent, living, income.Mul(share))
	}
}

// rigidChanges tells what spending would be over the share of income, most: by the region's reading or, while that is
// not settled, by either.
func (w *working) rigidChanges(spent, living, most policy.Number) {
	step, gives := "RIGID.RATIO", Likely
	if counts, settled := w.Usable("rigid.living_counts"); settled && counts.Sign() > 0 {
		step, spent = "RIGID.RATIO_LIVING", living
	}
	if w.Manual || w.Book.Others(trace.Flag, "rigid.living_counts") {
		gives = Manual
	}
	w.distance(step, spent, most, "fen/12months")
	w.spendingLevers(most.Sub(spent), false, gives)
}

// rigidOver chooses the reading that the region has settled.
func (w *working) rigidOver(without, with bool) bool {
	if without == with {
		return with
	}
	counts, settled := w.Param("rigid.living_counts")
	if settled && counts.Sign() > 0 {
		return with
	}
	return without
}

// rigidSpending adds up the spending that R4 article 5 names, uncapped, over twelve months.
func (w *working) rigidSpending() policy.Number {
	total := policy.Number{}
	for _, r := range w.Pack.Rules(policy.GroupDeduct) {
		if !w.Applies(r, 0) {
			continue
		}
		w.Uses, w.Words = w.Uses[:0], w.Words[:0]
		sum, known := w.Sums(r.Sums(), 0)
		if !known {
			w.Line(r, 0, NotKnown)
			continue
		}
		if sum.Sign() > 0 {
			w.Line(w.Step("RIGID.SPENT"), 0, Figure, trace.Fill("amount", trace.Yuan(sum))).Gave(sum).Used(w.Uses...)
		}
		total = total.Add(sum)
	}
	return total
}

// share compares spending with income: over means strictly more than the share ("超出"). Without income any
// spending is over.
func (w *working) share(step string, spent, income, share policy.Number) bool {
	over := spent.Cmp(income.Mul(share)) > 0
	outcome, result := NotMet, "-"
	if over {
		outcome = Met
	}
	if income.Sign() > 0 {
		result = trace.PercentOf(spent.Quo(income))
	}
	w.Line(w.Step(step), 0, outcome, trace.Fill("ratio", trace.Plain(result)), trace.Fill("limit", trace.Percent(share))).GaveWord(result).Used(
		trace.Taken("spent", spent, "fen/12months"), trace.Taken("income", income, "fen/12months"))
	return over
}

// tekun is 特困人员 for the applicant (domain.md §§4.5, 4.13): circumstances that hold, income below the
// standard, nobody able to support; then basic pay and care pay by self-care.
func (w *working) tekun() {
	m := w.Means()
	if !m.Known {
		w.Line(w.Step("TEKUN.INCOME"), 1, NotKnown)
		w.flags(m)
		return
	}
	w.Result.Verdict = Unlikely
	circumstances := w.First(w.Pack.Rules(policy.GroupTekun), 1)
	own := w.Own[1].Quo(twelve)
	income, outcome := own.Cmp(m.Standard) < 0, NotMet
	if income {
		outcome = Met
	}
	w.Line(w.Step("TEKUN.INCOME"), 1, outcome, trace.Fill("own", trace.Yuan(own)), trace.Fill("standard", trace.Yuan(m.Standard))).Gave(own)
	w.supporters()
	switch {
	case circumstances.Rule != nil:
		w.Line(circumstances.Rule, 1, Met)
		if income {
			w.Result.Verdict = Likely
			w.tekunPay(m.Standard)
		}
	case len(circumstances.Missing) > 0:
		w.Missing(circumstances.Missing...)
	default:
		w.Line(w.Step("TEKUN.NONE"), 1, NotMet)
	}
	w.flags(m)
	if !income {
		w.distance("TEKUN.INCOME", own, m.Standard, "fen/month")
	}
	switch {
	case circumstances.Rule == nil && len(circumstances.Missing) == 0:
		w.circumstances(policy.GroupTekun, []int{1})
	case !income && circumstances.Rule != nil:
		w.incomeLevers(w.Own[1].Sub(m.Standard.Mul(twelve)), []int{1}, false, "")
	}
}

// supporters leaves it to a person where anyone might be obliged to support: whether they are able is what R3
// article 8 lists, and more than a terminal can ask.
func (w *working) supporters() {
	n, known := w.Answers.SupporterCount()
	step := w.Step("TEKUN.SUPPORTER")
	switch {
	case !known:
		w.Missing(household.Supporters)
		w.Line(step, 0, NotKnown)
	case n > 0:
		w.Manual = true
		w.Line(step, 0, NotMet, trace.Fill("n", trace.Count(n))).Gave(policy.Whole(int64(n)))
		w.offer(step, Change{Lever: Circumstance, Keys: []household.Key{household.Supporters}}, trace.Fill("n", trace.Count(n)))
	default:
		w.Line(step, 0, Met).Gave(policy.Number{})
	}
}

func (w *working) tekunPay(standard policy.Number) {
	w.Notes = trace.Working
	multiple, ok := w.Param("tekun.basic_multiple")
	wage, known := w.Param("wage.minimum")
	share, level := w.Lookup("tekun_care", 1)
	if !ok || !known || !level {
		w.Line(w.Step("TEKUN.PAY"), 0, NotKnown)
		return
	}
	basic, care := standard.Mul(multiple), wage.Mul(share)
	w.Line(w.Step("TEKUN.BASIC"), 0, Figure, trace.Fill("amount", trace.Yuan(basic)), trace.Fill("multiple", trace.Decimal(multiple))).Gave(basic)
	failed := w.Answers.Get(household.Key{Scope: household.Member, Subject: 1, Fact: "self_care_failed"})
	w.Line(w.Step("TEKUN.CARE"), 1, Figure, trace.Fill("n", trace.Count(int(failed.Number))), trace.Fill("amount", trace.Yuan(care))).Gave(care).Used(
		trace.Taken("wage.minimum", wage, "fen/month"), trace.Taken("tekun_care", share, "share of the minimum wage"))
	total := basic.Add(care)
	w.Line(w.Step("TEKUN.PAY"), 0, Figure, trace.Fill("amount", trace.Yuan(total))).Gave(total)
	if sum, whole := total.Int(); whole {
		w.Result.Monthly, w.Result.HasMonthly = Fen(sum), true
	}
}
