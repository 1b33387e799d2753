package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"unsafe"

	"golang.org/x/sys/unix"
)

// turnDeaf has the kernel answer some of this process's flushes without carrying them out, so that a rehearsal can show what
// it is that they prevent. The programs under rehearsal stay as they are: a filter of system calls decides by the call
// and its file descriptor.
//
//   - logs: the databases' logs are not flushed, as with synchronous=NORMAL between two checkpoints.
//   - names: no folder is flushed, nor the outbox's log. What is open for long are databases; any other fsync is a folder's.
func turnDeaf(to string) error {
	switch to {
	case "":
		return nil
	case "logs":
		logs, err := descriptors(func(name string) bool { return strings.HasSuffix(name, "-wal") })
		if err != nil || len(logs) < 3 {
			return fmt.Errorf("turn deaf: the databases' logs are %v, %w", logs, err)
		}
		return filter(append(onCall(unix.SYS_FSYNC, unix.SYS_FDATASYNC), byFile(logs, success, allow)...))
	case "names":
		heard, err := descriptors(func(name string) bool {
			return strings.Contains(name, ".db") && !strings.HasSuffix(name, "outbox.db-wal")
		})
		if err != nil || len(heard) < 5 {
			return fmt.Errorf("turn deaf: the databases are %v, %w", heard, err)
		}
		return filter(append(onCall(unix.SYS_FSYNC, unix.SYS_FSYNC), byFile(heard, allow, success)...))
	}
	return fmt.Errorf("turn deaf to %q: want logs or names", to)
}

// descriptors are the open files whose names fit.
func descriptors(fits func(name string) bool) (found []int, err error) {
	links, err := filepath.Glob("/proc/self/fd/*")
	for _, link := range links {
		name, readErr := os.Readlink(link)
		if readErr != nil || !fits(name) { // the one that reads the folder is closed by now
			continue
		}
		fd, numErr := strconv.Atoi(filepath.Base(link))
		if numErr != nil {
			return nil, numErr
		}
		found = append(found, fd)
	}
	return found, err
}

// A filter is a program over struct seccomp_data (linux/seccomp.h): the call's number at 0, its first argument at 16.
const (
	atCall  = 0
	atFile  = 16
	allow   = 0x7fff0000 // SECCOMP_RET_ALLOW
	success = 0x00050000 // SECCOMP_RET_ERRNO with errno 0: the call answers 0 and is not carried out
	setMode = 1          // SECCOMP_SET_MODE_FILTER
)

func load(at uint32) unix.SockFilter {
	return unix.SockFilter{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: at}
}

func answer(with uint32) unix.SockFilter {
	return unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: with}
}

// ifEqual goes on with the next instruction if what is loaded is value, and otherwise leaves one out.
func ifEqual(value uint32) unix.SockFilter {
	return unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: value, Jf: 1}
}

// onCall lets every call through but two.
func onCall(one, other uint32) []unix.SockFilter {
	both := ifEqual(one)
	both.Jt, both.Jf = 3, 0
	return []unix.SockFilter{load(atCall), both, ifEqual(other), {Code: unix.BPF_JMP | unix.BPF_JA, K: 1}, answer(allow)}
}

// byFile answers one way for these files, and another for others.
func byFile(files []int, these, others uint32) []unix.SockFilter {
	program := []unix.SockFilter{load(atFile)}
	for _, fd := range files {
		program = append(program, ifEqual(uint32(fd)), answer(these))
	}
	return append(program, answer(others))
}

// filter puts the program before every thread of this process, for good.
func filter(program []unix.SockFilter) error {
	runtime.LockOSThread() // the one that may not gain rights is the one that asks
	defer runtime.UnlockOSThread()
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("turn deaf: %w", err)
	}
	f := unix.SockFprog{Len: uint16(len(program)), Filter: &program[0]}
	_, _, errno := unix.Syscall(unix.SYS_SECCOMP, setMode, unix.SECCOMP_FILTER_FLAG_TSYNC, uintptr(unsafe.Pointer(&f)))
	runtime.KeepAlive(program)
	if errno != 0 {
		return fmt.Errorf("turn deaf: %w", errno)
	}
	return nil
}
