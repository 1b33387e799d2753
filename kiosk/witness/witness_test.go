package witness

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"yimen/drivers/device"
	"yimen/kiosk/journal"
	"yimen/kiosk/outbox"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// hall is a journal and an outbox in one folder.
type hall struct {
	dir     string
	journal *journal.Journal
	box     *outbox.Outbox
	*Witness
}

func open(dir string) (h hall, err error) {
	log := slog.New(slog.DiscardHandler)
	h.dir = dir
	if h.box, err = outbox.Open(context.Background(), filepath.Join(dir, "outbox"), outbox.Config{KeepFree: 1}, log); err != nil {
		return h, err
	}
	h.journal, err = journal.Open(filepath.Join(dir, "journal"), journal.Config{}, journal.Terminal{Region: 150102, Number: 1}, time.Now, log)
	h.Witness = New(h.journal, log)
	return h, err
}

func opened(t *testing.T, dir string) hall {
	t.Helper()
	h, err := open(dir)
	must(t, err)
	t.Cleanup(func() { _ = errors.Join(h.journal.Close(), h.box.Close()) })
	return h
}

func item(n int) outbox.Item {
	id := fmt.Sprintf("%026d", n)
	return outbox.Item{ID: id, Kind: "application", List: []byte("list " + id), Signature: []byte("s"), Parts: [][]byte{[]byte("part")}}
}

// told are the journal's records after the two of a start, as "event fields".
func (h hall) told(t testing.TB) []string {
	t.Helper()
	var said []string
	_, err := h.journal.Read(func(r journal.Record) {
		if r.No > 2 {
			said = append(said, r.Is+" "+string(r.With))
		}
	})
	must(t, err)
	return said
}

func want(t *testing.T, got []string, want ...string) {
	t.Helper()
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("journal says\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// paper is a printer that answers what it is told to, and notes what the journal knows when it is asked.
type paper struct {
	h     hall
	t     testing.TB
	says  device.Printed
	err   error
	knows []string
}

func (p *paper) Print(context.Context, device.Slip) (device.Printed, error) {
	p.knows = p.h.told(p.t)
	return p.says, p.err
}

func TestASlipLeavesItsIntentBeforeAndWhatThePrinterSaidAfter(t *testing.T) {
	for _, c := range []struct {
		says device.Printed
		err  error
		want string
	}{
		{device.Printed{Confirmed: true}, nil, "printed"},
		{device.Printed{}, nil, "unconfirmed"},
		{device.Printed{}, &device.Fault{Device: device.Printer, Op: "print", Err: device.ErrUnconfirmed}, "unconfirmed"},
		{device.Printed{}, &device.Fault{Device: device.Printer, Op: "print", Err: device.ErrPaperOut}, "failed"},
	} {
		h := opened(t, t.TempDir())
		by := &paper{h: h, t: t, says: c.says, err: c.err}
		got, err := h.Printer(by, journal.PrintIntendedPaperSlip).Print(t.Context(), device.Slip{})
		if got != c.says || err != c.err {
			t.Errorf("the desk hears %+v, %v", got, err)
		}
		want(t, by.knows, `print-intended {"paper":"slip"}`)
		want(t, h.told(t), `print-intended {"paper":"slip"}`, `print-ended {"intent":3,"outcome":"`+c.want+`"}`)
	}
}

func TestADossierIsToldOfFromPutToPurge(t *testing.T) {
	h := opened(t, t.TempDir())
	box := h.Box(h.box)
	must(t, box.Put(t.Context(), item(1)))
	other := item(1)
	other.List = []byte("another list")
	if err := box.Put(t.Context(), other); !errors.Is(err, outbox.ErrConflict) {
		t.Errorf("error %v", err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- box.Run(ctx, outbox.CourierFunc(func(context.Context, *outbox.Entry) ([]byte, error) { return []byte("receipt"), nil }))
	}()
	_, err := box.Wait(t.Context(), item(1).ID)
	must(t, err)
	stop()
	must(t, <-ended)
	id := item(1).ID
	want(t, h.told(t),
		`submit-intended {"dossier":"`+id+`"}`, `submit-ended {"intent":3,"outcome":"kept"}`,
		`submit-intended {"dossier":"`+id+`"}`, `submit-ended {"intent":5,"outcome":"not-kept"}`,
		`purge-intended {"dossier":"`+id+`"}`, `purge-ended {"intent":7,"outcome":"purged"}`)
}

// silent is a journal on a disk that takes nothing.
type silent struct{}

func (silent) Append(journal.Event) (uint32, error) { return 0, errors.New("no space") }

func TestAJournalThatCannotBeWrittenStopsNobody(t *testing.T) {
	h := opened(t, t.TempDir())
	var log strings.Builder
	h.Witness = New(silent{}, slog.New(slog.NewTextHandler(&log, nil)))
	must(t, h.Box(h.box).Put(t.Context(), item(1)))
	by := &paper{h: h, t: t, says: device.Printed{Confirmed: true}}
	if p, err := h.Printer(by, journal.PrintIntendedPaperSlip).Print(t.Context(), device.Slip{}); err != nil || !p.Confirmed {
		t.Errorf("printed %+v, %v", p, err)
	}
	if strings.Count(log.String(), "without its intent") != 2 {
		t.Errorf("the log says %q", log.String())
	}
}

// TestWhatASuddenEndInterruptedIsSettledOnce leaves every kind of intent open, with the act done and not done.
func TestWhatASuddenEndInterruptedIsSettledOnce(t *testing.T) {
	dir := t.TempDir()
	h := opened(t, dir)
	must(t, h.box.Put(t.Context(), item(1)))
	h.submitting(item(1).ID)
	h.submitting(item(2).ID)
	h.purging(item(1).ID) // its file is there
	h.purging(item(3).ID)
	h.intend(journal.PrintIntended{Paper: journal.PrintIntendedPaperSlip})
	h.intend(journal.PrintIntended{Paper: journal.PrintIntendedPaperDaySheet})
	before := len(h.told(t))
	must(t, errors.Join(h.journal.Close(), h.box.Close()))
	h = opened(t, dir)
	slips, err := h.Settle(t.Context(), h.journal.Interrupted(), h.box)
	must(t, err)
	if slips != 1 {
		t.Errorf("%d residents' slips may not have come out, want 1", slips)
	}
	want(t, h.told(t)[before+2:],
		`submit-ended {"intent":3,"outcome":"kept"}`, `submit-ended {"intent":4,"outcome":"not-kept"}`,
		`purge-ended {"intent":5,"outcome":"left"}`, `purge-ended {"intent":6,"outcome":"purged"}`,
		`print-ended {"intent":7,"outcome":"unknown"}`, `print-ended {"intent":8,"outcome":"unknown"}`)
	must(t, errors.Join(h.journal.Close(), h.box.Close()))
	h = opened(t, dir)
	if left := h.journal.Interrupted(); len(left) > 0 {
		t.Errorf("still open: %+v", left)
	}
}

func TestALostSlipIsToldThoughTheJournalTakesNothing(t *testing.T) {
	h := opened(t, t.TempDir())
	lost := []journal.Record{{No: 3, Is: "print-intended", Event: journal.PrintIntended{Paper: journal.PrintIntendedPaperSlip}}}
	if slips, err := New(silent{}, slog.New(slog.DiscardHandler)).Settle(t.Context(), lost, h.box); slips != 1 || err == nil {
		t.Errorf("%d slips, error %v", slips, err)
	}
}
