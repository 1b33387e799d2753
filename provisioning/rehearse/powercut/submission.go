package powercut

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"yimen/drivers/emulator/disk"
	"yimen/drivers/emulator/machine"
)

// errEnded is a submitter, or a machine, that nobody has asked to end.
var errEnded = errors.New("the submitter has ended by itself")

// submission is a submitter at work, and the line to it.
type submission struct {
	progress chan progress // holds the latest
	ended    chan struct{} // closed when the submitter is gone and all that it said is in the ledger
	err      error         // valid then
}

// progress is how far a life has come.
type progress struct {
	ready        bool
	begun, ended int // Puts
}

// submit starts a submitter and writes what it says on line, which it closes, into the ledger.
func (t *terminal) submit(ctx context.Context, m *machine.Machine, line net.Listener, argv []string) *submission {
	s := &submission{progress: make(chan progress, 1), ended: make(chan struct{})}
	ran := make(chan error, 1)
	go func() {
		err := m.Exec(ctx, machine.Command{Argv: argv})
		ran <- errors.Join(err, line.Close()) // whoever has not called by now will not
	}()
	go func() {
		defer close(s.ended)
		heard := t.listen(line, s)
		err := <-ran
		if !errors.Is(err, machine.ErrOff) { // with the power everything may end anyhow
			s.err = errors.Join(heard, err)
		}
	}()
	return s
}

// listen takes in what the submitter says until the line ends.
func (t *terminal) listen(line net.Listener, s *submission) error {
	conn, err := line.Accept()
	if err != nil {
		return fmt.Errorf("no word from the submitter: %w", err)
	}
	defer conn.Close()
	for lines := bufio.NewReader(conn); ; {
		said, err := lines.ReadString('\n')
		if err != nil {
			return nil // half a line was never said
		}
		answer, err := t.ledger.hear(strings.TrimSuffix(said, "\n"))
		if err != nil {
			return err
		}
		if answer != "" {
			_, _ = io.WriteString(conn, answer+"\n") // to one who may be gone
		}
		select {
		case <-s.progress:
		default:
		}
		s.progress <- progress{t.ledger.ready, t.ledger.begun, t.ledger.ended}
	}
}

// wait waits for the moment.
func (s *submission) wait(ctx context.Context, when moment, d *disk.Disk) error {
	for reached := when.kept < 0; !reached; {
		select {
		case p := <-s.progress:
			reached = p.ready && p.ended >= when.kept && (when.writes < 0 || p.begun > when.kept)
		case <-s.ended:
			return errEnded
		case <-ctx.Done():
			return fmt.Errorf("%d dossiers are still not kept: %w", when.kept, ctx.Err())
		}
	}
	var passed <-chan time.Time
	switch {
	case when.writes < 0:
		passed = time.After(when.pause)
	case when.kept >= 0:
		d.FailAfter(when.writes, when.atFlush)
	}
	select {
	case <-passed:
	case <-d.Failed():
	case <-s.ended:
		if !failed(d) {
			return errEnded
		}
	case <-ctx.Done():
		return ctx.Err()
	}
	return nil
}
