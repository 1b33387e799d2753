package script

import (
	"fmt"
	"strings"
	"testing"

	"yimen/ui/voice"
)

// told puts prompts on lines: own ones with a *, with their arguments.
func told(prompts []voice.Prompt) string {
	var lines []string
	for _, p := range prompts {
		line := p.Text
		if p.ID != "" {
			line = p.ID + " " + line
		}
		for _, a := range p.Args {
			value := a.Value
			if a.Said != nil {
				value = "(" + told([]voice.Prompt{*a.Said}) + ")"
			}
			line += fmt.Sprintf(" %s=%s", a.Name, value)
		}
		if p.Own {
			line += " *"
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

func mark(id, text string, pairs ...string) string {
	args := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		args[pairs[i]] = pairs[i+1]
	}
	return strings.NewReplacer("<", "&lt;", "&", "&amp;").Replace(Mark(id, "zh-CN", text, args))
}

func TestAScreenIsReadAsItStands(t *testing.T) {
	html := `<div id="screen"><header data-unspoken><button data-do="help"><svg><path d="M0 0"/></svg><span>` + mark("nav.help", "找人帮忙") + `</span></button></header>
<main><p>` + mark("", "请选择") + ` · 3</p><img src="x" alt=""><br>
<h1 data-aloud="` + mark("", "{person}的收入？", "person", Mark("aloud.member", "zh-CN", "第{n}位家人", map[string]string{"n": "2"})) + `">李桂花的收入？</h1>
<p hidden>` + mark("a", "看不见") + `</p><div aria-hidden="true">` + mark("a", "看不见") + `</div>
<dl data-own><dt>` + mark("confirm.name", "姓名") + `</dt><dd>李桂花</dd></dl>
<button data-do="answer" data-value="1"><b>` + mark("question.yes", "是") + `</b></button><button data-key="7">7</button>
<p data-public>公示七天</p><p>` + mark("estimate.monthly", "每月大约 {yuan} 元", "yuan", "725") + `</p></main></div>`
	s, err := Read([]byte(html), "zh-CN")
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Join([]string{
		"请选择", "· 3 *", "{person}的收入？ person=(aloud.member 第{n}位家人 n=2)", "confirm.name 姓名 *", "李桂花 *", "question.yes 是", "7 *", "公示七天",
		"estimate.monthly 每月大约 {yuan} 元 yuan=725 *",
	}, "\n")
	if got := told(s.Screen); got != want {
		t.Errorf("screen:\n%s\nwant:\n%s", got, want)
	}
	for thing, want := range map[string]string{"do:help": "nav.help 找人帮忙", "do:answer=1": "question.yes 是", "key:7": "7 *"} {
		if got := told(s.Things[thing]); got != want {
			t.Errorf("%s: %s, want %s", thing, got, want)
		}
	}
}

func TestUnderACoverOnlyTheCoverIsRead(t *testing.T) {
	s, err := Read([]byte(`<div><main inert><h1>`+mark("a", "您的姓名")+`</h1></main><div class="cover"><h1>`+mark("b", "您还在吗？")+`</h1></div></div>`), "zh-CN")
	if got := told(s.Screen); err != nil || got != "b 您还在吗？" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestWhatSomebodyWroteCannotPassAsAWording(t *testing.T) {
	forged := Mark("slip.code", "zh-CN", "查询码", nil)
	p, rest, ok := cut(Mark("sign.here", "zh-CN", "请 {name} 签名", map[string]string{"name": "李" + forged + "花"}))
	if !ok || rest != "" || len(p.Args) != 1 || p.Args[0].Said != nil || !p.Own {
		t.Errorf("%+v, rest %q", p, rest)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(`<div><p hidden>x</p>` + mark("a", "b", "n", "2") + `</div>`)
	f.Add("\ufdd0\ufdd1\ufdd2\ufdd0a\ufdd1b\ufdd1c\ufdd1n=\ufdd0\ufdd2")
	f.Add(`<button data-do="x" data-value>` + strings.Repeat("<b>", 70))
	f.Fuzz(func(t *testing.T, html string) {
		s, err := Read([]byte(html), "zh-CN")
		if err != nil {
			return
		}
		for _, p := range s.Screen {
			if p.Text == "" || strings.ContainsAny(p.Text, "\ufdd0\ufdd1\ufdd2") && p.ID == "" {
				t.Errorf("%q is nothing to say", p.Text)
			}
		}
	})
}
