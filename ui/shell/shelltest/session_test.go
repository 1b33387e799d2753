package shelltest_test

import (
	"bytes"
	"image"
	"image/png"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"testing"

	"yimen/ui/shell/shelltest"
)

// pad is a page with each thing that a visit needs: a button that comes late, a text field, a pad to sign on.
const pad = `<!doctype html><meta charset="utf-8"><body style="margin:0;background:#123456">
<div id="pad" style="position:absolute;left:100px;top:200px;width:800px;height:400px;background:#fff"></div>
<input id="name" style="position:absolute;top:700px">
<p id="said" style="position:absolute;top:800px;color:#fff">nothing yet</p>
<script>
  const line = []
  let pressed = false
  addEventListener("mousedown", e => { pressed = true; line.push([e.clientX, e.clientY]) })
  addEventListener("mousemove", e => { if (pressed) line.push([e.clientX, e.clientY]) })
  addEventListener("mouseup", e => { pressed = false })
  setTimeout(() => {
    document.body.insertAdjacentHTML("beforeend", '<button id="late" style="position:absolute;top:900px">late</button>')
    document.getElementById("late").onclick = e => { document.getElementById("said").textContent = "tapped"; e.target.remove() }
  }, 300)
</script>`

func TestHandsOfASessionReachThePage(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		io.WriteString(w, pad)
	}))
	defer server.Close()
	session := shelltest.Start(t, shelltest.Build(t), server.URL)

	session.Tap("#late")
	session.WaitText("#said", "tapped")
	session.Gone("#late")
	if said := session.Text("#said"); said != "tapped" {
		t.Errorf("the page says %q", said)
	}

	session.Type("#name", "王䶮")
	var name string
	if session.Eval("return document.getElementById('name').value", &name); name != "王䶮" {
		t.Errorf("typed: %q", name)
	}

	session.Draw("#pad", shelltest.Point{X: 0.25, Y: 0.5}, shelltest.Point{X: 0.5, Y: 0.25}, shelltest.Point{X: 0.75, Y: 0.75})
	var line [][2]float64
	session.Eval("return line", &line)
	for _, want := range [][2]float64{{300, 400}, {500, 300}, {700, 500}} {
		found := false
		for _, got := range line {
			found = found || math.Hypot(got[0]-want[0], got[1]-want[1]) < 2
		}
		if !found {
			t.Errorf("the line does not pass %v: %v", want, line)
		}
	}

	picture, err := png.Decode(bytes.NewReader(session.Screenshot()))
	if err != nil {
		t.Fatal(err)
	}
	if size := picture.Bounds().Size(); size != (image.Point{X: shelltest.PanelWidth, Y: shelltest.PanelHeight}) {
		t.Errorf("the picture is %v", size)
	}
	session.Close()
}
