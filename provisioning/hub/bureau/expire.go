package bureau

import (
	"context"
	"errors"
	"slices"
	"time"

	"yimen/kiosk/central"
	"yimen/kiosk/household"
)

// Forgetter forgets the parts of a draft whose last day, YYYY-MM-DD, is over; *central.Client is one.
type Forgetter interface {
	LetGo(ctx context.Context, id, until string) error
}

// betweenExpiries is how often it is looked which drafts are over.
const betweenExpiries = time.Hour

// Run has every draft forgotten whose last day is over, now and every hour, until ctx ends. now is in the office's zone.
func (d *Drafts) Run(ctx context.Context, hub Forgetter, now func() time.Time) error {
	for {
		if _, err := d.Expire(ctx, household.DateOf(now()), hub); err != nil && ctx.Err() == nil {
			d.desk.log.WarnContext(ctx, "drafts whose last day is over are not all forgotten, tried again", "error", err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(betweenExpiries):
		}
	}
}

// Expire has the drafts forgotten whose last day lies before today, and gives how many that were. One whose day is not over by
// the hub's clock stays for another time; one that cannot be forgotten holds no other up.
func (d *Drafts) Expire(ctx context.Context, today household.Date, hub Forgetter) (n int, err error) {
	all, err := d.All(ctx)
	if err != nil {
		return 0, err
	}
	for _, p := range all {
		if p.Until == 0 || p.Until >= today {
			continue
		}
		letGo := hub.LetGo(ctx, p.ID, p.Until.String())
		switch {
		case letGo == nil || is(letGo, central.CodeNotFound):
			d.forget(p.ID)
			d.desk.log.InfoContext(ctx, "draft forgotten", "envelope", p.ID, "until", p.Until)
			n++
		case !is(letGo, central.CodeConflict):
			err = errors.Join(err, letGo)
		}
	}
	return n, err
}

// is tells whether the hub said no in the contract's words.
func is(err error, code central.Code) bool {
	var problem *central.Problem
	return errors.As(err, &problem) && problem.Code == code
}

func (d *Drafts) forget(id string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	before := len(d.known)
	d.known = slices.DeleteFunc(d.known, func(p Parked) bool { return p.ID == id })
	d.past += before - len(d.known)
}
