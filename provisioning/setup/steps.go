package setup

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"yimen/kiosk/policy"
	"yimen/provisioning/identity"
)

// anything takes every answer.
func anything(string) error { return nil }

func (r *round) askTerminal(ctx context.Context) (err error) {
	a := &r.Answers
	if a.Terminal, err = r.talk.ask(ctx, "ask.terminal", a.Terminal, checkTerminal); err != nil {
		return err
	}
	if a.Hall.Name, err = r.talk.ask(ctx, "ask.hall", a.Hall.Name, anything); err != nil {
		return err
	}
	a.Hall.Hotline, err = r.talk.ask(ctx, "ask.hotline", a.Hall.Hotline, anything)
	return err
}

// clockFormat is how a person reads and types the time.
const clockFormat = "2006-01-02 15:04"

func (r *round) askClock(ctx context.Context) error {
	for {
		now := r.machine.Now().In(r.Zone)
		right, err := r.talk.agree(ctx, "ask.clock", "now", now.Format(clockFormat))
		if err != nil {
			return err
		}
		if right {
			r.Answers.Clock = ClockChecked
			return nil
		}
		typed, err := r.talk.ask(ctx, "ask.time", "", func(s string) error {
			_, err := time.ParseInLocation(clockFormat, s, r.Zone)
			return err
		})
		if err != nil {
			return err
		}
		at, err := time.ParseInLocation(clockFormat, typed, r.Zone)
		if err == nil {
			err = r.machine.SetClock(at)
		}
		if err != nil {
			r.talk.say("trouble", "why", err.Error())
		}
	}
}

// setClock goes on with a clock that somebody stands for and that is not plainly wrong. Keys, slips and deadlines carry its
// time.
func (r *round) setClock(ctx context.Context) error {
	if r.Answers.Clock == ClockSynchronised && !r.machine.Synchronised(ctx) {
		return errors.New("the network has not set the clock")
	}
	if r.machine.Now().Before(r.Built) {
		return errClock
	}
	return nil
}

func (r *round) askKeys(ctx context.Context) (err error) {
	a := &r.Answers
	here, err := r.talk.agree(ctx, "ask.keys")
	if err != nil {
		return err
	}
	if a.Identity = ""; !here {
		a.Identity, err = r.talk.ask(ctx, "ask.identity", "", func(s string) error {
			_, err := identity.LoadTerminal(s)
			if errors.Is(err, fs.ErrPermission) {
				err = nil // a stick has no modes; the copy will
			}
			return err
		})
	}
	return err
}

// bringKeys copies keys that were made elsewhere. The folder appears whole or not at all.
func (r *round) bringKeys(context.Context) error {
	if r.Answers.Identity == "" {
		return nil // they are made with the certificate
	}
	if here, err := r.known(); here || err != nil {
		return err
	}
	building := r.Site.Identity + ".new"
	if err := os.RemoveAll(building); err != nil {
		return fmt.Errorf("keys: %w", err)
	}
	if err := copyKeys(r.Answers.Identity, building); err != nil {
		return err
	}
	return r.settle(building)
}

// known says whether the terminal's keys are here already. Another terminal's are an error.
func (r *round) known() (bool, error) {
	id, err := identity.LoadTerminal(r.Site.Identity)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	case err != nil:
		return false, err
	case id.Name != r.Answers.Terminal:
		return false, fmt.Errorf("%s holds the keys of terminal %s, not of %s: move them away if this is right", r.Site.Identity, id.Name, r.Answers.Terminal)
	}
	return true, nil
}

// settle puts a folder of keys in its place once it is whole, and gives it to the daemon's user.
func (r *round) settle(building string) error {
	id, err := identity.LoadTerminal(building)
	if err != nil {
		return err
	}
	if id.Name != r.Answers.Terminal {
		return fmt.Errorf("%s holds the keys of terminal %s, not of %s", r.Answers.Identity, id.Name, r.Answers.Terminal)
	}
	if err := r.own(building); err != nil {
		return err
	}
	if err := os.Rename(building, r.Site.Identity); err != nil {
		return fmt.Errorf("keys: %w", err)
	}
	return nil
}

// copyKeys copies a folder of keys, secret ones for their owner alone.
func copyKeys(from, to string) error {
	err := filepath.WalkDir(from, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		inside, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, inside)
		if e.IsDir() {
			return os.MkdirAll(target, 0o700)
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		mode := fs.FileMode(0o644)
		if strings.HasSuffix(path, ".key") {
			mode = 0o600
		}
		return replace(target, b, mode)
	})
	if err != nil {
		return fmt.Errorf("keys from %s: %w", from, err)
	}
	return nil
}

// own gives everything below path to the daemon's user.
func (r *round) own(path string) error {
	if r.UID < 0 {
		return nil
	}
	return filepath.WalkDir(path, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(path, r.UID, r.GID)
	})
}

func (r *round) askEnrol(ctx context.Context) (err error) {
	a := &r.Answers
	if a.Central, err = r.talk.ask(ctx, "ask.central", a.Central, checkCentral); err != nil || a.Identity != "" {
		return err
	}
	if here, err := r.known(); here || err != nil {
		return err
	}
	a.Code, err = r.talk.ask(ctx, "ask.code", "", anything)
	return err
}

// enrol makes keys here and has central certify them, unless they are there. A code counts once and is not kept.
func (r *round) enrol(ctx context.Context) error {
	defer func() { r.Answers.Code = "" }()
	if here, err := r.known(); here || err != nil {
		return err
	}
	building := r.Site.Identity + ".new"
	if err := os.RemoveAll(building); err != nil {
		return fmt.Errorf("keys: %w", err)
	}
	if err := r.machine.Enrol(ctx, r.Answers.Central, r.Answers.Code, r.Answers.Terminal, building); err != nil {
		return err
	}
	return r.settle(building)
}

func (r *round) askPack(ctx context.Context) error {
	ids, err := editions(r.Packs)
	if err != nil {
		return err
	}
	region := "CN-" + r.Answers.Terminal[:6]
	slices.SortStableFunc(ids, func(a, b string) int { // the terminal's own region first
		switch region {
		case a:
			return -1
		case b:
			return 1
		}
		return 0
	})
	if r.Answers.Pack, err = r.talk.choose(ctx, "ask.pack", ids, false, checkPack, "region", region); err != nil {
		return err
	}
	if _, err := identity.PacksRoot(r.Site.Identity); err == nil {
		return nil
	}
	r.Answers.Signers, err = r.talk.choose(ctx, "ask.signers", nil, true, func(s string) error {
		_, err := os.Stat(s)
		return err
	})
	return err
}

// checkEdition looks whether the pack can be used here, and brings who may sign its next editions.
func (r *round) checkEdition(context.Context) error {
	p, err := policy.Load(filepath.Join(r.Packs, r.Answers.Pack))
	if err != nil {
		return err
	}
	if p.Region != "" && p.Region != r.Answers.Terminal[:6] {
		return fmt.Errorf("pack %s is for region %s: the terminal %s stands in another", p.ID, p.Region, r.Answers.Terminal)
	}
	if r.Answers.Signers == "" {
		return nil
	}
	root, err := os.ReadFile(r.Answers.Signers)
	if err != nil {
		return fmt.Errorf("who signs packs: %w", err)
	}
	if err := identity.TrustPacksRoot(r.Site.Identity, root); err != nil {
		return err
	}
	return r.own(r.Site.Identity)
}
