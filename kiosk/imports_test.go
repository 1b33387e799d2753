package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// plan is the floor plan: each room and the rooms it may know. A room that is not here may not exist; loosening
// a row is a design review, argued in the commit. Mains (marked *) see everything.
var plan = map[string]string{
	"kiosk":                     "*",
	"kiosk/household":           "drivers/device",
	"kiosk/household/sample":    "kiosk/household",
	"kiosk/policy":              "kiosk/household kiosk/policy/calendar kiosk/policy/condition kiosk/policy/figure kiosk/policy/flow kiosk/policy/form kiosk/policy/guide kiosk/policy/handout kiosk/policy/page kiosk/policy/wording drivers/device",
	"kiosk/policy/calendar":     "kiosk/household",
	"kiosk/policy/condition":    "kiosk/household",
	"kiosk/policy/figure":       "kiosk/household kiosk/policy/wording",
	"kiosk/policy/flow":         "kiosk/policy/page kiosk/policy/wording",
	"kiosk/policy/form":         "kiosk/household kiosk/policy/page kiosk/policy/wording",
	"kiosk/policy/guide":        "kiosk/household kiosk/policy/figure kiosk/policy/page kiosk/policy/wording",
	"kiosk/policy/handout":      "kiosk/policy/page kiosk/policy/wording",
	"kiosk/policy/page":         "",
	"kiosk/policy/wording":      "",
	"kiosk/estimate":            "kiosk/household kiosk/policy kiosk/policy/condition kiosk/estimate/means kiosk/estimate/trace",
	"kiosk/estimate/means":      "kiosk/household kiosk/policy kiosk/policy/condition kiosk/estimate/trace",
	"kiosk/estimate/trace":      "kiosk/household kiosk/policy kiosk/policy/wording",
	"kiosk/typeface":            "drivers/device",
	"kiosk/dossier":             "drivers/device kiosk/household kiosk/policy kiosk/estimate kiosk/typeface kiosk/dossier/paper",
	"kiosk/dossier/paper":       "kiosk/typeface",
	"kiosk/letter":              "drivers/device kiosk/dossier kiosk/household kiosk/policy",
	"kiosk/inquiry":             "drivers/device kiosk/envelope kiosk/household kiosk/policy",
	"kiosk/slip":                "drivers/device kiosk/policy",
	"kiosk/slip/copies":         "drivers/device kiosk/slip",
	"kiosk/slip/number":         "kiosk/slip/shape",
	"kiosk/slip/shape":          "",
	"kiosk/journey":             "drivers/device kiosk/dossier kiosk/household kiosk/inquiry kiosk/letter kiosk/policy kiosk/noticeboard kiosk/journey/view",
	"kiosk/journey/view":        "drivers/device kiosk/policy",
	"kiosk/journey/question":    "kiosk/journey kiosk/household kiosk/policy",
	"kiosk/journey/working":     "kiosk/journey kiosk/journey/question kiosk/estimate kiosk/household kiosk/policy kiosk/policy/guide kiosk/journey/view",
	"kiosk/journey/step":        "drivers/device kiosk/journey kiosk/dossier kiosk/policy kiosk/estimate kiosk/household kiosk/slip kiosk/journey/entry kiosk/journey/question kiosk/journey/working kiosk/journey/view",
	"kiosk/journey/scan":        "drivers/device kiosk/dossier kiosk/journey kiosk/journey/step kiosk/policy kiosk/slip kiosk/journey/view",
	"kiosk/journey/entry":       "drivers/device kiosk/household kiosk/policy kiosk/journey/view",
	"kiosk/journey/flows":       "drivers/device kiosk/inquiry kiosk/journey kiosk/journey/apply kiosk/journey/checkin kiosk/journey/journeytest kiosk/journey/lookup kiosk/journey/notices kiosk/journey/progress kiosk/journey/reckon kiosk/journey/staff kiosk/journey/view kiosk/letter kiosk/noticeboard kiosk/policy kiosk/slip",
	"kiosk/journey/apply":       "kiosk/journey kiosk/journey/park kiosk/journey/scan kiosk/journey/step kiosk/policy kiosk/journey/view",
	"kiosk/journey/park":        "drivers/device kiosk/dossier kiosk/household kiosk/inquiry kiosk/journey kiosk/journey/question kiosk/journey/step kiosk/letter kiosk/policy kiosk/slip kiosk/journey/view",
	"kiosk/journey/progress":    "drivers/device kiosk/dossier kiosk/household kiosk/inquiry kiosk/journey kiosk/journey/park kiosk/journey/scan kiosk/journey/step kiosk/letter kiosk/policy kiosk/slip kiosk/slip/shape kiosk/journey/view",
	"kiosk/journey/checkin":     "drivers/device kiosk/household kiosk/inquiry kiosk/journey kiosk/journey/step kiosk/letter kiosk/policy kiosk/slip kiosk/journey/view",
	"kiosk/journey/staff":       "drivers/device kiosk/inquiry kiosk/journey kiosk/journey/step kiosk/letter kiosk/policy kiosk/slip kiosk/slip/shape kiosk/journey/view",
	"kiosk/journey/reckon":      "drivers/device kiosk/journey kiosk/journey/step kiosk/journey/entry kiosk/policy kiosk/policy/guide kiosk/estimate kiosk/household kiosk/slip kiosk/journey/working kiosk/journey/view",
	"kiosk/journey/notices":     "kiosk/dossier kiosk/household kiosk/journey kiosk/journey/scan kiosk/journey/step kiosk/letter kiosk/noticeboard kiosk/policy kiosk/slip kiosk/journey/view",
	"kiosk/journey/lookup":      "kiosk/journey kiosk/policy kiosk/policy/guide kiosk/household kiosk/journey/step kiosk/slip kiosk/journey/working kiosk/journey/view",
	"kiosk/journey/journeytest": "drivers/device kiosk/journey kiosk/journey/view kiosk/policy",
	"kiosk/desk":                "drivers/device kiosk/desk/framing kiosk/journey kiosk/dossier kiosk/inquiry kiosk/letter kiosk/household kiosk/noticeboard kiosk/journey/view",
	"kiosk/desk/desktest":       "drivers/device kiosk/desk kiosk/dossier kiosk/household kiosk/inquiry kiosk/journey kiosk/journey/view kiosk/letter kiosk/noticeboard",
	"kiosk/desk/framing":        "drivers/device kiosk/journey/view",
	"kiosk/envelope":            "",
	"kiosk/outbox":              "kiosk/outbox/turns",
	"kiosk/outbox/turns":        "",
	"kiosk/journal":             "",
	"kiosk/journal/define":      "",
	"kiosk/daysheet":            "drivers/device kiosk/journal",
	"kiosk/witness":             "drivers/device kiosk/inquiry kiosk/journal kiosk/outbox",
	"kiosk/central":             "kiosk/central/line kiosk/envelope",
	"kiosk/central/badline":     "",
	"kiosk/central/enrolcode":   "",
	"kiosk/central/line":        "",
	"kiosk/central/centraltest": "kiosk/central kiosk/envelope",
	"kiosk/inbox":               "kiosk/durable kiosk/policy",
	"kiosk/durable":             "",
	"kiosk/noticeboard":         "kiosk/household",
	"kiosk/bulletin":            "kiosk/central kiosk/durable kiosk/envelope",
	"kiosk/sentry":              "drivers/device drivers/uevent kiosk/journal",
	"kiosk/pulse":               "kiosk/central kiosk/journey/view",
	"kiosk/keeper":              "kiosk/desk kiosk/dossier kiosk/envelope kiosk/letter kiosk/outbox kiosk/slip kiosk/typeface kiosk/slip/number",

	"drivers":                         "drivers/device drivers/wire drivers/gauge drivers/serial drivers/usb drivers/idcard drivers/printer drivers/camera drivers/camera/v4l2 drivers/doccam drivers/pageimage drivers/scanner drivers/lamps drivers/wlt drivers/face/onnx",
	"drivers/device":                  "",
	"drivers/wire":                    "drivers/device",
	"drivers/wire/wiretest":           "drivers/wire",
	"drivers/gauge":                   "drivers/device",
	"drivers/serial":                  "drivers/wire drivers/device",
	"drivers/usb":                     "drivers/wire drivers/device",
	"drivers/idcard":                  "drivers/wire drivers/device drivers/gauge firmware-notes",
	"firmware-notes":                  "",
	"drivers/printer":                 "drivers/wire drivers/device drivers/gauge firmware-notes",
	"drivers/scanner":                 "drivers/wire drivers/device drivers/gauge firmware-notes",
	"drivers/uevent":                  "",
	"drivers/lamps":                   "drivers/wire drivers/device drivers/gauge firmware-notes",
	"drivers/wlt":                     "",
	"drivers/camera":                  "drivers/device drivers/gauge drivers/camera/v4l2 drivers/jpeg firmware-notes",
	"drivers/camera/v4l2":             "drivers/device",
	"drivers/camera/v4l2/v4l2test":    "",
	"drivers/doccam":                  "drivers/device drivers/camera drivers/gauge drivers/pageimage firmware-notes",
	"drivers/face":                    "drivers/device drivers/jpeg",
	"drivers/face/onnx":               "drivers/face",
	"drivers/face/onnx/onnxtest":      "",
	"drivers/jpeg":                    "",
	"drivers/pageimage":               "drivers/jpeg drivers/device drivers/pageimage/finder drivers/pageimage/judge drivers/pageimage/lanes drivers/pageimage/upright",
	"drivers/pageimage/eye":           "drivers/pageimage/lanes",
	"drivers/pageimage/finder":        "drivers/device drivers/pageimage/eye drivers/pageimage/lanes",
	"drivers/pageimage/judge":         "drivers/pageimage/lanes",
	"drivers/pageimage/lanes":         "",
	"drivers/pageimage/upright":       "drivers/pageimage/lanes",
	"drivers/pageimage/exam":          "drivers/pageimage/scene",
	"drivers/pageimage/peer":          "",
	"drivers/pageimage/scene":         "drivers/jpeg drivers/pageimage/scene/paper drivers/pageimage/scene/photo",
	"drivers/pageimage/scene/paper":   "",
	"drivers/pageimage/scene/photo":   "",
	"drivers/emulator":                "",
	"drivers/emulator/idcard":         "drivers/emulator",
	"drivers/emulator/printer":        "drivers/emulator",
	"drivers/emulator/doccam":         "drivers/emulator",
	"drivers/emulator/scanner":        "drivers/emulator",
	"drivers/emulator/lamps":          "drivers/emulator",
	"drivers/emulator/portrait":       "",
	"drivers/emulator/usb":            "drivers/emulator",
	"drivers/emulator/usbwire":        "drivers/emulator/usb",
	"drivers/emulator/gadget":         "drivers/emulator drivers/emulator/usb",
	"drivers/emulator/disk":           "",
	"drivers/emulator/machine":        "drivers/emulator/machine/link drivers/emulator/machine/system",
	"drivers/emulator/machine/system": "",
	"drivers/emulator/machine/agent":  "drivers/emulator/machine/link",
	"drivers/emulator/machine/link":   "",
	"drivers/bench":                   "*",

	"ui":                 "kiosk/journey kiosk/policy drivers/device kiosk/journey/view ui/voice ui/voice/script",
	"ui/shell":           "*",
	"ui/shell/shelltest": "",
	"ui/typing/hand":     "ui/typing/ink ui/typing/likeness ui/typing/zinnia",
	"ui/typing/ink":      "",
	"ui/typing/likeness": "ui/typing/ink ui/typing/overlay ui/typing/shape",
	"ui/typing/overlay":  "ui/typing/shape",
	"ui/typing/penman":   "",
	"ui/typing/pinyin":   "*",
	"ui/typing/primer":   "*",
	"ui/typing/shape":    "ui/typing/ink",
	"ui/typing/skeleton": "kiosk/typeface ui/typing/shape",
	"ui/typing/spelling": "",
	"ui/typing/ways":     "*",
	"ui/typing/zinnia":   "ui/typing/ink",
	"ui/voice":           "ui/voice/sound",
	"ui/voice/reading":   "ui/voice",
	"ui/voice/script":    "ui/voice",
	"ui/voice/sound":     "",
	"ui/voice/espeak":    "ui/voice ui/voice/sound",

	"provisioning":                             "*",
	"provisioning/bulk":                        "",
	"provisioning/checklist":                   "kiosk/dossier/paper kiosk/typeface",
	"provisioning/config":                      "drivers kiosk/central kiosk/envelope kiosk/inbox kiosk/journal kiosk/journey kiosk/outbox kiosk/typeface ui kiosk/journey/view ui/voice/sound",
	"provisioning/enrol":                       "kiosk/central kiosk/central/enrolcode kiosk/durable provisioning/identity",
	"provisioning/identity":                    "kiosk/durable kiosk/envelope",
	"provisioning/release":                     "",
	"provisioning/report":                      "drivers/device provisioning/release provisioning/selftest",
	"provisioning/sealedlog":                   "kiosk/envelope",
	"provisioning/setup":                       "drivers drivers/device drivers/printer kiosk/policy provisioning/config provisioning/identity ui/voice/sound",
	"provisioning/update":                      "kiosk/durable provisioning/release provisioning/repository",
	"provisioning/selftest":                    "drivers drivers/device drivers/jpeg",
	"provisioning/hub":                         "*",
	"provisioning/hub/door":                    "kiosk/central provisioning/identity",
	"provisioning/hub/gate":                    "",
	"provisioning/hub/intake":                  "kiosk/central kiosk/envelope provisioning/hub/door provisioning/identity",
	"provisioning/hub/events":                  "kiosk/central kiosk/envelope provisioning/hub/door provisioning/hub/rows provisioning/identity",
	"provisioning/hub/rows":                    "",
	"provisioning/hub/fleet":                   "kiosk/central provisioning/hub/door provisioning/hub/fleet/alarm provisioning/hub/rows provisioning/identity",
	"provisioning/hub/fleet/alarm":             "",
	"provisioning/hub/status":                  "kiosk/central provisioning/hub/fleet provisioning/hub/fleet/alarm",
	"provisioning/hub/hubtest":                 "kiosk/central kiosk/central/centraltest kiosk/envelope provisioning/hub/door provisioning/identity",
	"provisioning/hub/registry":                "kiosk/central kiosk/central/enrolcode kiosk/envelope provisioning/hub/door provisioning/hub/rows provisioning/identity",
	"provisioning/hub/relay":                   "kiosk/central provisioning/hub/door provisioning/identity",
	"provisioning/hub/staff":                   "drivers/device kiosk/household kiosk/inquiry provisioning/hub/rows",
	"provisioning/hub/store":                   "kiosk/central provisioning/hub/intake",
	"provisioning/hub/store/storetest":         "provisioning/hub/intake",
	"provisioning/hub/answers":                 "kiosk/central kiosk/envelope kiosk/household kiosk/inquiry kiosk/policy kiosk/slip/number provisioning/hub/bureau",
	"provisioning/hub/bureau":                  "drivers/device kiosk/central kiosk/envelope kiosk/estimate kiosk/household kiosk/letter kiosk/policy provisioning/identity",
	"provisioning/hub/officer":                 "kiosk/policy/flow provisioning/hub/docket",
	"provisioning/hub/casework":                "drivers/device kiosk/central kiosk/household kiosk/inquiry kiosk/letter kiosk/noticeboard kiosk/policy kiosk/policy/flow provisioning/hub/bureau provisioning/hub/crier provisioning/hub/docket provisioning/hub/officer",
	"provisioning/hub/crier":                   "kiosk/central kiosk/envelope",
	"provisioning/hub/docket":                  "drivers/device kiosk/household kiosk/inquiry kiosk/noticeboard kiosk/policy kiosk/policy/calendar kiosk/policy/flow kiosk/policy/wording kiosk/slip/number provisioning/hub/docket/chain provisioning/hub/docket/record",
	"provisioning/hub/docket/record":           "drivers/device kiosk/household kiosk/noticeboard provisioning/hub/docket/chain",
	"provisioning/hub/docket/chain":            "",
	"provisioning/repository":                  "kiosk/inbox kiosk/policy",
	"provisioning/hall":                        "",
	"provisioning/rehearse":                    "*",
	"provisioning/rehearse/crash":              "",
	"provisioning/rehearse/powercut":           "drivers/emulator/disk drivers/emulator/machine drivers/emulator/machine/system",
	"provisioning/rehearse/powercut/submitter": "*",
	"provisioning/simulate":                    "kiosk/central kiosk/central/badline kiosk/envelope kiosk/outbox provisioning/identity",
	"provisioning/visitor":                     "*",
}

// pure rooms do no I/O: they may not even import the packages that could. time is there for values; the rule
// that they read no clock is kept by a search for the calls.
var pure = []string{
	"drivers/device", "kiosk/household", "kiosk/policy/flow", "kiosk/estimate", "kiosk/estimate/means", "kiosk/estimate/trace", "kiosk/journey", "kiosk/journey/entry", "kiosk/journey/question", "kiosk/journey/working", "kiosk/journey/step", "kiosk/journey/scan",
	"kiosk/journey/apply", "kiosk/journey/park", "kiosk/journey/progress", "kiosk/journey/reckon", "kiosk/journey/lookup", "kiosk/desk/framing", "kiosk/dossier", "kiosk/dossier/paper", "kiosk/letter", "kiosk/inquiry", "kiosk/slip", "kiosk/slip/shape", "kiosk/envelope", "kiosk/outbox/turns", "drivers/pageimage", "drivers/pageimage/eye", "drivers/pageimage/finder", "drivers/pageimage/judge", "drivers/pageimage/lanes", "drivers/pageimage/upright",
}

func TestImportsFollowThePlan(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}}: {{join .Imports " "}}`, "yimen/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		name, imports, _ := strings.Cut(strings.TrimSpace(line), ": ")
		room := strings.TrimSuffix(strings.TrimPrefix(name, "yimen/"), ":")
		allowed, known := plan[room]
		if !known {
			t.Errorf("%s is a room without a row in the plan", room)
			continue
		}
		for _, imp := range strings.Fields(imports) {
			if ours, ok := strings.CutPrefix(imp, "yimen/"); ok && allowed != "*" && !slices.Contains(strings.Fields(allowed), ours) {
				t.Errorf("%s imports %s, which the plan does not allow", room, ours)
			}
			if slices.Contains(pure, room) && slices.Contains([]string{"os", "net", "net/http", "database/sql", "os/exec", "io/fs", "syscall"}, imp) {
				t.Errorf("%s is pure and imports %s", room, imp)
			}
		}
	}
}

// clock finds a call that asks what time it is, or waits for it.
var clock = regexp.MustCompile(`\btime\.(Now|Since|Until|After|AfterFunc|Tick|NewTimer|NewTicker|Sleep)\b`)

func TestPureRoomsReadNoClock(t *testing.T) {
	for _, room := range pure {
		files, err := filepath.Glob(filepath.Join("..", room, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s has no files: %v", room, err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if call := clock.Find(b); call != nil {
				t.Errorf("%s is pure and calls %s", file, call)
			}
		}
	}
}
