package household

import (
	"encoding/json"
	"testing"
)

func TestADayThatWasWrittenAsJSONCanBeRead(t *testing.T) {
	for _, d := range []Date{0, 20190401, 20240229} {
		b, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		var got Date = 1
		if err := json.Unmarshal(b, &got); err != nil || got != d {
			t.Errorf("%d travels as %s and arrives as %d, %v", d, b, got, err)
		}
	}
	for _, odd := range []string{"20190230", `"2019-02-28"`, `"x"`, "{}", "1.5", "-1", "99999999999", "null"} {
		var d Date
		if err := json.Unmarshal([]byte(odd), &d); err == nil {
			t.Errorf("%s is read as %s", odd, d)
		}
	}
}
