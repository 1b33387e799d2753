package witness

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"yimen/kiosk/inquiry"
	"yimen/kiosk/journal"
)

// bureau answers as it is told.
type bureau struct {
	answer inquiry.Answer
	err    error
}

func (b bureau) Ask(context.Context, inquiry.Inquiry) (inquiry.Answer, error) { return b.answer, b.err }

const (
	card   = "11010519491231002X" // the specimen of GB 11643
	slipNo = "SJ-150102-0001-20260326-00001-K"
	code   = "12345678"
)

func TestEveryQuestionIsToldWithItsOutcomeAndNothingOfThePerson(t *testing.T) {
	h := opened(t, t.TempDir())
	byCard, byCode := inquiry.Proof{Name: "佟子试", Number: card}, inquiry.Proof{SlipNo: slipNo, Code: code}
	for _, c := range []struct {
		q    inquiry.Inquiry
		b    bureau
		want string
	}{
		{inquiry.Inquiry{Kind: inquiry.Progress, Proof: byCard}, bureau{answer: inquiry.Answer{Outcome: inquiry.Found, Cases: []inquiry.Case{{ID: "150102-2026-00001"}}}}, "progress card told"},
		{inquiry.Inquiry{Kind: inquiry.Progress, Proof: byCode}, bureau{answer: inquiry.Answer{Outcome: inquiry.Nothing}}, "progress code nothing"},
		{inquiry.Inquiry{Kind: inquiry.Draft, Proof: byCode}, bureau{answer: inquiry.Answer{Outcome: inquiry.Locked}}, "draft code locked"},
		{inquiry.Inquiry{Kind: inquiry.Staff, Proof: byCard}, bureau{answer: inquiry.Answer{Outcome: inquiry.Unable}}, "staff card unable"},
		{inquiry.Inquiry{Kind: inquiry.Staff}, bureau{err: errors.New("line is dead")}, "staff session unanswered"},
		{inquiry.Inquiry{Kind: inquiry.Progress, Proof: byCard}, bureau{answer: inquiry.Answer{Outcome: inquiry.Found}, err: context.Canceled}, "progress card unanswered"},
	} {
		before := len(h.told(t))
		a, err := h.Enquirer(c.b).Ask(t.Context(), c.q)
		if a.Outcome != c.b.answer.Outcome || !errors.Is(err, c.b.err) {
			t.Errorf("%s: the visit is told %v, %v", c.want, a, err)
		}
		said := strings.Join(h.told(t)[before:], " ")
		for _, word := range strings.Fields(c.want) {
			if !strings.Contains(said, word) {
				t.Errorf("%s: the journal says %s", c.want, said)
			}
		}
	}
	all, err := os.ReadFile(filepath.Join(h.dir, "journal", journal.File))
	must(t, err)
	for _, person := range []string{"佟子试", card, slipNo, code, "150102-2026-00001"} {
		if strings.Contains(string(all), person) {
			t.Errorf("the journal says %s", person)
		}
	}
}

func TestAQuestionThatASuddenEndInterruptedWasNotAnswered(t *testing.T) {
	dir := t.TempDir()
	h, err := open(dir)
	must(t, err)
	_, ok := h.intend(journal.AskIntended{About: journal.AskIntendedAboutProgress, Proof: journal.AskIntendedProofCard})
	if !ok {
		t.Fatal("not written")
	}
	must(t, errors.Join(h.journal.Close(), h.box.Close()))
	h = opened(t, dir)
	if slips, err := h.Settle(t.Context(), h.journal.Interrupted(), h.box); err != nil || slips != 0 {
		t.Fatalf("%d slips, %v", slips, err)
	}
	if said := h.told(t); !slices.ContainsFunc(said, func(s string) bool { return strings.Contains(s, "ask-ended") && strings.Contains(s, "unanswered") }) {
		t.Errorf("the journal says %v", said)
	}
}
