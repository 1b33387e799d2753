package machine

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"yimen/drivers/emulator/machine/link"
)

// Command is what Exec runs.
type Command struct {
	Argv   []string
	Env    []string  // KEY=value, on top of PATH, HOME and LANG
	Dir    string    // working folder; empty for /
	UID    uint32    // who runs it, user and group; 0 is root
	Groups []uint32  // that user's other groups
	In     []byte    // its whole standard input, at most half a MiB; larger things are shared
	Stdout io.Writer // nil for nowhere; must not wait for another command of the same machine
	Stderr io.Writer // likewise
}

// longestInput is what fits into one frame, in JSON.
const longestInput = link.MaxPayload / 2

// ExitError is a command that ended, but not well.
type ExitError struct {
	Command string
	Code    int    // exit status; -1 if a signal ended it
	Signal  string // the signal's name, if one did
	Stderr  string // its last words, if nobody else listened
}

func (e *ExitError) Error() string {
	how := fmt.Sprintf("exit status %d", e.Code)
	if e.Signal != "" {
		how = e.Signal
	}
	if e.Stderr != "" {
		how += ": " + e.Stderr
	}
	return e.Command + ": " + how
}

// command is one that runs.
type command struct {
	stdout, stderr io.Writer
	ended          chan link.Ended // holds one
}

// endPatience is how long an ended command's last frame may take, beyond the agent's own grace.
const endPatience = 30 * time.Second

// Run runs a program as root and gives what it wrote to its standard output. When ctx ends first, so does the
// program, with all that it started. Several may run at once. Errors: ExitError, ErrOff, ctx's own.
func (m *Machine) Run(ctx context.Context, argv ...string) ([]byte, error) {
	var out bytes.Buffer
	err := m.Exec(ctx, Command{Argv: argv, Stdout: &out})
	return out.Bytes(), err
}

// Exec runs a command to its end, like Run.
func (m *Machine) Exec(ctx context.Context, c Command) error {
	if len(c.Argv) == 0 || len(c.In) > longestInput {
		return fmt.Errorf("run %q with %d bytes of input: nothing to run, or too much to send", c.Argv, len(c.In))
	}
	last := &tail{}
	run := &command{stdout: cmp.Or(c.Stdout, io.Discard), stderr: cmp.Or[io.Writer](c.Stderr, last), ended: make(chan link.Ended, 1)}
	ended, err := m.ask(ctx, run, link.Start, link.Command{Argv: c.Argv, Env: c.Env, Dir: c.Dir, UID: c.UID, Groups: c.Groups, In: c.In})
	switch {
	case err != nil:
		return fmt.Errorf("run %s: %w", c.Argv[0], err)
	case ended.Error != "":
		return fmt.Errorf("run %s: %s", c.Argv[0], ended.Error)
	case ended.Code != 0:
		return &ExitError{Command: strings.Join(c.Argv, " "), Code: ended.Code, Signal: ended.Signal, Stderr: strings.TrimSpace(last.said())}
	}
	return nil
}

// relay has the agent put connections through.
func (m *Machine) relay(ctx context.Context, f link.Forwarding) error {
	ended, err := m.ask(ctx, &command{stdout: io.Discard, stderr: io.Discard, ended: make(chan link.Ended, 1)}, link.Relay, f)
	if err == nil && ended.Error != "" {
		err = errors.New(ended.Error)
	}
	if err != nil {
		return fmt.Errorf("put %s through to %s: %w", f.Listen, f.Dial, err)
	}
	return nil
}

// ask sends a request under a new id and waits for its end.
func (m *Machine) ask(ctx context.Context, run *command, kind link.Kind, request any) (link.Ended, error) {
	m.mu.Lock()
	m.last++
	id := m.last
	m.commands[id] = run
	m.mu.Unlock()
	defer func() {
		m.mu.Lock()
		delete(m.commands, id)
		m.mu.Unlock()
	}()
	if err := m.to.WriteJSON(id, kind, request); err != nil {
		return link.Ended{}, errors.Join(ErrOff, err)
	}
	select {
	case e := <-run.ended:
		return e, nil
	case <-m.off:
		return link.Ended{}, ErrOff
	case <-ctx.Done():
	}
	// The command is told to end, and its end waited for: what it wrote until then is the caller's.
	_ = m.to.Write(id, link.Stop, nil)
	select {
	case <-run.ended:
	case <-m.off:
	case <-time.After(endPatience):
	}
	return link.Ended{}, ctx.Err()
}

// listen hands the agent's frames to the commands that they belong to, until the line ends.
func (m *Machine) listen(hello chan<- struct{}) {
	for greeted := false; ; {
		f, err := link.Read(m.line)
		if err != nil {
			return // QEMU ends, or Kill and Close have closed the line
		}
		if f.Kind == link.Hello && !greeted {
			greeted = true
			close(hello)
			continue
		}
		m.mu.Lock()
		run := m.commands[f.ID]
		m.mu.Unlock()
		if run != nil {
			run.take(f)
		}
	}
}

func (c *command) take(f link.Frame) {
	switch f.Kind {
	case link.Stdout:
		_, _ = c.stdout.Write(f.Payload) // the program does not mind what becomes of its words
	case link.Stderr:
		_, _ = c.stderr.Write(f.Payload)
	case link.Exit:
		var e link.Ended
		if err := json.Unmarshal(f.Payload, &e); err != nil {
			e = link.Ended{Code: -1, Error: err.Error()}
		}
		select {
		case c.ended <- e:
		default:
		}
	}
}

// Dmesg is what the kernel has said since it booted.
func (m *Machine) Dmesg(ctx context.Context) ([]byte, error) { return m.Run(ctx, "dmesg") }

// tail passes a stream on and keeps its last words.
type tail struct {
	to   io.Writer
	mu   sync.Mutex
	kept []byte
}

// keptTail is how many bytes of last words an error may carry.
const keptTail = 2000

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.kept = append(t.kept, b...)
	t.kept = t.kept[max(0, len(t.kept)-keptTail):]
	if t.to == nil {
		return len(b), nil
	}
	return t.to.Write(b)
}

// said is the last words on lines of their own, or nothing.
func (t *tail) said() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.kept) == 0 {
		return ""
	}
	return "\n" + strings.ToValidUTF8(string(t.kept), "?")
}
