// Command agent is the first program of a machine: from the initial memory disk it loads the modules that the
// root needs, mounts the root and stays as process 1, or hands that place to another init; and it runs there
// what the host asks for. It is linked statically and needs nothing of the root. Never shipped.
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// here is where the agent lies in the root: on a tmpfs, because no package brings it.
const here = "/run/machine/agent"

func main() {
	if len(os.Args) > 1 && os.Args[1] == "serve" {
		if err := serve(); err != nil {
			fmt.Fprintln(os.Stderr, "agent:", err)
			os.Exit(1)
		}
		return
	}
	if os.Getpid() != 1 {
		fmt.Fprintln(os.Stderr, "agent: this is the first program of a machine, see drivers/emulator/machine")
		os.Exit(2)
	}
	if err := first(); err != nil {
		fmt.Println("agent:", err) // to the console: there is nobody else to tell
	}
	time.Sleep(100 * time.Millisecond) // the console's last line is on its way
	unix.Sync()
	_ = unix.Reboot(unix.LINUX_REBOOT_CMD_POWER_OFF)
}

// first is process 1: it returns when the machine is to go off.
func first() error {
	if err := mountRoot(); err != nil {
		return err
	}
	if init := parameter("machine.init"); init != "" {
		if err := asService(); err != nil {
			return err
		}
		return fmt.Errorf("start %s: %w", init, unix.Exec(init, []string{init}, []string{"PATH=" + path}))
	}
	cmd := exec.Command(here, "serve")
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.Env = []string{"PATH=" + path, "HOME=/root", "TMPDIR=/tmp", "LANG=C.UTF-8"}
	if err := cmd.Start(); err != nil {
		return err
	}
	// Whatever loses its parent becomes a child of process 1, which must bury it.
	for {
		pid, err := unix.Wait4(-1, nil, 0, nil)
		switch {
		case errors.Is(err, syscall.EINTR):
		case err != nil:
			return err
		case pid == cmd.Process.Pid:
			return nil
		}
	}
}

const path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin"

// asService has systemd start the agent.
func asService() error {
	const unit = `[Unit]
Description=what the host asks for
DefaultDependencies=no
After=systemd-udevd.service
[Service]
ExecStart=` + here + ` serve
Environment=PATH=` + path + ` HOME=/root LANG=C.UTF-8
OOMScoreAdjust=-900
`
	const wants = "/run/systemd/system/sysinit.target.wants"
	if err := os.MkdirAll(wants, 0o755); err != nil {
		return err
	}
	if err := os.WriteFile("/run/systemd/system/machine-agent.service", []byte(unit), 0o644); err != nil {
		return err
	}
	return os.Symlink("../machine-agent.service", wants+"/machine-agent.service")
}

// parameter is a word key=value of the kernel's command line.
func parameter(key string) string {
	line, _ := os.ReadFile("/proc/cmdline")
	for _, word := range strings.Fields(string(line)) {
		if value, ok := strings.CutPrefix(word, key+"="); ok {
			return value
		}
	}
	return ""
}
