package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/user"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"yimen/provisioning/config"
	"yimen/provisioning/enrol"
	"yimen/provisioning/report"
	"yimen/provisioning/selftest"
	"yimen/provisioning/setup"
)

// initialise sets a terminal up: provisioning init, a dialogue, or provisioning init -answers FILE.
func initialise(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("init", flag.ContinueOnError)
	answers := flags.String("answers", "", "`file` with all answers, instead of the dialogue")
	site := setup.Site{Data: "/var/lib/yimen", Identity: "/var/lib/yimen/identity", Progress: "/var/lib/yimen-software/setup.yaml", Root: os.DirFS("/"), Built: built()}
	flags.StringVar(&site.Config, "config", "/etc/yimen/terminal.yaml", "the config `file` to write")
	flags.StringVar(&site.Packs, "packs", "/usr/share/yimen/packs", "`folder` of the installed policy packs")
	owner := flags.String("owner", "kiosk", "`user` that the daemon runs as")
	if err := parse(flags, args, out); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return usageError{"want -answers FILE, or nothing for the dialogue"}
	}
	var err error
	if site.Zone, err = time.LoadLocation("Asia/Shanghai"); err != nil {
		return fmt.Errorf("init: %w", err)
	}
	if site.UID, site.GID, err = idsOf(*owner); err != nil {
		return err
	}
	m := &thisMachine{config: site.Config, out: out}
	if *answers == "" {
		talk, err := setup.NewTalk(os.Stdin, out)
		if err != nil {
			return err
		}
		return setup.Lead(ctx, site, m, talk)
	}
	given, err := setup.ReadAnswers(*answers)
	if err != nil {
		return err
	}
	return setup.Follow(ctx, site, m, given, func(step string, took time.Duration) {
		fmt.Fprintf(out, "%-8s %6.1f s\n", step, took.Seconds())
	})
}

// built is when this program's source was committed; a clock that shows an earlier time is wrong. Zero where it is not known.
func built() time.Time {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return time.Time{}
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.time" {
			at, err := time.Parse(time.RFC3339, s.Value)
			if err == nil {
				return at
			}
		}
	}
	return time.Time{}
}

// idsOf are a user's numbers.
func idsOf(name string) (uid, gid int, err error) {
	u, err := user.Lookup(name)
	if err != nil {
		return 0, 0, fmt.Errorf("init: %w: is the package installed?", err)
	}
	uid, uidErr := strconv.Atoi(u.Uid)
	gid, gidErr := strconv.Atoi(u.Gid)
	return uid, gid, errors.Join(uidErr, gidErr)
}

// thisMachine is the terminal that init runs on, as root.
type thisMachine struct {
	config string
	out    io.Writer
}

func (m *thisMachine) Now() time.Time { return time.Now() }

// SetClock sets the system's clock and, where there is one, the clock that goes on without power.
func (m *thisMachine) SetClock(t time.Time) error {
	spec := unix.NsecToTimespec(t.UnixNano())
	if err := unix.ClockSettime(unix.CLOCK_REALTIME, &spec); err != nil {
		return fmt.Errorf("set clock: %w", err)
	}
	rtc, err := os.Open("/dev/rtc0")
	if err != nil {
		return nil // a machine without one asks the network after a power cut
	}
	defer rtc.Close()
	u := t.UTC()
	if err := unix.IoctlSetRTCTime(int(rtc.Fd()), &unix.RTCTime{
		Sec: int32(u.Second()), Min: int32(u.Minute()), Hour: int32(u.Hour()), Mday: int32(u.Day()), Mon: int32(u.Month()) - 1, Year: int32(u.Year()) - 1900,
	}); err != nil {
		return fmt.Errorf("set the clock that goes on without power: %w", err)
	}
	return nil
}

// synchronising is how long the network is given to set the clock.
const synchronising = time.Minute

func (m *thisMachine) Synchronised(ctx context.Context) bool {
	ctx, stop := context.WithTimeout(ctx, synchronising)
	defer stop()
	for !report.ClockKept() {
		select {
		case <-ctx.Done():
			return false
		case <-time.After(time.Second):
		}
	}
	return true
}

func (m *thisMachine) Enrol(ctx context.Context, central, code, terminal, dir string) error {
	_, err := enrol.Enrol(ctx, central, code, terminal, dir)
	return err
}

// Start has systemd start the daemon, which says when it serves, and then the window, which need not be seen yet.
func (m *thisMachine) Start(ctx context.Context) error {
	for _, args := range [][]string{{"restart", "yimen.service"}, {"restart", "--no-block", "yimen-screen.service"}} {
		said, err := exec.CommandContext(ctx, "systemctl", args...).CombinedOutput()
		if err != nil {
			return fmt.Errorf("start the terminal: %w: %s", err, strings.TrimSpace(string(said)))
		}
	}
	return nil
}

// aloneWait is how long a card and a code are waited for when nobody is there to bring them.
const aloneWait = time.Second

func (m *thisMachine) Test(ctx context.Context, alone bool) (bool, error) {
	cfg, err := config.Read(m.config)
	if err != nil {
		return false, err
	}
	wait := selftest.Wait
	if alone {
		wait = aloneWait
	}
	var trouble error
	tried, err := selftest.Ask(ctx, cfg.Data, wait, func(s selftest.Step) { trouble = errors.Join(trouble, selftest.Tell(m.out, s)) })
	if err := errors.Join(err, trouble); err != nil {
		return false, err
	}
	passed := true
	for _, r := range tried.Results {
		nobody := alone && r.Remark == selftest.NothingCame
		passed = passed && (r.Outcome != selftest.Failed || nobody)
	}
	return passed, nil
}

// Report tells how the terminal stands, on paper too where the printer can.
func (m *thisMachine) Report(ctx context.Context) error {
	cfg, err := config.Read(m.config)
	if err != nil {
		return err
	}
	answer, err := askReport(ctx, cfg, true)
	if err != nil {
		return err
	}
	if err := report.Tell(m.out, answer.Report); err != nil {
		return err
	}
	if answer.Paper != report.Printed {
		fmt.Fprintf(m.out, "%v: %s %s\n", errPaper, answer.Paper, answer.Cause)
	}
	return nil
}
