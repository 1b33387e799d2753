package main

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"syscall"
	"time"

	"yimen/provisioning/hub/gate"
)

const (
	headerPatience = 10 * time.Second // for a handshake and a request's headers: a slow stranger holds nothing longer
	idlePatience   = 2 * time.Minute
	goodbye        = 5 * time.Second // for requests under way when the process is told to end
	maxHeader      = 32 << 10        // bytes
)

func listen(address string) (net.Listener, error) {
	listener, err := net.Listen("tcp", address)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("%s is taken by another program; choose another with -listen", address)
	}
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	return listener, nil
}

// serveTLS serves terminals and bureaus, behind a gate that keeps a crowd of others from being in their way. also stands
// in the line that says it listens.
func serveTLS(ctx context.Context, listener net.Listener, handler http.Handler, identity *tls.Config, ready io.Writer, also map[string]string, log *slog.Logger) error {
	at := gate.New(listener, gate.Limits{}, log)
	server := newServer(handler, log)
	server.ConnState = at.Note
	return serveBy(ctx, server, tls.NewListener(at, identity), "https", ready, also)
}

// serve answers requests until ctx ends. When it listens it writes one JSON line with its URL.
func serve(ctx context.Context, listener net.Listener, scheme string, handler http.Handler, ready io.Writer, log *slog.Logger) error {
	return serveBy(ctx, newServer(handler, log), listener, scheme, ready, nil)
}

func newServer(handler http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler: handler, ReadHeaderTimeout: headerPatience, IdleTimeout: idlePatience, MaxHeaderBytes: maxHeader,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
}

func serveBy(ctx context.Context, server *http.Server, listener net.Listener, scheme string, ready io.Writer, also map[string]string) error {
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	line := map[string]string{"url": scheme + "://" + listener.Addr().String()}
	maps.Copy(line, also)
	if err := json.NewEncoder(ready).Encode(line); err != nil {
		server.Close()
		return fmt.Errorf("say that it is ready: %w", err)
	}
	select {
	case err := <-ended:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.Background(), goodbye)
	defer cancel()
	if err := server.Shutdown(grace); err != nil {
		return server.Close() // what was under way was not acknowledged and comes again
	}
	return nil
}
