package usb

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"time"

	"golang.org/x/sys/unix"

	"yimen/drivers/device"
	"yimen/drivers/wire"
)

// LP is a printer behind the kernel's driver usblp.
type LP struct {
	Path string // such as /dev/usb/lp0; when empty the printer is found by its Name
	Name Name
	sys  fs.FS // the kernel's sysfs when nil
}

func (p LP) String() string {
	if p.Path != "" {
		return "lp:" + p.Path
	}
	return "lp:" + p.Name.String()
}

// Open takes the printer; the kernel lets nobody else have it. An error wraps device.ErrBusy when another has it, else
// device.ErrGone. The Conn also has PortStatus.
func (p LP) Open() (wire.Conn, error) {
	file, err := p.node()
	if err != nil {
		return nil, err
	}
	f, err := os.OpenFile(file, os.O_RDWR|unix.O_NONBLOCK, 0)
	switch {
	case errors.Is(err, os.ErrPermission):
		return nil, fmt.Errorf("not permitted; have the daemon's user in group lp, to which udev gives printers: %w: %w", device.ErrGone, err)
	case errors.Is(err, unix.EBUSY):
		return nil, fmt.Errorf("%w: %w", device.ErrBusy, err)
	case err != nil:
		return nil, fmt.Errorf("%w: %w", device.ErrGone, err)
	}
	return &lpConn{f}, nil
}

// node gives the device file. The kernel counts lp0, lp1 and on as printers come, so that only a Name stays true.
func (p LP) node() (string, error) {
	if p.Path != "" {
		return p.Path, nil
	}
	sys := p.sys
	if sys == nil {
		sys = sysfs()
	}
	at, err := p.Name.find(sys)
	if err != nil {
		return "", err
	}
	nodes, _ := fs.Glob(sys, path.Join(devices, at.at+":*", "usbmisc", "lp*")) // its only error is a bad pattern
	if len(nodes) == 0 {
		return "", fmt.Errorf("kernel driver usblp does not hold %s at %s: %w", p.Name, at.at, device.ErrGone)
	}
	return "/dev/usb/" + path.Base(nodes[0]), nil
}

// lpConn is the Conn of a device file of usblp.
type lpConn struct{ file *os.File }

// Read waits for at least one byte. See wire.Conn for its errors.
func (c *lpConn) Read(p []byte) (int, error) {
	for {
		n, err := c.file.Read(p)
		if err != io.EOF || len(p) == 0 {
			return n, lpGone(err)
		}
		// usblp hands on a transfer without bytes, which some printers send all the time, as an end of file.
		time.Sleep(emptyPause)
	}
}

// Write waits until the kernel has p on its way to the printer. What is on its way when a deadline passes counts as written.
func (c *lpConn) Write(p []byte) (int, error) {
	n, err := c.file.Write(p)
	return n, lpGone(err)
}

// Close ends a waiting Read and Write. What the printer has not taken is thrown away.
func (c *lpConn) Close() error { return c.file.Close() }

func (c *lpConn) SetReadDeadline(t time.Time) error  { return c.file.SetReadDeadline(t) }
func (c *lpConn) SetWriteDeadline(t time.Time) error { return c.file.SetWriteDeadline(t) }

// lpGetStatus is LPGETSTATUS of linux/lp.h.
const lpGetStatus = 0x060b

// PortStatus asks how the printer's port is: firmware-notes/escpos "Port status" tells the bits. An error may mean no more
// than that this printer does not know the request.
func (c *lpConn) PortStatus() (byte, error) {
	raw, err := c.file.SyscallConn()
	if err != nil {
		return 0, fmt.Errorf("port status: %w", err)
	}
	var status int
	asked := raw.Control(func(fd uintptr) { status, err = unix.IoctlGetInt(int(fd), lpGetStatus) })
	if err := errors.Join(asked, err); err != nil {
		return 0, fmt.Errorf("port status: %w", err)
	}
	return byte(status), nil
}

// lpGone marks every error but a passed deadline: the driver fails otherwise only when the printer was unplugged or closed.
func lpGone(err error) error {
	if err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
		return err
	}
	return fmt.Errorf("%w: %w", device.ErrGone, err)
}
