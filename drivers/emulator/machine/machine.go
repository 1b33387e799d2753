// Package machine boots a terminal that exists only in QEMU: Debian's own kernel with its real USB, tty, camera,
// touch and disk drivers, a root made of Debian's packages, and a line through which the host runs commands.
// Devices come from outside: USB over sockets that speak usbredir, disks over NBD. Never shipped.
package machine

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"
	"time"

	"yimen/drivers/emulator/machine/link"
	"yimen/drivers/emulator/machine/system"
)

// Config is one machine. The zero value of each field but Image is usable.
type Config struct {
	Image     system.Image
	MemoryMiB int               // 0 for 1024
	CPUs      int               // 0 for 2
	USB       []string          // unix sockets that speak usbredir; the n-th (from 0) is plugged into port n+1
	Disks     []string          // unix sockets that speak NBD, or image files; the n-th is /dev/disk/by-id/virtio-disk<n>
	Share     map[string]string // folders of the host, read-only: where in the guest -> where here
	Forward   []int             // ports on the host's loopback, reached in the guest on its own loopback and as 10.0.2.2
	Expose    []int             // ports on the guest's loopback, reached on the host's under the same number
	Screen    image.Point       // size of the screen in pixels; none if it is zero
	Console   io.Writer         // gets what the kernel and the init say; nil for nobody
}

// Machine is a running machine.
type Machine struct {
	dir     string // its sockets
	systemd bool
	console *tail
	qemu    *exec.Cmd
	off     chan struct{} // closed when QEMU has ended
	monitor *monitor      // to QEMU
	line    net.Conn      // to the agent
	to      *link.Writer  // to the agent

	mu       sync.Mutex
	commands map[uint32]*command
	last     uint32 // id of the last command
}

// ErrOff means that the machine is off, whoever switched it off.
var ErrOff = errors.New("the machine is off")

// bootPatience bounds a boot on a host that is busy with others.
const bootPatience = 3 * time.Minute

// Boot boots a machine and returns when commands can run in it and its shares, ports and disks are there. USB
// devices appear when their sockets answer. The machine lives until Kill or Close, whatever becomes of ctx, and
// dies with this process.
func Boot(ctx context.Context, c Config) (_ *Machine, err error) {
	ctx, stop := context.WithTimeout(ctx, bootPatience)
	defer stop()
	m := &Machine{console: &tail{to: c.Console}, off: make(chan struct{}), commands: map[uint32]*command{}, systemd: c.Image.Init != ""}
	if m.dir, err = os.MkdirTemp("", "yimen-machine-"); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			m.Kill()
			err = fmt.Errorf("boot: %w%s", err, m.console.said())
		}
	}()
	if err := m.start(ctx, c); err != nil {
		return nil, err
	}
	return m, m.settle(ctx, c)
}

// start starts QEMU and waits for the agent's first word.
func (m *Machine) start(ctx context.Context, c Config) error {
	args, err := c.arguments(m.dir)
	if err != nil {
		return err
	}
	agent, err := net.Listen("unix", filepath.Join(m.dir, agentSocket))
	if err != nil {
		return err
	}
	defer agent.Close()
	control, err := net.Listen("unix", filepath.Join(m.dir, monitorSocket))
	if err != nil {
		return err
	}
	defer control.Close()
	if err := m.launch(args); err != nil {
		return err
	}
	conn, err := m.accept(ctx, control)
	if err != nil {
		return err
	}
	m.monitor = newMonitor(conn)
	if m.line, err = m.accept(ctx, agent); err != nil {
		return err
	}
	m.to = link.NewWriter(m.line)
	hello := make(chan struct{})
	go m.listen(hello)
	select {
	case <-hello:
		return nil
	case <-m.off:
		return ErrOff
	case <-ctx.Done():
		return fmt.Errorf("no word from the agent: %w", ctx.Err())
	}
}

// launch starts QEMU on a thread that stays with it: Pdeathsig is sent when the starting thread ends.
func (m *Machine) launch(args []string) error {
	qemu := exec.Command(emulator, args...)
	qemu.Stdout, qemu.Stderr = m.console, m.console
	qemu.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL} // Ctrl-C reaches us alone
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := qemu.Start()
		started <- err
		if err != nil {
			return
		}
		_ = qemu.Wait() // however it ends, it is off
		close(m.off)
	}()
	if err := <-started; err != nil {
		return err
	}
	m.qemu = qemu
	return nil
}

// accept waits for QEMU to connect.
func (m *Machine) accept(ctx context.Context, l net.Listener) (net.Conn, error) {
	type accepted struct {
		conn net.Conn
		err  error
	}
	got := make(chan accepted, 1)
	go func() {
		conn, err := l.Accept()
		got <- accepted{conn, err}
	}()
	select {
	case a := <-got:
		return a.conn, a.err
	case <-m.off:
		return nil, ErrOff
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Kill pulls the plug: nothing in the guest gets a chance to tidy up. It returns when the machine is gone.
func (m *Machine) Kill() {
	if m.qemu != nil {
		_ = m.qemu.Process.Kill()
		<-m.off
	}
	m.tidy()
}

// Close switches the machine off in good order, or pulls the plug when it is not off as ctx ends; that is an error.
func (m *Machine) Close(ctx context.Context) error {
	way := []string{"sh", "-c", "umount -a -r -t ext4; sync; poweroff -f"}
	if m.systemd {
		way = []string{"systemctl", "poweroff"}
	}
	go func() { _, _ = m.Run(ctx, way...) }() // it does not come back: the machine goes off under it
	select {
	case <-m.off:
		m.tidy()
		return nil
	case <-ctx.Done():
		m.Kill()
		return fmt.Errorf("switch the machine off: %w%s", ctx.Err(), m.console.said())
	}
}

// tidy closes what is left on this side. Errors of closing change nothing for a machine that is gone.
func (m *Machine) tidy() {
	if m.line != nil {
		_ = m.line.Close()
	}
	if m.monitor != nil {
		_ = m.monitor.conn.Close()
	}
	_ = os.RemoveAll(m.dir)
}

// Off is closed when the machine is off.
func (m *Machine) Off() <-chan struct{} { return m.off }

// Pid is QEMU's process id.
func (m *Machine) Pid() int { return m.qemu.Process.Pid }
