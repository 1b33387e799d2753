package reading

import (
	"bufio"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/goccy/go-yaml"

	"yimen/ui/voice"
)

func listed(t testing.TB) *Book {
	t.Helper()
	b, err := Ours(map[string]string{chinese: "这位家人", english: "this person"})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// said is all that is said for a text, its pieces with their language where that is not the text's.
func said(b *Book, lang, text string, args ...voice.Arg) (string, error) {
	pieces, err := b.Read(voice.Prompt{Lang: lang, Text: text, Args: args})
	var out []string
	for _, p := range pieces {
		if p.Lang != lang {
			p.Text = p.Lang + ":" + p.Text
		}
		out = append(out, p.Text)
	}
	return strings.Join(out, " "), err
}

// texts calls f with every text in lang below a node.
func texts(node any, lang string, f func(string)) {
	switch n := node.(type) {
	case []any:
		for _, part := range n {
			texts(part, lang, f)
		}
	case map[string]any:
		for key, part := range n {
			if s, ok := part.(string); ok && key == lang {
				f(s)
			} else if list, ok := part.([]any); ok && key == lang {
				for _, p := range list {
					f(fmt.Sprint(p))
				}
			} else {
				texts(part, lang, f)
			}
		}
	}
}

func read(t *testing.T, file string) (node any) {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(b, &node); err != nil {
		t.Fatal(err)
	}
	return node
}

func TestEveryTextOfWordsAndPacksIsOnAList(t *testing.T) {
	b := listed(t)
	missing, seen := 0, 0
	for _, lang := range []string{chinese, english} {
		look := func(text string) {
			text = strings.Join(strings.Fields(text), " ")
			if strings.ContainsFunc(text, unicode.IsLetter) {
				seen++
				if _, ok := b.read[lang][text]; !ok {
					missing++
					t.Logf("%s: %s", lang, text)
				}
			}
		}
		for _, text := range read(t, "../../words/"+lang+".yaml").(map[string]any) {
			look(fmt.Sprint(text))
		}
		packs, _ := filepath.Glob("../../../kiosk/policy/packs/CN*/*.yaml")
		for _, file := range packs {
			texts(read(t, file), lang, look)
		}
	}
	if missing > 0 || seen < 3000 {
		t.Errorf("%d of %d texts cannot be said: make readings, and read what changed in lists/", missing, seen)
	}
}

// luna is rime's dictionary of the sounds of characters, without tones: nobody who wrote the primer's dictionary wrote it.
func luna(t *testing.T) map[string]map[string]bool {
	t.Helper()
	f, err := os.Open("/usr/share/rime-data/luna_pinyin.dict.yaml")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sounds := map[string]map[string]bool{}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		char, rest, _ := strings.Cut(lines.Text(), "\t")
		sound, _, _ := strings.Cut(rest, "\t")
		if len([]rune(char)) == 1 && sound != "" && !strings.Contains(sound, " ") {
			if sounds[char] == nil {
				sounds[char] = map[string]bool{}
			}
			sounds[char][sound] = true
		}
	}
	return sounds
}

func TestEveryCharacterHasAReadingThatAnotherDictionaryKnows(t *testing.T) {
	b, sounds := listed(t), luna(t)
	umlaut := strings.NewReplacer("ü", "v", "lüe", "lve", "nüe", "nve")
	meant := strings.NewReplacer("}%", "}百分之", "*", "星号") // what is said for what is no character
	apart := regexp.MustCompile(`\{\w+\}|[0-9][0-9,.]*%?|[A-Za-z]+`)
	for text, reading := range b.read[chinese] {
		var syllables []string
		for word := range strings.FieldsSeq(reading) {
			if word, _ = cutPause(word); !strings.HasPrefix(word, "{") && strings.ContainsAny(word, "12345") && !literal.MatchString(word) {
				syllables = append(syllables, word)
			}
		}
		at := 0
		for _, r := range apart.ReplaceAllString(meant.Replace(text), "") {
			if !unicode.Is(unicode.Han, r) {
				continue
			}
			if at == len(syllables) {
				t.Errorf("%s: %c has no reading", text, r)
				break
			}
			sound := umlaut.Replace(strings.TrimRight(syllables[at], "12345"))
			if at++; !sounds[string(r)][sound] {
				t.Errorf("%s: %c is read %s, which another dictionary does not know", text, r, syllables[at-1])
			}
		}
		if at != len(syllables) {
			t.Errorf("%s: %d characters and %d syllables", text, at, len(syllables))
		}
	}
}

// espeak-ng spells in English what it takes for no syllable.
func TestEverySyllableIsOneToTheSynthesiser(t *testing.T) {
	b := listed(t)
	syllables := map[string]bool{letterX: true, calledOne: true, "bai3 fen1 zhi1": true, "qian1": true, "wan4": true, "dian3": true}
	for _, said := range b.read[chinese] {
		for word := range strings.FieldsSeq(said) {
			if word, _ = cutPause(word); sayable.MatchString(word) && strings.ContainsAny(word[len(word)-1:], "12345") && !literal.MatchString(word) {
				syllables[word] = true
			}
		}
	}
	cmd := exec.Command("espeak-ng", "-v", "cmn-latn-pinyin", "-b", "1", "-q", "--ipa", "--stdin")
	cmd.Stdin = strings.NewReader(strings.Join(slices.Sorted(maps.Keys(syllables)), ", ") + "\n")
	phonemes, err := cmd.Output()
	if err != nil || len(syllables) < 500 || strings.Contains(string(phonemes), "(en)") {
		t.Errorf("%d syllables, %v: %s", len(syllables), err, phonemes)
	}
}

func TestPolyphonesAreReadAsPeopleReadThem(t *testing.T) {
	b := listed(t)
	for word, want := range map[string]string{
		"银行": "yin2 hang2", "长者": "zhang3 zhe3", "还有": "hai2 you3", "重新": "chong2 xin1", "供养": "gong1 yang3", "调查": "diao4 cha2",
		"重拍": "chong2 pai1", "卡住": "qia3 zhu4", "看得见": "kan4 de5 jian4", "是倒的": "shi4 dao4 de5", "差额": "cha1 e2", "行政": "xing2 zheng4",
		"朝鲜": "chao2 xian3", "因为": "yin1 wei4", "见义勇为": "jian4 yi4 yong3 wei2", "重病": "zhong4 bing4", "便宜": "pian2 yi5", "种地": "zhong4 di4",
	} {
		found := 0
		for text, reading := range b.read[chinese] {
			if strings.Contains(text, word) {
				if found++; !strings.Contains(reading, want) {
					t.Errorf("%s is read %s", text, reading)
				}
			}
		}
		if found == 0 && word != "长者" {
			t.Errorf("%s stands nowhere: nothing is looked at", word)
		}
	}
}

func TestNumbersAreSaidAsTheyAreMeant(t *testing.T) {
	for value, want := range map[string]string{
		"0": "ling2", "10": "shi2", "12": "shi2 er4", "20": "er4 shi2", "105": "yi4 bai3 ling2 wu3", "110.50": "yi4 bai3 yi1 shi2 dian3 wu3",
		"725": "qi1 bai3 er4 shi2 wu3", "1,800": "yi4 qian1 ba1 bai3", "2,000": "liang3 qian1", "2,002": "liang3 qian1 ling2 er4",
		"10,000": "yi2 wan4", "20,000": "liang3 wan4", "100,005": "shi2 wan4 ling2 wu3", "10010": "yi2 wan4 ling2 shi2", "33,000.00": "san1 wan4 san1 qian1",
		"100,000,000": "yi2 yi4", "1010": "yi4 qian1 ling2 yi1 shi2",
	} {
		if got := amount(value); got != want {
			if value == "10010" && got == "yi2 wan4 ling2 yi1 shi2" { // both are said
				continue
			}
			t.Errorf("%s: %s, want %s", value, got, want)
		}
	}
	b := listed(t)
	for _, c := range []struct {
		text, want string
		args       []voice.Arg
	}{
		{"第 {now} 步，共 {of} 步", "di4 er4 bu4, gong4 liang3 bu4", []voice.Arg{{Name: "now", Value: "2"}, {Name: "of", Value: "2"}}},
		{"还差 {n} 位", "hai2 cha4 yi2 wei4", []voice.Arg{{Name: "n", Value: "1"}}},
		{"每月大约 {yuan} 元", "mei3 yue4 da4 yue1 qi1 bai3 er4 shi2 wu3 yuan2", []voice.Arg{{Name: "yuan", Value: "725"}}},
		{"电话：{hotline}", "dian4 hua4, yao1 er4 san1 si4 jiu3", []voice.Arg{{Name: "hotline", Value: "12349"}}},
		{"从{day}起", "cong2 er4 ling2 yi1 jiu3 nian2 si4 yue4 yi1 ri4 qi3", []voice.Arg{{Name: "day", Value: "2019年4月1日"}}},
		{"请到“{desk}”，工作人员可以帮您办。", "qing3 dao4 she4 hui4 jiu4 zhu4 chuang1 kou3 gong1 zuo4 ren2 yuan2 ke3 yi3 bang1 nin2 ban4.", []voice.Arg{{Name: "desk", Value: "社会救助窗口"}}},
		{"有人受伤、得急病：打120。着火：打119。有人伤害您：打110。", "you3 ren2 shou4 shang1, de2 ji2 bing4, da3 yao1 er4 ling2. zhao2 huo3, da3 yao1 yao1 jiu3. you3 ren2 shang1 hai4 nin2, da3 yao1 yao1 ling2.", nil},
	} {
		got, err := said(b, chinese, c.text, c.args...)
		if strings.ReplaceAll(got, ",", "") != strings.ReplaceAll(c.want, ",", "") {
			t.Errorf("%s: %q (%v), want %q", c.text, got, err, c.want)
		}
	}
}

func TestASlipsNumberIsSaidInItsGroups(t *testing.T) {
	got, err := said(listed(t), chinese, "SJ-150102-0001-X")
	if want := "en:S J, yao1 wu3 ling2 yao1 ling2 er4, ling2 ling2 ling2 yao1, en:X,"; err != nil || got != want {
		t.Errorf("%q, %v; want %q", got, err, want)
	}
}

func TestNobodysNameIsSaid(t *testing.T) {
	b := listed(t)
	filled := "" // a question's text with a name in it
	for text := range b.read[chinese] {
		if strings.HasPrefix(text, "{name}") && strings.HasSuffix(text, "？") {
			filled = strings.ReplaceAll(text, "{name}", "李桂花")
		}
	}
	got, err := said(b, chinese, filled)
	if err != nil || !strings.HasPrefix(got, "zhe4 wei4 jia1 ren2") {
		t.Errorf("%s: %q, %v", filled, got, err)
	}
	for _, text := range []string{"李桂花", "张*", "1501**********001X", "我叫李桂花", "Li Guihua", "呼和浩特市新城区某街1号", "<speak>x</speak>", ""} {
		for _, lang := range []string{chinese, english, "mn"} {
			if got, err := said(b, lang, text); !errors.Is(err, ErrUnread) {
				t.Errorf("%s %q was said: %q", lang, text, got)
			}
		}
	}
	if got, err := said(b, chinese, "请 {name} 本人在框里用手指签名", voice.Arg{Name: "name", Value: "李*"}); err == nil {
		t.Errorf("a masked name was said: %q", got)
	}
}

func TestWhatIsLeftOpenIsNotSaid(t *testing.T) {
	b := listed(t)
	for _, args := range [][]voice.Arg{nil, {{Name: "now", Value: "2"}}, {{Name: "now", Value: "2"}, {Name: "of", Value: "若干"}}} {
		if got, err := said(b, chinese, "第 {now} 步，共 {of} 步", args...); !errors.Is(err, ErrUnread) {
			t.Errorf("%v: %q was said", args, got)
		}
	}
}

func FuzzRead(f *testing.F) {
	b := listed(f)
	f.Add(chinese, "第 {now} 步，共 {of} 步", "now", "7")
	f.Add(chinese, "李桂花每月的工资是多少？", "name", "王")
	f.Add(english, "Please go to “{desk}”.", "desk", "Social assistance desk")
	f.Add(chinese, "{year}年{month}月{day}日", "year", "2026")
	f.Fuzz(func(t *testing.T, lang, text, name, value string) {
		pieces, err := b.Read(voice.Prompt{Lang: lang, Text: text, Args: []voice.Arg{{Name: name, Value: value}}})
		if (err == nil) == (len(pieces) == 0) {
			t.Fatalf("%d pieces and %v", len(pieces), err)
		}
		for _, p := range pieces {
			if p.Lang == chinese && !sayable.MatchString(p.Text+" ") && !sayable.MatchString(p.Text) {
				t.Errorf("not syllables: %q", p.Text)
			}
		}
	})
}

func FuzzList(f *testing.F) {
	f.Add("银行\tyin2 hang2\n")
	f.Add("第{n}页\tdi4 {n} ye4\n")
	f.Add("a\t\n\n\t")
	f.Fuzz(func(t *testing.T, list string) {
		b := &Book{read: map[string]map[string]string{}, open: map[string][]open{}}
		if b.add(chinese, strings.NewReader(list)) == nil {
			b.order()
		}
	})
}
