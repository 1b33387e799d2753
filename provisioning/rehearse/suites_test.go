package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"yimen/kiosk/envelope"
	"yimen/provisioning/hall"
	"yimen/provisioning/visitor"
)

// TestAVisitIsSealedInTheSuiteOfTheConfig plays a visit at a terminal that was configured for the other suite; every
// other visit here is one of the default's. Hub and desk are told nothing.
func TestAVisitIsSealedInTheSuiteOfTheConfig(t *testing.T) {
	h := startHall(t, func(o *hall.Options) { o.Envelope = "  suite: " + string(envelope.SuiteX25519) + "\n" })
	ctx, q := within(t, 2*time.Minute), quick(t, h)
	to(ctx, t, q, "slip")
	s := says(ctx, t, q, "已上传，对方已签收")
	if _, err := (&visitor.BureauDesk{URL: h.Bureau}).Find(ctx, slipNumber.FindString(s.Text), time.Minute); err != nil {
		t.Error(err)
	}
	for suite, want := range map[envelope.Suite]bool{envelope.SuiteX25519: true, envelope.SuiteSM: false} {
		if got := holds(t, h.Store(), string(suite)); got != want {
			t.Errorf("the hub holds envelopes of %s: %v, want %v", suite, got, want)
		}
	}
}

// holds tells whether a text stands in any file of a folder.
func holds(t *testing.T, dir, text string) (found bool) {
	t.Helper()
	must(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		b, err := os.ReadFile(path)
		found = found || bytes.Contains(b, []byte(text))
		return err
	}))
	return found
}
