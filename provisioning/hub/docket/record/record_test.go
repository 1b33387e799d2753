package record

import (
	"testing"

	"yimen/kiosk/household"
)

func FuzzRead(f *testing.F) {
	for _, h := range []Happening{&Opened{Name: "甲", Number: "11010519491231002X"}, &Moved{To: "X"}, &Issued{Remedy: map[string]string{"zh-CN": "诉"}, By: household.Date(20260101)}, &Noticed{}, &Told{1}, &Overran{Due: 20260424, Whole: true, Stage: "PRELIM"}, &Signed{7, "请办"}} {
		b, err := write(h)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(h.Tells(), b)
	}
	f.Fuzz(func(t *testing.T, kind string, b []byte) {
		h, err := read(kind, b)
		if err != nil {
			return
		}
		again, err := write(h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := read(kind, again); err != nil {
			t.Fatalf("what was written cannot be read: %v", err)
		}
	})
}
