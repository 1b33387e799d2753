package bureau

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"yimen/kiosk/envelope"
	"yimen/kiosk/estimate"
	"yimen/kiosk/household"
	"yimen/kiosk/policy"
)

// shelf is the editions kept, by digest.
type shelf map[string]*policy.Pack

func (s shelf) Edition(_, digest string) (*policy.Pack, error) {
	if p, ok := s[digest]; ok {
		return p, nil
	}
	return nil, errors.New("not on the shelf")
}

// worked is a worked household with the bytes of its dossier: answers as the terminal writes them, and the estimate.
func worked(t *testing.T, p *policy.Pack) (answers, sealed []byte) {
	t.Helper()
	data, err := os.ReadFile("../../../kiosk/estimate/testdata/households/E07.json")
	if err != nil {
		t.Fatal(err)
	}
	a, err := household.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	var list []map[string]any
	a.Each(func(k household.Key, v household.Answer) {
		one := map[string]any{"key": k.String(), "state": "given"}
		if v.Code != "" {
			one["code"] = v.Code
		} else {
			one["number"] = v.Number
		}
		list = append(list, one)
	})
	list = append(list, map[string]any{"key": "rent_12m", "state": "unknown"}, map[string]any{"key": "bank", "state": "not_yet"})
	if answers, err = json.Marshal(map[string]any{"format": 1, "answers": list}); err != nil {
		t.Fatal(err)
	}
	r, err := estimate.Compute(p, "dibao", a, 20220701)
	if err != nil {
		t.Fatal(err)
	}
	return answers, estimate.Canonical(r)
}

func TestAnOldCaseIsReckonedAgainByItsOwnEdition(t *testing.T) {
	pack, err := policy.Load("../../../kiosk/policy/packs/CN-150102")
	if err != nil {
		t.Fatal(err)
	}
	pack = pack.With(policy.Demo)
	answers, sealed := worked(t, pack)
	otherwise := []byte(strings.Replace(string(answers), `"number":960000`, `"number":960001`, 1))
	bodies := func(answers []byte) []body {
		return []body{{"answers.json", "application/json", "申请表", nil, answers}, {"estimate.json", "application/json", "初审测算", nil, sealed}}
	}
	h := newHall(t)
	h.editions = shelf{pack.Digest: pack}
	h.take(t, 1, bodies(answers))
	h.take(t, 2, bodies(otherwise))
	h.take(t, 3, bodies(answers)[:1])
	b := h.browse(t)
	for i, want := range map[int]bool{1: true, 2: false} {
		var got Replay
		w := b.get("/api/dossiers/" + id(i) + "/replay")
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || got.Same != want || got.Edition != pack.Edition || len(got.Digest) != 14 {
			t.Errorf("dossier %d: %s, %v", i, w.Body, err)
		}
	}
	for i, want := range map[int]string{1: "结果一致", 2: "结果不一致"} {
		if page := b.get("/dossiers/" + id(i)).Body.String(); !strings.Contains(page, "重算："+want) || strings.Contains(page, "ZgotmplZ") {
			t.Errorf("the page of dossier %d does not say %s", i, want)
		}
	}
	if w := b.get("/api/dossiers/" + id(3) + "/replay"); w.Code != 422 || !strings.Contains(w.Body.String(), "no estimate") {
		t.Errorf("without an estimate: %d %s", w.Code, w.Body)
	}
	h.editions = shelf{}
	if w := h.browse(t).get("/api/dossiers/" + id(1) + "/replay"); w.Code != 422 || !strings.Contains(w.Body.String(), "not on the shelf") {
		t.Errorf("without the edition: %d %s", w.Code, w.Body)
	}
	h.editions = nil
	if w := h.browse(t).get("/api/dossiers/" + id(1) + "/replay"); w.Code != 404 {
		t.Errorf("without a folder of editions: %d %s", w.Code, w.Body)
	}
}

func TestTheEditionsThatCasesNameAreListed(t *testing.T) {
	h := newHall(t)
	h.take(t, 1, application(t))
	h.take(t, 2, application(t))
	b := h.browse(t)
	if got := b.get("/api/editions").Body.String(); got != envelope.Digest(nil)+"\n" {
		t.Errorf("%q", got)
	}
	h.seal(t, 3, "application", time.Date(2026, 11, 23, 9, 0, 0, 0, china), [][]byte{[]byte("no manifest")}, h.terminal)
	if w := b.get("/api/editions"); w.Code == 200 {
		t.Errorf("a dossier that cannot be read may name any edition: %d %q", w.Code, w.Body)
	}
}
