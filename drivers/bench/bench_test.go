package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"image/png"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.bug.st/serial"
)

// running is a bench as its users see it.
type running struct {
	t                              *testing.T
	Panel, Stream, IDCard, Printer string
	Scanner, Lamps, Faces          string
	stop                           func() error
}

func start(t *testing.T) *running {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	out, in := io.Pipe()
	ended := make(chan error, 1)
	dir := filepath.Join(t.TempDir(), "dev")
	go func() {
		err := run(ctx, []string{"-dir", dir, "-frame", "320x240", "-fps", "50", "-baud", "0", "-print-speed", "0"}, in, os.Stderr)
		in.CloseWithError(errors.Join(err, io.EOF))
		ended <- err
	}()
	r := &running{t: t}
	r.stop = func() error { cancel(); err := <-ended; ended <- err; return err }
	t.Cleanup(func() {
		if err := r.stop(); err != nil {
			t.Errorf("the bench ended with %v", err)
		}
	})
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(line, r); err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	return r
}

// do calls the API and gives its answer.
func (r *running) do(method, path, body string) (int, map[string]any) {
	r.t.Helper()
	q, err := http.NewRequest(method, r.Panel+path, strings.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	a, err := http.DefaultClient.Do(q)
	if err != nil {
		r.t.Fatal(err)
	}
	defer a.Body.Close()
	var v map[string]any
	if err := json.NewDecoder(a.Body).Decode(&v); err != nil {
		r.t.Fatal(err)
	}
	return a.StatusCode, v
}

// must is do for what has to succeed.
func (r *running) must(method, path, body string) map[string]any {
	r.t.Helper()
	code, v := r.do(method, path, body)
	if code != http.StatusOK {
		r.t.Fatalf("%s %s %s: %d %v", method, path, body, code, v)
	}
	return v
}

// open opens a tty the way the terminal does.
func open(t *testing.T, path string) serial.Port {
	t.Helper()
	p, err := serial.Open(path, &serial.Mode{BaudRate: 115200})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.SetReadTimeout(3 * time.Second); err != nil {
		t.Fatal(err)
	}
	return p
}

// ask sends a command and reads an answer of n bytes.
func ask(t *testing.T, p serial.Port, command string, n int) []byte {
	t.Helper()
	b, err := hex.DecodeString(command)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Write(b); err != nil {
		t.Fatal(err)
	}
	answer := make([]byte, 0, n)
	for len(answer) < n {
		piece := make([]byte, n-len(answer))
		k, err := p.Read(piece)
		if err != nil || k == 0 {
			t.Fatalf("after % X: %v", answer, err)
		}
		answer = append(answer, piece[:k]...)
	}
	return answer
}

const (
	find    = "AAAAAA96690003200122"
	choose  = "AAAAAA96690003200221"
	readAll = "AAAAAA96690003300132"
)

func TestCardLaidOnThePanelIsReadFromTheTTY(t *testing.T) {
	r := start(t)
	p := open(t, r.IDCard)
	defer p.Close()
	if a := ask(t, p, find, 11); a[9] != 0x80 {
		t.Errorf("without a card: % X", a)
	}
	for _, c := range cards {
		r.must("POST", "api/card", fmt.Sprintf(`{"id":%q}`, c.ID))
		ask(t, p, find, 15)
		ask(t, p, choose, 19)
		if a := ask(t, p, readAll, 1295); !bytes.Equal(a[14:270], c.Thing.Text()) {
			t.Errorf("card %s is read as % X", c.ID, a[14:270])
		}
	}
	if s := r.must("GET", "api/state", ""); s["card"] != cards[len(cards)-1].ID {
		t.Errorf("state says %v", s["card"])
	}
	r.must("POST", "api/card", `{"id":"liu"}`)
	r.must("DELETE", "api/card", "")
	if a := ask(t, p, find, 11); a[9] != 0x80 {
		t.Errorf("after the card was taken: % X", a)
	}
}

func TestOnlyTheWrongCardHasAWrongCheckDigit(t *testing.T) {
	weights := []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} // GB 11643
	for _, c := range cards {
		n := c.Thing.Number
		if len(n) != 18 {
			continue // the 2017 edition's number is of another kind
		}
		sum := 0
		for i, w := range weights {
			sum += w * int(n[i]-'0')
		}
		if right := "10X98765432"[sum%11] == n[17]; right == (c.ID == "wrongdigit") {
			t.Errorf("card %s, number %s", c.ID, n)
		}
		if c.Thing.Birth != n[6:14] || (n[16]-'0')%2 != c.Thing.Sex[0]%2 {
			t.Errorf("card %s: number %s, birth %s, sex %s", c.ID, n, c.Thing.Birth, c.Thing.Sex)
		}
	}
}

func TestTypedCardIsLaidAndATooLongNameRefused(t *testing.T) {
	r := start(t)
	r.must("POST", "api/card", `{"name":"陈测试","number":"990000198001010019","sex":"1"}`)
	for _, bad := range []string{`{"name":"名字长得一张身份证上无论如何也写不下"}`, `{"id":"nobody"}`, `{"nmae":"x"}`, `{`} {
		if code, v := r.do("POST", "api/card", bad); code != http.StatusBadRequest || v["error"] == "" {
			t.Errorf("%s: %d %v", bad, code, v)
		}
	}
}

func TestFaultsAreThrownByTheAPI(t *testing.T) {
	r := start(t)
	p := open(t, r.IDCard)
	defer p.Close()
	r.must("POST", "api/card", `{"id":"liu"}`)
	r.must("POST", "api/fault", `{"device":"idcard","fault":"wrong-checksum","on":true,"times":1}`)
	if a := ask(t, p, find, 15); a[14] == 0x97 {
		t.Error("the checksum is right")
	}
	if a := ask(t, p, find, 15); a[14] != 0x97 {
		t.Error("the fault happened twice")
	}
	r.must("POST", "api/fault", `{"device":"idcard","fault":"wrong-checksum","on":true}`)
	for range 3 {
		if a := ask(t, p, find, 15); a[14] == 0x97 {
			t.Error("a fault without end ended")
		}
	}
	r.must("POST", "api/fault", `{"device":"idcard","fault":"wrong-checksum","on":false}`)
	r.must("POST", "api/fault", `{"device":"idcard","fault":"status-66","on":true}`)
	if a := ask(t, p, find, 11); a[9] != 0x66 {
		t.Errorf("answer % X, want status 66", a)
	}
	if s := r.must("GET", "api/state", ""); s["readerAnswers"] != "66" {
		t.Errorf("state says %v", s["readerAnswers"])
	}
	for _, bad := range []string{`{"device":"toaster","fault":"silent","on":true}`, `{"device":"idcard","fault":"on fire","on":true}`, `{"device":"idcard","fault":"status-xyz","on":true}`} {
		if code, _ := r.do("POST", "api/fault", bad); code != http.StatusBadRequest {
			t.Errorf("%s: %d", bad, code)
		}
	}
}

func TestPaperIsShownAndTaken(t *testing.T) {
	r := start(t)
	p := open(t, r.Printer)
	defer p.Close()
	ask(t, p, hex.EncodeToString([]byte("\x1B@Hello\n\x1DV\x42\x00\x1Dr\x01")), 1)
	get := func(path string) []byte {
		a, err := http.Get(r.Panel + path)
		if err != nil {
			t.Fatal(err)
		}
		defer a.Body.Close()
		b, err := io.ReadAll(a.Body)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	if b := get("api/paper.bin"); string(b) != "\x1B@Hello\n\x1DV\x42\x00\x1Dr\x01" {
		t.Errorf("bytes %q", b)
	}
	im, err := png.Decode(bytes.NewReader(get("api/paper.png")))
	if err != nil || im.Bounds().Dx() != 640 || im.Bounds().Dy() < 150 {
		t.Errorf("paper of %v, %v", im.Bounds(), err)
	}
	r.must("POST", "api/paper/tear", "")
	if b := get("api/paper.bin"); len(b) != 0 {
		t.Errorf("bytes %q after the paper was taken", b)
	}
}

func TestCodeHeldOnThePanelIsSentByTheScanner(t *testing.T) {
	r := start(t)
	p := open(t, r.Scanner)
	defer p.Close()
	const trigger, ack = "7E01303030302353434E545247313B03", "\x02\x010000#SCNTRG1\x06;\x03"
	r.must("POST", "api/code", `{"text":"办件 SA-20240001"}`)
	want := ack + "办件 SA-20240001\r\n"
	if got := ask(t, p, trigger, len(want)); string(got) != want {
		t.Errorf("got %q", got)
	}
	if s := r.must("GET", "api/state", ""); s["code"] != "办件 SA-20240001" || s["scanning"] != false {
		t.Errorf("state says %v, %v", s["code"], s["scanning"])
	}
	r.must("DELETE", "api/code", "")
	ask(t, p, trigger, len(ack)) // the engine looks only after it has answered
	s := r.must("GET", "api/state", "")
	for end := time.Now().Add(10 * time.Second); s["scanning"] != true && time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		s = r.must("GET", "api/state", "")
	}
	if s["code"] != "" || s["scanning"] != true {
		t.Errorf("state says %v, %v", s["code"], s["scanning"])
	}
	if code, _ := r.do("POST", "api/code", `{"text":""}`); code != http.StatusBadRequest {
		t.Errorf("a code that says nothing: %d", code)
	}
}

func TestLampsSwitchedOnTheLineAreShownLit(t *testing.T) {
	r := start(t)
	p := open(t, r.Lamps)
	defer p.Close()
	lit := func() any { return r.must("GET", "api/lamps", "")["lit"].([]any)[0] }
	for command, want := range map[string]bool{"01050000FF008C3A": true, "010500000000CDCA": false} {
		if got := ask(t, p, command, 8); !strings.EqualFold(hex.EncodeToString(got), command) || lit() != want {
			t.Errorf("%s is answered by %X, the lamp is %v", command, got, lit())
		}
	}
	ask(t, p, "01050000FF008C3A", 8)
	r.must("POST", "api/unplug", `{"device":"lamps"}`)
	if lit() != false {
		t.Error("the lamp is lit without power")
	}
}

func TestStoppedBenchTakesItsFilesAway(t *testing.T) {
	r := start(t)
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{r.IDCard, r.Printer, r.Scanner, r.Lamps} {
		if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s is still there: %v", path, err)
		}
	}
}

func TestBadCommandLineIsOneLine(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	dir := t.TempDir()
	for label, args := range map[string][]string{
		"taken port": {"-dir", dir, "-listen", taken.Addr().String()},
		"no folder":  {},
		"no font":    {"-dir", dir, "-font", filepath.Join(dir, "missing.ttc")},
		"no size":    {"-dir", dir, "-frame", "large"},
		"no dialect": {"-dir", dir, "-scanner", "klingon"},
	} {
		err := run(t.Context(), args, io.Discard, io.Discard)
		if err == nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", label, err)
		}
	}
}
