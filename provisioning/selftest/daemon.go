package selftest

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"time"
)

// Socket is the name of the socket in a terminal's data folder on which the daemon, which holds the devices, is asked.
const Socket = "selftest.sock"

var (
	// ErrVisit: a resident stands at the terminal. The devices are theirs; ask again later.
	ErrVisit = errors.New("a visit is going on")
	// ErrBusy: another self-test runs.
	ErrBusy = errors.New("another self-test is running")
	// ErrNoDaemon: nobody answers on the socket, so the devices are free.
	ErrNoDaemon = errors.New("no daemon is running")
)

// longestWait bounds what may be asked of the daemon.
const longestWait = 5 * time.Minute

// visitLook is how often the daemon looks whether a visit has begun.
const visitLook = 100 * time.Millisecond

// Listen makes the socket in folder data, for this user alone. The socket of a daemon that died is replaced: who calls
// Listen holds the data folder's lock.
func Listen(data string) (net.Listener, error) {
	path := filepath.Join(data, Socket)
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("self-test socket: %w", err)
	}
	short, release, err := shortened(data)
	if err != nil {
		return nil, err
	}
	defer release()
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: short, Net: "unix"})
	if err != nil {
		return nil, fmt.Errorf("self-test socket: %w", err)
	}
	l.SetUnlinkOnClose(false) // the short name does not live as long
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("self-test socket: %w", err), l.Close())
	}
	return &socket{Listener: l, path: path}, nil
}

// socket takes its file away when it is closed.
type socket struct {
	net.Listener
	path string
}

func (s *socket) Close() error {
	return errors.Join(s.Listener.Close(), os.Remove(s.path))
}

// shortened names the socket in folder data by way of an open descriptor: a socket's name holds 107 bytes, fewer than
// a folder may have.
func shortened(data string) (name string, release func() error, err error) {
	dir, err := os.Open(data)
	if err != nil {
		return "", nil, fmt.Errorf("self-test socket: %w", err)
	}
	return "/proc/self/fd/" + strconv.Itoa(int(dir.Fd())) + "/" + Socket, dir.Close, nil
}

// line is one line of the daemon's answer: a Step, or the end.
type line struct {
	Step
	End    string  `json:"end,omitempty"` // done, visit or failed
	Report *Report `json:"report,omitempty"`
}

// Answer answers with self-tests of d. It refuses one while idle says that the terminal is not, and breaks it off when a
// visit begins. keep is told what came of each, also of one that was broken off.
func Answer(idle func() bool, d Devices, keep func(Report)) http.Handler {
	return &host{idle: idle, devices: d, keep: keep}
}

// Serve answers on l with h until ctx ends.
func Serve(ctx context.Context, l net.Listener, h http.Handler) error {
	server := &http.Server{Handler: h, ReadHeaderTimeout: time.Second, BaseContext: func(net.Listener) context.Context { return ctx }}
	stop := context.AfterFunc(ctx, func() { server.Close() })
	defer stop()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("self-test socket: %w", err)
	}
	return context.Cause(ctx)
}

// host runs one self-test at a time.
type host struct {
	idle    func() bool
	devices Devices
	keep    func(Report)
	running sync.Mutex
}

func (h *host) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	wait, err := time.ParseDuration(r.URL.Query().Get("wait"))
	if r.Method != http.MethodPost || err != nil || wait <= 0 || wait > longestWait {
		http.Error(w, "want POST with a wait", http.StatusBadRequest)
		return
	}
	if !h.running.TryLock() {
		http.Error(w, ErrBusy.Error(), http.StatusTooManyRequests)
		return
	}
	defer h.running.Unlock()
	if !h.idle() {
		http.Error(w, ErrVisit.Error(), http.StatusConflict)
		return
	}
	ctx, stop := context.WithCancelCause(r.Context())
	defer stop(nil)
	go h.watch(ctx, stop)
	out := json.NewEncoder(w)
	tell := func(l line) {
		if err := errors.Join(out.Encode(l), http.NewResponseController(w).Flush()); err != nil {
			stop(err) // whoever asked has left
		}
	}
	report, err := Run(ctx, h.devices, wait, func(s Step) { tell(line{Step: s}) })
	h.keep(report)
	switch {
	case err == nil:
		tell(line{End: "done", Report: &report})
	case errors.Is(err, ErrVisit):
		tell(line{End: "visit", Report: &report})
	default:
		tell(line{End: "failed", Report: &report})
	}
}

// watch ends the self-test when a visit begins.
func (h *host) watch(ctx context.Context, stop context.CancelCauseFunc) {
	look := time.NewTicker(visitLook)
	defer look.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-look.C:
			if !h.idle() {
				stop(ErrVisit)
				return
			}
		}
	}
}

// Ask has the daemon whose data folder is data run a self-test, and tells its steps as they come. Its errors are
// ErrNoDaemon, ErrVisit (also when a visit broke it off), ErrBusy, or what went wrong on the way.
func Ask(ctx context.Context, data string, wait time.Duration, tell func(Step)) (Report, error) {
	resp, err := Post(ctx, data, "/", url.Values{"wait": {wait.String()}})
	if err != nil {
		return Report{}, err
	}
	defer resp.Body.Close()
	switch resp.StatusCode {
	case http.StatusOK:
		return follow(resp, tell)
	case http.StatusConflict:
		return Report{}, ErrVisit
	case http.StatusTooManyRequests:
		return Report{}, ErrBusy
	}
	return Report{}, fmt.Errorf("ask the daemon: %s", resp.Status)
}

// Post asks the daemon whose data folder is data for what stands at path. Its errors are ErrNoDaemon, or what went wrong
// on the way; the caller closes the answer's body.
func Post(ctx context.Context, data, path string, query url.Values) (*http.Response, error) {
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return dial(ctx, data)
	}}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://daemon"+path+"?"+query.Encode(), nil)
	if err != nil {
		return nil, err
	}
	resp, err := client.Do(req)
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ECONNREFUSED):
		return nil, ErrNoDaemon
	case err != nil:
		return nil, fmt.Errorf("ask the daemon: %w", err)
	}
	return resp, nil
}

func dial(ctx context.Context, data string) (net.Conn, error) {
	name, release, err := shortened(data)
	if err != nil {
		return nil, err
	}
	defer release()
	return new(net.Dialer).DialContext(ctx, "unix", name)
}

// follow reads the daemon's answer to its end.
func follow(resp *http.Response, tell func(Step)) (Report, error) {
	lines := bufio.NewScanner(resp.Body)
	for lines.Scan() {
		var l line
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			return Report{}, fmt.Errorf("the daemon's answer: %w", err)
		}
		switch {
		case l.End == "":
			tell(l.Step)
		case l.Report == nil:
			return Report{}, errors.New("the daemon's answer ends without a report")
		case l.End == "done":
			return *l.Report, nil
		case l.End == "visit":
			return *l.Report, ErrVisit
		default:
			return *l.Report, errors.New("the daemon broke the self-test off")
		}
	}
	return Report{}, errors.Join(errors.New("the daemon's answer breaks off"), lines.Err())
}
