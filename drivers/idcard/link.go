package idcard

import (
	"errors"
	"fmt"
	"os"
	"time"

	"yimen/drivers/device"
	"yimen/drivers/wire"
)

// How long the module may take to answer (firmware-notes/sam-v "Sequence and repeat read").
const (
	shortPatience   = time.Second
	addressPatience = 1500 * time.Millisecond
	basePatience    = 3 * time.Second
)

// link asks and answers: one request on the wire at a time.
type link struct {
	conn  wire.Conn
	split splitter
	chunk [4096]byte
	// late is set when an answer is still owed, so that the next request first waits for it to pass.
	late bool
}

// ask sends c and gives the module's reply, whatever its status. A link fault that the module reports is answered by
// sending once more. The error wraps device.ErrSilent, device.ErrProtocol when what came was no answer, or the error of a
// connection that is gone.
func (l *link) ask(c command, patience time.Duration) (reply, error) {
	for attempt := 0; ; attempt++ {
		r, err := l.once(c, patience)
		if err != nil {
			return reply{}, fmt.Errorf("command % X: %w", c[:], err)
		}
		if attempt == 0 && (r.sw == badChecksum || r.sw == badLength) {
			continue
		}
		return r, nil
	}
}

func (l *link) once(c command, patience time.Duration) (reply, error) {
	if err := l.flush(); err != nil {
		return reply{}, err
	}
	deadline := time.Now().Add(patience)
	if err := l.conn.SetWriteDeadline(deadline); err != nil {
		return reply{}, err
	}
	if _, err := l.conn.Write(request(c)); err != nil {
		return reply{}, silent(err)
	}
	if err := l.conn.SetReadDeadline(deadline); err != nil {
		return reply{}, err
	}
	for heard := false; ; {
		if r, ok := l.split.next(); ok {
			return r, nil
		}
		n, err := l.conn.Read(l.chunk[:])
		l.split.push(l.chunk[:n])
		heard = heard || n > 0
		if err != nil {
			l.late = true
			if err = silent(err); heard && err == device.ErrSilent {
				err = fmt.Errorf("no whole frame in what came: %w", device.ErrProtocol)
			}
			return reply{}, err
		}
	}
}

// flush throws away what arrived unasked. After a missed answer it waits until the line has been quiet for a while:
// an answer must never be taken for that of a later question.
func (l *link) flush() error {
	l.split.clear()
	quiet := time.Millisecond
	if l.late {
		quiet = 100 * time.Millisecond
	}
	for until := time.Now().Add(basePatience); time.Now().Before(until); {
		if err := l.conn.SetReadDeadline(time.Now().Add(quiet)); err != nil {
			return err
		}
		if _, err := l.conn.Read(l.chunk[:]); errors.Is(err, os.ErrDeadlineExceeded) {
			l.late = false
			return nil
		} else if err != nil {
			return err
		}
	}
	return fmt.Errorf("line is never quiet: %w", device.ErrProtocol)
}

// silent turns a passed deadline into device.ErrSilent and leaves other errors alone.
func silent(err error) error {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return device.ErrSilent
	}
	return err
}
