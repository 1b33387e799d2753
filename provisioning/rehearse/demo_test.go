package main

import (
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// played runs the demo and gives the folder with what came out.
func played(t *testing.T, args ...string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "out")
	if keep := os.Getenv("YIMEN_SCREENS"); keep != "" {
		dir = filepath.Join(keep, t.Name())
	}
	var out bytes.Buffer
	if err := demo(t.Context(), append(args, "-bin", programs(t), "-pack", pack, "-out", dir), &out); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	return dir
}

func read(t *testing.T, dir, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// tool runs a program that is not ours over a file that is.
func tool(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).Output()
	if err != nil {
		t.Fatalf("%s: %v (Debian packages: provisioning/packaging/apt/test.txt)", name, err)
	}
	return string(out)
}

// judge holds what came out of a demo against what went in.
func judge(t *testing.T, dir, name string) {
	t.Helper()
	var manifest struct {
		SlipNo    string `json:"slip_no"`
		Applicant string
		Parts     []struct{ Name string }
	}
	if err := json.Unmarshal(read(t, dir, "manifest.json"), &manifest); err != nil {
		t.Fatal(err)
	}
	if manifest.Applicant != name {
		t.Errorf("the manifest names %q", manifest.Applicant)
	}
	text := tool(t, "pdftotext", "-layout", filepath.Join(dir, "dossier.pdf"), "-")
	for _, want := range []string{name, manifest.SlipNo, "李红", "2,500", "诚信承诺书", "核对授权书", "示例数据"} {
		if !strings.Contains(text, want) {
			t.Errorf("pdftotext does not find %s", want)
		}
	}
	if strings.Contains(text, "需工作人员核对") {
		t.Error("pages that lie well under the camera are told to be looked at")
	}
	if strings.Contains(text, "3,000") {
		t.Error("the changed answer stands in the PDF as it was before")
	}
	tool(t, "qpdf", "--check", filepath.Join(dir, "dossier.pdf"))
	if got := strings.TrimSpace(tool(t, "zbarimg", "-q", "--raw", filepath.Join(dir, "slip.png"))); got != manifest.SlipNo {
		t.Errorf("the slip's code reads %q, the dossier is %s", got, manifest.SlipNo)
	}
	var receipt map[string]any
	if err := json.Unmarshal(read(t, dir, "receipt.json"), &receipt); err != nil || receipt["signature"] == nil {
		t.Errorf("the receipt is not signed: %v", err)
	}
	pages, _ := filepath.Glob(filepath.Join(dir, "pages", "*.jpg"))
	if len(pages) < 2 {
		t.Errorf("%d pages", len(pages))
	}
	for _, page := range pages {
		onlyPaper(t, page)
	}
}

// onlyPaper looks whether a page was cut out along its edges: its rim is paper, and nothing of the dark bed.
func onlyPaper(t *testing.T, file string) {
	t.Helper()
	img, err := jpeg.Decode(bytes.NewReader(read(t, filepath.Dir(file), filepath.Base(file))))
	if err != nil {
		t.Fatal(err)
	}
	const rim = 12 // pixels: a hand is not surer
	b := img.Bounds()
	for _, at := range []image.Point{{rim, rim}, {b.Dx() - rim, rim}, {rim, b.Dy() - rim}, {b.Dx() - rim, b.Dy() - rim}} {
		if y := color.GrayModel.Convert(img.At(at.X, at.Y)).(color.Gray).Y; y < 140 {
			t.Errorf("%s: the bed shows at %v of %v", filepath.Base(file), at, b.Size())
		}
	}
}

// size looks at a screen's picture.
func size(t *testing.T, dir, glob string) (w, h int) {
	t.Helper()
	files, _ := filepath.Glob(filepath.Join(dir, "screens", glob))
	if len(files) == 0 {
		t.Fatalf("no screen %s", glob)
	}
	c, err := png.DecodeConfig(bytes.NewReader(read(t, filepath.Dir(files[0]), filepath.Base(files[0]))))
	if err != nil {
		t.Fatal(err)
	}
	return c.Width, c.Height
}

func TestTheDemoPlaysAWholeVisit(t *testing.T) {
	dir := played(t)
	judge(t, dir, "王𠮷䶮")
	for _, screen := range []string{"attract", "language", "menu", "item", "notice", "card", "confirm", "question-*", "estimate", "materials", "scan", "sign", "review", "slip"} {
		if w, h := size(t, dir, "*-"+screen+".png"); w != 1080 || h != 1920 {
			t.Errorf("%s is %d×%d", screen, w, h)
		}
	}
}

func TestTheDemoPlaysOnALyingPanelInTheLargeSize(t *testing.T) {
	dir := played(t, "-landscape", "-elder", "-card", "rare2")
	judge(t, dir, "㛃𬭎")
	if w, h := size(t, dir, "*-slip.png"); w != 1920 || h != 1080 {
		t.Errorf("the slip's screen is %d×%d", w, h)
	}
}
