package estimate

import (
	"slices"
	"strconv"

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
		w.line(w.step("RIGID.LT"), 0, NotKnown, nil)
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
	w.line(w.step("RIGID.LT"), 0, outcome, words{{"amount", yuan(each)}, {"limit", yuan(limit)}}, fen(each)).Inputs =
		[]Input{{"income.resident_disposable", fen(limit), "fen/person/year"}}
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
	if v, err := w.pack.Param("rigid.living_counts", w.on); err == nil && w.usable(v) && v.Amount.Sign() > 0 {
		step, spent = "RIGID.RATIO_LIVING", living
	}
	if w.manual || slices.ContainsFunc(w.r.Flags, func(l Line) bool { return l.Rule != "rigid.living_counts" }) {
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
		sum, inputs, _, known := w.sums(r.Scope, 0, r.Facts)
		if !known {
			w.line(r, 0, NotKnown, nil)
			continue
		}
		if sum.Sign() > 0 {
			l := w.line(w.step("RIGID.SPENT"), 0, Figure, words{{"amount", yuan(sum)}}, fen(sum))
			l.Inputs = inputs
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
		result = percent(spent.Quo(income))
	}
	w.line(w.step(step), 0, outcome, words{{"ratio", plain(result)}, {"limit", plain(percent(share))}}, result).Inputs =
		[]Input{{"spent", fen(spent), "fen/12months"}, {"income", fen(income), "fen/12months"}}
	return over
}

// tekun is 特困人员 for the applicant (domain.md §§4.5, 4.13): circumstances that hold, income below the
// standard, nobody able to support; then basic pay and care pay by self-care.
func (w *working) tekun() {
	m := w.means()
	if !m.known {
		w.line(w.step("TEKUN.INCOME"), 1, NotKnown, nil)
		w.flags(m)
		return
	}
	w.r.Verdict = Unlikely
	circumstances := w.first(policy.GroupTekun, 1)
	own := w.own[1].Quo(twelve)
	income, outcome := own.Cmp(m.standard) < 0, NotMet
	if income {
		outcome = Met
	}
	w.line(w.step("TEKUN.INCOME"), 1, outcome, words{{"own", yuan(own)}, {"standard", yuan(m.standard)}}, fen(own))
	w.supporters()
	switch {
	case circumstances.rule != nil:
		w.line(circumstances.rule, 1, Met, nil)
		if income {
			w.r.Verdict = Likely
			w.tekunPay(m.standard)
		}
	case len(circumstances.missing) > 0:
		w.missing(circumstances.missing)
	default:
		w.line(w.step("TEKUN.NONE"), 1, NotMet, nil)
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
		w.missing([]household.Key{household.Supporters})
		w.line(step, 0, NotKnown, nil)
	case n > 0:
		w.manual = true
		w.line(step, 0, NotMet, words{{"n", number(n)}}, strconv.Itoa(n))
		w.offer(step, Change{Lever: Circumstance, Keys: []household.Key{household.Supporters}}, words{{"n", number(n)}})
	default:
		w.line(step, 0, Met, nil, "0")
	}
}

func (w *working) tekunPay(standard policy.Number) {
	w.notes = &w.r.Lines
	multiple, ok := w.param("tekun.basic_multiple")
	wage, known := w.param("wage.minimum")
	share, level := w.lookup("tekun_care", 1)
	if !ok || !known || !level {
		w.line(w.step("TEKUN.PAY"), 0, NotKnown, nil)
		return
	}
	basic, care := standard.Mul(multiple), wage.Mul(share)
	w.line(w.step("TEKUN.BASIC"), 0, Figure, words{{"amount", yuan(basic)}, {"multiple", decimal(multiple)}}, fen(basic))
	failed := w.a.Get(household.Key{Scope: household.Member, Subject: 1, Fact: "self_care_failed"})
	w.line(w.step("TEKUN.CARE"), 1, Figure, words{{"n", number(int(failed.Number))}, {"amount", yuan(care)}}, fen(care)).Inputs =
		[]Input{{"wage.minimum", fen(wage), "fen/month"}, {"tekun_care", share.RatString(), "share of the minimum wage"}}
	total := basic.Add(care)
	w.line(w.step("TEKUN.PAY"), 0, Figure, words{{"amount", yuan(total)}}, fen(total))
	if sum, whole := total.Int(); whole {
		w.r.Monthly, w.r.HasMonthly = Fen(sum), true
	}
}
