package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os/exec"
	"path/filepath"
	"strings"

	"yimen/provisioning/config"
	"yimen/provisioning/report"
	"yimen/provisioning/selftest"
)

// updatedMachine is the terminal that an update runs on, as root.
type updatedMachine struct {
	config string
}

func (m updatedMachine) read() (config.Config, error) { return config.Read(m.config) }

// Lock asks the daemon. Where none answers, nobody can begin a visit either.
func (m updatedMachine) Lock(ctx context.Context, on bool) (was, visit bool, err error) {
	cfg, err := m.read()
	if err != nil {
		return false, false, err
	}
	wanted := "no"
	if on {
		wanted = "yes"
	}
	var now report.Latch
	err = askDaemon(ctx, cfg, report.LatchPath, url.Values{"lock": {wanted}}, &now)
	if errors.Is(err, selftest.ErrNoDaemon) {
		return false, false, nil
	}
	return now.Was, now.Visit, err
}

const (
	daemonUnit = "yimen.service"
	windowUnit = "yimen-screen.service"
)

// Restart starts both anew. Each says itself when it serves: the daemon when its page is there, the window when something is
// seen. A window that did not run before, as on a terminal without a panel, need not run now.
func (m updatedMachine) Restart(ctx context.Context) error {
	shown := exec.CommandContext(ctx, "systemctl", "is-active", "--quiet", windowUnit).Run() == nil
	units := []string{daemonUnit}
	if shown {
		units = append(units, windowUnit)
	}
	for _, unit := range units {
		if said, err := exec.CommandContext(ctx, "systemctl", "restart", unit).CombinedOutput(); err != nil {
			return fmt.Errorf("restart %s: %w: %s", unit, err, strings.TrimSpace(string(said)))
		}
	}
	return nil
}

// Health is what fails in the readiness report.
func (m updatedMachine) Health(ctx context.Context) ([]string, error) {
	cfg, err := m.read()
	if err != nil {
		return nil, err
	}
	answer, err := askReport(ctx, cfg, false)
	if err != nil {
		return nil, err
	}
	var failing []string
	for _, i := range answer.Report.Items {
		if i.Outcome == selftest.Failed {
			failing = append(failing, i.ID)
		}
	}
	return failing, nil
}

// usageExit is how our programs end that are only asked how they are used.
const usageExit = 2

// Runs has each program of a release say how it is used: a library that is missing, or another processor, shows then.
func (m updatedMachine) Runs(ctx context.Context, dir string) error {
	for _, program := range []string{"kiosk", "provisioning", "shell"} {
		said, err := exec.CommandContext(ctx, filepath.Join(dir, program), "-h").CombinedOutput()
		var exit *exec.ExitError
		if err != nil && (!errors.As(err, &exit) || exit.ExitCode() != usageExit) {
			return fmt.Errorf("%s: %w: %s", program, err, strings.TrimSpace(string(said)))
		}
	}
	return nil
}
