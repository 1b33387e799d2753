package central

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"time"
)

// HeartbeatsPath is where terminals tell how they are.
const HeartbeatsPath = "/v1/heartbeats"

// MaxHeartbeat bounds a heartbeat in bytes.
const MaxHeartbeat = 32 << 10

// Heartbeat tells how a terminal is. It says nothing about a person: numbers, words of closed sets, and digests.
// Spans are by the terminal's own steady clock and hold though its time of day be wrong.
type Heartbeat struct {
	Format   int           `json:"format"`
	At       time.Time     `json:"at"`      // by the terminal's clock
	Running  int64         `json:"running"` // seconds since the daemon started
	Screen   ScreenState   `json:"screen"`
	Devices  []DeviceState `json:"devices"`
	Outbox   OutboxState   `json:"outbox"`
	Journal  string        `json:"journal"` // the head: number:sum; empty where nothing was written
	Pack     PackState     `json:"pack"`
	Events   int64         `json:"events"`         // number of the last event accepted
	Software string        `json:"software"`       // SHA-256 over the release, hexadecimal; empty if not known
	Skew     *int64        `json:"skew,omitempty"` // milliseconds that the terminal found its clock ahead of central's
	Free     int64         `json:"free"`           // bytes on the data folder's disk
}

// ScreenState is what the screen shows and since when.
type ScreenState struct {
	Name    string `json:"name"`
	Resting bool   `json:"resting"` // nobody is here: it may stay as it is for ever
	Age     int64  `json:"age"`     // seconds since anything on it changed
}

// DeviceState is how a device says it is, in XFS4IoT's words.
type DeviceState struct {
	ID    string `json:"id"`
	State string `json:"state"`
	Paper string `json:"paper,omitempty"`
	Media string `json:"media,omitempty"`
}

// OutboxState is the outbox in numbers.
type OutboxState struct {
	Waiting     int   `json:"waiting"`
	Bytes       int64 `json:"bytes"`  // that wait
	Oldest      int64 `json:"oldest"` // seconds since the oldest waiting entry was put; 0 if none waits
	Delivered   int   `json:"delivered"`
	Quarantined int   `json:"quarantined"`
}

// PackState is the edition of the policy pack that visits go by.
type PackState struct {
	ID      string `json:"id"`
	Edition string `json:"edition"`
	Digest  string `json:"digest"`
	Trouble bool   `json:"trouble"` // the newest was not accepted
}

// Beat is central's answer to a heartbeat.
type Beat struct {
	At    time.Time `json:"at"`    // by central's clock
	Every int       `json:"every"` // seconds until the next one is expected
}

const heartbeatFormat = 1

var (
	stateWord = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]{0,31}$`)
	packWord  = regexp.MustCompile(`^[A-Za-z0-9._:+-]{0,128}$`)
	headForm  = regexp.MustCompile(`^([0-9]{1,10}:[0-9a-f]{64})?$`)
	sha256Hex = regexp.MustCompile(`^([0-9a-f]{64})?$`)
)

// Check names what cannot be in a heartbeat.
func (h Heartbeat) Check() error {
	switch {
	case h.Format != heartbeatFormat:
		return fmt.Errorf("format %d", h.Format)
	case h.At.IsZero() || h.Running < 0 || h.Events < 0 || h.Free < 0:
		return fmt.Errorf("at %v, running %d, events %d, free %d", h.At, h.Running, h.Events, h.Free)
	case !stateWord.MatchString(h.Screen.Name) || h.Screen.Age < 0:
		return fmt.Errorf("screen %q for %d s", h.Screen.Name, h.Screen.Age)
	case len(h.Devices) > 32:
		return fmt.Errorf("%d devices", len(h.Devices))
	case !headForm.MatchString(h.Journal):
		return fmt.Errorf("journal head %q", h.Journal)
	case !packWord.MatchString(h.Pack.ID) || !packWord.MatchString(h.Pack.Edition) || !packWord.MatchString(h.Pack.Digest):
		return fmt.Errorf("pack %q, edition %q, digest %q", h.Pack.ID, h.Pack.Edition, h.Pack.Digest)
	case !sha256Hex.MatchString(h.Software):
		return fmt.Errorf("software %q", h.Software)
	}
	for _, d := range h.Devices {
		if !stateWord.MatchString(d.ID) || !stateWord.MatchString(d.State) || d.Paper != "" && !stateWord.MatchString(d.Paper) || d.Media != "" && !stateWord.MatchString(d.Media) {
			return fmt.Errorf("device %+v", d)
		}
	}
	if o := h.Outbox; o.Waiting < 0 || o.Bytes < 0 || o.Oldest < 0 || o.Delivered < 0 || o.Quarantined < 0 {
		return fmt.Errorf("outbox %+v", o)
	}
	return nil
}

// ParseHeartbeat reads a heartbeat and checks it.
func ParseHeartbeat(body []byte) (Heartbeat, error) {
	var h Heartbeat
	if err := strictJSON(body, &h); err != nil {
		return Heartbeat{}, fmt.Errorf("heartbeat: %w", err)
	}
	if err := h.Check(); err != nil {
		return Heartbeat{}, fmt.Errorf("heartbeat: %w", err)
	}
	return h, nil
}

// Beat tells central how the terminal is, and gives its answer with the moment in the middle of the exchange by the
// terminal's clock, to which the answer's time is compared. For a terminal.
func (c *Client) Beat(ctx context.Context, h Heartbeat) (answer Beat, middle time.Time, err error) {
	h.Format = heartbeatFormat
	sent := time.Now()
	body, err := c.exchangeBy(ctx, c.waits, http.MethodPost, HeartbeatsPath, h, http.StatusOK)
	if err != nil {
		return Beat{}, time.Time{}, fmt.Errorf("heartbeat: %w", err)
	}
	if err := strictJSON(body, &answer); err != nil {
		return Beat{}, time.Time{}, fmt.Errorf("heartbeat: %w: %v", ErrNotCentral, err)
	}
	return answer, sent.Add(time.Since(sent) / 2), nil
}
