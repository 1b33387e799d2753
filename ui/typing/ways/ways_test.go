package main

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"

	"yimen/ui/typing/spelling"
)

// book answers by a list of offers for each way and keys.
type book map[spelling.Way]map[string]string

func (b book) Spell(_ context.Context, r spelling.Request) (spelling.Answer, error) {
	var a spelling.Answer
	for _, c := range b[r.Way][r.Keys] {
		a.Offers = append(a.Offers, spelling.Offer{Text: string(c)})
	}
	a.Offers = append(a.Offers, spelling.Offer{Text: "词语"})
	return a, nil
}

func TestOnlyWhatIsReallyOfferedCountsAsReached(t *testing.T) {
	engine := book{spelling.Pinyin: {"wang": "王"}, spelling.Strokes: {"hz": "㐂", "s": "丨", "hs": ""}}
	sounds := map[rune][]string{'王': {"wang"}, '旺': {"wang"}} // 旺 stands in the dictionary and is not offered
	spelled, err := spellable(t.Context(), engine, sounds)
	if err != nil {
		t.Fatal(err)
	}
	strokes := map[rune][]string{'㐂': {"z", "hz"}, '旺': {"hs"}, '十': {"hs"}}
	l, err := survey(t.Context(), engine, []rune("王十㐂旺田"), set{'十': true, '王': true}, spelled, strokes)
	if err != nil {
		t.Fatal(err)
	}
	if l.All != 5 || l.Written != 2 || l.Spelled != 1 || l.Both != 1 || !slices.Equal(l.Strokes, []entry{{'㐂', "hz"}}) || !slices.Equal(l.None, []rune("旺田")) {
		t.Errorf("%+v", l)
	}
	var out bytes.Buffer
	if err := l.print(&out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"㐂\tU+3402\t一乙", "旺\tU+65FA", "下面 1 个"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the list lacks %q:\n%s", want, &out)
		}
	}
}

func TestADictionaryIsReadBehindItsHead(t *testing.T) {
	got, err := parseDictionary(strings.NewReader("# 头\nname: stroke\n㐀\thead\n...\n\n㐀\tshhsh\n㐀\tshh\t5%\n#㐁\th\n词语\thh\n㐃\tZ1\n"))
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 1 || !slices.Equal(got['㐀'], []string{"shhsh", "shh"}) {
		t.Errorf("%v", got)
	}
}

func FuzzParseDictionary(f *testing.F) {
	f.Add([]byte("...\n㐀\tshhsh\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		keys, err := parseDictionary(bytes.NewReader(b))
		if err != nil {
			return
		}
		for c, codes := range keys {
			if slices.Contains(codes, "") {
				t.Errorf("%c has no keys", c)
			}
		}
	})
}
