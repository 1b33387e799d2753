package spelling

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"sync"
	"syscall"
	"time"
)

// Process asks the program that spells, and starts it when there is none: one request at a time. What it is asked about is
// never logged.
type Process struct {
	Program string // the file of ui/typing/pinyin
	Data    string // folder of its schemas, as the build made it

	mu      sync.Mutex
	running *running
}

// running is one life of the program.
type running struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

// ErrRequest says that a request is out of bounds.
var ErrRequest = errors.New("not keys that can be spelled")

const (
	patience   = 2 * time.Second // the first answer of a life opens the dictionaries
	mostAnswer = 64 << 10        // bytes
)

// Spell asks. An answer that does not come in time, or that is none, ends the program's life; the next request begins
// another. It waits for requests before it, unless ctx ends.
func (p *Process) Spell(ctx context.Context, r Request) (Answer, error) {
	if !r.Valid() {
		return Answer{}, ErrRequest
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if ctx.Err() != nil {
		return Answer{}, ctx.Err()
	}
	if p.running == nil {
		life, err := p.start()
		if err != nil {
			return Answer{}, err
		}
		p.running = life
	}
	answer, err := p.running.ask(r)
	if err != nil {
		p.end()
		return Answer{}, fmt.Errorf("spell: %w", err)
	}
	return answer, nil
}

// Close ends the program.
func (p *Process) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.end()
	return nil
}

func (p *Process) start() (*running, error) {
	cmd := exec.Command(p.Program, p.Data)
	cmd.Env = []string{"LANG=C.UTF-8"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("start the program that spells: %w", err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start the program that spells: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start the program that spells: %w", err)
	}
	return &running{cmd, in, bufio.NewReaderSize(out, mostAnswer)}, nil
}

// end kills the program, if it runs, and waits for its end.
func (p *Process) end() {
	if p.running == nil {
		return
	}
	p.running.in.Close()
	p.running.cmd.Process.Kill()
	p.running.cmd.Wait() // that it was killed is no news
	p.running = nil
}

func (r *running) ask(q Request) (Answer, error) {
	line, err := json.Marshal(q)
	if err != nil {
		return Answer{}, err
	}
	late := time.AfterFunc(patience, func() { r.cmd.Process.Kill() })
	defer late.Stop()
	if _, err := r.in.Write(append(line, '\n')); err != nil {
		return Answer{}, err
	}
	said, err := r.out.ReadSlice('\n')
	if err != nil {
		return Answer{}, err
	}
	var a Answer
	if err := json.Unmarshal(said, &a); err != nil {
		return Answer{}, errors.New("the program that spells said something else")
	}
	return a, nil
}
