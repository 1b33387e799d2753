package powercut

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"time"

	"yimen/drivers/emulator/disk"
	"yimen/drivers/emulator/machine"
)

// Places in the machine.
const (
	device  = "/dev/disk/by-id/virtio-disk0"
	data    = "/run/data"
	program = "/run/bin"
)

// lifePatience bounds a life on a machine that is busy.
const lifePatience = 4 * time.Minute

// terminal is one file system and its lives.
type terminal struct {
	Config
	random *rand.Rand
	disk   *disk.Disk
	socket string // where the disk is served
	report *Report
	ledger *ledger
}

// lives cuts the power so many times, and then lets one life come to its end.
func (t *terminal) lives(ctx context.Context, cuts int) error {
	ctx, stop := context.WithCancel(ctx)
	l, err := net.Listen("unix", t.socket)
	if err != nil {
		stop()
		return err
	}
	served := make(chan error, 1)
	go func() { served <- t.disk.Serve(ctx, l) }()
	for n := 0; n < cuts && err == nil && !t.over(); n++ {
		err = t.cut(ctx)
	}
	if err == nil && !t.over() {
		err = t.last(ctx)
	}
	t.report.Kept += len(t.ledger.kept)
	t.report.Delivered += len(t.ledger.carried)
	t.report.Findings = append(t.report.Findings, t.ledger.findings...)
	stop()
	return errors.Join(err, <-served)
}

// over says that something was found: nobody can tell what such a file system does next.
func (t *terminal) over() bool { return len(t.ledger.findings) > 0 }

// moment is when the power goes: once so many dossiers are kept and the next one is being put, during so many writes
// and flushes more; or, if there is no such number, a while after the last of them was kept.
type moment struct {
	kept    int  // -1: from the beginning, without waiting for the submitter
	writes  int  // -1: the pause counts
	atFlush bool // not before the next flush
	pause   time.Duration
}

// moment draws one. A Put makes some twenty writes and flushes, beginning a life some fifty: nearly everything that can be
// lost is at stake between them, and hardly any time passes there.
func (t *terminal) moment() moment {
	switch t.random.IntN(6) {
	case 0:
		return moment{kept: -1, writes: t.random.IntN(60), atFlush: t.random.IntN(2) == 0}
	case 1:
		return moment{kept: t.random.IntN(6), writes: -1, pause: time.Duration(t.random.IntN(500)) * time.Millisecond}
	default:
		return moment{kept: t.random.IntN(6), writes: t.random.IntN(24), atFlush: t.random.IntN(2) == 0}
	}
}

// cut lives one life up to a random moment.
func (t *terminal) cut(ctx context.Context) error {
	ctx, stop := context.WithTimeout(ctx, lifePatience)
	defer stop()
	when := t.moment()
	if when.kept < 0 {
		t.disk.FailAfter(when.writes, when.atFlush)
	}
	args := []string{"-seed", fmt.Sprint(t.random.Uint32()), "-deaf", t.Control.Deaf}
	if t.random.IntN(2) == 0 {
		args = append(args, "-offline")
	}
	if err := t.live(ctx, when, args); err != nil || t.over() {
		return err
	}
	loss, err := t.disk.Cut(t.random.Uint64())
	if err != nil {
		return err
	}
	t.report.Cuts++
	t.report.Unflushed += loss.Cached
	t.report.Lost += loss.Lost
	fmt.Fprintf(t.Out, "cut %d of %d: %d kept and %d delivered so far; %d of %d unflushed sectors lost (%s)\n",
		t.report.Cuts, t.Cuts, len(t.ledger.kept), len(t.ledger.carried), loss.Lost, loss.Cached, loss.Way)
	return nil
}

// live lives until the moment has come.
func (t *terminal) live(ctx context.Context, when moment, args []string) error {
	m, s, err := t.begin(ctx, args...)
	if errors.Is(err, machine.ErrOff) && failed(t.disk) {
		return nil // it did not get any further
	}
	if err != nil || t.over() {
		return err
	}
	err = s.wait(ctx, when, t.disk)
	m.Kill()
	<-s.ended // every line that was sent is heard
	if t.over() {
		return nil // which is why the submitter may have given up
	}
	return errors.Join(err, s.err)
}

// failed tells whether a disk's power has failed.
func failed(d *disk.Disk) bool {
	select {
	case <-d.Failed():
		return true
	default:
		return false
	}
}

// last lives a life in which everything is delivered, and then looks at the file system.
func (t *terminal) last(ctx context.Context) error {
	ctx, stop := context.WithTimeout(ctx, lifePatience)
	defer stop()
	m, s, err := t.begin(ctx, "-drain")
	if err != nil || t.over() {
		return err
	}
	defer m.Kill()
	select {
	case <-s.ended:
	case <-ctx.Done():
		return fmt.Errorf("drain: %w", ctx.Err())
	}
	if t.over() {
		return nil
	}
	if s.err != nil || !t.ledger.drained {
		return errors.Join(errEnded, s.err)
	}
	out, err := m.Run(ctx, "sh", "-c", "umount "+data+" && e2fsck -f -n "+device)
	var exit *machine.ExitError
	if errors.As(err, &exit) {
		t.ledger.find(Unsound, "", "file system: %s %s", out, exit.Stderr)
		return nil
	}
	return err
}

// begin begins a life: boots, mounts, and sets the submitter to work. A disk that cannot be mounted is a finding; then,
// and after an error, there is no machine.
func (t *terminal) begin(ctx context.Context, args ...string) (*machine.Machine, *submission, error) {
	t.ledger.begin()
	t.report.Boots++
	line, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, nil, err
	}
	port := line.Addr().(*net.TCPAddr).Port
	m, err := machine.Boot(ctx, machine.Config{
		Image: t.Image, MemoryMiB: 512, CPUs: 1, Disks: []string{t.socket}, Share: map[string]string{program: t.Bin}, Forward: []int{port},
	})
	if err != nil {
		return nil, nil, errors.Join(err, line.Close())
	}
	dark := t.disk.Failed()
	go func() { // with the disk's power goes the machine's
		select {
		case <-dark:
			m.Kill()
		case <-m.Off():
		}
	}()
	if err := t.mount(ctx, m); err != nil || t.over() {
		m.Kill()
		return nil, nil, errors.Join(err, line.Close())
	}
	argv := append([]string{program + "/submitter", "-dir", data, "-host", fmt.Sprintf("127.0.0.1:%d", port)}, args...)
	return m, t.submit(ctx, m, line, argv), nil
}

// mount mounts the disk. One that cannot be mounted without a person is a finding.
func (t *terminal) mount(ctx context.Context, m *machine.Machine) error {
	options := "errors=remount-ro,data=ordered"
	if t.Control.Mount != "" {
		options += "," + t.Control.Mount
	}
	out, err := m.Run(ctx, "sh", "-c", "mkdir -p "+data+"; "+Mounting(data, options))
	var exit *machine.ExitError
	if errors.As(err, &exit) {
		t.ledger.find(Unusable, "", "%s%s", out, exit.Stderr)
		return nil
	}
	if err == nil && len(out) > 0 {
		t.report.Repairs++
		fmt.Fprintf(t.Out, "the file system was repaired:\n%s", out)
	}
	return err
}

// Mounting is what a machine's shell does to mount its first disk on a folder. If the kernel does not take it as it is, it says
// why, and has it repaired as far as that goes without a person, which Debian does before each mount (fsck -a).
//
// That matters for disks that write 512 bytes at once, and not 4096. There Linux 6.1 does not take a journal whose last commit block
// was torn (its checksum is over 4096 bytes); e2fsck leaves that transaction out, which nobody was promised. A torn
// superblock, of 1024 bytes, is beyond both: a person has to have it repaired from its copy (e2fsck -b 32768).
func Mounting(folder, options string) string {
	return fmt.Sprintf(`mount -t ext4 -o %[1]s %[2]s '%[3]s' || {
	dmesg | grep -E 'EXT4|JBD2' || :
	e2fsck -p %[2]s || [ $? -eq 1 ] || exit 1
	mount -t ext4 -o %[1]s %[2]s '%[3]s'
}
`, options, device, folder)
}
