package centraltest

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing/iotest"
	"time"

	"yimen/kiosk/central"
)

// Trouble stands before a central and spoils what passes, on order. The zero value passes everything.
type Trouble struct {
	mu          sync.Mutex
	down        bool
	portal      int // status of its page; 0 is none
	standing    bool
	lostAnswers func(*http.Request) bool
	twice       bool
	delay       time.Duration
	answers     map[string][]byte // by path suffix: what is answered in central's place
	cutAfter    int64             // bytes of pieces until the next cut; none if negative or 0
	rate        int64             // bytes of pieces a second; unbounded if 0
	received    int64
}

// Down makes every connection break before an answer, or ends that.
func (t *Trouble) Down(down bool) { t.locked(func() { t.down = down }) }

// Portal answers every request with a page of somebody else's under this status; 0 ends that.
func (t *Trouble) Portal(status int) { t.locked(func() { t.portal = status }) }

// LoseAnswers lets central do the work of the requests that which picks and breaks the connection before its
// answer. nil ends that.
func (t *Trouble) LoseAnswers(which func(*http.Request) bool) {
	t.locked(func() { t.lostAnswers = which })
}

// Twice hands every request to central twice, as a line does on which a client's second try overtakes the answer to its
// first. The second answer is the one that comes back.
func (t *Trouble) Twice(on bool) { t.locked(func() { t.twice = on }) }

// DelayAnswers holds every answer back for so long after central has done its work; 0 ends that.
func (t *Trouble) DelayAnswers(by time.Duration) { t.locked(func() { t.delay = by }) }

// StandStill makes central begin every answer and never end it, or ends that.
func (t *Trouble) StandStill(still bool) { t.locked(func() { t.standing = still }) }

// AnswerReceipts answers requests for a receipt with 200 and this body, whatever central would say. nil ends that.
func (t *Trouble) AnswerReceipts(body []byte) {
	t.locked(func() {
		t.answers = map[string][]byte{}
		if body != nil {
			t.answers["/receipt"] = body
		}
	})
}

// CutAfter breaks the connection once, when n more bytes of pieces have come.
func (t *Trouble) CutAfter(n int64) { t.locked(func() { t.cutAfter = n }) }

// SlowTo lets pieces come at so many bytes a second; 0 ends that.
func (t *Trouble) SlowTo(bytesPerSecond int64) { t.locked(func() { t.rate = bytesPerSecond }) }

// Received counts the bytes of pieces that came, those sent again included.
func (t *Trouble) Received() (n int64) {
	t.locked(func() { n = t.received })
	return n
}

func (t *Trouble) locked(f func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	f()
}

// Before puts the trouble before a central.
func (t *Trouble) Before(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var down, still, lost, twice bool
		var portal int
		var delay time.Duration
		var instead []byte
		t.locked(func() {
			down, portal, still, twice, delay = t.down, t.portal, t.standing, t.twice, t.delay
			lost = t.lostAnswers != nil && t.lostAnswers(r)
			for suffix, body := range t.answers {
				if strings.HasSuffix(r.URL.Path, suffix) {
					instead = body
				}
			}
		})
		switch {
		case down:
			cut(w)
		case portal != 0:
			w.Header().Set("Content-Type", "text/html")
			w.WriteHeader(portal)
			io.WriteString(w, "<!doctype html><title>Wi-Fi</title><p>Sign in to go on.")
		case still:
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Content-Length", "2")
			w.WriteHeader(http.StatusOK)
			http.NewResponseController(w).Flush()
			<-r.Context().Done()
		case instead != nil:
			w.Header().Set("Content-Type", "application/json")
			w.Write(instead)
		case lost:
			next.ServeHTTP(discardAnswer{header: http.Header{}, under: w}, t.slowed(w, r))
			cut(w)
		default:
			r = t.slowed(w, r)
			if twice {
				serveFirst(next, w, r)
			}
			next.ServeHTTP(&late{w, delay}, r)
		}
	})
}

// serveFirst has a request served whose answer nobody hears, and leaves it to be served again.
func serveFirst(next http.Handler, w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	under := r.Body
	again := func() io.ReadCloser {
		if err != nil { // it was cut, and is so both times
			return struct {
				io.Reader
				io.Closer
			}{io.MultiReader(bytes.NewReader(body), iotest.ErrReader(err)), under}
		}
		return io.NopCloser(bytes.NewReader(body))
	}
	r.Body = again()
	next.ServeHTTP(discardAnswer{header: http.Header{}, under: w}, r)
	r.Body = again()
}

// late holds an answer back.
type late struct {
	http.ResponseWriter
	by time.Duration
}

func (l *late) WriteHeader(status int) {
	time.Sleep(l.by)
	l.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach the connection.
func (l *late) Unwrap() http.ResponseWriter { return l.ResponseWriter }

// slowed puts the body of a piece on the bad line.
func (t *Trouble) slowed(w http.ResponseWriter, r *http.Request) *http.Request {
	if IsPiece(r) {
		r.Body = &piece{ReadCloser: r.Body, trouble: t, cut: func() { cut(w) }}
	}
	return r
}

// cut breaks the connection with a reset, as a dead line does.
func cut(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if under, ok := conn.(interface{ NetConn() net.Conn }); ok {
		conn = under.NetConn()
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		tcp.SetLinger(0)
	}
	conn.Close()
}

// piece is the body of a PATCH on a bad line.
type piece struct {
	io.ReadCloser
	trouble *Trouble
	cut     func()
}

func (p *piece) Read(b []byte) (int, error) {
	t := p.trouble
	var rate, left int64
	t.locked(func() { rate, left = t.rate, t.cutAfter })
	if left > 0 && int64(len(b)) > left {
		b = b[:left]
	}
	if rate > 0 && int64(len(b)) > max(rate/20, 1) {
		b = b[:max(rate/20, 1)]
	}
	n, err := p.ReadCloser.Read(b)
	if rate > 0 {
		time.Sleep(time.Duration(n) * time.Second / time.Duration(rate))
	}
	cutNow := false
	t.locked(func() {
		t.received += int64(n)
		if t.cutAfter > 0 {
			t.cutAfter -= int64(n)
			cutNow = t.cutAfter <= 0
		}
	})
	if cutNow {
		p.cut()
		return n, io.ErrUnexpectedEOF
	}
	return n, err
}

// discardAnswer swallows an answer.
type discardAnswer struct {
	header http.Header
	under  http.ResponseWriter
}

func (d discardAnswer) Header() http.Header         { return d.header }
func (d discardAnswer) Write(b []byte) (int, error) { return len(b), nil }
func (d discardAnswer) WriteHeader(int)             {}

// Unwrap lets http.ResponseController reach the connection.
func (d discardAnswer) Unwrap() http.ResponseWriter { return d.under }

// IsReceipt picks the requests that ask for a receipt.
func IsReceipt(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/receipt") }

// IsPiece picks the requests that bring a piece of a part.
func IsPiece(r *http.Request) bool {
	return r.Method == http.MethodPatch && strings.HasPrefix(r.URL.Path, central.FilesPath)
}
