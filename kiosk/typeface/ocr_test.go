package typeface

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// usual are 500 common characters, those among them whose strokes a thin raster loses: 王 田 十 土.
const usual = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石记需段研界拉林律叫且究观越织装影算低持音众书布复容儿须际商非验连断深难近矿千周委素技备半办青省列习响约支般史感劳便团往酸历市克何除消构府称太准精值号率族维划选标写存候毛亲快效斯院查江型眼王按格养易置派层片始却专状育厂京识适属圆包火住调满县局照参红细引听该铁价龙飞田"

// TestSlipsAreReadBack prints them as a slip does and has the dots read by tesseract, a line at a time; what it does not
// read in the size of the dots, it is shown again in twice the size. It is a judge that errs: of 500 it may miss five.
func TestSlipsAreReadBack(t *testing.T) {
	f := load(t)
	chars := []rune(usual)
	if len(chars) != 500 {
		t.Fatalf("%d characters", len(chars))
	}
	unread := chars
	for scale := 1; scale <= 2; scale++ {
		var again []rune
		for line := range slices.Chunk(unread, 20) {
			got := ocr(t, f, string(line), scale)
			for _, r := range line {
				if !strings.ContainsRune(got, r) {
					again = append(again, r)
				}
			}
		}
		unread = again
	}
	t.Logf("%d of 500 are read back; not %q", 500-len(unread), string(unread))
	if len(unread) > 5 {
		t.Errorf("%d of 500 are not read back: %q", len(unread), string(unread))
	}
	for _, r := range "王田十土" {
		if !strings.ContainsRune(usual, r) || slices.Contains(unread, r) {
			t.Errorf("%c is not read back", r)
		}
	}
}

// ocr prints a line in the slip's size, each dot scale pixels wide, and gives what tesseract reads.
func ocr(t *testing.T, f *Faces, text string, scale int) string {
	t.Helper()
	b, err := f.RasterLine(text, 28, false)
	if err != nil {
		t.Fatal(err)
	}
	const rim = 40
	w, h := b.Width*scale+2*rim, b.Height*scale+2*rim
	var pgm bytes.Buffer
	fmt.Fprintf(&pgm, "P5 %d %d 255\n", w, h)
	for y := range h {
		for x := range w {
			v := byte(255)
			if px, py := (x-rim)/scale, (y-rim)/scale; x >= rim && y >= rim && px < b.Width && py < b.Height && black(b, px, py) {
				v = 0
			}
			pgm.WriteByte(v)
		}
	}
	file := filepath.Join(t.TempDir(), "line.pgm")
	if err := os.WriteFile(file, pgm.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("tesseract", file, "-", "-l", "chi_sim", "--psm", "7", "--dpi", "203")
	cmd.Env = append(os.Environ(), "OMP_THREAD_LIMIT=1")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("tesseract (Debian packages tesseract-ocr and tesseract-ocr-chi-sim): %v", err)
	}
	return strings.Join(strings.Fields(string(out)), "")
}
