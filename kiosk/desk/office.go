package desk

import (
	"context"
	"errors"
	"time"

	"yimen/drivers/device"
	"yimen/kiosk/journey"
)

// Errors of an Office's copies, each told as the journey.CopyTrouble of its name.
var (
	ErrCopyNone   = errors.New("no such copy")
	ErrCopyClosed = errors.New("copy is closed after wrong codes")
	ErrCopyEnough = errors.New("copy was printed often enough")
)

// Office is what the staff work with at the terminal.
type Office interface {
	// KeepCopy keeps what is printed for a resident, so that it can be printed again. It returns when that is durable.
	KeepCopy(ctx context.Context, of journey.Original, paper device.Slip) error
	// Copies lists what could be printed again, the newest first.
	Copies(ctx context.Context) ([]journey.CopyEntry, error)
	// OpenCopy opens a copy with its code, FetchCopy gets it sealed to the bureau.
	OpenCopy(ctx context.Context, slipNo string, code device.Personal) (device.Slip, error)
	FetchCopy(ctx context.Context, slipNo string) ([]byte, error)
	// CountCopy notes durably who prints a slip again and why: which time that is, and when it was printed first.
	CountCopy(ctx context.Context, c journey.CountCopy) (nth int, first time.Time, err error)
	// PrintCopy and PrintDaySheet put on paper what is no resident's slip printed for the first time.
	PrintCopy(ctx context.Context, paper device.Slip) (device.Printed, error)
	PrintDaySheet(ctx context.Context) (device.Printed, error)
	// Survey tells how the terminal stands.
	Survey(ctx context.Context) (journey.Surveyed, error)
	// PutBack lets an envelope that was refused be sent again, and notes who did that.
	PutBack(ctx context.Context, p journey.PutBack) error
	// Attend notes what a member of the staff did.
	Attend(a journey.Attend)
}

// keepCopy keeps a copy beside the printing, and does not hold it up; the visit waits for it at its end. That there will be
// no copy is told in the log: the resident has the slip.
func (d *Desk) keepCopy(v *visit, e journey.Print) {
	if d.hands.Office == nil || e.Original == nil {
		return
	}
	of := *e.Original
	v.do(func(context.Context) journey.Happening {
		if err := d.hands.Office.KeepCopy(v.lasting, of, e.Slip); err != nil {
			d.log.Error("slip cannot be printed again", "slip", of.SlipNo, "err", err)
		}
		return nil
	})
}

// office carries out what only the staff and whoever wants a slip again ask for.
func (d *Desk) office(v *visit, e journey.Effect) {
	if d.hands.Office == nil {
		return
	}
	switch e := e.(type) {
	case journey.ListCopies:
		v.do(func(ctx context.Context) journey.Happening {
			list, err := d.hands.Office.Copies(ctx)
			return d.copied(journey.CopiesListed{Copies: list}, err)
		})
	case journey.OpenCopy:
		v.do(func(ctx context.Context) journey.Happening {
			paper, err := d.hands.Office.OpenCopy(ctx, e.SlipNo, e.Code)
			return d.copied(journey.CopyOpened{Slip: paper}, err)
		})
	case journey.FetchCopy:
		v.do(func(ctx context.Context) journey.Happening {
			sealed, err := d.hands.Office.FetchCopy(ctx, e.SlipNo)
			return d.copied(journey.CopyFetched{Sealed: sealed}, err)
		})
	case journey.CountCopy:
		v.do(func(context.Context) journey.Happening {
			nth, first, err := d.hands.Office.CountCopy(v.lasting, e)
			return d.copied(journey.CopyCounted{Nth: nth, First: first}, err)
		})
	case journey.Survey:
		v.do(d.survey)
	case journey.PutBack:
		v.do(func(ctx context.Context) journey.Happening {
			if err := d.hands.Office.PutBack(v.lasting, e); err != nil {
				d.log.Error("envelope stays aside", "envelope", e.Envelope, "err", err)
				return journey.NotPutBack{}
			}
			return d.survey(ctx)
		})
	case journey.PrintDaySheet:
		v.do(func(context.Context) journey.Happening {
			return d.printed(d.hands.Office.PrintDaySheet(v.lasting))
		})
	case journey.Attend:
		d.hands.Office.Attend(e)
	}
}

// survey tells how the terminal stands, as far as is known.
func (d *Desk) survey(ctx context.Context) journey.Happening {
	s, err := d.hands.Office.Survey(ctx)
	if err != nil {
		d.log.Error("terminal not surveyed", "err", err)
	}
	return s
}

// copied tells an outcome, or the trouble in its stead.
func (d *Desk) copied(h journey.Happening, err error) journey.Happening {
	switch {
	case err == nil:
		return h
	case errors.Is(err, ErrCopyNone):
		return journey.CopyFault{Trouble: journey.CopyNone}
	case errors.Is(err, ErrCopyClosed):
		return journey.CopyFault{Trouble: journey.CopyClosed}
	case errors.Is(err, ErrCopyEnough):
		return journey.CopyFault{Trouble: journey.CopyEnough}
	}
	d.log.Error("copy of a slip", "err", err)
	return journey.CopyFault{Trouble: journey.CopyBroken}
}
