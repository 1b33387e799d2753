package machine

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"yimen/drivers/emulator/machine/system"
)

// headless builds the machine, or skips: it takes QEMU and packages that only make bench-vm installs.
func headless(t *testing.T) system.Image {
	t.Helper()
	if os.Getenv("YIMEN_VM") == "" {
		t.Skip("boots machines: make bench-vm sets YIMEN_VM")
	}
	dir, err := system.CacheDir()
	must(t, err)
	ctx, stop := context.WithTimeout(t.Context(), 10*time.Minute)
	defer stop()
	i, err := Build(ctx, dir, system.Headless(), slog.New(slog.NewTextHandler(t.Output(), nil)))
	must(t, err)
	return i
}

func boot(t *testing.T, c Config) *Machine {
	t.Helper()
	c.Image = headless(t)
	c.Console = t.Output()
	m, err := Boot(t.Context(), c)
	must(t, err)
	t.Cleanup(m.Kill)
	return m
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// within bounds a test's dealings with a machine.
func within(t *testing.T) context.Context {
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(stop)
	return ctx
}

func TestCommandsOfAMachine(t *testing.T) {
	shared := t.TempDir()
	must(t, os.WriteFile(filepath.Join(shared, "slip, numbered"), []byte("SJ-0001"), 0o600))
	disk := filepath.Join(t.TempDir(), "disk")
	must(t, os.WriteFile(disk, make([]byte, 1<<20), 0o600))
	echo, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	t.Cleanup(func() { echo.Close() })
	go answer(echo, "the host answers")
	exposed := freePort(t)
	m := boot(t, Config{Share: map[string]string{"/mnt/a": shared}, Disks: []string{disk},
		Forward: []int{echo.Addr().(*net.TCPAddr).Port}, Expose: []int{exposed}})

	t.Run("exit statuses and last words come back", func(t *testing.T) {
		out, err := m.Run(within(t), "sh", "-c", "echo here; echo there >&2; exit 7")
		var exit *ExitError
		if !errors.As(err, &exit) || exit.Code != 7 || exit.Stderr != "there" || string(out) != "here\n" {
			t.Errorf("%q %v", out, err)
		}
		if _, err := m.Run(within(t), "no-such-program"); err == nil || errors.As(err, &exit) {
			t.Errorf("a program that is not there: %v", err)
		}
	})
	t.Run("several run at once and keep their words apart", func(t *testing.T) {
		var all sync.WaitGroup
		for n := range 8 {
			all.Go(func() {
				out, err := m.Run(within(t), "sh", "-c", fmt.Sprintf("for i in 1 2 3; do echo %d; sleep 0.1; done; yes %d | head -c 200000", n, n))
				if err != nil || len(out) != 200_006 || strings.Trim(string(out), fmt.Sprintf("%d\n", n)) != "" {
					t.Errorf("%d: %d bytes, %v", n, len(out), err)
				}
			})
		}
		all.Wait()
	})
	t.Run("a cancelled command ends with all that it started", func(t *testing.T) {
		ctx, stop := context.WithTimeout(t.Context(), time.Second)
		defer stop()
		if _, err := m.Run(ctx, "sh", "-c", "sleep 4321 & sleep 4321"); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		if out, err := m.Run(within(t), "pgrep", "-f", "4321"); err == nil {
			t.Errorf("still there: %q", out)
		}
	})
	t.Run("a user who is not root, with an input and a folder", func(t *testing.T) {
		var out bytes.Buffer
		must(t, m.Exec(within(t), Command{Argv: []string{"sh", "-c", "id -u; id -G; pwd; echo $PLACE; cat"}, UID: system.KioskUser, Groups: system.DeviceGroups(),
			Dir: "/home/kiosk", Env: []string{"PLACE=hall"}, In: []byte("input"), Stdout: &out}))
		if got := out.String(); !strings.HasPrefix(got, "1000\n1000 7 20") || !strings.HasSuffix(got, "/home/kiosk\nhall\ninput") {
			t.Errorf("%q", got)
		}
	})
	t.Run("the host's folder can be read and not written", func(t *testing.T) {
		out, err := m.Run(within(t), "cat", "/mnt/a/slip, numbered")
		if err != nil || string(out) != "SJ-0001" {
			t.Errorf("%q %v", out, err)
		}
		if _, err := m.Run(within(t), "touch", "/mnt/a/mine"); err == nil {
			t.Error("written")
		}
	})
	t.Run("what is synced has reached the disk", func(t *testing.T) {
		_, err := m.Run(within(t), "sh", "-c", "printf dossier | dd of=/dev/disk/by-id/virtio-disk0 conv=notrunc,fsync")
		must(t, err)
		b, err := os.ReadFile(disk)
		if err != nil || !bytes.HasPrefix(b, []byte("dossier")) {
			t.Errorf("%q %v", b[:10], err)
		}
	})
	t.Run("ports go both ways", func(t *testing.T) {
		for _, address := range []string{"127.0.0.1", Host} {
			out, err := m.Run(within(t), "nc", address, strconv.Itoa(echo.Addr().(*net.TCPAddr).Port))
			if err != nil || string(out) != "the host answers" {
				t.Errorf("%s: %q %v", address, out, err)
			}
		}
		ctx, stop := context.WithCancel(within(t))
		defer stop()
		go func() {
			_, _ = m.Run(ctx, "busybox", "httpd", "-f", "-p", fmt.Sprintf("127.0.0.1:%d", exposed), "-h", "/etc")
		}()
		eventually(t, "the guest answers", func() bool {
			resp, err := http.Get(fmt.Sprintf("http://127.0.0.1:%d/hostname", exposed))
			if err != nil {
				return false
			}
			defer resp.Body.Close()
			b, _ := io.ReadAll(resp.Body)
			return string(b) == "terminal\n"
		})
	})
	t.Run("off means off, for commands that run and for new ones", func(t *testing.T) {
		ran := make(chan error, 1)
		go func() { _, err := m.Run(context.WithoutCancel(t.Context()), "sleep", "1000"); ran <- err }()
		must(t, m.Close(within(t)))
		if err := <-ran; !errors.Is(err, ErrOff) {
			t.Errorf("one that ran: %v", err)
		}
		if _, err := m.Run(within(t), "true"); !errors.Is(err, ErrOff) {
			t.Errorf("a new one: %v", err)
		}
		if _, err := os.Stat(m.dir); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("its folder: %v", err)
		}
	})
}

func answer(l net.Listener, words string) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		_, _ = io.WriteString(c, words)
		c.Close()
	}
}

func freePort(t *testing.T) int {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

func eventually(t *testing.T, what string, so func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !so(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("still not so: %s", what)
		}
	}
}

func TestAScreenIsSeen(t *testing.T) {
	m := boot(t, Config{Screen: image.Pt(1080, 1920)})
	picture, err := m.Screenshot(within(t))
	must(t, err)
	if size := picture.Bounds().Size(); size.X == 0 || size.Y == 0 {
		t.Errorf("a picture of %v", size)
	}
}

func TestAMachineThatCannotBootSaysWhy(t *testing.T) {
	i := headless(t)
	i.Init = "/sbin/no-such-init"
	m, err := Boot(t.Context(), Config{Image: i})
	if err == nil {
		m.Kill()
		t.Fatal("booted")
	}
	if !errors.Is(err, ErrOff) || !strings.Contains(err.Error(), "no-such-init") {
		t.Error(err)
	}
}

// TestQEMUDiesWithItsParent runs itself as the parent, which boots a machine and is killed.
func TestQEMUDiesWithItsParent(t *testing.T) {
	if os.Getenv("YIMEN_VM") == "parent" {
		m := boot(t, Config{})
		fmt.Printf("\nqemu is %d\n", m.Pid())
		time.Sleep(time.Hour)
	}
	headless(t)
	parent := exec.Command(os.Args[0], "-test.run=^TestQEMUDiesWithItsParent$", "-test.v")
	parent.Env = append(os.Environ(), "YIMEN_VM=parent", "TMPDIR="+t.TempDir()) // where it leaves what it cannot take away
	out, err := parent.StdoutPipe()
	must(t, err)
	must(t, parent.Start())
	defer func() { _ = parent.Process.Kill(); _ = parent.Wait() }()
	var said []byte
	var pid int
	for pid == 0 {
		b := make([]byte, 1000)
		n, err := out.Read(b)
		said = append(said, b[:n]...)
		if _, word, ok := bytes.Cut(said, []byte("\nqemu is ")); ok && bytes.Contains(word, []byte("\n")) {
			_, _ = fmt.Sscan(string(word), &pid)
		}
		if err != nil && pid == 0 {
			t.Fatalf("%v\n%s", err, said)
		}
	}
	must(t, syscall.Kill(pid, 0))
	must(t, parent.Process.Kill())
	eventually(t, "QEMU is gone", func() bool { return errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) || zombie(pid) })
}

func zombie(pid int) bool {
	b, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return bytes.Contains(b, []byte(") Z "))
}
