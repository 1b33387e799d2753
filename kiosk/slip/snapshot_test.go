package slip

import (
	"errors"
	"reflect"
	"testing"

	"yimen/drivers/device"
)

func TestASnapshotPrintsTheSamePaper(t *testing.T) {
	template, pack := receipt(t)
	printed, err := Fill(template, pack, facts)
	if err != nil {
		t.Fatal(err)
	}
	b, err := Encode(printed)
	if err != nil {
		t.Fatal(err)
	}
	again, err := Decode(b)
	if err != nil || !reflect.DeepEqual(again, printed) {
		t.Errorf("%v, and the paper is another: %v", err, again)
	}
	head := device.Slip{Rows: []device.Row{device.Text{Text: "补打"}}}
	if c := Copied(head, again); !reflect.DeepEqual(c.Rows[1:], printed.Rows) || len(c.Rows) != 1+len(printed.Rows) {
		t.Error("what is copied is not what was printed")
	}
}

// FuzzDecode: hostile bytes are ErrSnapshot or a slip that is written and read again as it is.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(`[{"is":"text","text":"签到凭条","align":1,"size":2,"bold":true},{"is":"rule"},{"is":"qr","text":"SJ","size":200},{"is":"columns","text":"a","right":"b"},{"is":"feed","size":3}]`))
	f.Add([]byte(`[{"is":"picture"}]`))
	f.Add([]byte(`{}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := Decode(b)
		if err != nil {
			if !errors.Is(err, ErrSnapshot) {
				t.Error(err)
			}
			return
		}
		again, err := Encode(s)
		if err != nil {
			t.Fatal(err)
		}
		if same, err := Decode(again); err != nil || !reflect.DeepEqual(same, s) {
			t.Errorf("%v became %v: %v", s, same, err)
		}
	})
}
