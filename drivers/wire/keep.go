package wire

import (
	"context"
	"time"
)

// Keep opens port and runs session on the connection, again and again, until ctx ends; between two attempts it
// waits for pause. It closes each connection itself: after session returned, and as soon as ctx ends, which frees
// a session that waits in a read. lost hears of every failed attempt to open and of every end of a session.
// Keep returns the cause of ctx's end.
func Keep(ctx context.Context, port Port, pause time.Duration, session func(context.Context, Conn) error, lost func(error)) error {
	for {
		if err := keepOnce(ctx, port, session); ctx.Err() == nil {
			lost(err)
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(pause):
		}
	}
}

func keepOnce(ctx context.Context, port Port, session func(context.Context, Conn) error) error {
	conn, err := port.Open()
	if err != nil {
		return err
	}
	closed := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		conn.Close()
		close(closed)
	})
	err = session(ctx, conn)
	if stop() {
		conn.Close()
	} else {
		<-closed
	}
	return err
}
