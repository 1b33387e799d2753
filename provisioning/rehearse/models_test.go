package main

import (
	"bytes"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"yimen/provisioning/hall"
)

func TestAVisitGoesThroughOnTheOtherModelOfEachDevice(t *testing.T) {
	h := startHall(t, func(o *hall.Options) {
		o.Models = map[string]string{"printer": "generic-58", "idcard": "sticky", "scanner": "honeywell", "lamps": "modbus-8-blind"}
		o.Bench = []string{"-dots", "384", "-scanner", "honeywell"}
	})
	for range 2 { // the second finds the devices as the first has left them
		ctx, q := within(t, 2*time.Minute), quick(t, h)
		must(t, q.Bench.Tear(ctx))
		to(ctx, t, q, "slip")
		shown := says(ctx, t, q, "凭条已打印")
		paper, err := q.Bench.PaperPNG(ctx)
		must(t, err)
		size, err := png.DecodeConfig(bytes.NewReader(paper))
		must(t, err)
		if size.Width >= 576 {
			t.Errorf("the paper is %d dots wide", size.Width)
		}
		file := filepath.Join(t.TempDir(), "slip.png")
		must(t, os.WriteFile(file, paper, 0o600))
		if got := strings.TrimSpace(tool(t, "zbarimg", "-q", "--raw", file)); got == "" || !strings.Contains(shown.Text, got) {
			t.Errorf("the slip's code reads %q, the screen says %s", got, shown.Text)
		}
		over(ctx, t, q)
	}
}
