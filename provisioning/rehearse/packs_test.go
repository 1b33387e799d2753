package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"yimen/provisioning/hall"
	"yimen/provisioning/selftest"
)

// amend changes words in a file of the pack that is there.
func amend(t *testing.T, file, from, to string) {
	t.Helper()
	data, err := os.ReadFile(file)
	must(t, err)
	if !bytes.Contains(data, []byte(from)) {
		t.Fatalf("%s does not say %s", file, from)
	}
	must(t, os.WriteFile(file, bytes.ReplaceAll(data, []byte(from), []byte(to)), 0o600))
}

// looked waits until the terminal has looked for packs and says so in its log.
func looked(t *testing.T, h *hall.Hall, said string) {
	t.Helper()
	eventually(t, said, func() bool {
		log, err := os.ReadFile(h.Log("kiosk"))
		must(t, err)
		return bytes.Contains(log, []byte(said))
	})
}

// packsOf is what a self-test of the terminal tells of its packs; it is broken off then.
func packsOf(t *testing.T, h *hall.Hall) (result selftest.Result) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	_, err := selftest.Ask(ctx, h.Data(), time.Second, func(s selftest.Step) {
		if s.Result != nil && s.Result.Device == selftest.PacksArrive {
			result = *s.Result
			stop()
		}
	})
	if result.Device == "" {
		t.Fatalf("nothing about packs: %v", err)
	}
	return result
}

// TestABadPublicationLeavesTheOldPackInForceAndTellsStaff publishes an edition, and one of which the hub offers other
// bytes than two have signed.
func TestABadPublicationLeavesTheOldPackInForceAndTellsStaff(t *testing.T) {
	packs := t.TempDir()
	must(t, os.CopyFS(packs, os.DirFS(filepath.Dir(pack))))
	region := filepath.Join(packs, "CN-150102")
	h := startHall(t, func(o *hall.Options) { o.Pack = region })
	looked(t, h, "policy pack accepted")
	if r := packsOf(t, h); r.Outcome != selftest.Passed || r.Args["edition"] != "2019.04-1" {
		t.Errorf("of a signed edition staff read %+v", r)
	}

	amend(t, filepath.Join(region, "pack.yaml"), "2019.04-1", "2026.12-1")
	amend(t, filepath.Join(region, "params.yaml"), "72500", "80000")
	ctx := within(t, 4*time.Minute)
	must(t, h.Publish(ctx))
	must(t, h.Kiosk.Stop())
	// What is installed is not what two have signed: from here on only the inbox may speak.
	amend(t, filepath.Join(region, "pack.yaml"), "2026.12-1", "installed")
	archives, err := filepath.Glob(filepath.Join(h.Offered(), "targets", "*.tar"))
	must(t, err)
	whole := map[string][]byte{}
	for _, file := range archives {
		whole[file], err = os.ReadFile(file)
		must(t, err)
		must(t, os.WriteFile(file, bytes.Replace(whole[file], []byte("80000"), []byte("90000"), 1), 0o600))
	}
	must(t, h.StartKiosk(ctx))
	looked(t, h, "policy pack not renewed")
	if r := packsOf(t, h); r.Outcome != selftest.Failed || r.Args["edition"] != "2019.04-1" || r.Cause == "" {
		t.Errorf("of a refused edition staff read %+v", r)
	}
	q := quick(t, h)
	q.Offer = "lookup:all"
	s := to(ctx, t, q, "topics")
	must(t, q.Line.Do(ctx, s, "choose", "standards:"))
	says(ctx, t, q, "725")
	over(ctx, t, q)

	for file, data := range whole {
		must(t, os.WriteFile(file, data, 0o600))
	}
	must(t, h.Kiosk.Stop())
	must(t, h.StartKiosk(ctx))
	looked(t, h, "edition=2026.12-1")
	s = to(ctx, t, q, "topics")
	must(t, q.Line.Do(ctx, s, "choose", "standards:"))
	says(ctx, t, q, "800")
}
