package policy

import (
	"slices"
	"strings"
	"testing"
)

func TestAnItemFitsOnlyWhereItsConditionIsKnownToHold(t *testing.T) {
	p := load(t, "CN-150102")
	fits := func(pairs ...any) bool {
		return slices.ContainsFunc(p.Fitting(say(t, pairs...)), func(it *Item) bool { return it.Code == "0801" })
	}
	old := []any{"household_size", 1, "member.1.away", "none", "member.1.birth"}
	if !fits(append(old, 19460301)...) {
		t.Error("on the day somebody is 80 the old-age allowance does not fit")
	}
	if fits(append(old, 19460302)...) || fits(append(old, "?")...) || fits() {
		t.Error("the old-age allowance fits who is younger, or of whom it is not known")
	}
}

func TestAnItemThatFitsByWhatNobodyStatesIsAFault(t *testing.T) {
	_, err := LoadFS(editionOf("items:\n- code: \"01\"\n  name: {zh-CN: \"甲\"}\n  plain: {zh-CN: \"乙\"}\n  deadline: {zh-CN: \"丙\"}\n  decider: {zh-CN: \"丁\"}\n  citation: {source: R2}\n  fits: wealth > 3\n"), "CN")
	if err == nil || !strings.Contains(err.Error(), "more.yaml:8") || !strings.Contains(err.Error(), "wealth") {
		t.Errorf("it says: %v", err)
	}
}

func TestWhatCanBeAppliedForSaysWhatIsShownFirstAndWhetherItIsEstimated(t *testing.T) {
	_, err := LoadFS(editionOf("slips:\n- {id: s, rows: [{rule: true}]}\n"+shared+"forms:\n- {id: f, sections: [{use: who}]}\nitems:\n- code: \"01\"\n  name: {zh-CN: \"甲\"}\n  plain: {zh-CN: \"乙\"}\n  deadline: {zh-CN: \"丙\"}\n  decider: {zh-CN: \"丁\"}\n  citation: {source: R2}\n  form: f\n  slip: s\n"), "CN")
	if err == nil || !strings.Contains(err.Error(), "to be shown before anything is asked") || !strings.Contains(err.Error(), "no_estimate") {
		t.Errorf("it says: %v", err)
	}
}
