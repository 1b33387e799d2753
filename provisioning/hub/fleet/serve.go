package fleet

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"yimen/kiosk/central"
	"yimen/provisioning/hub/door"
	"yimen/provisioning/identity"
)

const (
	// Every is how often a terminal is asked to tell of itself.
	Every = time.Minute

	lookEvery    = 15 * time.Second // for terminals that fell silent
	pruneEvery   = time.Hour
	bodyPatience = 30 * time.Second
)

// Serve is the fleet behind a door: it takes heartbeats.
func (f *Fleet) Serve(at *door.Door) http.Handler {
	return at.Only(f.beat, identity.RoleTerminal)
}

// beat takes a heartbeat: POST /v1/heartbeats. The answer's time is the hub's when it is sent.
func (f *Fleet) beat(w http.ResponseWriter, r *http.Request, from door.Caller) error {
	if err := http.NewResponseController(w).SetReadDeadline(time.Now().Add(bodyPatience)); err != nil {
		return fmt.Errorf("set deadline: %w", err)
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, central.MaxHeartbeat))
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return door.TooLarge(tooLarge.Limit)
	}
	if err != nil {
		return door.Malformed("the body was cut short")
	}
	h, err := central.ParseHeartbeat(body)
	if err != nil {
		return door.Malformed("not a heartbeat")
	}
	if err := f.take(r.Context(), from.Name, h); err != nil {
		return err
	}
	return door.Answer(w, http.StatusOK, central.Beat{At: f.now().UTC(), Every: int(Every / time.Second)})
}

// Run looks for terminals that fell silent, and drops what is too old, until ctx ends.
func (f *Fleet) Run(ctx context.Context) error {
	look, prune := time.NewTicker(lookEvery), time.NewTicker(pruneEvery)
	defer look.Stop()
	defer prune.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-look.C:
			err = f.Look(ctx)
		case <-prune.C:
			err = f.Prune(ctx)
		}
		if err != nil && ctx.Err() == nil {
			f.log.ErrorContext(ctx, "fleet", "err", err) // a full disk passes; terminals are served all the same
		}
	}
}
