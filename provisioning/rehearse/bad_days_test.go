package main

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"yimen/provisioning/hall"
	"yimen/provisioning/identity"
	"yimen/provisioning/visitor"
)

// says waits until the screen says all of the words.
func says(ctx context.Context, t *testing.T, q *visitor.Quick, words ...string) visitor.Seen {
	t.Helper()
	s, err := q.Line.Until(ctx, strings.Join(words, " and "), func(s visitor.Seen) bool {
		for _, w := range words {
			if !strings.Contains(s.Text, w) {
				return false
			}
		}
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// to plays on to a screen.
func to(ctx context.Context, t testing.TB, q *visitor.Quick, screen string) visitor.Seen {
	t.Helper()
	s, err := q.To(ctx, screen)
	must(t, err)
	return s
}

// over finishes or leaves the visit and waits for the first screen.
func over(ctx context.Context, t testing.TB, q *visitor.Quick) {
	t.Helper()
	must(t, q.Bench.TakeCard(ctx))
	for {
		s, err := q.Line.Until(ctx, "way out", func(s visitor.Seen) bool {
			return s.Screen == "attract" || slices.ContainsFunc(s.Offers, func(o string) bool { return o == "finish" || o == "leave" || o == "leave-yes" })
		})
		must(t, err)
		if s.Screen == "attract" {
			return
		}
		for _, do := range []string{"finish", "leave-yes", "leave"} {
			if slices.Contains(s.Offers, do) {
				must(t, q.Line.Press(ctx, s, do, ""))
				break
			}
		}
	}
}

func TestBadDaysOfDevicesAreToldInWordsAndTheVisitGoesOn(t *testing.T) {
	h := startHall(t, nil)
	t.Run("card with a wrong check digit", func(t *testing.T) {
		ctx, q := within(t, time.Minute), quick(t, h)
		q.Card = "wrongdigit"
		to(ctx, t, q, "card")
		must(t, q.Bench.LayCard(ctx, q.Card))
		says(ctx, t, q, "号码不对")
		must(t, q.Bench.TakeCard(ctx))
		time.Sleep(time.Second) // as a hand would take
		q.Card = "liu"
		to(ctx, t, q, "confirm")
		over(ctx, t, q)
	})
	t.Run("expired card", func(t *testing.T) {
		ctx, q := within(t, time.Minute), quick(t, h)
		q.Card = "expired"
		to(ctx, t, q, "confirm")
		says(ctx, t, q, "已过有效期", "可以接着办")
		over(ctx, t, q)
	})
	t.Run("reader that is silent, then speaks", func(t *testing.T) {
		ctx, q := within(t, 2*time.Minute), quick(t, h)
		must(t, q.Bench.Fault(ctx, "idcard", "silent", true))
		to(ctx, t, q, "card")
		must(t, q.Bench.LayCard(ctx, "liu"))
		says(ctx, t, q, "读卡器没有反应")
		must(t, q.Bench.Fault(ctx, "idcard", "silent", false))
		to(ctx, t, q, "confirm")
		over(ctx, t, q)
	})
	t.Run("reader with noise on its line", func(t *testing.T) {
		ctx, q := within(t, time.Minute), quick(t, h)
		must(t, q.Bench.Fault(ctx, "idcard", "noise", true))
		to(ctx, t, q, "confirm")
		says(ctx, t, q, "刘桂兰")
		must(t, q.Bench.Fault(ctx, "idcard", "noise", false))
		over(ctx, t, q)
	})
	t.Run("camera whose stream is cut", func(t *testing.T) {
		ctx, q := within(t, 2*time.Minute), quick(t, h)
		s := to(ctx, t, q, "scan")
		must(t, q.Bench.Unplug(ctx, "doccam"))
		must(t, q.Line.Do(ctx, s, "shoot", ""))
		says(ctx, t, q, "没有拍到")
		must(t, q.Bench.Plug(ctx, "doccam"))
		to(ctx, t, q, "slip")
		says(ctx, t, q, "SJ-")
		over(ctx, t, q)
	})
	t.Run("printer without paper, and paper again", func(t *testing.T) {
		ctx, q := within(t, 2*time.Minute), quick(t, h)
		to(ctx, t, q, "review")
		must(t, q.Bench.Fault(ctx, "printer", "paper-out", true))
		to(ctx, t, q, "slip")
		s := says(ctx, t, q, "未打印成功", "打印纸用完了", "SJ-")
		must(t, q.Bench.Fault(ctx, "printer", "paper-out", false))
		must(t, q.Line.Do(ctx, s, "print", ""))
		says(ctx, t, q, "凭条已打印")
		over(ctx, t, q)
	})
	t.Run("printer that swallows every byte", func(t *testing.T) {
		ctx, q := within(t, 3*time.Minute), quick(t, h)
		to(ctx, t, q, "review")
		must(t, q.Bench.Fault(ctx, "printer", "swallows", true))
		to(ctx, t, q, "slip")
		s := says(ctx, t, q, "再打一张")
		if strings.Contains(s.Text, "凭条已打印") {
			t.Error("a printer that swallowed everything is said to have printed")
		}
		must(t, q.Bench.Fault(ctx, "printer", "swallows", false))
		over(ctx, t, q)
	})
}

func TestADeadHubMakesAWaitingSlipAndGetsTheDossierOnceItIsBack(t *testing.T) {
	h := startHall(t, nil)
	ctx, q := within(t, 2*time.Minute), quick(t, h)
	to(ctx, t, q, "review")
	must(t, h.Hub.Stop())
	to(ctx, t, q, "slip")
	s := says(ctx, t, q, "待上传", "凭条已打印")
	no := slipNumber.FindString(s.Text)
	must(t, h.StartHub(ctx))
	desk := &visitor.BureauDesk{URL: h.Bureau}
	if _, err := desk.Find(ctx, no, time.Minute); err != nil {
		t.Fatal(err)
	}
	says(ctx, t, q, "已上传，对方已签收")
}

// portal stands between the terminal and the hub: it lets everything through, or answers 200 like a login page.
type portal struct {
	net.Listener
	login  atomic.Bool
	intake string
	tls    *tls.Config
}

func openPortal(t *testing.T) *portal {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	p := &portal{Listener: l}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go p.serve(c)
		}
	}()
	return p
}

func (p *portal) serve(c net.Conn) {
	defer c.Close()
	if p.login.Load() {
		c := tls.Server(c, p.tls)
		one := &single{c: c}
		_ = http.Serve(one, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Connection", "close")
			_, _ = io.WriteString(w, "<html>Welcome! Please log in.</html>")
		}))
		time.Sleep(time.Second)
		return
	}
	up, err := net.Dial("tcp", p.intake)
	if err != nil {
		return
	}
	defer up.Close()
	go func() { _, _ = io.Copy(up, c); up.Close() }()
	_, _ = io.Copy(c, up)
}

// single is a listener with one connection.
type single struct {
	c    net.Conn
	done atomic.Bool
}

func (s *single) Accept() (net.Conn, error) {
	if s.done.Swap(true) {
		return nil, io.EOF
	}
	return s.c, nil
}
func (s *single) Close() error   { return nil }
func (s *single) Addr() net.Addr { return s.c.LocalAddr() }

func TestATwoHundredWithoutAReceiptIsNotTakenForDelivery(t *testing.T) {
	p := openPortal(t)
	h := startHall(t, func(o *hall.Options) { o.Central = "https://" + p.Addr().String() })
	p.intake = strings.TrimPrefix(h.Intake, "https://")
	keys, err := identity.LoadHub(h.Keys("hub"))
	must(t, err)
	p.tls = keys.ServerTLS()
	p.login.Store(true)
	ctx, q := within(t, 2*time.Minute), quick(t, h)
	to(ctx, t, q, "slip")
	s := says(ctx, t, q, "待上传", "凭条已打印")
	if strings.Contains(s.Text, "已上传") {
		t.Error("a login page's 200 counts as delivered")
	}
	p.login.Store(false)
	if _, err := (&visitor.BureauDesk{URL: h.Bureau}).Find(ctx, slipNumber.FindString(s.Text), time.Minute); err != nil {
		t.Error(err)
	}
}

func TestAFullDiskIsToldBeforeAVisitAndLosesNothingInOne(t *testing.T) {
	dir := t.TempDir()
	data := filepath.Join(dir, "terminal")
	must(t, os.MkdirAll(data, 0o700))
	if err := syscall.Mount("tmpfs", data, "tmpfs", 0, "size=48m"); err != nil {
		t.Fatalf("a small disk needs root's right to mount: %v", err)
	}
	t.Cleanup(func() { must(t, syscall.Unmount(data, syscall.MNT_DETACH)) })
	h := startHall(t, func(o *hall.Options) { o.Dir, o.Outbox = dir, "  keep_free: 16777216\n" })
	ctx, q := within(t, 2*time.Minute), quick(t, h)
	to(ctx, t, q, "review")
	ballast := filepath.Join(data, "ballast")
	fill := func() { must(t, os.WriteFile(ballast, make([]byte, 40<<20), 0o600)) }
	fill()
	s, err := q.Line.Look(ctx)
	must(t, err)
	must(t, q.Line.Do(ctx, s, "submit", ""))
	s = says(ctx, t, q, "存不下了", "都还在")
	if s.Screen != "review" {
		t.Errorf("after a full disk the screen is %s", s.Screen)
	}
	must(t, os.Remove(ballast))
	to(ctx, t, q, "slip")
	says(ctx, t, q, "SJ-", "凭条已打印")
	over(ctx, t, q)
	fill()
	says(ctx, t, q, "存不下新的申请")
	must(t, os.Remove(ballast))
	_, err = q.Line.Until(ctx, "room again", func(s visitor.Seen) bool { return !strings.Contains(s.Text, "存不下") })
	must(t, err)
}
