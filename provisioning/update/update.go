package update

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"time"

	"yimen/kiosk/durable"
	"yimen/provisioning/release"
)

// Machine is what updating asks of the terminal it runs on.
type Machine interface {
	// Lock closes the terminal to visits, or opens it again, and says whether a visit still goes on. Where no daemon
	// answers nobody is served.
	Lock(ctx context.Context, on bool) (was, visit bool, err error)
	// Restart starts daemon and window anew from the release that is current, and waits until they serve.
	Restart(ctx context.Context) error
	// Health is what does not work now, by name. An error says that nobody answers.
	Health(ctx context.Context) (failing []string, err error)
	// Runs says whether a release's programs can run on this system at all.
	Runs(ctx context.Context, dir string) error
}

// Updater is one terminal's.
type Updater struct {
	Dir       string // keeps releases, and the link current
	Installed string // folder of the release that the package brought
	Newest    func(ctx context.Context) (archive []byte, digest string, err error)
	Open      func() bool   // whether the hall is open now: then nothing is changed
	Patience  time.Duration // for devices to come back after a restart
	Machine   Machine
	Log       *slog.Logger
}

// Outcome is how a run ended.
type Outcome string

// The outcomes.
const (
	Current    Outcome = "current"     // nothing newer is there
	Later      Outcome = "later"       // a release lies ready, and somebody is served or the hall is open
	Committed  Outcome = "committed"   // the newer release runs
	RolledBack Outcome = "rolled-back" // the terminal was worse with it: the one before runs again
	Refused    Outcome = "refused"     // it cannot run here, or was rolled back before
)

// state is what must not be forgotten when the power fails.
type state struct {
	Trying  *trial   `json:"trying,omitempty"`
	Refused []string `json:"refused,omitempty"` // digests of releases that were rolled back
	Held    bool     `json:"held,omitempty"`    // we have locked the terminal
}

// trial is a switch that is not committed.
type trial struct {
	From   string   `json:"from"` // folder of the release before
	To     string   `json:"to"`   // folder
	Digest string   `json:"digest"`
	Before []string `json:"before"` // what did not work then either
	Failed bool     `json:"failed"` // it is being taken back
}

// Where the releases are.
const (
	currentLink = "current"
	releasesDir = "releases"
	stateFile   = "state.json"
	halfSuffix  = ".half"
)

func (u *Updater) at(name ...string) string {
	return filepath.Join(append([]string{u.Dir}, name...)...)
}

// Run settles what an earlier run left, looks for a newer release, and brings it where nobody is disturbed.
func (u *Updater) Run(ctx context.Context) (Outcome, error) {
	s, err := u.recover(ctx)
	if err != nil {
		return "", err
	}
	archive, digest, err := u.Newest(ctx)
	if err != nil {
		return "", err
	}
	now, err := u.current()
	if err != nil {
		return "", err
	}
	to := u.at(releasesDir, digest)
	switch {
	case now == to:
		return Current, nil
	case slices.Contains(s.Refused, digest):
		return Refused, nil
	}
	if err := u.lay(archive, to); err != nil {
		return "", err
	}
	if same(now, to) { // the package brought this release
		return Current, u.link(to)
	}
	if older(versionOf(to), versionOf(now)) { // a technician brought a package that is ahead of what was published
		return Current, nil
	}
	if err := u.Machine.Runs(ctx, to); err != nil {
		u.Log.ErrorContext(ctx, "release cannot run here", "digest", digest, "err", err)
		return Refused, u.refuse(s, digest)
	}
	return u.bring(ctx, s, now, to, digest)
}

// same says whether two folders hold the same release.
func same(a, b string) bool {
	one, oneErr := release.Verify(a)
	other, otherErr := release.Verify(b)
	return oneErr == nil && otherErr == nil && bytes.Equal(one, other)
}

// bring switches to a release where nobody is served, and commits it or takes it back.
func (u *Updater) bring(ctx context.Context, s *state, now, to, digest string) (_ Outcome, err error) {
	if u.Open() {
		return Later, nil
	}
	before, err := u.Machine.Health(ctx)
	if err != nil {
		u.Log.WarnContext(ctx, "nobody says how the terminal stands before the update", "err", err)
	}
	if free, err := u.hold(ctx, s); !free || err != nil {
		return Later, err
	}
	s.Trying = &trial{From: now, To: to, Digest: digest, Before: before}
	if err := u.keep(s); err != nil {
		return "", errors.Join(err, u.release(ctx, s))
	}
	if err := u.link(to); err != nil {
		return "", err
	}
	if err := u.Machine.Restart(ctx); err != nil {
		u.Log.ErrorContext(ctx, "the new release does not start", "digest", digest, "err", err)
		return RolledBack, u.back(ctx, s)
	}
	return u.judge(ctx, s)
}

// lookAgain is how long devices are given between two looks.
const lookAgain = 2 * time.Second

// judge commits the release that is tried, or takes it back.
func (u *Updater) judge(ctx context.Context, s *state) (Outcome, error) {
	for end := time.Now().Add(u.Patience); ; {
		failing, err := u.Machine.Health(ctx)
		worse := slices.ContainsFunc(failing, func(what string) bool { return !slices.Contains(s.Trying.Before, what) })
		if err == nil && !worse {
			break
		}
		if !time.Now().Before(end) {
			u.Log.ErrorContext(ctx, "the terminal is worse with the new release", "digest", s.Trying.Digest, "failing", failing, "before", s.Trying.Before, "err", err)
			return RolledBack, u.back(ctx, s)
		}
		select {
		case <-time.After(lookAgain):
		case <-ctx.Done():
			return "", ctx.Err() // judged by the next run
		}
	}
	u.Log.InfoContext(ctx, "release committed", "digest", s.Trying.Digest)
	keep := []string{s.Trying.From, s.Trying.To}
	s.Trying = nil
	if err := u.keep(s); err != nil {
		return "", err
	}
	return Committed, errors.Join(u.release(ctx, s), u.clear(keep))
}

// back makes the release before run again, and notes that the other is not to be tried once more.
func (u *Updater) back(ctx context.Context, s *state) error {
	s.Trying.Failed = true // the daemon may still run it after the link has gone back
	if err := u.keep(s); err != nil {
		return err
	}
	if err := u.link(s.Trying.From); err != nil {
		return err
	}
	if err := u.Machine.Restart(ctx); err != nil {
		return fmt.Errorf("the release before does not start either: %w", err)
	}
	digest := s.Trying.Digest
	s.Trying = nil
	return errors.Join(u.refuse(s, digest), u.release(ctx, s))
}

// recover finishes what an earlier run began: a switch that nobody judged is judged now.
func (u *Updater) recover(ctx context.Context) (*state, error) {
	if err := u.scratch(); err != nil {
		return nil, err
	}
	s, err := u.read()
	if err != nil {
		return nil, err
	}
	if now, err := u.current(); err != nil || !whole(now) { // never by us; a technician may have removed a folder
		u.Log.ErrorContext(ctx, "no whole release is current: the package's own is", "current", now, "err", err)
		if err := u.link(u.Installed); err != nil {
			return nil, err
		}
	}
	switch now, err := u.current(); {
	case err != nil:
		return nil, err
	case s.Trying == nil:
		return s, u.release(ctx, s)
	case s.Trying.Failed:
		return s, u.back(ctx, s)
	case now != s.Trying.To: // it ended before the switch
		s.Trying = nil
		return s, errors.Join(u.keep(s), u.release(ctx, s))
	}
	if err := u.Machine.Restart(ctx); err != nil {
		return s, u.back(ctx, s)
	}
	_, err = u.judge(ctx, s)
	return s, err
}

// hold locks the terminal and says whether it is free. A technician's own lock says that somebody works at it.
func (u *Updater) hold(ctx context.Context, s *state) (free bool, err error) {
	s.Held = true // before it is: a lock that nobody remembers would stay
	if err := u.keep(s); err != nil {
		return false, err
	}
	was, visit, err := u.Machine.Lock(ctx, true)
	if was { // not ours to open
		s.Held = false
		return false, errors.Join(err, u.keep(s))
	}
	if err != nil || visit {
		return false, errors.Join(err, u.release(ctx, s))
	}
	return true, nil
}

// release opens the terminal again if we have locked it.
func (u *Updater) release(ctx context.Context, s *state) error {
	if !s.Held {
		return nil
	}
	if _, _, err := u.Machine.Lock(ctx, false); err != nil {
		return fmt.Errorf("open the terminal again: %w", err)
	}
	s.Held = false
	return u.keep(s)
}

func (u *Updater) refuse(s *state, digest string) error {
	s.Refused = append(s.Refused, digest)
	return u.keep(s)
}

// --- the disk ---

var digestName = regexp.MustCompile(`^[0-9a-f]{64}$`)

// scratch makes the folders, and empties what a power cut left half done.
func (u *Updater) scratch() error {
	if err := os.MkdirAll(u.at(releasesDir), 0o755); err != nil {
		return fmt.Errorf("update: %w", err)
	}
	half, err := filepath.Glob(u.at(releasesDir, "*"+halfSuffix))
	if err != nil {
		return fmt.Errorf("update: %w", err)
	}
	for _, name := range append(half, u.at(currentLink+halfSuffix)) {
		if err := os.RemoveAll(name); err != nil {
			return fmt.Errorf("update: %w", err)
		}
	}
	_, err = durable.Scratch(u.Dir)
	return err
}

// lay unpacks a release; it appears whole or not at all.
func (u *Updater) lay(archive []byte, to string) error {
	if whole(to) {
		return nil
	}
	if err := os.RemoveAll(to); err != nil {
		return fmt.Errorf("update: %w", err)
	}
	half := to + halfSuffix
	if err := Unpack(archive, half); err != nil {
		return errors.Join(err, os.RemoveAll(half))
	}
	if err := os.Rename(half, to); err != nil {
		return fmt.Errorf("update: %w", err)
	}
	return durable.SyncFolder(u.at(releasesDir))
}

// current is the folder of the release in force.
func (u *Updater) current() (string, error) {
	to, err := os.Readlink(u.at(currentLink))
	if err != nil {
		return "", fmt.Errorf("current release: %w", err)
	}
	return to, nil
}

// link makes a release current, in one rename.
func (u *Updater) link(to string) error {
	half := u.at(currentLink + halfSuffix)
	if err := os.Symlink(to, half); err != nil {
		return fmt.Errorf("make %s current: %w", to, err)
	}
	if err := os.Rename(half, u.at(currentLink)); err != nil {
		return fmt.Errorf("make %s current: %w", to, err)
	}
	return durable.SyncFolder(u.Dir)
}

// clear removes releases that are neither of those to keep.
func (u *Updater) clear(keep []string) error {
	entries, err := os.ReadDir(u.at(releasesDir))
	if err != nil {
		return fmt.Errorf("clear releases: %w", err)
	}
	for _, e := range entries {
		if path := u.at(releasesDir, e.Name()); digestName.MatchString(e.Name()) && !slices.Contains(keep, path) {
			if err := os.RemoveAll(path); err != nil {
				return fmt.Errorf("clear releases: %w", err)
			}
		}
	}
	return nil
}

func (u *Updater) read() (*state, error) {
	b, err := os.ReadFile(u.at(stateFile))
	if errors.Is(err, fs.ErrNotExist) {
		return &state{}, nil
	}
	s := &state{}
	if err == nil {
		err = json.Unmarshal(b, s)
	}
	if err != nil {
		return nil, fmt.Errorf("update's state: %w", err)
	}
	return s, nil
}

func (u *Updater) keep(s *state) error {
	b, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("update's state: %w", err)
	}
	return durable.Replace(u.at(stateFile), b, u.at("scratch"))
}
