package report

import (
	"bufio"
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"yimen/provisioning/release"
)

// Software is what runs.
type Software struct {
	Version string
	Digest  string // release.Digest, by which it is compared with what was published; empty where it is no whole release
}

// SoftwareIn reads every file of the release in folder dir. The version is told of a damaged one too.
func SoftwareIn(dir string) (Software, error) {
	var s Software
	version, err := os.ReadFile(filepath.Join(dir, release.VersionName))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return s, fmt.Errorf("software's version: %w", err)
	}
	s.Version = strings.TrimSpace(string(version))
	list, err := release.Verify(dir)
	if err != nil {
		return s, fmt.Errorf("software's digest: %w", err)
	}
	s.Digest = release.Digest(list)
	return s, nil
}

// Disk is the one that envelopes wait on.
type Disk struct {
	Free, Total int64 // bytes, as an ordinary user may use them; Total 0 if they could not be read
	Unchecked   bool  // a disk of its own that /etc/fstab has mounted without a check after a power cut
}

// DiskOf looks at the disk of folder dir.
func DiskOf(dir string) Disk {
	var s unix.Statfs_t
	if err := unix.Statfs(dir, &s); err != nil {
		return Disk{}
	}
	d := Disk{Free: int64(s.Bavail) * s.Bsize, Total: int64(s.Blocks) * s.Bsize}
	if table, err := os.ReadFile("/etc/fstab"); err == nil {
		d.Unchecked = unchecked(table, dir)
	}
	return d
}

// unchecked says whether the file system table mounts dir, or a folder that it lies in other than the root, with a sixth
// field of 0 (fstab(5)): such a disk is mounted after a power cut as it is.
func unchecked(table []byte, dir string) bool {
	best, pass := "/", "1"
	for lines := bufio.NewScanner(bytes.NewReader(table)); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		if len(fields) < 4 || strings.HasPrefix(fields[0], "#") || fields[2] == "tmpfs" {
			continue
		}
		at := filepath.Clean(fields[1])
		if inside := at == dir || strings.HasPrefix(dir, at+"/"); !inside || len(at) <= len(best) {
			continue
		}
		best, pass = at, "0"
		if len(fields) > 5 {
			pass = fields[5]
		}
	}
	return pass == "0"
}

// ClockKept says whether the network keeps the clock: the kernel knows (adjtimex(2), STA_UNSYNC).
func ClockKept() bool {
	const unsynchronised = 0x0040
	var t unix.Timex
	_, err := unix.Adjtimex(&t)
	return err == nil && t.Status&unsynchronised == 0
}

// CertificateIn gives until when the certificate in a terminal's identity folder is good; zero where it cannot be read.
func CertificateIn(identity string) time.Time {
	b, err := os.ReadFile(filepath.Join(identity, "tls.pem"))
	if err != nil {
		return time.Time{}
	}
	block, _ := pem.Decode(b)
	if block == nil {
		return time.Time{}
	}
	c, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return time.Time{}
	}
	return c.NotAfter
}
