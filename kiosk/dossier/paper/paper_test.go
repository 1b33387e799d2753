package paper

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"

	"yimen/kiosk/typeface"
)

var at = time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)

func fonts(t testing.TB) *typeface.Faces {
	t.Helper()
	f, err := typeface.Load(typeface.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

func newBook(t testing.TB) *Book {
	return New(fonts(t), Running{HeadLeft: "页眉", HeadRight: "编号", Foot: func(page, of int) string { return fmt.Sprintf("第%d页共%d页", page, of) }})
}

// read gives the PDF's text as another program finds it, without blanks.
func read(t testing.TB, pdf []byte) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(name, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("qpdf", "--check", name).CombinedOutput(); err != nil {
		t.Errorf("qpdf: %v\n%s", err, out)
	}
	out, err := exec.Command("pdftotext", "-raw", name, "-").Output()
	if err != nil {
		t.Fatalf("pdftotext (poppler-utils): %v", err)
	}
	return strings.Join(strings.Fields(string(out)), "")
}

const clause = "根据《居住证暂行条例》第九条规定，公民离开常住户口所在地（如People's Republic的某地），到其他城市居住12345.67天以上，" +
	"符合“有合法稳定就业、合法稳定住所、连续就读”条件之一的，𠮷䶮㛃𬭎可以依照本条例的规定申领居住证。"

func TestNoCharacterIsLostAtALineBreak(t *testing.T) {
	b := newBook(t)
	for width := 8.0; width < 180; width += 0.7 {
		var joined strings.Builder
		for _, l := range b.lines(clause, Body, Regular, width) {
			joined.WriteString(l)
		}
		if strings.ReplaceAll(joined.String(), " ", "") != strings.ReplaceAll(clause, " ", "") {
			t.Fatalf("at %.1f mm: %s", width, joined.String())
		}
	}
}

func TestLinesKeepTheirWidthAndTheirMarks(t *testing.T) {
	b := newBook(t)
	for width := 20.0; width < 180; width += 0.7 {
		list := b.lines(clause, Body, Regular, width)
		for i, l := range list {
			r := []rune(l)
			if w := b.width(l, Body, Regular); w > width+1e-9 {
				t.Errorf("at %.1f mm a line is %.1f wide: %s", width, w, l)
			}
			if i > 0 && strings.ContainsRune(notFirst, r[0]) {
				t.Errorf("at %.1f mm a line begins with %c", width, r[0])
			}
			if i < len(list)-1 && strings.ContainsRune(notLast, r[len(r)-1]) {
				t.Errorf("at %.1f mm a line ends with %c", width, r[len(r)-1])
			}
		}
	}
}

func TestWordsAndNumbersStayWhole(t *testing.T) {
	b := newBook(t)
	for width := 25.0; width < 180; width += 0.7 {
		all := "\n" + strings.Join(b.lines(clause, Body, Regular, width), "\n") + "\n"
		for _, whole := range []string{"12345.67", "People's", "Republic"} {
			if !strings.Contains(all, whole) {
				t.Errorf("at %.1f mm %s is torn", width, whole)
			}
		}
	}
}

func FuzzLines(f *testing.F) {
	f.Add(clause, 30.0)
	f.Add("a\nb  c（（（。。。", 1.0)
	f.Add("", 10.0)
	b := newBook(f)
	f.Fuzz(func(t *testing.T, text string, width float64) {
		if !(width > 0) || len(text) > 2000 {
			return
		}
		keep := func(r rune) rune {
			if r == ' ' || r == '\n' {
				return -1
			}
			return r
		}
		text = strings.ToValidUTF8(text, "?")
		if got := strings.Map(keep, strings.Join(b.lines(text, Body, Regular, width), "")); got != strings.Map(keep, text) {
			t.Errorf("%q became %q", text, got)
		}
	})
}

func TestRareNamesAreFoundInThePDF(t *testing.T) {
	b := newBook(t)
	b.Chapter("甲、姓名")
	b.Fields([]Field{{Label: "姓名", Value: "𠮷䶮㛃𬭎𪚥𰻝"}, {Label: "地址", Value: clause}})
	b.Para("私用区\uE000与𠮷并存", Type{Size: Body, Weight: Bold})
	pdf, err := b.PDF(About{Title: "试", At: at})
	if err != nil {
		t.Fatal(err)
	}
	text := read(t, pdf)
	for _, want := range []string{"甲、姓名", "𠮷䶮㛃𬭎𪚥𰻝", "私用区\uE000与𠮷并存", "第1页共1页", "页眉"} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is not found in %s", want, text)
		}
	}
}

func TestTablesGoOnUnderTheirHead(t *testing.T) {
	b := newBook(t)
	var rows [][]Cell
	for i := range 120 {
		rows = append(rows, []Cell{{Text: fmt.Sprint("行", i)}, {Text: clause[:60]}})
	}
	b.Table([]float64{40, Width - 40}, []Cell{{Text: "表头甲", Head: true}, {Text: "表头乙", Head: true}}, rows)
	pages := len(b.sheets)
	pdf, err := b.PDF(About{At: at})
	if err != nil {
		t.Fatal(err)
	}
	text := read(t, pdf)
	if pages < 3 || strings.Count(text, "表头甲表头乙") != pages {
		t.Errorf("%d heads on %d pages", strings.Count(text, "表头甲表头乙"), pages)
	}
	for i := range 120 {
		if !strings.Contains(text, fmt.Sprint("行", i)) {
			t.Errorf("row %d is lost", i)
		}
	}
}

func TestNothingStandsOutsideTheText(t *testing.T) {
	b := newBook(t)
	for range 30 {
		b.Para(clause, Type{Size: Body, Indent: 2})
		b.Fields([]Field{{Label: "很长很长的标签也要放得下才行", Value: clause}, {Label: "短", Value: "短"}, {Label: "短", Value: "短"}})
	}
	for page, s := range b.sheets {
		for _, o := range s.ops {
			if x, ok := o.(textOp); ok && (x.x < Left-1e-6 || x.x+b.width(x.text, x.size, x.weight) > Right+1e-6 || x.y > bottom || x.y < top) {
				t.Errorf("page %d: %q stands at %.1f, %.1f", page+1, x.text, x.x, x.y)
			}
		}
	}
}

func TestTheSameBookGivesTheSameBytes(t *testing.T) {
	made := func() []byte {
		b := newBook(t)
		b.Chapter("一、章")
		b.Para(clause, Type{Size: Body})
		b.Code([][]bool{{true, false}, {false, true}}, 100, 100, 20)
		b.Signed("签名", [][]Point{{{1, 1}, {5, 5}}, {{7, 7}}}, Point{60, 30}, 20)
		pdf, err := b.PDF(About{Title: "试", At: at})
		if err != nil {
			t.Fatal(err)
		}
		return pdf
	}
	pdf := made()
	if !bytes.Equal(pdf, made()) {
		t.Error("the bytes differ")
	}
	for _, date := range []string{"/CreationDate (", "/ModDate ("} {
		if !bytes.Contains(pdf, []byte(date+"D:20260302093000")) {
			t.Errorf("%s…) has the time of another clock", date)
		}
	}
}

func TestEveryCharacterHasACodeOfItsOwn(t *testing.T) {
	used := map[rune]bool{'张': true, '\uE000': true, '\uE001': true, '𠮷': true, '𬭎': true, '\U000F0000': true, '\x07': true}
	owner := map[uint16]rune{}
	for r, code := range encode(used) {
		if other, taken := owner[code]; taken {
			t.Errorf("%U and %U are both %04X", r, other, code)
		}
		owner[code] = r
	}
	if len(owner) != 6 || owner[0xE000] != '\uE000' || owner['张'] != '张' {
		t.Errorf("%v", owner)
	}
}

func TestWhatNoFontDrawsIsListed(t *testing.T) {
	b := newBook(t)
	b.Para("有\U000F0000无", Type{Size: Body})
	if got := b.Missing(); string(got) != "\U000F0000" {
		t.Errorf("%q", got)
	}
}

// gofpdf's own line breaking drops a character at each break (facts/platform.md, gofpdf, trap 1).
func TestGofpdfNeverBreaksLines(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok && strings.Contains(" MultiCell SplitText SplitLines Write WriteAligned HTMLBasicNew ", " "+s.Sel.Name+" ") {
				if x, ok := s.X.(*ast.SelectorExpr); ok && x.Sel.Name == "pdf" {
					t.Errorf("%s calls %s", name, s.Sel.Name)
				}
			}
			return true
		})
	}
}

func TestControlCharactersDoNotReachThePDF(t *testing.T) {
	b := newBook(t)
	b.Para("前\x00\x07\u001b后)(\\", Type{Size: Body})
	pdf, err := b.PDF(About{At: at})
	if err != nil {
		t.Fatal(err)
	}
	if text := read(t, pdf); !strings.Contains(text, `前后)(\`) || strings.IndexFunc(text, unicode.IsControl) >= 0 {
		t.Errorf("%q", text)
	}
}

// Names and addresses come from cards and keyboards: nothing that can be typed may stop a dossier.
func FuzzAnyTextBecomesAPDF(f *testing.F) {
	for _, seed := range []string{clause, "", "\xe6", "\x00\u200d\ufe0f\U000e0101", "ááé", "אבג שלום", "ᠮᠣᠩᠭᠣᠯ", "\ufffd\uffff\ufffe", "))((\\\\", "👨‍👩‍👧‍👦", strings.Repeat("W", 300)} {
		f.Add(seed)
	}
	faces := fonts(f)
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 600 {
			return
		}
		b := New(faces, Running{Foot: func(page, of int) string { return text }})
		b.Chapter(text)
		b.Fields([]Field{{Label: text, Value: text}, {Label: "姓名", Value: "张三"}})
		b.Para(text, Type{Size: Heading, Weight: Bold, Align: AlignCentre})
		pdf, err := b.PDF(About{Title: text, At: at})
		if err != nil || !bytes.HasSuffix(bytes.TrimSpace(pdf), []byte("%%EOF")) {
			t.Errorf("%q: %v", text, err)
		}
	})
}
