// Package uevent tells which USB devices are plugged into the machine and pulled out, whosever they are, as the kernel says it
// over netlink (firmware-notes/linux "Plugging").
package uevent

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strconv"

	"golang.org/x/sys/unix"
)

// Plug is one device that came or went.
type Plug struct {
	Vendor, Product uint16 // as the device says of itself
	In              bool
}

// kernelGroup is the netlink group of what the kernel itself says; udev's own talk is another's.
const kernelGroup = 1

// messageLimit is the longest message: a page and its header.
const messageLimit = 8 << 10

// Watch calls f for each device until ctx ends. Messages that were lost because nobody read them in time are told by lost.
func Watch(ctx context.Context, f func(Plug), lost func()) error {
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_KOBJECT_UEVENT)
	if err != nil {
		return fmt.Errorf("hear of plugged devices: %w", err)
	}
	defer unix.Close(fd)
	if err := unix.Bind(fd, &unix.SockaddrNetlink{Family: unix.AF_NETLINK, Groups: kernelGroup}); err != nil {
		return fmt.Errorf("hear of plugged devices: %w", err)
	}
	wake, err := unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK)
	if err != nil {
		return fmt.Errorf("hear of plugged devices: %w", err)
	}
	defer unix.Close(wake)
	woken := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(woken)
		_, _ = unix.Write(wake, []byte{1, 0, 0, 0, 0, 0, 0, 0}) // an eventfd at 0 takes it
	})
	defer func() {
		if !stop() {
			<-woken // wake is closed, and may be somebody else's, only after it was written to
		}
	}()
	return read(ctx, fd, wake, f, lost)
}

// read hands on what comes until ctx ends, which wake tells.
func read(ctx context.Context, fd, wake int, f func(Plug), lost func()) error {
	b := make([]byte, messageLimit)
	polled := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}, {Fd: int32(wake), Events: unix.POLLIN}}
	for {
		if _, err := unix.Poll(polled, -1); err != nil && !errors.Is(err, unix.EINTR) {
			return fmt.Errorf("hear of plugged devices: %w", err)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		n, from, err := unix.Recvfrom(fd, b, unix.MSG_DONTWAIT)
		switch {
		case errors.Is(err, unix.ENOBUFS):
			lost()
		case errors.Is(err, unix.EAGAIN), errors.Is(err, unix.EINTR):
		case err != nil:
			return fmt.Errorf("hear of plugged devices: %w", err)
		case isKernel(from):
			if p, ok := parse(b[:n]); ok {
				f(p)
			}
		}
	}
}

// isKernel tells whether a message is the kernel's own: any program may write to the group's members.
func isKernel(from unix.Sockaddr) bool {
	at, ok := from.(*unix.SockaddrNetlink)
	return ok && at.Pid == 0
}

// parse reads one message: "add@/devices/…" and lines of KEY=value, each ended by a zero byte. ok is false where it tells of
// no USB device that came or went.
func parse(b []byte) (p Plug, ok bool) {
	var action, subsystem, kind, product []byte
	for line := range bytes.SplitSeq(b, []byte{0}) {
		key, value, _ := bytes.Cut(line, []byte("="))
		switch string(key) {
		case "ACTION":
			action = value
		case "SUBSYSTEM":
			subsystem = value
		case "DEVTYPE":
			kind = value
		case "PRODUCT":
			product = value
		}
	}
	if string(subsystem) != "usb" || string(kind) != "usb_device" || string(action) != "add" && string(action) != "remove" {
		return Plug{}, false
	}
	vendor, rest, _ := bytes.Cut(product, []byte("/"))
	model, _, found := bytes.Cut(rest, []byte("/"))
	v, vErr := strconv.ParseUint(string(vendor), 16, 16)
	m, mErr := strconv.ParseUint(string(model), 16, 16)
	if !found || vErr != nil || mErr != nil {
		return Plug{}, false
	}
	return Plug{Vendor: uint16(v), Product: uint16(m), In: string(action) == "add"}, true
}
