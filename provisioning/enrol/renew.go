package enrol

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"yimen/kiosk/durable"
	"yimen/provisioning/identity"
)

// Certifier gives the next certificate for a request, as central.Client.Renew does.
type Certifier interface {
	Renew(ctx context.Context, request []byte) (chain []byte, err error)
}

const (
	lookEvery  = time.Hour           // whether it is time
	retryEvery = 6 * time.Hour       // after a try that failed: a month is left when it becomes time
	lastDays   = 10 * 24 * time.Hour // from here on each failure is an error
)

// Keep asks for the next certificate when it is time, until ctx ends. dir is the terminal's folder. A terminal whose
// certificate cannot be renewed goes on with the one it has.
func Keep(ctx context.Context, t *identity.Terminal, dir string, from Certifier, log *slog.Logger) error {
	for {
		wait := lookEvery
		if !time.Now().Before(t.RenewAt()) {
			err := renew(ctx, t, dir, from)
			switch {
			case ctx.Err() != nil:
				return ctx.Err()
			case err == nil:
				log.InfoContext(ctx, "certificate renewed", "ends", t.Ends())
			default:
				wait = retryEvery
				tell := log.WarnContext
				if time.Until(t.Ends()) < lastDays {
					tell = log.ErrorContext
				}
				tell(ctx, "certificate not renewed", "ends", t.Ends(), "err", err)
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(wait):
		}
	}
}

func renew(ctx context.Context, t *identity.Terminal, dir string, from Certifier) error {
	request, err := t.RenewalRequest()
	if err != nil {
		return err
	}
	chain, err := from.Renew(ctx, request)
	if err != nil {
		return err
	}
	scratch, err := durable.Scratch(dir)
	if err != nil {
		return fmt.Errorf("renew certificate: %w", err)
	}
	return t.Renew(dir, scratch, chain)
}
