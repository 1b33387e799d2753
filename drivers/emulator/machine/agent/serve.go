package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"yimen/drivers/emulator/machine/link"
)

// grace is how long a command that was asked to end may take before it is killed.
const grace = 5 * time.Second

// agent runs commands for the host.
type agent struct {
	to *link.Writer

	mu      sync.Mutex
	running map[uint32]context.CancelFunc // ends the command
}

// serve answers the host until the line ends.
func serve() error {
	port, err := openPort("agent")
	if err != nil {
		return err
	}
	defer port.Close()
	a := &agent{to: link.NewWriter(port), running: map[uint32]context.CancelFunc{}}
	if err := a.to.Write(0, link.Hello, nil); err != nil {
		return err
	}
	for {
		f, err := link.Read(port)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		a.take(f)
	}
}

// openPort opens the virtio-serial port of that name.
func openPort(name string) (*os.File, error) {
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		files, _ := filepath.Glob("/sys/class/virtio-ports/*/name")
		for _, file := range files {
			if b, _ := os.ReadFile(file); string(bytes.TrimSpace(b)) == name {
				return os.OpenFile("/dev/"+filepath.Base(filepath.Dir(file)), os.O_RDWR, 0)
			}
		}
	}
	return nil, fmt.Errorf("no port named %s after %v", name, patience)
}

// take carries out one frame; what waits, waits elsewhere.
func (a *agent) take(f link.Frame) {
	a.mu.Lock()
	defer a.mu.Unlock()
	stop, runs := a.running[f.ID]
	switch {
	case f.Kind == link.Start && !runs:
		asked, stop := context.WithCancel(context.Background())
		a.running[f.ID] = stop
		go a.run(asked, f)
	case f.Kind == link.Relay:
		go a.end(f.ID, relay(f.Payload))
	case f.Kind == link.Stop && runs:
		stop()
	}
}

func (a *agent) end(id uint32, e link.Ended) { _ = a.to.WriteJSON(id, link.Exit, e) }

// run runs one command to its end, which comes sooner when asked is done.
func (a *agent) run(asked context.Context, f link.Frame) {
	ended := a.execute(asked, f)
	a.mu.Lock()
	a.running[f.ID]()
	delete(a.running, f.ID)
	a.mu.Unlock()
	a.end(f.ID, ended)
}

func (a *agent) execute(asked context.Context, f link.Frame) link.Ended {
	var c link.Command
	if err := json.Unmarshal(f.Payload, &c); err != nil || len(c.Argv) == 0 {
		return link.Ended{Code: -1, Error: fmt.Sprintf("command %q: %v", f.Payload, err)}
	}
	cmd := exec.CommandContext(asked, c.Argv[0], c.Argv[1:]...)
	cmd.Env = append(os.Environ(), c.Env...)
	cmd.Dir = "/" + strings.TrimPrefix(c.Dir, "/")
	cmd.Stdin = bytes.NewReader(c.In)
	cmd.Stdout = link.Stream{To: a.to, ID: f.ID, Kind: link.Stdout}
	cmd.Stderr = link.Stream{To: a.to, ID: f.ID, Kind: link.Stderr}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if c.UID != 0 {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: c.UID, Gid: c.UID, Groups: c.Groups}
	}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
	cmd.WaitDelay = grace // for a command that does not end, and for a child that lives on and holds the output
	err := cmd.Run()
	if cmd.Process != nil && asked.Err() != nil {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // what is left of the group
	}
	return outcome(cmd, err)
}

func outcome(cmd *exec.Cmd, err error) link.Ended {
	if cmd.ProcessState == nil {
		return link.Ended{Code: -1, Error: err.Error()}
	}
	e := link.Ended{Code: cmd.ProcessState.ExitCode()}
	if ws, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); ok && ws.Signaled() {
		e.Signal = ws.Signal().String()
	}
	return e
}

// relay listens in the guest and puts through who connects.
func relay(payload []byte) link.Ended {
	var f link.Forwarding
	if err := json.Unmarshal(payload, &f); err != nil {
		return link.Ended{Code: -1, Error: err.Error()}
	}
	l, err := net.Listen("tcp", f.Listen)
	if err != nil {
		return link.Ended{Code: -1, Error: err.Error()}
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go through(c, f.Dial)
		}
	}()
	return link.Ended{}
}

// through carries bytes both ways until both sides have said that they are done.
func through(near net.Conn, address string) {
	defer near.Close()
	far, err := net.DialTimeout("tcp", address, patience)
	if err != nil {
		return
	}
	defer far.Close()
	done := make(chan struct{})
	carry := func(to, from net.Conn) {
		_, err := io.Copy(to, from)
		if half, ok := to.(*net.TCPConn); ok && err == nil {
			_ = half.CloseWrite()
			return
		}
		_, _ = near.Close(), far.Close()
	}
	go func() { carry(far, near); close(done) }()
	carry(near, far)
	<-done
}
