package ui

import (
	"bufio"
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"testing"
	"time"

	"yimen/kiosk/journey/view"
)

// visitor is a page that opened the screen as it should: it has the token.
func visitor(t *testing.T, url string) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	c := &http.Client{Jar: jar, Timeout: 30 * time.Second} // a stream that says nothing is a failure
	r, err := c.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if r.StatusCode != http.StatusOK {
		t.Fatalf("GET / answers %s", r.Status)
	}
	return c
}

// knock sends a request and gives the status and the body, of which a stream may leave only the beginning.
func knock(t *testing.T, c *http.Client, method, url, body string, header ...string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		if header[i] == "Host" {
			r.Host = header[i+1]
		}
		r.Header.Set(header[i], header[i+1])
	}
	answer, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(b)
}

// TestOnlyOurOwnPageIsHeard sends what other programs, other sites and rebound names would send (SEC7).
func TestOnlyOurOwnPageIsHeard(t *testing.T) {
	desk := newStage(t, samples()[0].view)
	url := serve(t, desk)
	ours := visitor(t, url)
	origin := strings.TrimSuffix(url, "/")
	port := url[strings.LastIndex(origin, ":")+1 : len(origin)]
	touch := `{"visit":"","seq":7,"do":"start"}`
	for name, c := range map[string]struct {
		client     *http.Client
		method, to string
		header     []string
		want       int
	}{
		"our touch":                      {ours, "POST", "touch", []string{"Origin", origin}, 204},
		"our touch by fetch metadata":    {ours, "POST", "touch", []string{"Sec-Fetch-Site", "same-origin"}, 204},
		"touch without origin":           {ours, "POST", "touch", nil, 403},
		"touch from another site":        {ours, "POST", "touch", []string{"Origin", "http://example.org"}, 403},
		"touch from another port":        {ours, "POST", "touch", []string{"Origin", "http://127.0.0.1:1", "Sec-Fetch-Site", "same-site"}, 403},
		"touch from nowhere":             {ours, "POST", "touch", []string{"Origin", "null"}, 403},
		"touch without token":            {http.DefaultClient, "POST", "touch", []string{"Origin", origin}, 403},
		"touch with another token":       {http.DefaultClient, "POST", "touch", []string{"Origin", origin, "Cookie", "yimen-screen-" + port + "=AAAA"}, 403},
		"page by a rebound name":         {http.DefaultClient, "GET", "", []string{"Host", "yimen.example:" + port}, 403},
		"page by localhost":              {http.DefaultClient, "GET", "", []string{"Host", "localhost:" + port}, 403},
		"page framed by another site":    {http.DefaultClient, "GET", "", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		"events without token":           {http.DefaultClient, "GET", "events", nil, 403},
		"live picture without token":     {http.DefaultClient, "GET", "live", nil, 403},
		"picture without token":          {http.DefaultClient, "GET", "picture/page1", nil, 403},
		"script without token":           {http.DefaultClient, "GET", "static/page.js", nil, 403},
		"picture":                        {ours, "GET", "picture/page1", nil, 200},
		"picture of another visit":       {ours, "GET", "picture/page9", nil, 404},
		"script":                         {ours, "GET", "static/page.js", nil, 200},
		"measures":                       {ours, "GET", "static/panel.css", nil, 200},
		"file that is not for the page":  {ours, "GET", "static/README.md", nil, 404},
		"file beside the built ones":     {ours, "GET", "static/..%2FREADME.md", nil, 404},
		"anything else":                  {ours, "GET", "debug/pprof/", nil, 404},
		"health, asked by the window":    {http.DefaultClient, "GET", "healthz", nil, 200},
		"health by a rebound name":       {http.DefaultClient, "GET", "healthz", []string{"Host", "yimen.example"}, 403},
		"touch as a form of another tab": {ours, "GET", "touch", nil, 405},
	} {
		t.Run(name, func(t *testing.T) {
			body := ""
			if c.method == "POST" {
				body = touch
			}
			if got, _ := knock(t, c.client, c.method, url+c.to, body, c.header...); got != c.want {
				t.Errorf("answered %d, want %d", got, c.want)
			}
		})
	}
	if n := len(desk.touches); n != 2 {
		t.Errorf("the desk heard %d touches, want 2", n)
	}
}

// TestPageMayLoadNothingForeign reads the headers that bind the browser.
func TestPageMayLoadNothingForeign(t *testing.T) {
	url := serve(t, newStage(t, samples()[0].view))
	r, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	if p := r.Header.Get("Content-Security-Policy"); !strings.HasPrefix(p, "default-src 'none';") || strings.Contains(p, "unsafe") {
		t.Errorf("the policy is %q", p)
	}
	if c := r.Header.Get("Cache-Control"); c != "no-store" {
		t.Errorf("Cache-Control is %q", c)
	}
	cookie := r.Cookies()[0]
	if !cookie.HttpOnly || cookie.SameSite != http.SameSiteStrictMode || len(cookie.Value) < 26 {
		t.Errorf("the token's cookie is %v", cookie)
	}
}

// TestScreenComesAtOnceAndOnEveryChange reads the event stream as a browser does.
func TestScreenComesAtOnceAndOnEveryChange(t *testing.T) {
	all := samples()
	desk := newStage(t, all[0].view)
	url := serve(t, desk)
	r, err := visitor(t, url).Get(url + "events")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	lines := bufio.NewReader(r.Body)
	if html := readView(t, lines); !strings.Contains(html, "您好") || strings.Contains(html, "<html") {
		t.Errorf("the first event is not the present screen alone:\n%s", html)
	}
	v := desk.show(question(view.Question{Key: "k", Input: "count", Title: zh("几口人？")}))
	if html := readView(t, lines); !strings.Contains(html, "几口人？") {
		t.Errorf("the event after View %d does not show it", v.Seq)
	}
}

// readView gives the data of the next event that is a screen.
func readView(t *testing.T, lines *bufio.Reader) string {
	t.Helper()
	var html strings.Builder
	event := ""
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		switch field, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ":"); {
		case field == "event":
			event = strings.TrimSpace(value)
		case field == "data" && event == "view":
			html.WriteString(strings.TrimPrefix(value, " ") + "\n")
		case field == "" && event == "view":
			return html.String()
		}
	}
}

// TestLivePictureIsShownWithoutWaitingForTheNext reads the MJPEG stream: behind each picture the next part's
// header must come at once, because a browser shows a picture only then.
func TestLivePictureIsShownWithoutWaitingForTheNext(t *testing.T) {
	desk := newStage(t, samples()[0].view)
	url := serve(t, desk)
	r, err := visitor(t, url).Get(url + "live")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	_, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	parts := multipart.NewReader(r.Body, params["boundary"])
	for range 2 { // the stage gives two frames and keeps the stream open: the second part ends only by a header
		p, err := parts.NextPart()
		if err != nil {
			t.Fatal(err)
		}
		jpeg, err := io.ReadAll(p)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(jpeg, desk.picture) {
			t.Errorf("a frame came as %d bytes, sent were %d", len(jpeg), len(desk.picture))
		}
		if p.Header.Get("Content-Length") != "" {
			t.Error("a part tells its length; browsers then wait for it")
		}
	}
}

// TestConfigWithoutPitchIsRefused names the key that is wrong.
func TestConfigWithoutPitchIsRefused(t *testing.T) {
	for _, c := range []Config{{}, {MMPerPixel: 27}, {MMPerPixel: -0.27}} {
		if err := c.Validate(); err == nil || !strings.Contains(err.Error(), "mm_per_pixel") {
			t.Errorf("%+v: %v", c, err)
		}
	}
}
