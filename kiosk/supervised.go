package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/coreos/go-systemd/v22/daemon"
)

// healthPatience is how long one part of the daemon may take to answer that it is well.
const healthPatience = 5 * time.Second

// supervised tells systemd, where it started the daemon, that all is up, and then again and again that the daemon is well,
// for as long as it is. When it is not, nothing is told: systemd's watchdog ends the daemon and starts it again, and what
// was kept is sent. page is the address of the screen's page.
func (t *terminal) supervised(ctx context.Context, page string, log *slog.Logger) error {
	if _, err := daemon.SdNotify(false, daemon.SdNotifyReady); err != nil {
		return fmt.Errorf("tell systemd: %w", err)
	}
	every, watched := watchdog(os.Getenv("WATCHDOG_USEC"))
	if !watched {
		<-ctx.Done()
		return ctx.Err()
	}
	look := time.NewTicker(every)
	defer look.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-look.C:
		}
		if err := t.well(ctx, page); err != nil {
			log.ErrorContext(ctx, "the daemon is not well: its watchdog is not told otherwise", "err", err)
			continue
		}
		if _, err := daemon.SdNotify(false, daemon.SdNotifyWatchdog); err != nil {
			log.ErrorContext(ctx, "systemd does not hear that the daemon is well", "err", err)
		}
	}
}

// watchdog is how often systemd is to be told, by what it says of its patience in WATCHDOG_USEC (sd_watchdog_enabled(3)):
// three times in that time. Without a number nobody waits for it.
func watchdog(usec string) (every time.Duration, watched bool) {
	patience, err := strconv.ParseInt(usec, 10, 64)
	if err != nil || patience <= 0 {
		return 0, false
	}
	return time.Duration(patience) * time.Microsecond / 3, true
}

// well asks each part without which nobody can be served: the desk's goroutine, the outbox's disk, the screen's page.
func (t *terminal) well(ctx context.Context, page string) error {
	ctx, stop := context.WithTimeout(ctx, healthPatience)
	defer stop()
	if err := t.desk.Answers(ctx); err != nil {
		return fmt.Errorf("desk: %w", err)
	}
	if _, err := t.box.Stats(ctx); err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, page+"healthz", nil)
	if err != nil {
		return fmt.Errorf("page: %w", err)
	}
	resp, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(req) // no proxy: it is our own
	if err != nil {
		return fmt.Errorf("page: %w", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("page: %s", resp.Status)
	}
	return nil
}
