package ui

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"yimen/drivers/device"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/view"
)

// TestTouchArrivesAsItWasMade sends one of each shape through the server.
func TestTouchArrivesAsItWasMade(t *testing.T) {
	desk := newStage(t, samples()[0].view)
	url := serve(t, desk)
	client := visitor(t, url)
	quad := device.Quad{{X: 0, Y: 0}, {X: 1, Y: 0}, {X: 1, Y: 1}, {X: 0, Y: 1}}
	for _, want := range []journey.Touch{
		{Visit: "v", Seq: 3, Do: view.DoAnswer, Value: "王𠮷䶮"},
		{Visit: "v", Seq: 4, Do: view.DoAccept, Quad: &quad},
		{Visit: "v", Seq: 5, Do: view.DoSign, Strokes: [][]device.Sample{{{X: 1.25, Y: 2, T: 0}, {X: 3, Y: 4, T: 16}}}},
	} {
		body, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		if status, _ := knock(t, client, "POST", url+"touch", string(body), "Sec-Fetch-Site", "same-origin"); status != http.StatusNoContent {
			t.Fatalf("answered %d", status)
		}
		got, err := json.Marshal(<-desk.touches)
		if err != nil || string(got) != string(body) {
			t.Errorf("arrived as %s, sent %s", got, body)
		}
	}
}

// malformed are touches that no page of ours sends.
func malformed() map[string]string {
	return map[string]string{
		"empty":              ``,
		"no JSON":            `do=start`,
		"two":                `{"do":"start"}{"do":"start"}`,
		"nothing to do":      `{"visit":"v","seq":1}`,
		"unknown field":      `{"do":"next","card":{"name":"x"}}`,
		"negative seq":       `{"do":"next","seq":-1}`,
		"control character":  `{"do":"answer","value":"a\u0007b"}`,
		"line break":         `{"do":"answer","value":"a\nb"}`,
		"long value":         `{"do":"answer","value":"` + strings.Repeat("a", maxValue+1) + `"}`,
		"long do":            `{"do":"` + strings.Repeat("a", maxName+1) + `"}`,
		"three corners":      `{"do":"accept","quad":[{"x":0,"y":0},{"x":1,"y":0},{"x":2,"y":1}]}`,
		"corner outside":     `{"do":"accept","quad":[{"x":0,"y":0},{"x":1.01,"y":0},{"x":1,"y":1},{"x":0,"y":1}]}`,
		"corner not finite":  `{"do":"accept","quad":[{"x":1e999,"y":0},{"x":1,"y":0},{"x":1,"y":1},{"x":0,"y":1}]}`,
		"pen out of reach":   `{"do":"sign","strokes":[[{"x":3000,"y":0,"t":0}]]}`,
		"pen before time":    `{"do":"sign","strokes":[[{"x":3,"y":0,"t":-1}]]}`,
		"stroke of nothing":  `{"do":"sign","strokes":[[]]}`,
		"strokes past count": `{"do":"sign","strokes":[` + strings.Repeat(`[{"x":1,"y":1,"t":1}],`, maxStrokes) + `[{"x":1,"y":1,"t":1}]]}`,
		"not UTF-8":          "{\"do\":\"answer\",\"value\":\"\xff\"}",
	}
}

// TestMalformedTouchIsRefused sends each and then hears nothing at the desk.
func TestMalformedTouchIsRefused(t *testing.T) {
	desk := newStage(t, samples()[0].view)
	url := serve(t, desk)
	client := visitor(t, url)
	for name, body := range malformed() {
		if status, _ := knock(t, client, "POST", url+"touch", body, "Sec-Fetch-Site", "same-origin"); status != http.StatusBadRequest {
			t.Errorf("%s: answered %d, want 400", name, status)
		}
	}
	huge := `{"do":"answer","value":"` + strings.Repeat("a", maxTouch) + `"}`
	if status, _ := knock(t, client, "POST", url+"touch", huge, "Sec-Fetch-Site", "same-origin"); status != http.StatusRequestEntityTooLarge {
		t.Errorf("half a megabyte: answered %d, want 413", status)
	}
	if len(desk.touches) > 0 {
		t.Error("a malformed touch reached the desk")
	}
}

// FuzzTouch holds the parser to its bounds on whatever comes.
func FuzzTouch(f *testing.F) {
	for _, body := range malformed() {
		f.Add([]byte(body))
	}
	f.Add([]byte(`{"visit":"v","seq":3,"do":"sign","strokes":[[{"x":1,"y":2,"t":3}]],"quad":[{"x":0,"y":0},{"x":1,"y":0},{"x":1,"y":1},{"x":0,"y":1}],"value":"x"}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		touch, err := parseTouch(body)
		if err != nil {
			if touch.Do != "" || touch.Strokes != nil || len(err.Error()) > 100 {
				t.Errorf("refused, but gave %v and said %q", touch.Do, err)
			}
			return
		}
		if touch.Do == "" || len(touch.Value) > maxValue || len(touch.Strokes) > maxStrokes {
			t.Errorf("a touch beyond the bounds was taken")
		}
		again, err := json.Marshal(touch)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := parseTouch(again); err != nil {
			t.Errorf("taken once, refused when written anew: %v", err)
		}
	})
}
