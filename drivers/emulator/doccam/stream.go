package doccam

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"net/http"
	"time"
)

const boundary = "yimen-frame"

// ServeStream sends pictures until the client goes away (firmware-notes/mjpeg-http "Stream"). The boundary
// and header of the next part follow each picture at once, so that a client sees where a picture ends
// without waiting for the one after it.
func (c *Camera) ServeStream(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "multipart/x-mixed-replace; boundary="+boundary)
	w.Header().Set("Cache-Control", "no-store")
	tick := time.NewTicker(c.beat)
	defer tick.Stop()
	open := false // the next part's header is out already
	var seen []byte
	for n := 0; ; n++ {
		if !c.Faults.On(Stalled) {
			if seen == nil || !c.Faults.Take(Frozen) {
				seen = c.frame(n)
			}
			alive := false
			if alive, open = c.sendFrame(w, seen, open); !alive {
				return
			}
		}
		select {
		case <-r.Context().Done():
			return
		case <-tick.C:
		}
	}
}

// sendFrame writes one part. open says whether its header is out already; the second result, whether the
// next one's is. alive is false when the stream has ended. A panic with http.ErrAbortHandler is how
// net/http is told to drop a connection.
func (c *Camera) sendFrame(w http.ResponseWriter, picture []byte, open bool) (alive, next bool) {
	if c.Faults.On(NoTables) {
		picture = withoutTables(picture)
	}
	if c.Faults.Take(Truncated) {
		picture = picture[:len(picture)/2]
	}
	withLength := c.Faults.On(ContentLength)
	var b bytes.Buffer
	if !open {
		fmt.Fprintf(&b, "--%s\r\nContent-Type: image/jpeg\r\n", boundary)
		if withLength {
			fmt.Fprintf(&b, "Content-Length: %d\r\n", len(picture))
		}
		b.WriteString("\r\n")
	}
	if c.Faults.Take(Cut) {
		b.Write(picture[:len(picture)/3])
		w.Write(b.Bytes())
		http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
	b.Write(picture)
	b.WriteString("\r\n")
	if !withLength {
		fmt.Fprintf(&b, "--%s\r\nContent-Type: image/jpeg\r\n\r\n", boundary)
	}
	if _, err := w.Write(b.Bytes()); err != nil {
		return false, false
	}
	return http.NewResponseController(w).Flush() == nil, !withLength
}

// withoutTables leaves the Huffman tables (DHT) out of a JPEG, as cameras do that count on the standard
// ones (firmware-notes/mjpeg-http "Frames").
func withoutTables(picture []byte) []byte {
	out := append(make([]byte, 0, len(picture)), picture[:2]...)
	for at := 2; at+4 <= len(picture); {
		marker := picture[at+1]
		if marker == 0xDA {
			return append(out, picture[at:]...)
		}
		end := at + 2 + int(binary.BigEndian.Uint16(picture[at+2:]))
		if marker != 0xC4 {
			out = append(out, picture[at:end]...)
		}
		at = end
	}
	return out
}
