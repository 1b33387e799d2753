package system

import (
	"archive/tar"
	"bytes"
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// bzImage is a boot image with a payload, as the kernel's Documentation/arch/x86/boot.rst lays it out.
func bzImage(payload string) []byte {
	b := make([]byte, 5*512+100)
	b[0x1f1] = 4
	copy(b[0x202:], "HdrS")
	binary.LittleEndian.PutUint32(b[0x248:], 100)
	binary.LittleEndian.PutUint32(b[0x24c:], uint32(len(payload)))
	return append(b, payload...)
}

func TestPayloadIsTakenOutOfABootImage(t *testing.T) {
	got, err := bzImagePayload(append(bzImage("a packed kernel"), "a signature"...))
	if err != nil || string(got) != "a packed kernel" {
		t.Errorf("%q %v", got, err)
	}
	whole := bzImage("a packed kernel")
	for _, b := range [][]byte{nil, whole[:0x240], whole[:len(whole)-1], []byte(strings.Repeat("x", 4000))} {
		if got, err := bzImagePayload(b); err == nil {
			t.Errorf("%d bytes gave %q", len(b), got)
		}
	}
}

func FuzzBootImage(f *testing.F) {
	f.Add(bzImage("a packed kernel"))
	f.Add(bzImage(""))
	f.Fuzz(func(t *testing.T, b []byte) {
		payload, err := bzImagePayload(b)
		if err == nil && !bytes.Contains(b, payload) {
			t.Error("a payload that is not there")
		}
	})
}

func TestModulesAreLoadedAfterWhatTheyNeed(t *testing.T) {
	k := kernel{dir: t.TempDir(), release: "6.1.0"}
	must(t, os.MkdirAll(k.modules(), 0o755))
	must(t, os.WriteFile(filepath.Join(k.modules(), "modules.dep"), []byte(
		"kernel/usb/usbcore.ko: kernel/usb/usb-common.ko\nkernel/usb/usb-common.ko:\nkernel/hid/hid.ko:\n"+
			"kernel/hid/usbhid.ko.xz: kernel/hid/hid.ko kernel/usb/usbcore.ko kernel/usb/usb-common.ko\n"), 0o644))
	must(t, os.WriteFile(filepath.Join(k.modules(), "modules.builtin"), []byte("kernel/tty/n-null.ko\n"), 0o644))
	got, err := k.needs([]string{"usbcore", "n_null", "usbhid"})
	want := []string{"kernel/usb/usb-common.ko", "kernel/usb/usbcore.ko", "kernel/hid/hid.ko", "kernel/hid/usbhid.ko.xz"}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%q %v", got, err)
	}
	if _, err := k.needs([]string{"usb_common", "parport"}); err == nil || !strings.Contains(err.Error(), "parport") {
		t.Errorf("a module that is not there: %v", err)
	}
}

func TestPackagesFilesLieWhereLinksLead(t *testing.T) {
	var b bytes.Buffer
	r := &root{w: tar.NewWriter(&b), seen: map[string]bool{}}
	must(t, r.skeleton())
	must(t, r.own([]File{{Path: "/etc/hostname", Mode: 0o644, Text: "ours"}}))
	for _, h := range []tar.Header{
		{Name: "./", Typeflag: tar.TypeDir, Mode: 0o755}, {Name: "./bin/sh", Typeflag: tar.TypeReg, Size: 4, Mode: 0o755},
		{Name: "./usr/bin/", Typeflag: tar.TypeDir, Mode: 0o755}, {Name: "./bin/dash", Typeflag: tar.TypeLink, Linkname: "./bin/sh"},
		{Name: "./etc/hostname", Typeflag: tar.TypeReg, Size: 6, Mode: 0o644}, {Name: "./usr/share/man/man1/sh.1", Typeflag: tar.TypeReg, Size: 4},
	} {
		must(t, r.packaged(&h, strings.NewReader("theirs"[:h.Size])))
	}
	must(t, r.w.Close())
	got := map[string]string{}
	for in := tar.NewReader(&b); ; {
		h, err := in.Next()
		if err == io.EOF {
			break
		}
		must(t, err)
		body, err := io.ReadAll(in)
		must(t, err)
		if _, twice := got[h.Name]; twice {
			t.Errorf("%s is there twice", h.Name)
		}
		got[h.Name] = string(body) + h.Linkname
	}
	for name, want := range map[string]string{"bin": "usr/bin", "usr/bin/sh": "thei", "usr/bin/dash": "usr/bin/sh", "etc/hostname": "ours"} {
		if got[name] != want {
			t.Errorf("%s is %q, want %q", name, got[name], want)
		}
	}
	if _, there := got["usr/share/man/man1/sh.1"]; there {
		t.Error("a manual page that nobody reads is there")
	}
}

func TestMemoryDiskIsWhatTheKernelReads(t *testing.T) {
	var b bytes.Buffer
	c := cpioWriter{w: &b}
	c.add("init", cpioFile, []byte("agent"))
	must(t, c.close())
	want := "070701" + "00000001" + "000081ed" + strings.Repeat("00000000", 2) + "00000001" + "00000000" + "00000005" + strings.Repeat("00000000", 4) +
		"00000005" + "00000000" + "init\x00\x00" + "agent\x00\x00\x00" + "070701"
	if !strings.HasPrefix(b.String(), want) || b.Len()%4 != 0 {
		t.Errorf("%q", b.String())
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
