package main

import (
	"bytes"
	"context"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"
	"unicode/utf16"

	"golang.org/x/text/encoding/simplifiedchinese"

	"yimen/provisioning/hall"
	"yimen/provisioning/visitor"
)

var slipNumber = regexp.MustCompile(`SJ-[0-9]{6}-[0-9A-Z]{4}-[0-9]{8}-[0-9]{5}-[0-9A-Z]`)

// kills is how often the daemon is killed in the middle of a submission.
func kills() int {
	if os.Getenv("YIMEN_SOAK") != "" {
		return 300
	}
	return 30
}

func TestWhatASlipAcknowledgedIsAtTheHubExactlyOnceThroughKills(t *testing.T) {
	h := startHall(t, nil)
	random := rand.New(rand.NewPCG(2026, 11))
	told := map[string]bool{} // numbers that a resident has seen on the screen
	for i := range kills() {
		ctx := within(t, time.Minute)
		q := quick(t, h)
		if _, err := q.To(ctx, "review"); err != nil {
			t.Fatalf("visit %d: %v", i, err)
		}
		for _, no := range submitAndKill(ctx, t, h, q, time.Duration(random.IntN(600))*time.Millisecond) {
			told[no] = true
		}
		if err := q.Bench.TakeCard(ctx); err != nil {
			t.Fatal(err)
		}
		if err := h.StartKiosk(ctx); err != nil {
			t.Fatalf("after kill %d the daemon does not start: %v", i, err)
		}
	}
	ctx := within(t, 2*time.Minute)
	paper, err := (&visitor.Bench{Panel: h.Panel}).PaperBytes(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, no := range slipNumber.FindAll(paper, -1) {
		told[string(no)] = true
	}
	desk := &visitor.BureauDesk{URL: h.Bureau}
	for no := range told {
		if _, err := desk.Find(ctx, no, time.Minute); err != nil {
			t.Errorf("%s was acknowledged: %v", no, err)
		}
	}
	slips, err := desk.Slips(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for no, ids := range slips {
		if len(ids) != 1 {
			t.Errorf("%s lies at the bureau %d times", no, len(ids))
		}
	}
	t.Logf("%d kills: %d acknowledged, %d at the bureau", kills(), len(told), len(slips))
	if len(told) == 0 || len(told) == kills() {
		t.Errorf("%d of %d kills came after the acknowledgement: the kills do not hit the submission", len(told), kills())
	}
	findNothingOf(t, h, "刘桂兰")
}

// submitAndKill submits and kills the daemon after a while; it returns the numbers that the screen showed until then.
func submitAndKill(ctx context.Context, t *testing.T, h *hall.Hall, q *visitor.Quick, after time.Duration) (told []string) {
	t.Helper()
	s, err := q.Line.Look(ctx)
	if err != nil {
		t.Fatal(err)
	}
	dead := make(chan struct{})
	submitted := time.Now()
	if err := q.Line.Do(ctx, s, "submit", ""); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(dead)
		time.Sleep(after - time.Since(submitted))
		h.Kiosk.Kill()
	}()
	for {
		if s, err := q.Line.Look(ctx); err == nil {
			told = slipNumber.FindAllString(s.Text, -1)
		}
		select {
		case <-dead:
			return told
		default:
		}
	}
}

// findNothingOf searches the terminal's and the hub's folders for a name and every number of the visit. Editions of the pack
// came down and hold invented households of their own.
func findNothingOf(t *testing.T, h *hall.Hall, name string) {
	t.Helper()
	secrets := [][]byte{[]byte(name), []byte("990000")}
	if gbk, err := simplifiedchinese.GBK.NewEncoder().Bytes([]byte(name)); err == nil {
		secrets = append(secrets, gbk)
	}
	var wide []byte
	for _, u := range utf16.Encode([]rune(name)) {
		wide = append(wide, byte(u), byte(u>>8))
	}
	secrets = append(secrets, wide)
	files := 0
	for _, dir := range []string{h.Data(), h.Store()} {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() || filepath.Base(filepath.Dir(path)) == "editions" {
				return err
			}
			files++
			b, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			for _, s := range secrets {
				if bytes.Contains(b, s) {
					t.Errorf("%s holds %q", path, s)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if files < 4 {
		t.Errorf("only %d files were searched", files)
	}
}
