package report

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"yimen/drivers/device"
	"yimen/provisioning/release"
	"yimen/provisioning/selftest"
)

var at = time.Date(2026, 11, 23, 8, 30, 0, 0, time.UTC)

// well is a terminal with which everything is well.
func well() Facts {
	return Facts{
		Terminal: "150102-0001", Hall: "示例大厅", At: at, Software: Software{"0.7.1", strings.Repeat("ab", 32)}, Clock: true,
		Disk: Disk{Free: 20 << 30, Total: 60 << 30}, Certificate: at.Add(365 * 24 * time.Hour), Pack: "2026.01-1", Head: "12:" + strings.Repeat("cd", 32),
		Devices: map[device.ID]device.Status{device.Printer: {State: device.Online}, device.DocCam: {State: device.Online}},
		Tried: map[device.ID]Tried{
			device.Printer: {at, selftest.Result{Device: device.Printer, Outcome: selftest.Passed}},
			device.DocCam:  {at, selftest.Result{Device: device.DocCam, Outcome: selftest.Passed}},
		},
	}
}

func TestATerminalWithWhichAllIsWellIsReady(t *testing.T) {
	r := Of(well())
	if !r.Ready || len(r.Items) != 9 {
		t.Errorf("%+v", r)
	}
	for _, i := range r.Items {
		if i.Outcome != selftest.Passed {
			t.Errorf("%+v", i)
		}
	}
}

func TestEachTroubleIsToldWhereItBelongs(t *testing.T) {
	for name, c := range map[string]struct {
		spoil   func(*Facts)
		item    string
		remark  string
		outcome selftest.Outcome
	}{
		"clock ahead":              {func(f *Facts) { f.Skew = 2 * time.Minute }, "clock", "clock-ahead", selftest.Failed},
		"clock behind":             {func(f *Facts) { f.Skew = -time.Hour }, "clock", "clock-behind", selftest.Failed},
		"clock without network":    {func(f *Facts) { f.Clock = false }, "clock", "clock-alone", selftest.Unsure},
		"unknown software":         {func(f *Facts) { f.Software.Digest = "" }, "software", "software-unknown", selftest.Unsure},
		"full disk":                {func(f *Facts) { f.Disk.Free = 300 << 20 }, "disk", "disk-full", selftest.Failed},
		"scarce disk":              {func(f *Facts) { f.Disk.Free = 1 << 30 }, "disk", "disk-scarce", selftest.Unsure},
		"no disk":                  {func(f *Facts) { f.Disk = Disk{} }, "disk", "disk-unknown", selftest.Failed},
		"disk that is not checked": {func(f *Facts) { f.Disk.Unchecked = true }, "disk", "disk-unchecked", selftest.Unsure},
		"certificate over":         {func(f *Facts) { f.Certificate = at.Add(-time.Hour) }, "certificate", "certificate-over", selftest.Failed},
		"certificate soon over":    {func(f *Facts) { f.Certificate = at.Add(29 * 24 * time.Hour) }, "certificate", "certificate-soon", selftest.Unsure},
		"no certificate":           {func(f *Facts) { f.Certificate = time.Time{} }, "certificate", "certificate-unknown", selftest.Failed},
		"old rules":                {func(f *Facts) { f.PackTrouble = errors.New("expired") }, "packs", "packs-old", selftest.Unsure},
		"quarantine":               {func(f *Facts) { f.Quarantined = 1 }, "queue", "queue-quarantined", selftest.Failed},
		"waits for days":           {func(f *Facts) { f.Waiting, f.Oldest = 2, at.Add(-48*time.Hour) }, "queue", "queue-old", selftest.Failed},
		"waits for an hour":        {func(f *Facts) { f.Waiting, f.Oldest = 2, at.Add(-time.Hour) }, "queue", "queue", selftest.Passed},
		"printer away": {func(f *Facts) {
			f.Devices[device.Printer] = device.Status{State: device.NoDevice, Cause: device.ErrGone}
		}, "printer", "device-away", selftest.Failed},
		"printer without paper": {func(f *Facts) {
			f.Devices[device.Printer] = device.Status{State: device.Online, Paper: device.PaperOut}
		}, "printer", "device-away", selftest.Failed},
		"camera that was not tried": {func(f *Facts) { delete(f.Tried, device.DocCam) }, "doccam", "device-untried", selftest.Unsure},
		"printer whose test failed": {func(f *Facts) {
			f.Tried[device.Printer] = Tried{at, selftest.Result{Device: device.Printer, Outcome: selftest.Failed}}
		}, "printer", "device-failed", selftest.Failed},
		"lock": {func(f *Facts) { f.Locked = true }, "lock", "locked", selftest.Unsure},
	} {
		f := well()
		c.spoil(&f)
		r, found := Of(f), false
		for _, i := range r.Items {
			if i.ID != c.item {
				if i.Outcome != selftest.Passed {
					t.Errorf("%s: %+v too", name, i)
				}
				continue
			}
			found = true
			if i.Remark != c.remark || i.Outcome != c.outcome {
				t.Errorf("%s: %+v", name, i)
			}
		}
		if !found || r.Ready != (c.outcome != selftest.Failed) {
			t.Errorf("%s: found %v, ready %v", name, found, r.Ready)
		}
		words, err := ReadWords()
		if err != nil || words["remark."+c.remark] == "" || words["item."+c.item] == "" {
			t.Errorf("%s has no words, %v", c.remark, err)
		}
	}
}

func TestPaperAndScreenTellTheSame(t *testing.T) {
	f := well()
	f.Quarantined = 3
	r := Of(f)
	var told bytes.Buffer
	if err := Tell(&told, r); err != nil {
		t.Fatal(err)
	}
	slip, err := r.Slip()
	if err != nil {
		t.Fatal(err)
	}
	paper := fmt.Sprint(slip.Rows)
	for _, want := range []string{"150102-0001", "3 份送不出去", "abababab abababab", "第 12 条", "2026.01-1 版", "有问题，请看"} {
		if !strings.Contains(told.String(), want) || !strings.Contains(paper, want) {
			t.Errorf("%q is missing:\n%s\n%s", want, told.String(), paper)
		}
	}
	if strings.Contains(told.String(), "{") {
		t.Errorf("something is not filled in:\n%s", told.String())
	}
}

func TestOnlyAWholeReleaseHasADigest(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"VERSION", "kiosk", "provisioning", "shell"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if s, err := SoftwareIn(dir); err == nil || s != (Software{Version: "VERSION"}) {
		t.Errorf("a folder without a list: %+v, %v", s, err)
	}
	list, err := release.List(dir)
	if err != nil {
		t.Fatal(err)
	}
	if s, err := SoftwareIn(dir); err != nil || s != (Software{Version: "VERSION", Digest: release.Digest(list)}) {
		t.Errorf("%+v, %v", s, err)
	}
	if err := os.WriteFile(filepath.Join(dir, "shell"), []byte("another"), 0o755); err != nil {
		t.Fatal(err)
	}
	if s, err := SoftwareIn(dir); err == nil || s.Digest != "" {
		t.Errorf("a digest of a damaged release: %+v", s)
	}
}

func TestADiskOfItsOwnIsCheckedAfterAPowerCut(t *testing.T) {
	for table, want := range map[string]bool{
		"":                                   false,
		"UUID=1 / ext4 defaults 0 1\n":       false,
		"UUID=1 / ext4 defaults 0 0\n":       false, // the root is the installer's
		"UUID=2 /var/lib/yimen ext4 x 0 2\n": false,
		"UUID=2 /var/lib/yimen ext4 x 0 0\n": true,
		"UUID=2 /var/lib/yimen ext4 x\n":     true,
		"UUID=2 /var ext4 x 0 0\n":           true,
		"UUID=2 /var ext4 x 0 0\nUUID=3 /var/lib/yimen ext4 x 0 2\n": false,
		"# UUID=2 /var/lib/yimen ext4 x 0 0\n":                       false,
		"tmpfs /var/lib/yimen tmpfs x 0 0\n":                         false,
		"UUID=2 /var/lib/yimen2 ext4 x 0 0\n":                        false,
	} {
		if got := unchecked([]byte(table), "/var/lib/yimen"); got != want {
			t.Errorf("%q: %v", table, got)
		}
	}
}

func FuzzFstab(f *testing.F) {
	f.Add([]byte("UUID=2 /var/lib/yimen ext4 x 0 0\n# x\n"))
	f.Fuzz(func(t *testing.T, table []byte) { unchecked(table, "/var/lib/yimen") })
}

func TestTheLastTestOfEachDeviceIsKept(t *testing.T) {
	dir := t.TempDir()
	result := func(id device.ID, o selftest.Outcome) selftest.Result {
		return selftest.Result{Device: id, Outcome: o, Remark: "card", Args: map[string]string{"name": "刘**"}}
	}
	keep := func(at time.Time, results ...selftest.Result) {
		if err := KeepTries(dir, at, selftest.Report{Results: results}); err != nil {
			t.Fatal(err)
		}
	}
	keep(at, result(device.Printer, selftest.Failed), result(device.IDCardReader, selftest.Passed), result(selftest.PacksArrive, selftest.Passed))
	keep(at.Add(time.Hour), result(device.Printer, selftest.Passed), selftest.Result{Device: device.IDCardReader, Outcome: selftest.Failed, Remark: selftest.NothingCame})
	tries, err := Tries(dir)
	if err != nil || len(tries) != 2 || tries[device.Printer].Result.Outcome != selftest.Passed || !tries[device.IDCardReader].At.Equal(at) {
		t.Errorf("%+v, %v", tries, err)
	}
	b, err := os.ReadFile(filepath.Join(dir, triesFile))
	if err != nil || strings.Contains(string(b), "刘") {
		t.Errorf("what was on a card is kept: %s, %v", b, err)
	}
	if err := os.WriteFile(filepath.Join(dir, triesFile), b[:10], 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Tries(dir); err == nil {
		t.Error("a torn file was read")
	}
	keep(at, result(device.Printer, selftest.Passed))
	if tries, err := Tries(dir); err != nil || len(tries) != 1 {
		t.Errorf("%+v, %v", tries, err)
	}
}

// press prints, or fails.
type press struct {
	slips int
	err   error
}

func (p *press) Print(context.Context, device.Slip) (device.Printed, error) {
	p.slips++
	return device.Printed{Confirmed: p.err == nil}, p.err
}

func TestAReportIsPrintedOnlyWhenAskedAndNeverDuringAVisit(t *testing.T) {
	p, idle := &press{}, true
	office := Office{Idle: func() bool { return idle }, Printer: p, Gather: func(context.Context) Report { return Of(well()) }}
	ask := func(method, query string) (int, Answer) {
		w := httptest.NewRecorder()
		office.ServeHTTP(w, httptest.NewRequest(method, Path+query, nil))
		var a Answer
		if w.Code == http.StatusOK {
			if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil {
				t.Fatal(err)
			}
		}
		return w.Code, a
	}
	if code, a := ask("POST", ""); code != 200 || a.Paper != "" || p.slips != 0 || !a.Report.Ready {
		t.Errorf("%d %+v", code, a)
	}
	if code, a := ask("POST", "?paper=yes"); code != 200 || a.Paper != Printed || p.slips != 1 {
		t.Errorf("%d %+v", code, a)
	}
	p.err = device.ErrPaperOut
	if _, a := ask("POST", "?paper=yes"); a.Paper != Failed || a.Cause == "" {
		t.Errorf("%+v", a)
	}
	p.err = device.ErrUnconfirmed
	if _, a := ask("POST", "?paper=yes"); a.Paper != Unconfirmed {
		t.Errorf("%+v", a)
	}
	idle = false
	if code, _ := ask("POST", "?paper=yes"); code != http.StatusConflict || p.slips != 3 {
		t.Errorf("during a visit: %d, %d slips", code, p.slips)
	}
	if code, a := ask("POST", ""); code != 200 || !a.Report.Ready {
		t.Errorf("during a visit, without paper: %d", code)
	}
	if code, _ := ask("GET", ""); code != http.StatusBadRequest {
		t.Errorf("GET: %d", code)
	}
}
