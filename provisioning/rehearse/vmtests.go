package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	"yimen/drivers/emulator/machine"
	"yimen/drivers/emulator/machine/system"
	"yimen/provisioning/hall"
)

// realTests are the drivers' tests that want a real kernel: they find the bench at YIMEN_BENCH, and are skipped by
// make test. The short pattern picks those that use each device and pull its cable once.
var realTests = []struct{ folder, all, short string }{
	{"drivers", "^TestDevicesDoTheSameWhateverTheWayToThem$", "^TestDevicesDoTheSameWhateverTheWayToThem$"},
	{"drivers/usb", ".", "^Test(KernelDriversGetTheirDevicesBack|PortStatusIsThePrintersBothWays|UserWithoutTheRightReadsTheRule)$"},
	{"drivers/uevent", "^TestReal", "^TestReal"},
	{"drivers/camera", "Real", "^TestReal(CameraShowsBothSizes|MetadataNodeIsRefused)$"},
}

// source is where the module's files lie in the machine: tests run in their packages' folders.
const source = "/mnt/source"

// compileTests compiles the drivers' tests into a folder.
func compileTests(ctx context.Context, to string) error {
	for _, t := range realTests {
		cmd := exec.CommandContext(ctx, "go", "test", "-c", "-o", testProgram(to, t.folder), "./"+t.folder)
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("compile the tests of %s: %w\n%s", t.folder, err, out)
		}
	}
	return nil
}

func testProgram(dir, folder string) string {
	return filepath.Join(dir, strings.ReplaceAll(folder, "/", "-")+".test")
}

// machineTests are the machine's own, which boot machines by themselves.
func (v *rehearsal) machineTests(ctx context.Context) error {
	const folder = "drivers/emulator/machine"
	cmd := exec.CommandContext(ctx, "go", "test", "-count=1", "-v", "./"+folder)
	cmd.Env = append(os.Environ(), "YIMEN_VM=1")
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("tests of %s: %w\n%s", folder, err, out)
	}
	v.tell("%s: %d tests passed", folder, len(passed.FindAll(out, -1)))
	return nil
}

// passed is a test or subtest that did not fail, in the words of -test.v.
var passed = regexp.MustCompile(`(?m)^\s*--- PASS: `)

// driverTests runs the drivers' tests in a machine of their own, to which the hall's bench has brought its devices.
// -test.v has them tell what they do; that is shown only when one fails.
func (v *rehearsal) driverTests(ctx context.Context, image system.Image, h *hall.Hall, usb, programs string) error {
	root, err := os.Getwd()
	if err != nil {
		return err
	}
	if err := compileTests(ctx, programs); err != nil {
		return err
	}
	c, err := v.config(image, h, usb)
	if err != nil {
		return err
	}
	c.Share = map[string]string{source: root, "/mnt/tests": programs}
	m, err := v.bootMachine(ctx, c)
	if err != nil {
		return err
	}
	defer m.Kill()
	var failed []error
	for _, t := range realTests {
		pattern := t.short
		if v.soak {
			pattern = t.all
		}
		failed = append(failed, v.runTests(ctx, m, h, t.folder, pattern))
	}
	return errors.Join(failed...)
}

// runTests runs the tests of one folder that match a pattern.
func (v *rehearsal) runTests(ctx context.Context, m *machine.Machine, h *hall.Hall, folder, pattern string) error {
	var out lockedBuffer
	err := m.Exec(ctx, machine.Command{
		Argv: []string{testProgram("/mnt/tests", folder), "-test.v", "-test.run", pattern, "-test.timeout", "1h"}, Dir: filepath.Join(source, folder),
		Env: []string{"YIMEN_BENCH=" + h.Panel, "YIMEN_SOAK=" + os.Getenv("YIMEN_SOAK")}, Stdout: &out, Stderr: &out,
	})
	n := len(passed.FindAllString(out.String(), -1))
	if err == nil && n == 0 {
		err = errors.New("none ran")
	}
	if err != nil {
		return fmt.Errorf("tests of %s: %w\n%s", folder, err, out.String())
	}
	v.counts.tests += n
	v.tell("%s: %d tests passed", folder, n)
	return nil
}
