package wire

import (
	"fmt"
	"net"
	"time"

	"yimen/drivers/device"
)

// TCP is a Port behind a transparent serial server or a network printer (firmware-notes/escpos "Transports").
type TCP struct {
	Addr string // host:port
	// Patience bounds one attempt to connect; zero means three seconds.
	Patience time.Duration
}

// Open connects. An error wraps device.ErrGone.
func (t TCP) Open() (Conn, error) {
	patience := t.Patience
	if patience == 0 {
		patience = 3 * time.Second
	}
	c, err := net.DialTimeout("tcp", t.Addr, patience)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", device.ErrGone, err)
	}
	return c, nil
}

func (t TCP) String() string { return "tcp:" + t.Addr }
