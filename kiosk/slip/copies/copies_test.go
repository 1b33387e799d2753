package copies

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"yimen/drivers/device"
)

const (
	slipNo = "SJ-150102-0001-20261122-00001-3"
	code   = "40718253"
)

var paper = device.Slip{Rows: []device.Row{device.Text{Text: "收件回执", Size: 2}, device.Columns{Left: "申请人", Right: "王试样"}, device.QR{Data: slipNo, Dots: 200}}}

type shelf struct {
	*Shelf
	now time.Time
	dir string
}

func open(t *testing.T) *shelf {
	t.Helper()
	s := &shelf{now: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC), dir: t.TempDir()}
	s.reopen(t)
	return s
}

func (s *shelf) reopen(t *testing.T) {
	t.Helper()
	seal := func(body []byte, _ time.Time) ([]byte, error) {
		out := bytes.Clone(body)
		for i := range out {
			out[i] ^= 0xA5 // stands for the bureau's key
		}
		return out, nil
	}
	var err error
	if s.Shelf, err = Open(t.Context(), s.dir, seal, func() time.Time { return s.now }); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
}

func (s *shelf) kept(t *testing.T) *shelf {
	t.Helper()
	if err := s.Keep(t.Context(), slipNo, code, paper); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestACopyOpensByItsCodeAndIsTheSamePaper(t *testing.T) {
	s := open(t).kept(t)
	if err := s.Keep(t.Context(), slipNo, code, device.Slip{}); err != nil { // printed once more: the first stays
		t.Fatal(err)
	}
	s.Close()
	s.reopen(t)
	got, err := s.ByCode(t.Context(), slipNo, code)
	if err != nil || !reflect.DeepEqual(got, paper) {
		t.Errorf("%v, %v", got, err)
	}
	list, err := s.List(t.Context())
	if err != nil || len(list) != 1 || list[0].Title != "收件回执" || list[0].SlipNo != slipNo || list[0].Again != 0 || !list[0].At.Equal(s.now) {
		t.Errorf("%+v, %v", list, err)
	}
}

func TestFiveWrongCodesCloseANumberForAnHour(t *testing.T) {
	s := open(t).kept(t)
	for range 5 {
		if _, err := s.ByCode(t.Context(), slipNo, "00000000"); !errors.Is(err, ErrNone) {
			t.Fatal(err)
		}
	}
	s.Close()
	s.reopen(t) // a restart forgets no wrong code
	if _, err := s.ByCode(t.Context(), slipNo, code); !errors.Is(err, ErrClosed) {
		t.Errorf("after five: %v", err)
	}
	s.now = s.now.Add(time.Hour)
	if _, err := s.ByCode(t.Context(), slipNo, code); err != nil {
		t.Errorf("an hour later: %v", err)
	}
	if _, err := s.ByCode(t.Context(), "SJ-150102-0001-20261122-00002-1", code); !errors.Is(err, ErrNone) {
		t.Errorf("a number that is not there: %v", err)
	}
}

func TestEachPrintIsCountedAndAResidentHasThree(t *testing.T) {
	s := open(t).kept(t)
	for want := 1; want <= 3; want++ {
		if n, first, err := s.Count(t.Context(), slipNo, 0, "lost"); n != want || err != nil || !first.Equal(s.now) {
			t.Errorf("%d, %v, %v", n, first, err)
		}
	}
	if _, _, err := s.Count(t.Context(), slipNo, 0, "lost"); !errors.Is(err, ErrEnough) {
		t.Errorf("a fourth: %v", err)
	}
	s.Close()
	s.reopen(t)
	if n, _, err := s.Count(t.Context(), slipNo, 7, "unreadable"); n != 4 || err != nil {
		t.Errorf("by the staff: %d, %v", n, err)
	}
	if _, _, err := s.Count(t.Context(), "SJ-150102-0001-20261122-00002-1", 7, "lost"); !errors.Is(err, ErrNone) {
		t.Error(err)
	}
}

func TestACopyIsThrownAwayAfterSomeDays(t *testing.T) {
	s := open(t).kept(t)
	s.now = s.now.Add(keptFor + time.Second)
	s.Close()
	s.reopen(t)
	if list, err := s.List(t.Context()); len(list) != 0 || err != nil {
		t.Errorf("%v, %v", list, err)
	}
	if _, err := s.Sealed(t.Context(), slipNo); !errors.Is(err, ErrNone) {
		t.Error(err)
	}
}

func TestNobodyReadsACopyOnTheDisk(t *testing.T) {
	s := open(t).kept(t)
	if b, err := s.Sealed(t.Context(), slipNo); err != nil || len(b) == 0 {
		t.Fatal(err)
	}
	s.Close()
	files, err := filepath.Glob(filepath.Join(s.dir, "*"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{"王试样", code} {
			if bytes.Contains(b, []byte(secret)) {
				t.Errorf("%s can be read in %s", secret, filepath.Base(f))
			}
		}
	}
}
