package report

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// Software is what runs.
type Software struct {
	Version string
	Digest  string // SHA-256 over the programs of the release, 64 hexadecimal digits; empty if one could not be read
}

// programs are what a release consists of.
var programs = []string{"kiosk", "provisioning", "shell"}

// SoftwareIn reads the release in folder dir: its version, and the digest by which it is compared with what was published.
// The digest is that of the lines "digest  name" of its programs in the order of their names, as sha256sum prints them.
func SoftwareIn(dir string) (Software, error) {
	var s Software
	version, err := os.ReadFile(filepath.Join(dir, "VERSION"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return s, fmt.Errorf("software's version: %w", err)
	}
	s.Version = strings.TrimSpace(string(version))
	var lines bytes.Buffer
	for _, name := range programs {
		sum, err := digestOf(filepath.Join(dir, name))
		if err != nil {
			return s, fmt.Errorf("software's digest: %w", err)
		}
		fmt.Fprintf(&lines, "%s  %s\n", sum, name)
	}
	whole := sha256.Sum256(lines.Bytes())
	s.Digest = hex.EncodeToString(whole[:])
	return s, nil
}

func digestOf(file string) (string, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
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
