package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"yimen/provisioning/hall"
	"yimen/provisioning/visitor"
)

// built holds the programs of this test run; TestMain takes them away.
var built struct {
	once sync.Once
	dir  string
	err  error
}

func TestMain(m *testing.M) {
	code := m.Run()
	if built.dir != "" {
		os.RemoveAll(built.dir)
	}
	os.Exit(code)
}

// programs builds what a hall consists of, once, and gives the folder.
func programs(t testing.TB) string {
	t.Helper()
	built.once.Do(func() {
		if built.dir, built.err = os.MkdirTemp("", "yimen-programs-"); built.err != nil {
			return
		}
		cmd := exec.Command("go", "build", "-o", built.dir+"/", "yimen/kiosk", "yimen/provisioning", "yimen/provisioning/hub", "yimen/drivers/bench", "yimen/ui/shell")
		if out, err := cmd.CombinedOutput(); err != nil {
			built.err = fmt.Errorf("build the programs: %w\n%s", err, out)
		}
	})
	if built.err != nil {
		t.Fatal(built.err)
	}
	return built.dir
}

const pack = "../../kiosk/policy/packs/CN-150102"

// startHall starts a hall for one test and stops it afterwards.
func startHall(t testing.TB, change func(*hall.Options)) *hall.Hall {
	t.Helper()
	abs, err := filepath.Abs(pack)
	if err != nil {
		t.Fatal(err)
	}
	opt := hall.Options{Bin: programs(t), Dir: t.TempDir(), Pack: abs, Frame: "1920x1440"}
	if change != nil {
		change(&opt)
	}
	h, err := hall.Start(t.Context(), opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.Stop(); err != nil {
			t.Error(err)
		}
		if t.Failed() {
			for _, part := range []string{"kiosk", "hub", "bench"} {
				if b, err := os.ReadFile(h.Log(part)); err == nil {
					t.Logf("%s:\n%s", part, b[max(0, len(b)-3000):])
				}
			}
		}
	})
	return h
}

// quick is a resident in a hurry: the ordinary card, one page.
func quick(t testing.TB, h *hall.Hall) *visitor.Quick {
	t.Helper()
	line, err := visitor.OpenLine(h.Screen)
	if err != nil {
		t.Fatal(err)
	}
	return &visitor.Quick{
		Line: line, Bench: &visitor.Bench{Panel: h.Panel}, Card: "liu", Page: "bankbook", Scan: 1,
		Answers: map[string]string{"household_size": "1", "member.1.income_kinds": "none"},
	}
}

// within gives a context for one visit.
func within(t testing.TB, d time.Duration) context.Context {
	ctx, stop := context.WithTimeout(t.Context(), d)
	t.Cleanup(stop)
	return ctx
}
