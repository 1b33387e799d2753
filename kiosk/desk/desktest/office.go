package desktest

import (
	"context"
	"time"

	"yimen/drivers/device"
	"yimen/kiosk/journey"
)

// office is what the staff work with.
type office struct{ *Devices }

func (office) KeepCopy(context.Context, journey.Original, device.Slip) error { return nil }

func (office) Attend(journey.Attend) {}

func (office) PutBack(context.Context, journey.PutBack) error { return nil }

func (p office) Copies(ctx context.Context) ([]journey.CopyEntry, error) {
	h, err := wait[journey.CopiesListed](ctx, p.Devices)
	return h.Copies, err
}

func (p office) OpenCopy(ctx context.Context, _ string, _ device.Personal) (device.Slip, error) {
	h, err := wait[journey.CopyOpened](ctx, p.Devices)
	return h.Slip, err
}

func (p office) FetchCopy(ctx context.Context, _ string) ([]byte, error) {
	h, err := wait[journey.CopyFetched](ctx, p.Devices)
	return h.Sealed, err
}

func (p office) CountCopy(ctx context.Context, _ journey.CountCopy) (int, time.Time, error) {
	h, err := wait[journey.CopyCounted](ctx, p.Devices)
	return h.Nth, h.First, err
}

func (p office) PrintCopy(ctx context.Context, paper device.Slip) (device.Printed, error) {
	return printer(p).Print(ctx, paper)
}

func (p office) PrintDaySheet(ctx context.Context) (device.Printed, error) {
	return printer(p).Print(ctx, device.Slip{})
}

func (p office) Survey(ctx context.Context) (journey.Surveyed, error) {
	return wait[journey.Surveyed](ctx, p.Devices)
}
