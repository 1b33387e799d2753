package estimate

import (
	"yimen/kiosk/estimate/trace"
	"yimen/kiosk/household"
	"yimen/kiosk/policy"
)

// rigid is 刚性支出困难家庭 (R4): income per person and year, before any deduction, below last year's disposable
// income of residents, and rigid spending of twelve months over the local share of income. Whether living
// costs belong to that spending is the region's to say; while it is not settled the answer stands only where
// both readings agree.
func (w *working) rigid() {
	w.whoCounts()
	income := w.income()
	spent := w.rigidSpending()
	m := means{}
	m.standard, m.settled = w.param("dibao.standard")
	limit, knownLimit := w.param("income.resident_disposable")
	share, knownShare := w.param("rigid.ratio")
	if w.open || !knownLimit || !knownShare || !m.settled {
		w.line(w.step("RIGID.LT"), 0, NotKnown)
		w.flags(m)
		return
	}
	n := w.people()
	each := income.Quo(n)
	w.r.Verdict = Unlikely
	lower := each.Cmp(limit) < 0
	outcome := NotMet
	if lower {
		outcome = Met
	}
	w.line(w.step("RIGID.LT"), 0, outcome, word("amount", yuan(each)), word("limit", yuan(limit))).Gave(each).Used(
		used("income.resident_disposable", limit, "fen/person/year"))
	living := m.standard.Mul(n).Mul(twelve).Add(spent)
	over, overWithLiving := w.share("RIGID.RATIO", spent, income, share), w.share("RIGID.RATIO_LIVING", living, income, share)
	enough := w.rigidOver(over, overWithLiving)
	if lower && enough {
		w.r.Verdict = Likely
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
	if counts, settled := w.usable("rigid.living_counts"); settled && counts.Sign() > 0 {
		step, spent = "RIGID.RATIO_LIVING", living
	}
	if w.manual || w.book.Others(trace.Flag, "rigid.living_counts") {
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
	counts, settled := w.param("rigid.living_counts")
	if settled && counts.Sign() > 0 {
		return with
	}
	return without
}

// rigidSpending adds up the spending that R4 article 5 names, uncapped, over twelve months.
func (w *working) rigidSpending() policy.Number {
	total := policy.Number{}
	for _, r := range w.pack.Rules(policy.GroupDeduct) {
		if !w.applies(r, 0) {
			continue
		}
		w.uses, w.say = w.uses[:0], w.say[:0]
		sum, known := w.sums(r.Sums(), 0)
		if !known {
			w.line(r, 0, NotKnown)
			continue
		}
		if sum.Sign() > 0 {
			w.line(w.step("RIGID.SPENT"), 0, Figure, word("amount", yuan(sum))).Gave(sum).Used(w.uses...)
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
	w.line(w.step(step), 0, outcome, word("ratio", trace.Plain(result)), word("limit", trace.Percent(share))).GaveWord(result).Used(
		used("spent", spent, "fen/12months"), used("income", income, "fen/12months"))
	return over
}

// tekun is 特困人员 for the applicant (domain.md §§4.5, 4.13): circumstances that hold, income below the
// standard, nobody able to support; then basic pay and care pay by self-care.
func (w *working) tekun() {
	m := w.means()
	if !m.known {
		w.line(w.step("TEKUN.INCOME"), 1, NotKnown)
		w.flags(m)
		return
	}
	w.r.Verdict = Unlikely
	circumstances := w.first(w.pack.Rules(policy.GroupTekun), 1)
	own := w.own[1].Quo(twelve)
	income, outcome := own.Cmp(m.standard) < 0, NotMet
	if income {
		outcome = Met
	}
	w.line(w.step("TEKUN.INCOME"), 1, outcome, word("own", yuan(own)), word("standard", yuan(m.standard))).Gave(own)
	w.supporters()
	switch {
	case circumstances.rule != nil:
		w.line(circumstances.rule, 1, Met)
		if income {
			w.r.Verdict = Likely
			w.tekunPay(m.standard)
		}
	case len(circumstances.missing) > 0:
		w.missing(circumstances.missing...)
	default:
		w.line(w.step("TEKUN.NONE"), 1, NotMet)
	}
	w.flags(m)
	if !income {
		w.distance("TEKUN.INCOME", own, m.standard, "fen/month")
	}
	switch {
	case circumstances.rule == nil && len(circumstances.missing) == 0:
		w.circumstances(policy.GroupTekun, []int{1})
	case !income && circumstances.rule != nil:
		w.incomeLevers(w.own[1].Sub(m.standard.Mul(twelve)), []int{1}, false, "")
	}
}

// supporters leaves it to a person where anyone might be obliged to support: whether they are able is what R3
// article 8 lists, and more than a terminal can ask.
func (w *working) supporters() {
	n, known := w.a.SupporterCount()
	step := w.step("TEKUN.SUPPORTER")
	switch {
	case !known:
		w.missing(household.Supporters)
		w.line(step, 0, NotKnown)
	case n > 0:
		w.manual = true
		w.line(step, 0, NotMet, word("n", number(n))).Gave(policy.Whole(int64(n)))
		w.offer(step, Change{Lever: Circumstance, Keys: []household.Key{household.Supporters}}, word("n", number(n)))
	default:
		w.line(step, 0, Met).Gave(policy.Number{})
	}
}

func (w *working) tekunPay(standard policy.Number) {
	w.notes = trace.Working
	multiple, ok := w.param("tekun.basic_multiple")
	wage, known := w.param("wage.minimum")
	share, level := w.lookup("tekun_care", 1)
	if !ok || !known || !level {
		w.line(w.step("TEKUN.PAY"), 0, NotKnown)
		return
	}
	basic, care := standard.Mul(multiple), wage.Mul(share)
	w.line(w.step("TEKUN.BASIC"), 0, Figure, word("amount", yuan(basic)), word("multiple", trace.Decimal(multiple))).Gave(basic)
	failed := w.a.Get(household.Key{Scope: household.Member, Subject: 1, Fact: "self_care_failed"})
	w.line(w.step("TEKUN.CARE"), 1, Figure, word("n", number(int(failed.Number))), word("amount", yuan(care))).Gave(care).Used(
		used("wage.minimum", wage, "fen/month"), used("tekun_care", share, "share of the minimum wage"))
	total := basic.Add(care)
	w.line(w.step("TEKUN.PAY"), 0, Figure, word("amount", yuan(total))).Gave(total)
	if sum, whole := total.Int(); whole {
		w.r.Monthly, w.r.HasMonthly = Fen(sum), true
	}
}
