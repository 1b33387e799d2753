package casework

import (
	"strings"
	"testing"
	"time"

	"yimen/kiosk/letter"
)

// letters as the terminal writes them into record.json.
func checkedIn(r letter.CheckedIn) any {
	return struct {
		Kind    letter.Kind `json:"kind"`
		Version int         `json:"version"`
		Record  any         `json:"record"`
	}{r.Kind(), r.Version(), r}
}

func TestCheckInsAreListedWithWhoHasLooked(t *testing.T) {
	s := newSite(t)
	const one, two, three = "SJ-150102-0001-20260326-00001-X", "SJ-150102-0001-20260326-00002-X", "SJ-150102-0001-20260326-00003-X"
	s.comes("checkin", one, "", idNumber, record, checkedIn(letter.CheckedIn{Way: letter.WayFace, Confirmed: letter.ConfirmedFace, Faces: []letter.FaceTry{{Band: "unsure"}, {Band: "same"}}}))
	s.comes("checkin", two, "", idNumber, record, checkedIn(letter.CheckedIn{Way: letter.WayAssisted, Confirmed: letter.ConfirmedLater, Companion: &letter.Companion{Role: letter.Helper, Name: "帮试忙"}}))
	s.comes("checkin", three, "", idNumber, record, checkedIn(letter.CheckedIn{Way: letter.WayStaff, Confirmed: letter.ConfirmedStaff, Staff: 3}))
	b := s.browser("01")
	_, page := b.get("/cases/checkins")
	for _, want := range []string{"<b>1</b> 人还没有工作人员看过", one, two, three, "身份证加刷脸", "刷脸 2 次", "帮试忙", "工作人员 3 号", "还没有", "没来签到不是减发、停发的理由"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %s:\n%s", want, page)
		}
	}
	s.at = s.at.Add(5 * time.Minute)
	s.comes("checkin", "SJ-150102-0001-20260326-00004-X", two, "", record, checkedIn(letter.CheckedIn{Way: letter.WayStaff, Confirmed: letter.ConfirmedStaff, Staff: 7}))
	_, page = b.get("/cases/checkins")
	for _, want := range []string{"都确认过了", "工作人员 7 号", "补确认"} {
		if !strings.Contains(page, want) {
			t.Errorf("after the slip was shown at the desk the page does not say %s:\n%s", want, page)
		}
	}
	if strings.Contains(page, "00004") {
		t.Error("a confirmation is listed as if somebody had checked in")
	}
	s.comes("checkin", "SJ-150102-0001-20260326-00005-X", "", idNumber, record, "nonsense")
	if status, page := b.get("/cases/checkins"); status != 200 || !strings.Contains(page, "打不开") {
		t.Errorf("one that cannot be read: %d\n%s", status, page)
	}
}

func TestCheckInsAreForOfficersAlone(t *testing.T) {
	s := newSite(t)
	s.comes("checkin", "SJ-150102-0001-20260326-00001-X", "", idNumber, record, checkedIn(letter.CheckedIn{Way: letter.WayStaff}))
	if _, page := s.browser("").get("/cases/checkins"); strings.Contains(page, "SJ-150102") {
		t.Error("whoever is not signed in sees who checked in")
	}
}
