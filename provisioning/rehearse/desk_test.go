package main

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"yimen/provisioning/visitor"
)

// TestAnOfficerAcceptsACaseInARealBrowser: the desk's policy lets its own forms through, and a browser that keeps to the policy
// complains of nothing.
func TestAnOfficerAcceptsACaseInARealBrowser(t *testing.T) {
	h := startHall(t, nil)
	ctx, q := within(t, 3*time.Minute), quick(t, h)
	to(ctx, t, q, "slip")
	slipNo := slipNumber.FindString(says(ctx, t, q, "已上传，对方已签收").Text)
	password, err := h.Password()
	must(t, err)
	desk := office{t: t, url: h.Bureau, password: password}
	no := desk.caseOf(ctx, slipNo)
	browser, err := visitor.OpenChromium(ctx, t.TempDir(), h.Bureau+"/cases/case/"+no, 1400, 1000)
	must(t, err)
	defer browser.Close()
	d := deskPage{t, ctx, browser}
	d.on("登录")
	d.do(fmt.Sprintf(`document.querySelector("#id").value = "01"; document.querySelector("#password").value = %q; document.querySelector("button.main").click()`, password))
	d.on("办到哪儿了")
	d.do(`document.querySelector('a[href$="/act/SUBMITTED-ACCEPTED"]').click()`)
	d.on("会发出这份文书")
	if d.eval(`document.activeElement.value`) != `"send"` {
		t.Error("the keyboard does not begin at the button that sends")
	}
	d.do(`document.activeElement.click()`)
	d.on("已受理")
	if complaints := browser.Complaints(); len(complaints) > 0 {
		t.Errorf("the browser complains: %v", complaints)
	}
}

// deskPage is a page of the bureau's desk in a browser.
type deskPage struct {
	t       *testing.T
	ctx     context.Context
	browser *visitor.Chromium
}

func (d deskPage) eval(js string) string {
	d.t.Helper()
	raw, err := d.browser.Eval(d.ctx, js)
	must(d.t, err)
	return string(raw)
}

// do runs something that leads to another page.
func (d deskPage) do(js string) { d.t.Helper(); d.eval("(() => {" + js + "; return true})()") }

// on waits for a page with some words.
func (d deskPage) on(words string) {
	d.t.Helper()
	quoted, err := json.Marshal(words)
	must(d.t, err)
	eventually(d.t, "a page with "+words, func() bool {
		raw, err := d.browser.Eval(d.ctx, `document.readyState == "complete" && document.body.innerText.includes(`+string(quoted)+`)`)
		return err == nil && string(raw) == "true"
	})
}
