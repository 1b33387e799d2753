package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"yimen/provisioning/hall"
	"yimen/ui/shell/shelltest"
)

// BenchmarkMemoryOfTheTerminal measures what daemon and window hold at the start and as visits go by, 100 of them and in a
// soak 1,000, and what a Chromium in kiosk mode holds that shows the same page through the same visits. Memory is PSS: what
// processes share counts once among them.
func BenchmarkMemoryOfTheTerminal(b *testing.B) {
	visits := 100
	if os.Getenv("YIMEN_SOAK") != "" {
		visits = 1000
	}
	h := startHall(b, nil)
	ctx, cancel := context.WithTimeout(b.Context(), 6*time.Hour)
	b.Cleanup(cancel)
	daemon := func() float64 { return pss(b, strconv.Itoa(h.Kiosk.Pid())) }
	for range b.N {
		window := shelltest.StartDisplay(b, shelltest.PanelWidth, shelltest.PanelHeight)
		shell := shows(b, window, "", filepath.Join(programs(b), "shell"), "-url", h.Screen)
		comeAndGo(ctx, b, h, 5, 5) // whatever is made once is there, the last of them applies
		time.Sleep(calm)
		var kiosk, shown line
		for n := range 11 {
			kiosk.add(n*visits/10, daemon())
			shown.add(n*visits/10, pss(b, family(b, shell)...))
			b.Logf("after %d visits: daemon %.0f MB, window %.0f MB", n*visits/10, kiosk.last(), shown.last())
			if n < 10 {
				comeAndGo(ctx, b, h, n*visits/10, visits/10)
				time.Sleep(calm)
			}
		}
		peer := shelltest.StartDisplay(b, shelltest.PanelWidth, shelltest.PanelHeight)
		chromium := shows(b, peer, "chromium", "chromium", "--kiosk", "--no-sandbox", "--no-first-run", "--disable-gpu", "--user-data-dir="+filepath.Join(peer.Home, "profile"), h.Screen)
		comeAndGo(ctx, b, h, 0, 10)
		time.Sleep(calm)
		other := pss(b, family(b, chromium)...)
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(kiosk.first(), "daemon-start-MB")
		b.ReportMetric(kiosk.last(), "daemon-end-MB")
		b.ReportMetric(kiosk.slope()*1000, "daemon-KB/visit")
		b.ReportMetric(shown.first(), "window-start-MB")
		b.ReportMetric(shown.last(), "window-end-MB")
		b.ReportMetric(shown.slope()*1000, "window-KB/visit")
		b.ReportMetric(other, "chromium-MB")
		b.ReportMetric((kiosk.last()+shown.last())/other, "x-chromium")
		b.ReportMetric(shown.last()/other, "window-x-chromium")
	}
}

// calm is how long nobody stands there before memory is looked at: what is given back between visits is given back by then.
const calm = 3 * time.Second

// comeAndGo plays visits: one in ten applies, with a page under the camera and a slip, the others have an estimate made.
func comeAndGo(ctx context.Context, b *testing.B, h *hall.Hall, from, n int) {
	b.Helper()
	for i := range n {
		q := quick(b, h)
		if (from+i)%10 == 9 {
			to(ctx, b, q, "slip")
		} else {
			q.Offer = "reckon:all"
			to(ctx, b, q, "results")
		}
		over(ctx, b, q)
	}
}

// shows starts a program on a display and gives its number; it ends, with all that it started, when the test does.
func shows(b *testing.B, on *shelltest.Display, debianPackage, name string, args ...string) (pid string) {
	b.Helper()
	command := on.Command(b, debianPackage, name, args...)
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	must(b, command.Start())
	b.Cleanup(func() { stop(command) })
	pid = strconv.Itoa(command.Process.Pid)
	eventually(b, name+" shows the page", func() bool { return len(family(b, pid)) > 2 })
	return pid
}

// family is a process, what it started, what that started, and so on.
func family(b *testing.B, pid string) []string {
	b.Helper()
	files, err := filepath.Glob("/proc/[0-9]*/stat")
	must(b, err)
	children := map[string][]string{}
	for _, file := range files {
		stat, err := os.ReadFile(file)
		if err != nil {
			continue // it has just ended
		}
		fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:])) // the name may hold anything: state and parent follow it
		children[fields[1]] = append(children[fields[1]], filepath.Base(filepath.Dir(file)))
	}
	all := []string{pid}
	for i := 0; i < len(all); i++ {
		all = append(all, children[all[i]]...)
	}
	return all
}

func stop(command *exec.Cmd) {
	_ = syscall.Kill(-command.Process.Pid, syscall.SIGKILL) // the group: it holds a browser's other processes
	_ = command.Wait()
}

// pss is what processes hold, in megabytes. One that has just ended holds nothing.
func pss(b *testing.B, pids ...string) (mb float64) {
	b.Helper()
	for _, pid := range pids {
		file, err := os.Open("/proc/" + pid + "/smaps_rollup")
		if err != nil {
			continue
		}
		lines := bufio.NewScanner(file)
		for lines.Scan() {
			var kb float64
			if n, _ := fmt.Sscanf(strings.TrimSpace(lines.Text()), "Pss: %f kB", &kb); n == 1 {
				mb += kb / 1000
			}
		}
		file.Close()
	}
	return mb
}

// line is a straight one through points, by least squares.
type line struct{ x, y []float64 }

func (l *line) add(x int, y float64) { l.x, l.y = append(l.x, float64(x)), append(l.y, y) }

func (l *line) first() float64 { return l.y[0] }

func (l *line) last() float64 { return l.y[len(l.y)-1] }

func (l *line) slope() float64 {
	var sx, sy, sxx, sxy float64
	for i := range l.x {
		sx, sy, sxx, sxy = sx+l.x[i], sy+l.y[i], sxx+l.x[i]*l.x[i], sxy+l.x[i]*l.y[i]
	}
	n := float64(len(l.x))
	return (n*sxy - sx*sy) / (n*sxx - sx*sx)
}
