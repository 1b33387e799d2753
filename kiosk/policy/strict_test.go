package policy

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"

	"yimen/kiosk/household"
	"yimen/kiosk/policy/page"
)

const minimal = `pack: {id: CN, edition: "1", name: {zh-CN: "国"}, from: 2021-07-01, languages: [zh-CN, en]}
sources:
  - {id: R2, title: {zh-CN: "办法"}}
`

func editionOf(extra string) fstest.MapFS {
	return fstest.MapFS{"CN/pack.yaml": {Data: []byte(minimal)}, "CN/more.yaml": {Data: []byte(extra)}}
}

const paramHead = "params:\n- key: k\n  name: {zh-CN: \"数\"}\n  unit: fen\n  periods:\n"

const ruleTail = "  met: {zh-CN: \"一\"}\n  not_met: {zh-CN: \"二\"}\n  not_known: {zh-CN: \"三\"}\n"

const shared = `sections:
- id: who
  title: {zh-CN: "谁"}
  questions:
  - {fact: phone, input: phone, title: {zh-CN: "电话？"}, label: {zh-CN: "电话"}}
  - {fact: rented, input: yesno, title: {zh-CN: "租房吗？"}, label: {zh-CN: "租房"}}
  - {fact: cause, input: choice, title: {zh-CN: "为什么？"}, label: {zh-CN: "原因"}, options: [{code: other, title: {zh-CN: "其他"}}]}
`

// Each pack is broken in one place; the fault must name the file, the line and enough to mend it.
func TestABrokenPackSaysWhereAndWhat(t *testing.T) {
	for name, c := range map[string]struct {
		yaml string
		line int
		want string
	}{
		"unknown key":                 {"items:\n- code: \"01\"\n  colour: red\n", 3, `unknown key "colour"; known: code, name`},
		"number for a text":           {"items:\n- code: 0101\n", 2, "put it in quotes"},
		"key twice":                   {"texts:\n  a: {zh-CN: \"一\"}\n  a: {zh-CN: \"二\"}\n", 3, "already defined"},
		"anchor":                      {"texts:\n  a: &x {zh-CN: \"一\"}\n", 2, "anchors"},
		"empty value":                 {"texts:\n  a:\n", 2, "is empty"},
		"no Chinese":                  {"texts:\n  a: {en: \"one\"}\n", 2, "zh-CN"},
		"unknown language":            {"texts:\n  a: {zh-CN: \"一\", fr: \"un\"}\n", 2, `language "fr"`},
		"no unit":                     {"params:\n- key: k\n  name: {zh-CN: \"数\"}\n  periods: [{from: 2020-01-01, value: 1, citation: {source: R2}}]\n", 2, "no unit"},
		"overlap":                     {paramHead + "  - {from: 2020-01-01, to: 2021-01-01, value: 1, citation: {source: R2}}\n  - {from: 2020-12-31, value: 2, citation: {source: R2}}\n", 7, "overlaps"},
		"gap":                         {paramHead + "  - {from: 2020-01-01, to: 2021-01-01, value: 1, citation: {source: R2}}\n  - {from: 2021-01-02, value: 2, citation: {source: R2}}\n", 7, "close the gap"},
		"no end before":               {paramHead + "  - {from: 2020-01-01, value: 1, citation: {source: R2}}\n  - {from: 2021-01-02, value: 2, citation: {source: R2}}\n", 7, "say to: 2021-01-02"},
		"backwards":                   {paramHead + "  - {from: 2020-01-01, to: 2020-01-01, value: 1, citation: {source: R2}}\n", 6, "ends on"},
		"neither value nor pending":   {paramHead + "  - {from: 2020-01-01, citation: {source: R2}}\n", 6, "pending"},
		"no citation":                 {paramHead + "  - {from: 2020-01-01, value: 1}\n", 6, "cite a source"},
		"unknown source":              {paramHead + "  - {from: 2020-01-01, value: 1, citation: {source: R99}}\n", 6, `"R99"`},
		"both cited and illustrative": {paramHead + "  - {from: 2020-01-01, value: 1, citation: {source: R2, illustrative: \"x\"}}\n", 6, "not both"},
		"huge number":                 {paramHead + "  - {from: 2020-01-01, value: 99999999999999999999, citation: {source: R2}}\n", 6, "at most 15 digits"},
		"power":                       {paramHead + "  - {from: 2020-01-01, value: 1e9, citation: {source: R2}}\n", 6, "plain number"},
		"no day":                      {paramHead + "  - {from: 2020-02-30, value: 1, citation: {source: R2}}\n", 6, "2020-02-30"},
		"no such shared section":      {"forms:\n- id: f\n  sections:\n  - {use: who}\n", 4, `no shared section "who"`},
		"shared and written anew":     {shared + "forms:\n- id: f\n  sections:\n  - {use: who, id: mine}\n", 11, "there may be only"},
		"only what is not there":      {shared + "forms:\n- id: f\n  sections:\n  - {use: who, only: [shop]}\n", 11, `does not ask for "shop"`},
		"use among the shared":        {"sections:\n- {id: a, use: b}\n", 2, "belong into a form"},
		"only of nothing":             {"forms:\n- id: f\n  sections:\n  - {only: [shop]}\n", 4, "no shared section"},
		"shared twice in a form":      {shared + "forms:\n- id: f\n  sections:\n  - {use: who}\n  - {use: who}\n", 12, "asked already"},
		"rule without article":        {"rules:\n- id: A\n  group: flag\n  when: shop\n" + ruleTail, 2, "cite a source"},
		"rule without a sentence":     {"rules:\n- id: A\n  group: flag\n  when: shop\n  citation: {source: R2}\n  met: {zh-CN: \"一\"}\n  not_met: {zh-CN: \"二\"}\n", 2, "no sentence for not_known"},
		"unknown fact":                {"rules:\n- id: A\n  group: flag\n  when: shopp\n  citation: {source: R2}\n" + ruleTail, 4, "shopp"},
		"unknown code":                {"rules:\n- id: A\n  group: flag\n  when: vehicle == \"boat\"\n  citation: {source: R2}\n" + ruleTail, 4, `no code "boat"`},
		"wrong type":                  {"rules:\n- id: A\n  group: flag\n  when: shop > 3\n  citation: {source: R2}\n" + ruleTail, 4, "condition"},
		"no yes or no":                {"rules:\n- id: A\n  group: flag\n  when: houses + 1\n  citation: {source: R2}\n" + ruleTail, 4, "want yes or no"},
		"another scope":               {"rules:\n- id: A\n  group: flag\n  when: member.age > 3\n  citation: {source: R2}\n" + ruleTail, 4, "member"},
		"personal text":               {"rules:\n- id: A\n  group: flag\n  scope: member\n  when: member.name == \"x\"\n  citation: {source: R2}\n" + ruleTail, 5, "name"},
		"function":                    {"rules:\n- id: A\n  group: flag\n  when: len(members) > 1\n  citation: {source: R2}\n" + ruleTail, 4, "len"},
		"people within people":        {"rules:\n- id: A\n  group: flag\n  when: any(members, any(members, .age > 3))\n  citation: {source: R2}\n" + ruleTail, 4, "one inside another"},
		"no such parameter":           {"rules:\n- id: A\n  group: deduct\n  facts: [medical_12m]\n  param: x\n  citation: {source: R2}\n" + ruleTail, 2, "no parameter x"},
		"no sum of money":             {"rules:\n- id: A\n  group: income\n  facts: [shop]\n  citation: {source: R2}\n" + ruleTail, 2, `"shop" is no sum of money`},
		"name that nobody fills":      {"rules:\n- id: A\n  group: flag\n  when: shop\n  citation: {source: R2}\n  met: {zh-CN: \"{amuont}元\"}\n  not_met: {zh-CN: \"二\"}\n  not_known: {zh-CN: \"三\"}\n", 6, "nothing fills {amuont}"},
		"figure of what is not known": {"rules:\n- id: A\n  group: deduct\n  facts: [medical_12m]\n  citation: {source: R2}\n  met: {zh-CN: \"{amount}元\"}\n  not_met: {zh-CN: \"二\"}\n  not_known: {zh-CN: \"{amount}元\"}\n", 8, "nothing fills {amount}"},
		"form that is not there":      {"items:\n- code: \"01\"\n  name: {zh-CN: \"甲\"}\n  plain: {zh-CN: \"乙\"}\n  deadline: {zh-CN: \"丙\"}\n  decider: {zh-CN: \"丁\"}\n  citation: {source: R2}\n  form: f\n", 8, "no form f"},
		"question for no fact":        {"forms:\n- id: f\n  sections:\n  - id: s\n    title: {zh-CN: \"段\"}\n    questions:\n    - {fact: luck, input: yesno, title: {zh-CN: \"问\"}, label: {zh-CN: \"签\"}}\n", 7, `"luck" is no fact`},
		"input of another kind":       {"forms:\n- id: f\n  sections:\n  - id: s\n    title: {zh-CN: \"段\"}\n    questions:\n    - {fact: shop, input: count, unit: {zh-CN: \"个\"}, title: {zh-CN: \"问\"}, label: {zh-CN: \"签\"}}\n", 7, "the fact is a bool"},
		"slip row of two kinds":       {"slips:\n- id: s\n  rows:\n  - {text: \"甲\", rule: true}\n", 4, "a row is one of"},
		"two documents":               {"texts:\n  a: {zh-CN: \"一\"}\n---\ntexts:\n  b: {zh-CN: \"一\"}\n", 1, "exactly one document"},
		"no YAML":                     {"texts: [\n", 1, "not YAML"},
		"deep":                        {"texts: " + strings.Repeat("[", 1000), 1, "nested deeper"},
	} {
		_, err := LoadFS(editionOf(c.yaml), "CN")
		if err == nil {
			t.Errorf("%s: it loaded", name)
			continue
		}
		place := fmt.Sprintf("CN/more.yaml:%d: ", c.line)
		found := false
		for _, line := range strings.Split(err.Error(), "\n") {
			found = found || strings.HasPrefix(line, place) && strings.Contains(line, c.want)
		}
		if !found {
			t.Errorf("%s: no line %q with %q in\n%v", name, place, c.want, err)
		}
	}
}

func TestEveryFaultIsReportedAtOnce(t *testing.T) {
	_, err := LoadFS(editionOf("texts:\n  a: {en: \"x\"}\n  b: {en: \"x\"}\nrules:\n- id: A\n  group: nonsense\n  when: luck\n"), "CN")
	if err == nil {
		t.Fatal("it loaded")
	}
	for _, want := range []string{"more.yaml:2:", "more.yaml:3:", "more.yaml:6:", "more.yaml:7:", "met", "not_met", "not_known", "cite"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is missing from\n%v", want, err)
		}
	}
}

// region builds a region on the minimal national pack; the digest it names may be forged.
func region(t *testing.T, nat fstest.MapFS, digest, extra string) fstest.MapFS {
	t.Helper()
	all := fstest.MapFS{}
	for k, v := range nat {
		all[k] = v
	}
	if digest == "" {
		p, err := LoadFS(nat, "CN")
		if err != nil {
			t.Fatal(err)
		}
		digest = p.Digest
	}
	all["CN-990000/pack.yaml"] = &fstest.MapFile{Data: []byte(fmt.Sprintf(
		"pack: {id: CN-990000, edition: \"1\", region: \"990000\", name: {zh-CN: \"区\"}, from: 2021-07-01, flow: NAT-2021, languages: [zh-CN, en], national: {id: CN, edition: \"1\", digest: %q}}\n%s", digest, extra))}
	return all
}

func TestARegionNamesItsNationalEditionByDigest(t *testing.T) {
	nat := editionOf("texts:\n  a: {zh-CN: \"一\"}\n")
	if _, err := LoadFS(region(t, nat, "", ""), "CN-990000"); err != nil {
		t.Fatal(err)
	}
	_, err := LoadFS(region(t, nat, "sha256:"+strings.Repeat("0", 64), ""), "CN-990000")
	if err == nil || !strings.Contains(err.Error(), "CN-990000/pack.yaml:1:") {
		t.Errorf("another digest: %v", err)
	}
	changed := region(t, nat, "", "")
	changed["CN/more.yaml"] = &fstest.MapFile{Data: []byte("texts:\n  a: {zh-CN: \"二\"}\n")}
	if _, err := LoadFS(changed, "CN-990000"); err == nil {
		t.Error("a changed national edition passes for the one named")
	}
}

func TestARegionReplacesAndNeverMerges(t *testing.T) {
	nat := editionOf(paramHead + "  - {from: 2020-01-01, to: 2022-01-01, value: 1, citation: {source: R2}}\n  - {from: 2022-01-01, value: 2, citation: {source: R2}}\n" +
		"texts:\n  a: {zh-CN: \"一\", en: \"one\"}\n  b: {zh-CN: \"乙\"}\n")
	p, err := LoadFS(region(t, nat, "", paramHead+"  - {from: 2021-01-01, value: 7, citation: {source: R2}}\ntexts:\n  a: {zh-CN: \"壹\"}\n"), "CN-990000")
	if err != nil {
		t.Fatal(err)
	}
	if v, err := p.Param("k", 20230101); err != nil || v.Amount.RatString() != "7" || v.Origin != "CN-990000" {
		t.Errorf("%+v, %v", v, err)
	}
	if _, err := p.Param("k", 20200601); err == nil {
		t.Error("a national period shines through the region's parameter")
	}
	if got := p.Text("a").In("en"); got != "壹" {
		t.Errorf("a national word shines through the region's text: %q", got)
	}
	if p.Text("b").In("zh-CN") != "乙" || p.Origin("texts/b") != "CN" || p.Origin("texts/a") != "CN-990000" {
		t.Error("origins are mixed up")
	}
}

func TestAFormAsksSharedQuestionsAsItsRegionWritesThem(t *testing.T) {
	nat := editionOf(shared + "forms:\n- id: f\n  sections:\n  - {use: who, only: [cause, phone], title: {zh-CN: \"联系\"}}\n- id: g\n  sections:\n  - {use: who, when: shop}\n")
	p, err := LoadFS(nat, "CN")
	if err != nil {
		t.Fatal(err)
	}
	asked := p.Questions("f", household.Answers{})
	if got := strings.Join(keys(asked), ", "); got != "phone, cause" || asked[0].Section.Title.In("zh-CN") != "联系" {
		t.Errorf("asks %s under %s", got, asked[0].Section.Title.In("zh-CN"))
	}
	if got := p.Questions("g", household.Answers{}); len(got) != 0 {
		t.Errorf("asks %v before anyone has said whether there is a shop", keys(got))
	}
	if got := p.Questions("g", say(t, "shop", 1)); len(got) != 3 || got[0].Section.Title.In("zh-CN") != "谁" {
		t.Errorf("asks %v of one with a shop", keys(got))
	}
	own := "sections:\n- id: who\n  title: {zh-CN: \"本区\"}\n  questions:\n  - {fact: phone, input: phone, title: {zh-CN: \"号码？\"}, label: {zh-CN: \"号码\"}}\n  - {fact: cause, input: text, title: {zh-CN: \"？\"}, label: {zh-CN: \"？\"}}\n"
	if _, err := LoadFS(region(t, nat, "", own), "CN-990000"); err == nil {
		t.Error("a shared section of a region is not checked")
	}
	own, _, _ = strings.Cut(own, "  - {fact: cause")
	if _, err := LoadFS(region(t, nat, "", own), "CN-990000"); err == nil || !strings.Contains(err.Error(), `does not ask for "cause"`) {
		t.Errorf("a national form asks what the region's section no longer asks: %v", err)
	}
}

func TestARegionsRuleStandsInThePlaceOfTheNationalOne(t *testing.T) {
	rule := func(id, when string) string {
		return "- id: " + id + "\n  group: flag\n  when: " + when + "\n  citation: {source: R2}\n" + ruleTail
	}
	nat := editionOf("rules:\n" + rule("A", "shop") + rule("B", "rented"))
	p, err := LoadFS(region(t, nat, "", "rules:\n"+rule("A", "not shop")+rule("C", "rented")), "CN-990000")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range p.Rules(GroupFlag) {
		got = append(got, r.ID+": "+r.When)
	}
	if strings.Join(got, ", ") != "A: not shop, B: rented, C: rented" {
		t.Error(got)
	}
}

func TestAPeriodHoldsFromItsFirstDayUntilBeforeItsEnd(t *testing.T) {
	p, err := LoadFS(editionOf(paramHead+"  - {from: 2020-01-01, to: 2022-01-01, value: 1, citation: {source: R2}}\n  - {from: 2022-01-01, to: 2023-01-01, value: 2, citation: {illustrative: \"x\"}}\n"), "CN")
	if err != nil {
		t.Fatal(err)
	}
	for on, want := range map[int32]string{20191231: "", 20200101: "1", 20211231: "1", 20220101: "2", 20221231: "2", 20230101: ""} {
		v, err := p.Param("k", household.Date(on))
		switch {
		case want == "" && (err == nil || !strings.Contains(err.Error(), "parameter k")):
			t.Errorf("%d: %+v, %v", on, v, err)
		case want != "" && (err != nil || v.Amount.RatString() != want || v.Example != (want == "2")):
			t.Errorf("%d: %+v, %v", on, v, err)
		}
	}
}

func TestAPackHoldsPlainFilesAndNothingElse(t *testing.T) {
	for name, files := range map[string]fstest.MapFS{
		"another ending":   {"CN/run.sh": {Data: []byte("x")}},
		"a folder":         {"CN/more/a.yaml": {Data: []byte("texts: {}\n")}},
		"a link":           {"CN/b.yaml": {Data: []byte("/etc/passwd"), Mode: fs.ModeSymlink}},
		"too large a file": {"CN/b.yaml": {Data: make([]byte, page.MaxBytes+1)}},
		"two headers":      {"CN/b.yaml": {Data: []byte(minimal)}},
	} {
		all := editionOf("")
		delete(all, "CN/more.yaml")
		for k, v := range files {
			all[k] = v
		}
		if _, err := LoadFS(all, "CN"); err == nil {
			t.Errorf("%s: it loaded", name)
		}
	}
	for _, id := range []string{"..", "CN/../CN", "CN-1501", "", "CN-150102/../CN"} {
		if _, err := LoadFS(editionOf(""), id); err == nil {
			t.Errorf("the name %q was taken", id)
		}
	}
}

func TestALinkOutOfTheFolderIsNotFollowed(t *testing.T) {
	dir := t.TempDir()
	outside := t.TempDir()
	if err := os.WriteFile(outside+"/pack.yaml", []byte(minimal), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, dir+"/CN"); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(dir + "/CN"); err == nil {
		t.Error("a folder elsewhere was read")
	}
}

func FuzzLoad(f *testing.F) {
	for _, name := range []string{"pack", "params", "rules", "items", "sections-short", "forms-short", "slips", "texts", "documents"} {
		data, err := os.ReadFile("packs/CN/" + name + ".yaml")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data[:min(len(data), 4000)])
	}
	f.Add([]byte(minimal + paramHead + "  - {from: 2020-01-01, value: 1, citation: {source: R2}}\n"))
	f.Add([]byte("a: &a [*a, *a]\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		all := fstest.MapFS{"CN/pack.yaml": {Data: data}}
		p, err := LoadFS(all, "CN")
		if err != nil {
			return
		}
		if want := fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(fmt.Sprintf("pack.yaml %x\n", sha256.Sum256(data))))); p.Digest != want {
			t.Errorf("digest %s, want %s", p.Digest, want)
		}
	})
}

func TestACatalogueOfAHundredAndThirtyFourItemsLoads(t *testing.T) {
	var b strings.Builder
	b.WriteString("items:\n")
	for i := range 134 {
		fmt.Fprintf(&b, "- code: \"%04d\"\n  name: {zh-CN: \"事项%d\"}\n  plain: {zh-CN: \"说明。\"}\n  deadline: {zh-CN: \"当场\"}\n  decider: {zh-CN: \"窗口\"}\n  citation: {source: R2}\n", i, i)
	}
	p, err := LoadFS(editionOf(b.String()), "CN")
	if err != nil {
		t.Fatal(err)
	}
	if items := p.Items(); len(items) != 134 || items[133].Code != "0133" {
		t.Errorf("%d items", len(items))
	}
}

// What is hostile is refused before it costs much: each of these is as large as a file may be.
func TestAHostilePackIsRefusedInBoundedMemory(t *testing.T) {
	full := func(piece string) string { return strings.Repeat(piece, page.MaxBytes/len(piece)-1) }
	rule := func(when string) string {
		return "rules:\n- id: A\n  group: flag\n  when: " + when + "\n  citation: {source: R2}\n" + ruleTail
	}
	for name, yaml := range map[string]string{
		"lists in lists":     "texts: " + full("["),
		"maps in maps":       "texts: " + full("{a: "),
		"blocks in blocks":   "texts:\n" + full("- "),
		"aliases":            "a: &a [1]\nb: [" + full("*a,") + "]\n",
		"one long number":    paramHead + "  - {from: 2020-01-01, value: " + full("9") + "}\n",
		"one long key":       full("k") + ": 1\n",
		"one long condition": rule("shop" + full(" or shop")),
		"brackets":           rule(full("(")),
		"not":                rule(full("not ") + "shop"),
		"quotes":             "texts: " + full(`"`),
		"comments":           full("#\n"),
		"documents":          full("---\n"),
		"no text at all":     full("\x00"),
		"not UTF-8":          full("\xff"),
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := LoadFS(editionOf(yaml), "CN")
		runtime.ReadMemStats(&after)
		if err == nil && name != "comments" {
			t.Errorf("%s: it loaded", name)
		}
		if cost := (after.TotalAlloc - before.TotalAlloc) >> 20; cost > 128 {
			t.Errorf("%s: %d MiB were asked for", name, cost)
		}
		if err != nil && len(err.Error()) > page.MaxBytes {
			t.Errorf("%s: the complaint has %d bytes", name, len(err.Error()))
		}
	}
}
