package machine

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/png"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// monitor speaks QMP, QEMU's own protocol: one JSON object a line.
type monitor struct {
	conn net.Conn
	in   *bufio.Reader

	mu    sync.Mutex // one request at a time
	ready bool       // capabilities are negotiated
}

func newMonitor(conn net.Conn) *monitor { return &monitor{conn: conn, in: bufio.NewReader(conn)} }

type qmpAnswer struct {
	Return json.RawMessage
	Error  *struct{ Desc string }
}

// ask sends a request and waits for its answer.
func (m *monitor) ask(ctx context.Context, execute string, arguments map[string]any) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if deadline, ok := ctx.Deadline(); ok {
		if err := m.conn.SetDeadline(deadline); err != nil {
			return err
		}
		defer func() { _ = m.conn.SetDeadline(time.Time{}) }()
	}
	if !m.ready {
		if err := m.one("qmp_capabilities", nil); err != nil {
			return err
		}
		m.ready = true
	}
	return m.one(execute, arguments)
}

func (m *monitor) one(execute string, arguments map[string]any) error {
	request := map[string]any{"execute": execute}
	if arguments != nil {
		request["arguments"] = arguments
	}
	if err := json.NewEncoder(m.conn).Encode(request); err != nil {
		return fmt.Errorf("%s: %w", execute, err)
	}
	for {
		line, err := m.in.ReadBytes('\n')
		if err != nil {
			return fmt.Errorf("%s: %w", execute, err)
		}
		var a qmpAnswer
		if err := json.Unmarshal(line, &a); err != nil {
			return fmt.Errorf("%s: %w", execute, err)
		}
		switch {
		case a.Error != nil:
			return fmt.Errorf("%s: %s", execute, a.Error.Desc)
		case a.Return != nil:
			return nil
		} // else the greeting, or an event
	}
}

// screenshotPatience bounds a picture when ctx does not.
const screenshotPatience = time.Minute

// Screenshot is what the screen shows.
func (m *Machine) Screenshot(ctx context.Context) (image.Image, error) {
	ctx, stop := context.WithTimeout(ctx, screenshotPatience)
	defer stop()
	file := filepath.Join(m.dir, "screen.png")
	if err := m.monitor.ask(ctx, "screendump", map[string]any{"filename": file, "format": "png"}); err != nil {
		return nil, fmt.Errorf("screenshot: %w", err)
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("screenshot: %w", err)
	}
	defer f.Close()
	img, err := png.Decode(f)
	return img, errors.Join(err, os.Remove(file))
}
