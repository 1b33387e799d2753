package daysheet

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"yimen/drivers/device"
	"yimen/kiosk/journal"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

var china = time.FixedZone("CST", 8*3600)

// told is a journal of two days, by the clock of now.
func told(t *testing.T) (j *journal.Journal, now time.Time) {
	t.Helper()
	now = time.Date(2026, 11, 21, 16, 0, 0, 0, time.UTC).Add(-time.Second) // the 21st, a second before midnight in the hall
	j, err := journal.Open(t.TempDir(), journal.Config{}, journal.Terminal{Region: 150102, Number: 1}, func() time.Time { return now }, slog.New(slog.DiscardHandler))
	must(t, err)
	t.Cleanup(func() { _ = j.Close() })
	add := func(e journal.Event) uint32 {
		no, err := j.Append(e)
		must(t, err)
		return no
	}
	id, err := journal.ParseID(strings.Repeat("a", 26))
	must(t, err)
	put := add(journal.SubmitIntended{Dossier: id})
	add(journal.SubmitEnded{Intent: put, Outcome: journal.SubmitEndedOutcomeKept}) // of the day before
	late := add(journal.PrintIntended{Paper: journal.PrintIntendedPaperSlip})
	now = now.Add(time.Second)
	add(journal.PrintEnded{Intent: late, Outcome: journal.PrintEndedOutcomeUnknown})
	for _, o := range []journal.SubmitEndedOutcome{journal.SubmitEndedOutcomeKept, journal.SubmitEndedOutcomeKept, journal.SubmitEndedOutcomeNotKept} {
		add(journal.SubmitEnded{Intent: add(journal.SubmitIntended{Dossier: id}), Outcome: o})
	}
	add(journal.PurgeEnded{Intent: add(journal.PurgeIntended{Dossier: id}), Outcome: journal.PurgeEndedOutcomePurged})
	for _, paper := range []journal.PrintIntendedPaper{journal.PrintIntendedPaperSlip, journal.PrintIntendedPaperDaySheet} {
		add(journal.PrintEnded{Intent: add(journal.PrintIntended{Paper: paper}), Outcome: journal.PrintEndedOutcomePrinted})
	}
	add(journal.StaffCame{Staff: 7})
	add(journal.SlipCopied{Day: 20261121, Sequence: 3, Time: 1, Staff: 7, Reason: journal.SlipCopiedReasonLost})
	add(journal.DaemonStarted{Torn: 7}) // after a power cut
	add(journal.DaemonStopped{})
	add(journal.DaemonStarted{})
	add(journal.SubmitIntended{Dossier: id})
	return j, now.In(china)
}

func sheet(t *testing.T) Sheet {
	t.Helper()
	j, now := told(t)
	day := NewDay(now)
	story, err := j.Read(day.Tell)
	must(t, err)
	return Sheet{
		Terminal: "150102-0001", Hall: "示例大厅", PrintedAt: now, Day: day, Open: story.Open, Head: story.Head,
		Queue: Queue{Waiting: 3, Quarantined: 1, Oldest: now},
	}
}

func TestADayHasWhatHappenedBetweenItsMidnights(t *testing.T) {
	d := sheet(t).Day
	d.papers = nil
	if want := (Day{Begins: d.Begins, Kept: 2, NotKept: 1, Delivered: 1, Printed: 1, Unknown: 1, Copied: 1, Staff: 1, Starts: 2, Sudden: 1}); d.Begins.Day() != 22 ||
		[11]uint{d.Kept, d.NotKept, d.Delivered, d.Printed, d.Unconfirmed, d.Failed, d.Unknown, d.Copied, d.Staff, d.Starts, d.Sudden} !=
			[11]uint{want.Kept, want.NotKept, want.Delivered, want.Printed, want.Unconfirmed, want.Failed, want.Unknown, want.Copied, want.Staff, want.Starts, want.Sudden} {
		t.Errorf("the 22nd is counted as %+v, want %+v", *d, want)
	}
}

func TestTheSheetTellsWhatIsNotKnownAndTheWholeHead(t *testing.T) {
	s := sheet(t)
	slip, err := s.Slip()
	must(t, err)
	var lines []string
	for _, r := range slip.Rows {
		switch r := r.(type) {
		case device.Text:
			lines = append(lines, r.Text)
		case device.Columns:
			if r.Left == "" {
				t.Errorf("%q has no wording", r.Right)
			}
			lines = append(lines, r.Left+" "+r.Right)
		case device.QR:
			lines = append(lines, "QR "+r.Data)
		}
	}
	text := strings.Join(lines, "\n")
	_, digits, _ := strings.Cut(s.Head.String(), ":")
	for _, want := range []string{"可能没有打出来", "可能没有打出来的凭条（张） 1", "收下的申请、签到等（件） 2", "补打的凭条（张） 1", "工作人员登录（次） 1", "等待上传（件） 3", "正在存放申请", "QR " + s.Head.String()} {
		if !strings.Contains(text, want) {
			t.Errorf("the sheet lacks %q:\n%s", want, text)
		}
	}
	if !strings.Contains(strings.NewReplacer(" ", "", "\n", "").Replace(text), digits) {
		t.Errorf("the head cannot be read off:\n%s", text)
	}
}

// paper is a printer that answers what it is told to.
type paper struct {
	says device.Printed
	err  error
}

func (p paper) Print(context.Context, device.Slip) (device.Printed, error) { return p.says, p.err }

func TestTheOfficeSaysWhatThePrinterSaid(t *testing.T) {
	whole := sheet(t)
	asked := time.Time{}
	office := Office{
		Idle: func() bool { return true }, Now: func() time.Time { return whole.PrintedAt },
		Sheet: func(_ context.Context, at time.Time) (Sheet, error) { asked = at; return whole, nil },
	}
	for want, by := range map[Outcome]paper{
		Printed: {says: device.Printed{Confirmed: true}}, Unconfirmed: {}, Failed: {err: device.ErrPaperOut},
	} {
		office.Printer = by
		w := httptest.NewRecorder()
		office.ServeHTTP(w, httptest.NewRequest(http.MethodPost, Path+"?day=2026-11-20", nil))
		var got Answer
		must(t, json.Unmarshal(w.Body.Bytes(), &got))
		if got.Outcome != want || got.Head != whole.Head.String() || !asked.Equal(time.Date(2026, 11, 20, 0, 0, 0, 0, china)) {
			t.Errorf("%+v of %v, want %s", got, asked, want)
		}
	}
}

func TestTheOfficeRefuses(t *testing.T) {
	office := Office{
		Idle: func() bool { return false }, Now: time.Now, Printer: paper{},
		Sheet: func(context.Context, time.Time) (Sheet, error) {
			return Sheet{}, errors.New("journal is changed at record 3")
		},
	}
	for _, c := range []struct {
		method, query string
		idle          bool
		code          int
	}{
		{http.MethodPost, "", false, http.StatusConflict},
		{http.MethodGet, "", true, http.StatusBadRequest},
		{http.MethodPost, "?day=yesterday", true, http.StatusBadRequest},
		{http.MethodPost, "", true, http.StatusInternalServerError},
	} {
		office.Idle = func() bool { return c.idle }
		w := httptest.NewRecorder()
		office.ServeHTTP(w, httptest.NewRequest(c.method, Path+c.query, nil))
		if w.Code != c.code {
			t.Errorf("%s %q: code %d, want %d", c.method, c.query, w.Code, c.code)
		}
	}
}
