package printer

import (
	"sync"

	"yimen/drivers/wire"
)

// inboxLimit bounds what is kept of a device that talks without end.
const inboxLimit = 64 << 10

// inbox reads a connection all the time, so that a printer that has something to say never holds up what is sent to it.
type inbox struct {
	mu    sync.Mutex
	bytes []byte
	err   error
	news  chan struct{} // holds one token while there is something to take
}

// newInbox reads conn until it fails, which closing it brings about.
func newInbox(conn wire.Conn) *inbox {
	in := &inbox{news: make(chan struct{}, 1)}
	go in.fill(conn)
	return in
}

func (in *inbox) fill(conn wire.Conn) {
	var chunk [1024]byte
	for {
		n, err := conn.Read(chunk[:])
		in.mu.Lock()
		if len(in.bytes) < inboxLimit {
			in.bytes = append(in.bytes, chunk[:n]...)
		}
		in.err = err
		in.mu.Unlock()
		select {
		case in.news <- struct{}{}:
		default:
		}
		if err != nil {
			return
		}
	}
}

// take gives what has arrived, and the error that ended the connection, if one did.
func (in *inbox) take() ([]byte, error) {
	in.mu.Lock()
	defer in.mu.Unlock()
	b := in.bytes
	in.bytes = nil
	return b, in.err
}
