package hall

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Part is one running program of the hall.
type Part struct {
	Name string
	cmd  *exec.Cmd
	done chan struct{} // closed when the program has ended
	err  error         // how it ended; read after done

	first     chan string // the first line on stdout
	complaint *lastLine
}

// patience is how long a part may take to say that it is ready, and how long to stop by itself.
const patience = 60 * time.Second

// start runs a program whose first line on stdout is a JSON object that says where it can be reached. When the
// program ends before that, its last line on stderr is the error.
func start(ctx context.Context, name, program string, args []string, log string, ready any) (*Part, error) {
	p, err := launch(name, program, args, log)
	if err != nil {
		return nil, err
	}
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case first := <-p.first:
		if err := json.Unmarshal([]byte(first), ready); err != nil {
			_ = p.Stop()
			return nil, fmt.Errorf("start %s: %s", name, p.complaint.said("it ended without a word"))
		}
		return p, nil
	case <-timer.C:
		p.Kill()
		return nil, fmt.Errorf("start %s: not ready after %v, see %s", name, patience, log)
	case <-ctx.Done():
		_ = p.Stop()
		return nil, ctx.Err()
	}
}

// launch runs a program; what it writes goes to log.
func launch(name, program string, args []string, log string) (*Part, error) {
	out, err := os.OpenFile(log, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	p := &Part{Name: name, cmd: exec.Command(program, args...), done: make(chan struct{}), first: make(chan string, 1), complaint: &lastLine{to: out}}
	p.cmd.Stderr = p.complaint
	// Ctrl-C reaches the terminal's whole group; the parts are stopped by us, in order.
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start %s: %w", name, err), out.Close())
	}
	started := make(chan error)
	go p.run(stdout, out, started)
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	return p, nil
}

// run starts the program and stays with it to its end: Pdeathsig is sent when the starting thread ends, not
// the process, so the thread is kept as long as the part lives.
func (p *Part) run(stdout io.Reader, out io.WriteCloser, started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer out.Close()
	err := p.cmd.Start()
	started <- err
	if err != nil {
		return
	}
	r := bufio.NewReader(stdout)
	first, _ := r.ReadString('\n')
	p.first <- first
	_, _ = io.Copy(out, r)
	p.err = p.cmd.Wait()
	close(p.done)
}

// Done is closed when the part has ended, however it ended.
func (p *Part) Done() <-chan struct{} { return p.done }

// Last says how a part has ended that was not asked to, by its own last word if it left with one; read it after Done.
func (p *Part) Last() string {
	var ended *exec.ExitError
	switch {
	case p.err == nil:
		return p.Name + " was closed"
	case errors.As(p.err, &ended) && ended.Exited():
		return p.complaint.said(p.err.Error())
	}
	return p.err.Error()
}

// Pid is the process id.
func (p *Part) Pid() int { return p.cmd.Process.Pid }

// Kill ends the part without a warning, as a power cut would, and waits until it is gone.
func (p *Part) Kill() {
	_ = p.cmd.Process.Kill()
	<-p.done
}

// Stop asks the part to end and waits; a part that does not is killed.
func (p *Part) Stop() error {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.done:
	case <-time.After(patience):
		p.Kill()
		return fmt.Errorf("%s did not stop and was killed", p.Name)
	}
	var ended *exec.ExitError
	if errors.As(p.err, &ended) && !signalled(ended) {
		return fmt.Errorf("%s: %w", p.Name, p.err)
	}
	return nil
}

func signalled(e *exec.ExitError) bool {
	ws, ok := e.Sys().(syscall.WaitStatus)
	return ok && ws.Signaled() && ws.Signal() == syscall.SIGTERM
}

// lastLine passes a stream on and remembers its last line.
type lastLine struct {
	mu   sync.Mutex
	to   io.Writer
	line string
}

func (l *lastLine) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if lines := strings.Split(strings.TrimRight(string(b), "\n"), "\n"); lines[len(lines)-1] != "" {
		l.line = lines[len(lines)-1]
	}
	return l.to.Write(b)
}

func (l *lastLine) said(otherwise string) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.line == "" {
		return otherwise
	}
	return l.line
}
