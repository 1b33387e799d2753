package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"time"

	"yimen/drivers/emulator/disk"
	"yimen/drivers/emulator/machine/system"
	"yimen/provisioning/hall"
	"yimen/provisioning/rehearse/powercut"
	"yimen/provisioning/visitor"
)

// fragile is a terminal whose data lie on a disk that loses power.
type fragile struct {
	*rehearsal
	image  system.Image
	hall   *hall.Hall
	usb    string // folder of the bench's sockets
	disk   *disk.Disk
	socket string // where it is served
	random *rand.Rand
	slips  []string // numbers that residents have seen
}

// cutVisits plays visits at the daemon and cuts the power while their dossiers are kept. What a resident has seen a number of
// must lie at the bureau in the end, once, and the daemon must start again after each cut.
func (v *rehearsal) cutVisits(ctx context.Context, image system.Image, cuts int) (err error) {
	dir, err := os.MkdirTemp("", "yimen-vm-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if v.pack, err = filepath.Abs(v.pack); err != nil {
		return err
	}
	empty, err := powercut.Format(ctx, filepath.Join(dir, "empty"))
	if err != nil {
		return err
	}
	defer empty.Close()
	f := &fragile{rehearsal: v, image: image, usb: filepath.Join(dir, "usb"), socket: filepath.Join(dir, "disk"), random: rand.New(rand.NewPCG(v.seed, 4))}
	if f.disk, err = disk.New(disk.NewMemory(powercut.DiskSize, empty), powercut.DiskSize, disk.Options{}); err != nil {
		return err
	}
	l, err := net.Listen("unix", f.socket)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	served := make(chan error, 1)
	go func() { served <- f.disk.Serve(ctx, l) }()
	defer func() {
		stop()
		err = errors.Join(err, <-served)
	}()
	f.hall, err = hall.Start(ctx, hall.Options{Bin: v.bin, Dir: dir, Pack: v.pack, Frame: "1920x1440", Elsewhere: f.usb, Tell: v.out})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.hall.Stop()) }()
	for n := range cuts {
		if err := f.cut(ctx); err != nil {
			return fmt.Errorf("life %d: %w", n+1, err)
		}
	}
	return f.arrive(ctx)
}

// life boots the terminal and starts its daemon. The machine goes when the disk's power does.
func (f *fragile) life(ctx context.Context) (*guestTerminal, error) {
	t, err := f.boot(ctx, f.image, f.hall, f.usb, f.socket)
	if err != nil {
		return nil, err
	}
	dark := f.disk.Failed()
	go func() {
		select {
		case <-dark:
			t.machine.Kill()
		case <-t.machine.Off():
		}
	}()
	if err := t.start(ctx, f.bin); err != nil {
		err = fmt.Errorf("%w\n%s", err, t.evidence())
		t.machine.Kill()
		return nil, err
	}
	return t, nil
}

// submissionWrites is twice what the daemon writes and flushes from the last touch to the number on the screen: every other resident
// sees one.
const submissionWrites = 50

// cut plays a visit up to the submission, and has the power fail somewhere in it, or soon after the number is shown.
func (f *fragile) cut(ctx context.Context) error {
	ctx, stop := context.WithTimeout(ctx, visitPatience)
	defer stop()
	t, err := f.life(ctx)
	if err != nil {
		return err
	}
	defer t.machine.Kill()
	line, err := visitor.OpenLine(t.screen)
	if err != nil {
		return err
	}
	q := &visitor.Quick{
		Line: line, Bench: &visitor.Bench{Panel: f.hall.Panel}, Card: "liu", Page: "bankbook", Scan: 1,
		Answers: map[string]string{"household_size": "1", "member.1.income_kinds": "none"},
	}
	if _, err := q.To(ctx, "review"); err != nil {
		return fmt.Errorf("%w\n%s", err, t.evidence())
	}
	dark, before := f.disk.Failed(), f.disk.Stats()
	f.disk.FailAfter(f.random.IntN(submissionWrites), f.random.IntN(2) == 0)
	shown, err := f.submit(ctx, q)
	if err != nil {
		return err
	}
	select {
	case <-dark:
	case <-time.After(time.Duration(f.random.IntN(3000)) * time.Millisecond):
	}
	t.machine.Kill()
	loss, err := f.disk.Cut(f.random.Uint64())
	if err != nil {
		return err
	}
	f.counts.cuts++
	after := f.disk.Stats()
	f.tell("cut %d, %d writes and %d flushes after the last touch: the resident saw %s; %d of %d unflushed sectors lost (%s)",
		f.counts.cuts, after.Writes-before.Writes, after.Flushes-before.Flushes, shown, loss.Lost, loss.Cached, loss.Way)
	return q.Bench.TakeCard(ctx)
}

// submit submits, and gives the number that is shown, or says that the power was faster.
func (f *fragile) submit(ctx context.Context, q *visitor.Quick) (shown string, err error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	dark := f.disk.Failed()
	go func() { // nobody looks at a dark screen for longer
		select {
		case <-dark:
			stop()
		case <-ctx.Done():
		}
	}()
	last, err := q.To(ctx, "slip")
	if err != nil {
		select {
		case <-dark:
			return "no number", nil
		default:
			return "", err
		}
	}
	slip := number(last.Text)
	if slip == "" {
		return "", errors.New("the last screen shows no slip number")
	}
	f.slips = append(f.slips, slip)
	return slip, nil
}

// arrive lives once more, and looks for every number at the bureau.
func (f *fragile) arrive(ctx context.Context) error {
	t, err := f.life(ctx)
	if err != nil {
		return err
	}
	defer t.machine.Kill()
	desk := visitor.BureauDesk{URL: f.hall.Bureau}
	for _, slip := range f.slips {
		if _, err := desk.Find(ctx, slip, time.Minute); err != nil {
			return fmt.Errorf("%w\n%s", err, t.evidence())
		}
	}
	all, err := desk.Slips(ctx)
	if err != nil {
		return err
	}
	for slip, ids := range all {
		if len(ids) != 1 {
			return fmt.Errorf("slip %s has %d dossiers", slip, len(ids))
		}
	}
	f.tell("%d cuts in whole visits: %d numbers seen, %d dossiers at the bureau, every number among them", f.counts.cuts, len(f.slips), len(all))
	return nil
}
