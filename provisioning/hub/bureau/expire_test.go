package bureau

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"testing"

	"yimen/kiosk/central"
	"yimen/kiosk/household"
)

// hub forgets drafts, or says no.
type hub struct {
	no     error
	forgot []string
}

func (h *hub) LetGo(_ context.Context, id, until string) error {
	if h.no == nil {
		h.forgot = append(h.forgot, id+" "+until)
	}
	return h.no
}

func TestADraftIsForgottenOnTheDayAfterItsLast(t *testing.T) {
	h := newHall(t)
	h.park(t, 1) // until 2026-12-22
	h.park(t, 2)
	drafts := NewDesk(h.keys, h, slog.New(slog.DiscardHandler)).Drafts()
	all := func() (n int) {
		list, err := drafts.All(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return len(list)
	}
	expire := func(today household.Date, to *hub) int {
		n, err := drafts.Expire(t.Context(), today, to)
		if err != nil {
			t.Errorf("on %s: %v", today, err)
		}
		return n
	}
	to := &hub{}
	if n := expire(20261222, to); n != 0 || len(to.forgot) != 0 || all() != 2 {
		t.Errorf("on the last day %d are forgotten", n)
	}
	if n := expire(20261223, &hub{no: &central.Problem{Code: central.CodeConflict}}); n != 0 || all() != 2 {
		t.Errorf("the hub's clock says it is not over, and %d are forgotten", n)
	}
	lost := &hub{no: errors.New("no route to host")}
	if n, err := drafts.Expire(t.Context(), 20261223, lost); n != 0 || err == nil || all() != 2 {
		t.Errorf("the line is down: %d, %v", n, err)
	}
	if n := expire(20261223, to); n != 2 || !slices.Contains(to.forgot, id(1)+" 2026-12-22") || all() != 0 {
		t.Errorf("%d are forgotten: %v", n, to.forgot)
	}
	h.park(t, 3)
	if n := all(); n != 1 {
		t.Errorf("of those that came later %d are known", n)
	}
	if n := expire(20261223, &hub{no: &central.Problem{Code: central.CodeNotFound}}); n != 1 || all() != 0 {
		t.Errorf("what is not there any more stays known: %d", n)
	}
}
