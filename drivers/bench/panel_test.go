package main

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// shown is what the page shows of the reader, the desk and who stands before the camera: card|page|cable|faults|person.
const shown = `[
	document.querySelector("#cards .on")?.dataset.id ?? "",
	document.querySelector("#pages .on")?.dataset.id ?? "",
	document.querySelector("#idcard").classList.contains("out") ? "out" : "in",
	[...document.querySelectorAll("#idcard [data-fault].on")].map(b => b.dataset.fault),
	document.querySelector("#people .on")?.dataset.id ?? "",
].join("|")`

// stated is the same as the API tells it.
func (r *running) stated() string {
	s := r.must("GET", "api/state", "")
	cable := "in"
	if s["plugged"].(map[string]any)[cardReader] == false {
		cable = "out"
	}
	faults := ""
	for _, f := range s["faults"].(map[string]any)[cardReader].(map[string]any)["on"].([]any) {
		faults += f.(string)
	}
	return fmt.Sprintf("%s|%s|%s|%s|%s", s["card"], s["page"], cable, faults, s["person"])
}

func TestPanelDoesWhatItsButtonsSayAndShowsIt(t *testing.T) {
	r := start(t)
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath("chromium"), chromedp.NoSandbox, chromedp.UserDataDir(t.TempDir()))
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	defer stop()
	tab, leave := chromedp.NewContext(allocator)
	defer leave()
	if err := chromedp.Do(tab); err != nil { // the browser lives as long as the context of this first call
		t.Fatalf("open a browser (Debian package chromium): %v", err)
	}
	tab, enough := context.WithTimeout(tab, time.Minute)
	defer enough()
	if err := chromedp.Do(tab, chromedp.Navigate(r.Panel), chromedp.WaitVisible(chromedp.CSS(`#cards [data-id=liu]`))); err != nil {
		t.Fatalf("open the panel: %v", err)
	}
	for _, press := range []struct{ button, want string }{
		{`#cards [data-id=rare]`, "rare||in||nobody"},
		{`#pages [data-id=lease]`, "rare|lease|in||nobody"},
		{`#idcard [data-fault=late]`, "rare|lease|in|late|nobody"},
		{`#idcard [data-fault=late]`, "rare|lease|in||nobody"},
		{`#idcard [data-cable]`, "rare|lease|out||nobody"},
		{`#idcard [data-cable]`, "rare|lease|in||nobody"},
		{`#people [data-id=two]`, "rare|lease|in||two"},
		{`#people [data-id=nobody]`, "rare|lease|in||nobody"},
		{`#take-card`, "|lease|in||nobody"},
		{`#take-page`, "||in||nobody"},
	} {
		if err := chromedp.Do(tab, chromedp.Click(chromedp.CSS(press.button))); err != nil {
			t.Fatalf("press %s: %v", press.button, err)
		}
		if _, err := chromedp.Run(tab, chromedp.Poll[bool](fmt.Sprintf("%s === %q", shown, press.want))); err != nil {
			now, _ := chromedp.Run(tab, chromedp.Evaluate[string](shown))
			t.Fatalf("after %s the panel shows %q (%v), want %q", press.button, now, err, press.want)
		}
		if got := r.stated(); got != press.want {
			t.Errorf("after %s the state is %q, want %q", press.button, got, press.want)
		}
	}
}
