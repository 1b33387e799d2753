package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// descendants are the processes that pid started, and that these started, by id, with their names.
func descendants(t testing.TB, pid int) map[int]string {
	t.Helper()
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	names, parents := map[int]string{}, map[int]int{}
	for _, stat := range stats {
		line, err := os.ReadFile(stat)
		if err != nil {
			continue // it has ended meanwhile
		}
		// 12 (name) S 11 …; the name may hold anything, and is cut off at 15 bytes. See proc(5).
		text := string(line)
		open, end := strings.IndexByte(text, '('), strings.LastIndexByte(text, ')')
		id, _ := strconv.Atoi(strings.TrimSpace(text[:open]))
		names[id] = text[open+1 : end]
		parents[id], _ = strconv.Atoi(strings.Fields(text[end+1:])[1])
	}
	found := map[int]string{}
	for id := range names {
		for up := parents[id]; up != 0; up = parents[up] {
			if up == pid {
				found[id] = names[id]
				break
			}
		}
	}
	return found
}

// descendant waits for a process below pid whose name begins with name, other than the one with the id not.
func descendant(t testing.TB, pid int, name string, not int) int {
	t.Helper()
	found := 0
	eventually(t, fmt.Sprintf("a %s below process %d", name, pid), func() bool {
		for id, called := range descendants(t, pid) {
			if strings.HasPrefix(called, name) && id != not {
				found = id
			}
		}
		return found != 0
	})
	return found
}

// filesHeldForWriting are the files on disk, deleted ones too, that the process can write to.
func filesHeldForWriting(t testing.TB, pid int) []string {
	t.Helper()
	folder := fmt.Sprintf("/proc/%d/", pid)
	entries, err := os.ReadDir(folder + "fd")
	if err != nil {
		t.Fatal(err)
	}
	var held []string
	for _, entry := range entries {
		path, err := os.Readlink(folder + "fd/" + entry.Name())
		if err != nil || !strings.HasPrefix(path, "/") { // pipes, sockets and the like
			continue
		}
		inMemory := false
		for _, mount := range []string{"/dev/", "/proc/", "/memfd:"} {
			inMemory = inMemory || strings.HasPrefix(path, mount)
		}
		if info, err := os.ReadFile(folder + "fdinfo/" + entry.Name()); err == nil && !inMemory && writable(string(info)) {
			held = append(held, path)
		}
	}
	return held
}

// writable reads the open flags of a /proc/PID/fdinfo file.
func writable(info string) bool {
	for line := range strings.Lines(info) {
		if octal, is := strings.CutPrefix(line, "flags:"); is {
			flags, _ := strconv.ParseInt(strings.TrimSpace(octal), 8, 64)
			return int(flags)&(os.O_WRONLY|os.O_RDWR) != 0
		}
	}
	return false
}
