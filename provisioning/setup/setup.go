package setup

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"
)

// Site is where things are on a terminal.
type Site struct {
	Config   string // the config file that is written
	Data     string // the daemon's folder
	Identity string // the terminal's keys
	Packs    string // folder of the installed editions
	Progress string // file of the answers so far; only for whoever sets up
	UID, GID int    // the daemon's user; -1 leaves owners as they are
	Root     fs.FS  // the file system, for what is plugged in
	Built    time.Time
	Zone     *time.Location
}

// Machine is what setting up asks of the machine it runs on.
type Machine interface {
	Now() time.Time
	SetClock(t time.Time) error
	// Synchronised says whether the network has set the clock; it may wait a while for that.
	Synchronised(ctx context.Context) bool
	// Enrol makes this terminal's keys in the folder dir, which does not exist yet, and has central certify them by a
	// one-time code.
	Enrol(ctx context.Context, central, code, terminal, dir string) error
	// Start starts the daemon and the window with the config as it is now, and waits until they serve.
	Start(ctx context.Context) error
	// Test tries every device, tells what comes of it, and says whether all passed. Alone, what needs a person is not
	// waited for.
	Test(ctx context.Context, alone bool) (passed bool, err error)
	// Report tells, prints and sends how the terminal stands now.
	Report(ctx context.Context) error
}

var (
	// ErrNotPassed: everything is set up, and a device did not pass its test.
	ErrNotPassed = errors.New("set up, but not every device has passed its test")
	errClock     = errors.New("the clock is wrong: it shows a time before this program was built")
)

// step is one part of the way. ask asks in a dialogue for what it needs; do makes it so, and changes nothing where it is so
// already.
type step struct {
	id  string
	ask func(ctx context.Context) error
	do  func(ctx context.Context) error
}

// round is one run.
type round struct {
	Site
	machine Machine
	talk    *Talk
	progress
	passed bool
}

// steps is the whole way.
func (r *round) steps() []step {
	return []step{
		{"terminal", r.askTerminal, r.nothing},
		{"clock", r.askClock, r.setClock},
		{"keys", r.askKeys, r.bringKeys},
		{"enrol", r.askEnrol, r.enrol},
		{"pack", r.askPack, r.checkEdition},
		{"devices", r.askDevices, r.nothing},
		{"start", r.nothing, r.begin},
		{"test", r.nothing, r.test},
		{"report", r.nothing, r.report},
	}
}

func (r *round) nothing(context.Context) error { return nil }

// Lead leads a person through all steps, or on from where they were; who is through may do one step anew.
func Lead(ctx context.Context, site Site, m Machine, talk *Talk) error {
	r := &round{Site: site, machine: m, talk: talk}
	var err error
	if r.progress, err = readProgress(site.Progress); err != nil {
		return err
	}
	talk.say("hello")
	if err := r.resume(ctx); err != nil {
		return err
	}
	steps := r.steps()
	for i, s := range steps {
		if r.done(s.id) {
			continue
		}
		talk.say("step", "number", fmt.Sprint(i+1), "of", fmt.Sprint(len(steps)), "name", talk.word("step."+s.id))
		if err := r.led(ctx, s); err != nil {
			return err
		}
	}
	talk.say("goodbye")
	return nil
}

// resume says how far it is. Who is through chooses what is done anew; starting, testing and reporting come with it.
func (r *round) resume(ctx context.Context) error {
	if len(r.Done) == 0 {
		return nil
	}
	if len(r.Done) < len(r.steps()) {
		r.talk.say("resume", "done", fmt.Sprint(len(r.Done)))
		return nil
	}
	var names, ids []string
	for _, s := range r.steps() {
		names, ids = append(names, r.talk.word("step."+s.id)), append(ids, s.id)
	}
	name, err := r.talk.choose(ctx, "again", names, false, func(string) error { return errors.New(r.talk.word("again.which")) })
	if err != nil {
		return err
	}
	again := []string{ids[slices.Index(names, name)], "start", "test", "report"}
	r.Done = slices.DeleteFunc(r.Done, func(id string) bool { return slices.Contains(again, id) })
	return r.write(r.Progress)
}

// led asks and does one step until it is done or given up. What went wrong is said, and asked again.
func (r *round) led(ctx context.Context, s step) error {
	for {
		if err := s.ask(ctx); err != nil {
			return err
		}
		if err := r.write(r.Progress); err != nil {
			return err
		}
		err := s.do(ctx)
		if err == nil {
			return r.tick(s)
		}
		if ctx.Err() != nil {
			return err
		}
		r.talk.say("trouble", "why", err.Error())
		again, err := r.talk.agree(ctx, "retry")
		if err != nil {
			return err
		}
		if !again {
			return ErrBrokenOff
		}
	}
}

// tick notes that a step is done.
func (r *round) tick(s step) error {
	if !r.done(s.id) {
		r.Done = append(r.Done, s.id)
	}
	return r.write(r.Progress)
}

// Follow sets a terminal up by answers that are all there.
func Follow(ctx context.Context, site Site, m Machine, given Answers, tell func(step string, took time.Duration)) error {
	r := &round{Site: site, machine: m, progress: progress{Answers: given}, passed: true}
	for _, s := range r.steps() {
		began := time.Now()
		if err := s.do(ctx); err != nil {
			return fmt.Errorf("%s: %w", s.id, err)
		}
		if err := r.tick(s); err != nil {
			return err
		}
		tell(s.id, time.Since(began))
	}
	if !r.passed {
		return ErrNotPassed
	}
	return nil
}
