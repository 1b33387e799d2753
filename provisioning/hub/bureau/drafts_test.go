package bureau

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"

	"yimen/drivers/device"
	"yimen/kiosk/dossier"
	"yimen/kiosk/letter"
	"yimen/kiosk/policy"
)

// park seals a draft with two pages and puts it into the intake.
func (h *hall) park(t testing.TB, i int) {
	t.Helper()
	at := time.Date(2026, 11, 22, 9, 30, 0, 0, china)
	pages := []dossier.Page{
		{ID: "a", Material: "M07", No: 1, Derived: []byte("page one"), Original: []byte("frame one"), TakenAt: at, Device: device.DocCam},
		{ID: "b", Material: "M07", No: 2, Derived: []byte("page two"), Original: []byte("frame two"), TakenAt: at, Device: device.DocCam},
	}
	record := letter.Parked{Item: "0101", Until: 20261222, Number: number, Answers: []letter.ParkedAnswer{{Key: "deposits", Known: true, Number: 30_000_000}}}
	for _, p := range pages {
		p.Derived, p.Original = nil, nil
		record.Pages = append(record.Pages, p)
	}
	doc, err := letter.Compose(letter.Letter{
		ID: id(i), SlipNo: "SJ-150102-0001-20261122-00003-X", QueryCheck: "check", SubmittedAt: at, Terminal: "150102-001", Lang: "zh-CN",
		Pack: &policy.Pack{ID: "CN-150102"}, From: letter.Party{Name: name, Number: number, Proof: letter.ByCard}, Record: record, Pages: pages,
	})
	if err != nil {
		t.Fatal(err)
	}
	h.seal(t, i, "draft", at, doc.Bodies, h.terminal)
}

func TestNoScreenOfTheDeskShowsADraft(t *testing.T) {
	h := newHall(t)
	h.park(t, 1)
	h.take(t, 2, application(t))
	b := h.browse(t)
	if page := b.get("/").Body.String(); strings.Contains(page, id(1)) || !strings.Contains(page, id(2)) {
		t.Errorf("the list is\n%s", page)
	}
	for _, path := range []string{"/dossiers/" + id(1), "/api/dossiers/" + id(1), "/api/dossiers/" + id(1) + "/parts/record.json", "/api/dossiers/" + id(1) + "/parts/pages/01-M07-1.jpg", "/api/dossiers"} {
		w := b.get(path)
		for _, secret := range []string{number, "page one", "30000000", "SJ-150102-0001-20261122-00003-X"} {
			if strings.Contains(w.Body.String(), secret) {
				t.Errorf("%s shows %q with status %d", path, secret, w.Code)
			}
		}
	}
	if _, _, err := b.desk.Look(t.Context(), id(1), "record.json"); err == nil {
		t.Error("the desk looks into a draft")
	}
}

func TestADraftIsKnownByItsOwnerAndGivenWhole(t *testing.T) {
	h := newHall(t)
	drafts := NewDesk(h.keys, h, slog.New(slog.DiscardHandler)).Drafts()
	if all, err := drafts.All(t.Context()); err != nil || len(all) != 0 {
		t.Fatalf("before any: %v, %v", all, err)
	}
	h.take(t, 1, application(t))
	h.park(t, 2)
	all, err := drafts.All(t.Context())
	if err != nil || len(all) != 1 {
		t.Fatalf("drafts %v, %v", all, err)
	}
	if p := all[0]; p.ID != id(2) || p.Number != number || p.Item != "0101" || p.Until != 20261222 || p.QueryCheck != "check" {
		t.Errorf("known is %+v", p)
	}
	record, pages, err := drafts.Content(t.Context(), id(2), 1<<20)
	if err != nil || len(pages) != 4 || string(pages[0]) != "page one" || string(pages[3]) != "frame two" || !bytes.Contains(record, []byte("30000000")) {
		t.Errorf("content %s with %q, %v", record, pages, err)
	}
	record, pages, err = drafts.Content(t.Context(), id(2), len(record)+len("page one")+len("frame one"))
	if err != nil || len(pages) != 2 || string(pages[1]) != "frame one" {
		t.Errorf("with little room: %q of %d, %v", pages, len(record), err)
	}
	if _, _, err := drafts.Content(t.Context(), id(1), 1<<20); err == nil {
		t.Error("an application is given out as a draft")
	}
	h.away = errAway
	if _, err := drafts.All(t.Context()); err == nil {
		t.Error("an intake that cannot be reached is no news")
	}
}
