package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"yimen/kiosk/envelope"
	"yimen/provisioning/hall"
	"yimen/provisioning/identity"
	"yimen/provisioning/visitor"
)

// secondTerminal is the hall's other machine.
const secondTerminal = "150102-0002"

// asks plays a visit that asks how a case stands, up to the screen with the answer.
func asks(ctx context.Context, t *testing.T, screen string, bench *visitor.Bench, q visitor.Quick) (*visitor.Quick, visitor.Seen) {
	t.Helper()
	line, err := visitor.OpenLine(screen)
	must(t, err)
	q.Line, q.Bench, q.Offer = line, bench, "progress:all"
	s, err := q.To(ctx, "case", "cases")
	must(t, err)
	return &q, s
}

var queryCode = regexp.MustCompile(`查询码\s+([0-9]{4}) ?([0-9]{4})`)

func TestACaseIsSeenAtEveryTerminalByItsApplicantAlone(t *testing.T) {
	h := startHall(t, func(o *hall.Options) { twoTerminals(t, o.Dir) })
	ctx, q := within(t, 4*time.Minute), quick(t, h)
	slipNo, code := applies(ctx, t, h, q)

	// At the other terminal, into which nothing is plugged, by the slip.
	other, daemon, err := h.StartBeside(ctx, secondTerminal, "second")
	must(t, err)
	t.Cleanup(func() { must(t, daemon.Stop()) })
	bench := &visitor.Bench{Panel: h.Panel}
	visit, s := asks(ctx, t, other, bench, visitor.Quick{SlipNo: slipNo, Code: code})
	for _, want := range []string{"待补正", "2031年12月20日", slipNo, "一次性告知"} {
		if s.Screen != "case" || !strings.Contains(s.Text, want) {
			t.Errorf("the other terminal lacks %q: %s %q", want, s.Screen, s.Text)
		}
	}
	over(ctx, t, visit)
	visit, s = asks(ctx, t, other, bench, visitor.Quick{SlipNo: slipNo, Code: "00000000"})
	if s.Screen != "cases" || !strings.Contains(s.Text, "没有查到") {
		t.Errorf("a wrong code is told %s %q", s.Screen, s.Text)
	}
	over(ctx, t, visit)

	// At the first terminal the next resident sees nothing of it, and the applicant by the card all.
	visit, s = asks(ctx, t, h.Screen, bench, visitor.Quick{Card: "longterm"})
	if s.Screen != "cases" || strings.Contains(s.Text, slipNo) || !strings.Contains(s.Text, "没有查到") {
		t.Errorf("another resident sees %s %q", s.Screen, s.Text)
	}
	over(ctx, t, visit)
	visit, s = asks(ctx, t, h.Screen, bench, visitor.Quick{Card: "liu"})
	if s.Screen != "case" || !strings.Contains(s.Text, slipNo) {
		t.Errorf("the applicant sees %s %q", s.Screen, s.Text)
	}

	// What was missing is brought there and then, and is seen to have come in.
	visit.Page, visit.Scan = "bankbook", 1
	to(ctx, t, visit, "slip")
	s = says(ctx, t, visit, "已上传，对方已签收")
	digits := queryCode.FindStringSubmatch(s.Text)
	later := visitor.Quick{SlipNo: slipNumber.FindString(s.Text), Code: digits[1] + digits[2]}
	over(ctx, t, visit)
	password, err := h.Password()
	must(t, err)
	desk := office{t: t, url: h.Bureau, password: password}
	desk.caseOf(ctx, later.SlipNo) // who asks five times before it is filed closes the number
	visit, s = asks(ctx, t, other, bench, later)
	if !strings.Contains(s.Text, "已收到") {
		t.Errorf("the supplement's own slip does not tell that it has come in: %q", s.Text)
	}
	over(ctx, t, visit)
}

func TestAnApplicationThatWasParkedGoesOnAtAnotherTerminal(t *testing.T) {
	h := startHall(t, func(o *hall.Options) { twoTerminals(t, o.Dir) })
	ctx, q := within(t, 4*time.Minute), quick(t, h)
	to(ctx, t, q, "materials")
	touch := func(screen, do string) {
		t.Helper()
		s, err := q.Line.Until(ctx, do, func(s visitor.Seen) bool { return s.Screen == screen && slices.Contains(s.Offers, do) })
		must(t, err)
		must(t, q.Line.Do(ctx, s, do, ""))
	}
	touch("materials", "leave")
	touch("materials", "park")
	touch("notice", "next")
	s := says(ctx, t, q, "已存起来，还没有提交", "已上传，对方已签收")
	slipNo, digits := slipNumber.FindString(s.Text), queryCode.FindStringSubmatch(s.Text)
	over(ctx, t, q)

	other, daemon, err := h.StartBeside(ctx, secondTerminal, "second")
	must(t, err)
	t.Cleanup(func() { must(t, daemon.Stop()) })
	visit, s := asks(ctx, t, other, q.Bench, visitor.Quick{SlipNo: slipNo, Code: digits[1] + digits[2]})
	if s.Screen != "cases" || !strings.Contains(s.Text, "没办完") {
		t.Fatalf("the other terminal shows %s %q", s.Screen, s.Text)
	}
	must(t, visit.Line.Do(ctx, s, "choose", slipNo))
	s, err = visit.Line.Until(ctx, "application", func(s visitor.Seen) bool { return s.Screen == "notice" })
	must(t, err)
	must(t, visit.Line.Do(ctx, s, "next", ""))
	says(ctx, t, visit, "请把身份证放在读卡区") // only the card of who began goes on
	over(ctx, t, visit)
	if _, err := (&visitor.BureauDesk{URL: h.Bureau}).Find(ctx, slipNo, time.Second); err == nil {
		t.Error("a desk screen shows what was parked")
	}
}

func TestProgressFitsThePanelAtEachTap(t *testing.T) {
	h := startHall(t, nil)
	ctx, q := within(t, 4*time.Minute), quick(t, h)
	slipNo, code := applies(ctx, t, h, q)
	bench := &visitor.Bench{Panel: h.Panel}
	for _, face := range []struct {
		name          string
		width, height int64
		elder         bool
		held          string // under the scanner; typed where it is empty
	}{{"portrait", 1080, 1920, true, slipNo}, {"landscape", 1920, 1080, false, ""}} {
		w := walkOf(t, h, "progress-"+face.name, face.width, face.height)
		digits := strings.ReplaceAll(slipNo, "-", "")
		v := visitor.Visitor{Browser: w.browser, Bench: bench, Offer: "progress:all", Elder: face.elder, Slip: face.held,
			Answers: map[string]string{"slipno": digits[2 : len(digits)-1], "code": code}}
		v.Before = func(_ context.Context, s visitor.Seen) error {
			w.see(s)
			if s.Screen == "case" {
				return visitor.ErrEnd
			}
			return nil
		}
		s, err := v.Play(w.ctx)
		must(t, err)
		must(t, bench.DropCode(ctx))
		if !strings.Contains(s.Text, "待补正") {
			t.Errorf("%s: %q", face.name, s.Text)
		}
		w.tap(".btn.copy") // the document that was issued
		w.tap(`[data-do="print"]`)
		w.until("已打印，请从出纸口取走")
		w.tap(`[data-do="back"]`)
		w.tap(`[data-do="print"]`)
		w.until("已打印，请从出纸口取走")
		w.leave()
		for _, complaint := range w.browser.Complaints() {
			t.Errorf("the page complains: %s", complaint)
		}
		w.browser.Close()
	}
}

// TestAnAnswerThatComesAfterTheVisitIsSeenByNobody: the bureau's desk stands still while a resident asks and leaves, and
// goes on while the next one is there.
func TestAnAnswerThatComesAfterTheVisitIsSeenByNobody(t *testing.T) {
	h := startHall(t, nil)
	ctx, bench := within(t, 4*time.Minute), &visitor.Bench{Panel: h.Panel}
	must(t, syscall.Kill(h.BureauDesk.Pid(), syscall.SIGSTOP))
	line, err := visitor.OpenLine(h.Screen)
	must(t, err)
	first := &visitor.Quick{Line: line, Bench: bench, Offer: "progress:all", Card: "liu"}
	to(ctx, t, first, "asking")
	over(ctx, t, first)
	second := &visitor.Quick{Line: line, Bench: bench, Offer: "progress:all", Card: "longterm"}
	before := to(ctx, t, second, "proof")
	must(t, syscall.Kill(h.BureauDesk.Pid(), syscall.SIGCONT))
	for range 30 {
		s, err := line.Look(ctx)
		must(t, err)
		if s.Screen != before.Screen || s.Visit != before.Visit {
			t.Fatalf("something came to the next resident: %s %q", s.Screen, s.Text)
		}
		time.Sleep(100 * time.Millisecond)
	}
	to(ctx, t, second, "cases") // and the desk answers again
	over(ctx, t, second)
}

// applies hands in an application, has an officer ask for a paper that it lacks, and gives what stands on its slip.
func applies(ctx context.Context, t *testing.T, h *hall.Hall, q *visitor.Quick) (slipNo, code string) {
	t.Helper()
	to(ctx, t, q, "slip")
	slip := says(ctx, t, q, "已上传，对方已签收")
	digits := queryCode.FindStringSubmatch(slip.Text)
	if digits == nil {
		t.Fatalf("no code on %q", slip.Text)
	}
	slipNo, code = slipNumber.FindString(slip.Text), digits[1]+digits[2]
	over(ctx, t, q)
	dossier, err := (&visitor.BureauDesk{URL: h.Bureau}).Find(ctx, slipNo, time.Minute)
	must(t, err)
	password, err := h.Password()
	must(t, err)
	officer, err := visitor.SignIn(ctx, h.Bureau, "01", password)
	must(t, err)
	no, err := officer.Case(ctx, dossier.ID)
	must(t, err)
	must(t, officer.Act(ctx, no, "SUBMITTED-CORRECTION", url.Values{"materials": {"M07"}, "by": {"2031-12-20"}}))
	return slipNo, code
}

// twoTerminals makes the hall's keys before it does, with those of a second terminal.
func twoTerminals(t *testing.T, dir string) {
	t.Helper()
	keys := filepath.Join(dir, "keys")
	must(t, identity.NewHall(keys, "150102-0001", []string{"127.0.0.1"}, time.Now()))
	second := filepath.Join(keys, "second")
	must(t, os.Mkdir(second, 0o700))
	for _, file := range []string{"ca.pem", "bureau.pub", "bureau-signing.pub", "receipt.pub"} {
		b, err := os.ReadFile(filepath.Join(keys, "terminal", file))
		must(t, err)
		must(t, os.WriteFile(filepath.Join(second, file), b, 0o600))
	}
	signing, err := envelope.GenerateSigner(rand.Reader, envelope.Suites()...)
	must(t, err)
	private, err := signing.MarshalPEM()
	must(t, err)
	public, err := signing.Verifier().MarshalPEM()
	must(t, err)
	must(t, os.WriteFile(filepath.Join(second, "signing.key"), private, 0o600))
	for _, knows := range []string{"hub", "bureau"} {
		must(t, os.WriteFile(filepath.Join(keys, knows, "terminals", secondTerminal+".pub"), public, 0o600))
	}
	certify(t, filepath.Join(keys, "ca"), second)
}

// certify writes a certificate of the hall's authority for the second terminal.
func certify(t *testing.T, ca, dir string) {
	t.Helper()
	authority, err := tls.LoadX509KeyPair(filepath.Join(ca, "ca.pem"), filepath.Join(ca, "ca.key"))
	must(t, err)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: secondTerminal, OrganizationalUnit: []string{string(identity.RoleTerminal)}},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, authority.Leaf, key.Public(), authority.PrivateKey)
	must(t, err)
	private, err := x509.MarshalPKCS8PrivateKey(key)
	must(t, err)
	must(t, os.WriteFile(filepath.Join(dir, "tls.pem"), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	must(t, os.WriteFile(filepath.Join(dir, "tls.key"), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}), 0o600))
}
