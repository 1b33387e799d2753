package setup

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"yimen/kiosk/policy"
	"yimen/provisioning/config"
	"yimen/provisioning/identity"
)

const terminal = "150102-0001"

// plugged is a machine with a reader, a printer, a camera and a serial line.
var plugged = fstest.MapFS{
	"proc/asound/card0/id":                                  {Data: []byte("PCH\n")},
	"proc/asound/card1/id":                                  {Data: []byte("Handset\n")},
	"sys/bus/usb/devices/1-1/idVendor":                      {Data: []byte("0400\n")},
	"sys/bus/usb/devices/1-1/idProduct":                     {Data: []byte("c35a\n")},
	"sys/bus/usb/devices/1-2/idVendor":                      {Data: []byte("0519\n")},
	"sys/bus/usb/devices/1-2/idProduct":                     {Data: []byte("0003\n")},
	"sys/bus/usb/devices/1-2:1.0/bInterfaceClass":           {Data: []byte("07\n")},
	"dev/v4l/by-id/usb-UDS_CamScanner_01-video-index0":      {},
	"dev/v4l/by-id/usb-UDS_CamScanner_01-video-index1":      {},
	"dev/serial/by-id/usb-FTDI_FT232R_A1-if00-port0":        {},
	"dev/serial/by-path/pci-0000:00:04.0-usb-0:3:1.0-port0": {},
}

func TestWhatIsPluggedInIsFound(t *testing.T) {
	f := Find(plugged)
	if !slices.Equal(f.Readers, []string{"usb:0400:c35a"}) || !slices.Equal(f.Printers, []string{"usb:printer"}) ||
		!slices.Equal(f.Cameras, []string{"/dev/v4l/by-id/usb-UDS_CamScanner_01-video-index0"}) ||
		!slices.Equal(f.Serial, []string{"serial:/dev/serial/by-id/usb-FTDI_FT232R_A1-if00-port0"}) {
		t.Errorf("%+v", f)
	}
	if f := Find(fstest.MapFS{}); len(f.Readers)+len(f.Printers)+len(f.Cameras)+len(f.Serial) > 0 {
		t.Errorf("nothing is plugged in: %+v", f)
	}
}

// bare is a machine before it is set up.
type bare struct {
	keys                     string // folder of keys that central certifies
	now                      time.Time
	starts, tests, enrolment int
	failing                  int // tests that fail before one passes
	synchronised             bool
}

func (b *bare) Now() time.Time                    { return b.now }
func (b *bare) SetClock(at time.Time) error       { b.now = at; return nil }
func (b *bare) Synchronised(context.Context) bool { return b.synchronised }
func (b *bare) Start(context.Context) error       { b.starts++; return nil }
func (b *bare) Report(context.Context) error      { return nil }
func (b *bare) Test(context.Context, bool) (bool, error) {
	b.tests++
	return b.tests > b.failing, nil
}

func (b *bare) Enrol(_ context.Context, _, code, _, dir string) error {
	if b.enrolment++; code != "K7QX-2M" {
		return errors.New("unknown code")
	}
	return copyKeys(b.keys, dir)
}

// newSite is a terminal's folders, the keys that its hall has made for it, and answers that fit.
func newSite(t *testing.T) (Site, *bare, Answers) {
	t.Helper()
	dir := t.TempDir()
	hall := filepath.Join(dir, "hall")
	now := time.Date(2026, 11, 23, 8, 30, 0, 0, time.UTC)
	must(t, identity.NewHall(hall, terminal, []string{"127.0.0.1"}, now))
	must(t, os.WriteFile(filepath.Join(hall, "1.root.json"), []byte("{}"), 0o644))
	for _, folder := range []string{"etc", "data"} {
		must(t, os.Mkdir(filepath.Join(dir, folder), 0o755))
	}
	site := Site{
		Config: filepath.Join(dir, "etc/terminal.yaml"), Data: filepath.Join(dir, "data"), Identity: filepath.Join(dir, "data/identity"),
		Packs: installed(t), Progress: filepath.Join(dir, "setup/progress.yaml"), UID: -1, GID: -1, Root: plugged,
		Zone: time.UTC, Built: now.Add(-time.Hour),
	}
	given, err := parseAnswers("answers.yaml", fmt.Appendf(nil, `terminal: "150102-0001"
hall: {name: 示例大厅, hotline: "12349"}
clock: checked
central: https://127.0.0.1:8483
identity: %q
pack: CN-150102
signers: %q
devices:
  idcard: {port: "usb:0400:c35a"}
  printer: {port: "usb:printer", model: generic-80}
  doccam: {device: /dev/v4l/by-id/usb-UDS_CamScanner_01-video-index0}
  lamps: {port: "serial:/dev/serial/by-id/usb-FTDI_FT232R_A1-if00-port0", relays: {idcard: 1, doccam: 2, printer: 3, scanner: 4}}
screen: {mm_per_pixel: 0.2759}
voice: {loudspeaker: "plughw:CARD=PCH", earpiece: "plughw:CARD=Handset"}
`, filepath.Join(hall, "terminal"), filepath.Join(hall, "1.root.json")))
	must(t, err)
	return site, &bare{keys: filepath.Join(hall, "terminal"), now: now}, given
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// installed is a folder of small editions: the nation's, and those of two regions.
func installed(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	put := func(id, text string) {
		must(t, os.Mkdir(filepath.Join(dir, id), 0o755))
		must(t, os.WriteFile(filepath.Join(dir, id, "pack.yaml"), []byte(text), 0o644))
	}
	put("CN", "pack: {id: CN, edition: \"1\", name: {zh-CN: 国}, from: 2021-07-01, languages: [zh-CN]}\n")
	national, err := policy.Load(filepath.Join(dir, "CN"))
	must(t, err)
	for _, region := range []string{"150102", "310118"} {
		put("CN-"+region, fmt.Sprintf("pack: {id: CN-%s, region: %q, edition: \"7\", name: {zh-CN: 区}, from: 2021-07-01, flow: NAT-2021, languages: [zh-CN], national: {id: CN, edition: \"1\", digest: %q}}\n",
			region, region, national.Digest))
	}
	return dir
}

// everything is what lies below a folder: name and content.
func everything(t *testing.T, folder string) map[string]string {
	t.Helper()
	all := map[string]string{}
	must(t, filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		all[path] = string(b)
		return err
	}))
	return all
}

func follow(t *testing.T, s Site, b *bare, a Answers) error {
	return Follow(t.Context(), s, b, a, func(string, time.Duration) {})
}

func TestAnswersInAFileSetATerminalUpAndTwiceChangesNothing(t *testing.T) {
	site, machine, given := newSite(t)
	must(t, follow(t, site, machine, given))
	c, err := config.Read(site.Config)
	must(t, err)
	if c.Terminal != terminal || c.Hall.Name != "示例大厅" || c.Packs.Repository != "central" || c.Devices.Lamps.Relays["printer"] != 3 || c.Screen.MMPerPixel != 0.2759 || c.Voice.Loudspeaker != "plughw:CARD=PCH" || c.Voice.Earpiece != "plughw:CARD=Handset" {
		t.Errorf("%+v", c)
	}
	id, err := identity.LoadTerminal(c.Identity)
	if err != nil || id.Name != terminal {
		t.Errorf("%v %v", id, err)
	}
	if machine.starts != 1 || machine.tests != 1 {
		t.Errorf("started %d times, tested %d", machine.starts, machine.tests)
	}
	before := everything(t, filepath.Dir(filepath.Dir(site.Config)))
	must(t, follow(t, site, machine, given))
	after := everything(t, filepath.Dir(filepath.Dir(site.Config)))
	for file, content := range after {
		if before[file] != content {
			t.Errorf("%s changed", file)
		}
	}
	if len(after) != len(before) {
		t.Errorf("%d files, then %d", len(before), len(after))
	}
}

func TestWhatIsWrongInAFileIsToldWithItsLine(t *testing.T) {
	good := "terminal: \"150102-0001\"\nclock: checked\ncentral: https://a\nidentity: /x\npack: CN-150102\ndevices:\n  idcard: {port: \"usb:0400:c35a\"}\n  printer: {port: \"usb:printer\"}\n  doccam: {url: \"http://127.0.0.1/\"}\n"
	if _, err := parseAnswers("f", []byte(good)); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ old, new, want string }{
		"unknown key":         {"clock: checked", "clok: checked", "line 2"},
		"unknown device key":  {"{port: \"usb:printer\"}", "{port: \"usb:printer\", modell: x}", "line 8"},
		"wrong terminal":      {"150102-0001", "150102-1", "line 1"},
		"wrong clock":         {"clock: checked", "clock: yes", "line 2: clock"},
		"no https":            {"https://a", "http://a", "line 3: central"},
		"wrong port":          {"usb:printer\"", "lp9\"", "devices.printer.port"},
		"no camera":           {"  doccam: {url: \"http://127.0.0.1/\"}\n", "", "a terminal has idcard, printer and doccam"},
		"nothing about keys":  {"identity: /x\n", "", "identity: missing"},
		"no clock":            {"clock: checked\n", "", "clock: missing"},
		"a line that is none": {"pack: CN-150102", "pack CN-150102", "line "},
	} {
		_, err := parseAnswers("f", []byte(strings.Replace(good, c.old, c.new, 1)))
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := ReadAnswers(filepath.Join(t.TempDir(), "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v", err)
	}
}

// technician answers each question of the dialogue by a word in it, and leaves after so many answers.
type technician struct {
	t       *testing.T
	answers []struct{ about, answer string }
	patience,
	given int
	heard bytes.Buffer
	types *io.PipeWriter
}

func (w *technician) Write(b []byte) (int, error) {
	w.heard.Write(b)
	if !bytes.HasSuffix(b, []byte("> ")) {
		return len(b), nil
	}
	if w.given == w.patience {
		w.types.Close()
		return len(b), nil
	}
	said := w.heard.String()
	question := said[strings.LastIndex(strings.TrimSuffix(said, "> "), "> ")+1:]
	for _, a := range w.answers {
		if strings.Contains(question, a.about) {
			w.given++
			go io.WriteString(w.types, a.answer+"\n")
			return len(b), nil
		}
	}
	w.t.Errorf("no answer to %q", question)
	w.types.Close()
	return len(b), nil
}

// lead leads a technician who answers so many questions.
func lead(t *testing.T, s Site, b *bare, patience int, answers ...string) (*technician, error) {
	t.Helper()
	in, types := io.Pipe()
	w := &technician{t: t, patience: patience, types: types}
	for i := 0; i < len(answers); i += 2 {
		w.answers = append(w.answers, struct{ about, answer string }{answers[i], answers[i+1]})
	}
	talk, err := NewTalk(in, w)
	must(t, err)
	err = Lead(t.Context(), s, b, talk)
	types.Close()
	return w, err
}

// enrolled are the answers of somebody whose keys are made on the spot.
func enrolled(signers string) []string {
	return []string{
		"机器编号", terminal, "大厅的名字", "示例大厅", "咨询电话", "12349", "几点", "2026-11-23 08:31", "对吗", "y",
		"密钥在这台机器上", "y", "中心的地址", "https://127.0.0.1:8483", "登记码", "K7QX-2M", "哪个政策包", "", "谁可以签发", signers,
		"阅读器接在", "", "打印机接在", "", "是哪一种", "generic-80", "高拍仪接在", "", "扫码器接在", "0", "控制板接在", "1", "几号口", "",
		"喇叭接在", "", "听筒", "", "屏幕亮的部分", "298 1080",
	}
}

func TestADialogueGivesWhatTheFileGives(t *testing.T) {
	site, machine, given := newSite(t)
	must(t, follow(t, site, machine, given))
	want, err := config.Read(site.Config)
	must(t, err)
	other, machine, given := newSite(t)
	if _, err := lead(t, other, machine, 100, enrolled(given.Signers)...); err != nil {
		t.Fatal(err)
	}
	got, err := config.Read(other.Config)
	must(t, err)
	got.Data, got.Identity, got.Pack = want.Data, want.Identity, want.Pack
	if !reflect.DeepEqual(got, want) {
		t.Errorf("the dialogue gave\n%+v\nthe file\n%+v", got, want)
	}
	for file, content := range everything(t, filepath.Dir(other.Data)) {
		if strings.Contains(content, "K7QX-2M") {
			t.Errorf("%s still has the code", file)
		}
	}
}

func TestItGoesOnWhereItWasBrokenOff(t *testing.T) {
	for leaves := 1; ; leaves++ {
		site, machine, given := newSite(t)
		_, err := lead(t, site, machine, leaves, enrolled(given.Signers)...)
		if err == nil {
			if leaves < 15 {
				t.Errorf("only %d questions", leaves)
			}
			return
		}
		if !errors.Is(err, ErrBrokenOff) {
			t.Fatalf("after %d answers: %v", leaves, err)
		}
		again, err := lead(t, site, machine, 100, enrolled(given.Signers)...)
		if err != nil {
			t.Fatalf("after %d answers and again: %v", leaves, err)
		}
		if _, err := config.Read(site.Config); err != nil || machine.enrolment != 1 {
			t.Errorf("after %d answers and again: %v, enrolled %d times", leaves, err, machine.enrolment)
		}
		if leaves > 6 && strings.Contains(again.heard.String(), "机器编号：") {
			t.Errorf("after %d answers the number is asked for again", leaves)
		}
	}
}

func TestAWrongClockIsSetBeforeKeysAreMade(t *testing.T) {
	site, machine, given := newSite(t)
	machine.now = site.Built.Add(-time.Hour)
	if err := follow(t, site, machine, given); !errors.Is(err, errClock) {
		t.Errorf("%v", err)
	}
	given.Clock = ClockSynchronised
	if err := follow(t, site, machine, given); err == nil || !strings.Contains(err.Error(), "network") {
		t.Errorf("%v", err)
	}
	if _, err := os.Stat(site.Identity); err == nil {
		t.Error("there are keys")
	}
	answers := append([]string{"是 2026-11-23 06:30", "n"}, enrolled(given.Signers)...)
	if _, err := lead(t, site, machine, 100, answers...); err != nil || machine.now.Format(clockFormat) != "2026-11-23 08:31" {
		t.Errorf("%v, it is %v", err, machine.now)
	}
}

func TestKeysOfAnotherTerminalStay(t *testing.T) {
	site, machine, given := newSite(t)
	must(t, follow(t, site, machine, given))
	given.Terminal = "150102-0002"
	if err := follow(t, site, machine, given); err == nil || !strings.Contains(err.Error(), "keys of terminal 150102-0001") {
		t.Errorf("%v", err)
	}
}

func TestAPackOfAnotherRegionIsRefused(t *testing.T) {
	site, machine, given := newSite(t)
	given.Pack = "CN-310118"
	if err := follow(t, site, machine, given); err == nil || !strings.Contains(err.Error(), "310118") || machine.starts > 0 {
		t.Errorf("%v", err)
	}
}

func TestADeviceThatDoesNotPassIsToldInTheEnd(t *testing.T) {
	site, machine, given := newSite(t)
	machine.failing = 1
	if err := follow(t, site, machine, given); !errors.Is(err, ErrNotPassed) {
		t.Errorf("%v", err)
	}
	other, machine, given := newSite(t)
	machine.failing = 1
	if _, err := lead(t, other, machine, 100, append(enrolled(given.Signers), "再测一次", "y")...); err != nil || machine.tests != 2 {
		t.Errorf("%v, tested %d times", err, machine.tests)
	}
}

func TestWhoIsThroughDoesOneStepAnew(t *testing.T) {
	site, machine, given := newSite(t)
	must(t, follow(t, site, machine, given))
	w, err := lead(t, site, machine, 100, "要重做哪一步", "1", "大厅的名字", "新大厅", "机器编号", "", "咨询电话", "")
	if err != nil {
		t.Fatalf("%v\n%s", err, w.heard.String())
	}
	c, err := config.Read(site.Config)
	if err != nil || c.Hall.Name != "新大厅" || machine.enrolment > 0 || machine.starts != 2 {
		t.Errorf("%v, %+v, enrolled %d times, started %d", err, c.Hall, machine.enrolment, machine.starts)
	}
}

func FuzzAnswers(f *testing.F) {
	f.Add([]byte("terminal: \"150102-0001\"\ndevices:\n  lamps: {relays: {idcard: 1}}\n"))
	f.Add([]byte("devices: {idcard: null}\nclock: checked"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if a, err := parseAnswers("f", b); err == nil && a.whole() != nil {
			t.Error("answers were taken that are not whole")
		}
	})
}
