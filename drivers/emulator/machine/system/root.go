package system

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// root gathers what a machine's root holds and writes it as a tar archive: owners, modes and links pass from
// the packages to the image without a file system on the host that would have to allow them.
type root struct {
	w    *tar.Writer
	seen map[string]bool // paths written so far
}

// merged are the folders that are links into usr.
var merged = []string{"bin", "sbin", "lib", "lib32", "lib64", "libx32"}

// unneeded is what no machine reads: it would make the image several times as large.
var unneeded = []string{"usr/share/doc/", "usr/share/man/", "usr/share/info/", "usr/share/lintian/", "usr/share/bug/",
	"usr/share/locale/", "usr/share/gtk-doc/", "usr/share/help/", "usr/lib/modules/", "boot/"}

// writeRoot writes the root's image: the packages, the kernel's modules, the recipe's own files, one uncompressed
// squashfs.
func writeRoot(ctx context.Context, to string, debs []string, k kernel, files []File) (err error) {
	pr, pw, err := os.Pipe()
	if err != nil {
		return err
	}
	// Not compressed: an emulated processor would have to unpack it at each boot.
	pack := exec.CommandContext(ctx, "sqfstar", "-quiet", "-no-progress", "-noI", "-noD", "-noF", "-noX", to)
	pack.Stdin = pr
	var complaint strings.Builder
	pack.Stderr = &complaint
	if err := pack.Start(); err != nil {
		return errors.Join(fmt.Errorf("pack the root: %w", err), pr.Close(), pw.Close())
	}
	defer func() {
		err = errors.Join(err, pw.Close(), pr.Close())
		if ended := pack.Wait(); ended != nil {
			err = errors.Join(err, fmt.Errorf("sqfstar: %w: %s", ended, complaint.String()))
		}
	}()
	r := &root{w: tar.NewWriter(pw), seen: map[string]bool{}}
	for _, step := range []func() error{
		r.skeleton,
		func() error { return r.own(files) },
		func() error { return r.debs(ctx, debs) },
		func() error { return r.modules(k) },
		func() error { return r.applets(ctx, debs) },
		r.w.Close,
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// skeleton is what no package brings, or only by its scripts, which are not run here.
func (r *root) skeleton() error {
	for _, d := range []string{"dev", "etc", "lower", "mnt", "over", "proc", "root", "run", "sys", "tmp", "usr", "usr/bin", "usr/sbin", "usr/lib", "usr/lib64", "var", "var/lib", "var/log", "var/tmp"} {
		if err := r.add(&tar.Header{Typeflag: tar.TypeDir, Name: d, Mode: 0o755}, nil); err != nil {
			return err
		}
	}
	for _, d := range merged {
		if err := r.add(&tar.Header{Typeflag: tar.TypeSymlink, Name: d, Linkname: "usr/" + d, Mode: 0o777}, nil); err != nil {
			return err
		}
	}
	return r.add(&tar.Header{Typeflag: tar.TypeSymlink, Name: "var/run", Linkname: "/run", Mode: 0o777}, nil)
}

// own adds the recipe's files; they come before those of the packages, and take their place.
func (r *root) own(files []File) error {
	for _, f := range files {
		name := strings.TrimPrefix(f.Path, "/")
		if err := r.folders(name); err != nil {
			return err
		}
		h := &tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: int64(f.Mode), Size: int64(len(f.Text)), Uid: f.UID, Gid: f.UID}
		if f.Link != "" {
			h = &tar.Header{Typeflag: tar.TypeSymlink, Name: name, Linkname: f.Link, Mode: 0o777}
		}
		if f.Mode.IsDir() {
			h.Typeflag, h.Mode = tar.TypeDir, int64(f.Mode.Perm())
		}
		if err := r.add(h, strings.NewReader(f.Text)); err != nil {
			return err
		}
	}
	return nil
}

func (r *root) debs(ctx context.Context, debs []string) error {
	for _, deb := range debs {
		if err := r.deb(ctx, deb); err != nil {
			return fmt.Errorf("%s: %w", filepath.Base(deb), err)
		}
	}
	return nil
}

// deb adds the files of one package.
func (r *root) deb(ctx context.Context, deb string) (err error) {
	cmd := exec.CommandContext(ctx, "dpkg-deb", "--fsys-tarfile", deb)
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	in := tar.NewReader(out)
	for {
		h, err := in.Next()
		if err == nil {
			err = r.packaged(h, in)
		}
		if err == nil {
			continue
		}
		_, _ = io.Copy(io.Discard, out)
		if ended := cmd.Wait(); err == io.EOF {
			err = ended
		}
		return err
	}
}

// packaged adds one entry of a package, at the place that it has where /bin and /lib are links.
func (r *root) packaged(h *tar.Header, body io.Reader) error {
	name := place(h.Name)
	if name == "" || slices.ContainsFunc(unneeded, func(p string) bool { return strings.HasPrefix(name+"/", p) }) {
		return nil
	}
	if h.Typeflag == tar.TypeLink {
		h.Linkname = place(h.Linkname)
	}
	h.Name = name
	return r.add(h, body)
}

func place(name string) string {
	name = strings.TrimPrefix(path.Clean("/"+name), "/")
	if first, _, _ := strings.Cut(name, "/"); slices.Contains(merged, first) {
		return "usr/" + name
	}
	return name
}

// modules adds the kernel's modules and depmod's lists of them.
func (r *root) modules(k kernel) error {
	return filepath.WalkDir(k.modules(), func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.Type()&fs.ModeSymlink != 0 {
			return err
		}
		within, err := filepath.Rel(k.modules(), file)
		if err != nil {
			return err
		}
		name := path.Join("usr/lib/modules", k.release, filepath.ToSlash(within))
		if err := r.folders(name); err != nil {
			return err
		}
		if d.IsDir() {
			return r.add(&tar.Header{Typeflag: tar.TypeDir, Name: name, Mode: 0o755}, nil)
		}
		body, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		return r.add(&tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: 0o644, Size: int64(len(body))}, strings.NewReader(string(body)))
	})
}

// applets makes a link to busybox for each of its commands that no package brings.
func (r *root) applets(ctx context.Context, debs []string) error {
	i := slices.IndexFunc(debs, func(deb string) bool { return strings.HasPrefix(filepath.Base(deb), "busybox-static_") })
	if i < 0 {
		return nil
	}
	dir, err := os.MkdirTemp("", "yimen-busybox-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := tool(ctx, "dpkg-deb", "-x", debs[i], dir); err != nil {
		return err
	}
	busybox, err := filepath.Glob(filepath.Join(dir, "*", "busybox")) // bin or, in later releases, usr/bin
	if err != nil || len(busybox) == 0 {
		busybox = []string{filepath.Join(dir, "usr", "bin", "busybox")}
	}
	list, err := exec.CommandContext(ctx, busybox[0], "--list").Output()
	if err != nil {
		return fmt.Errorf("busybox --list: %w", err)
	}
	for _, applet := range strings.Fields(string(list)) {
		if r.seen["usr/bin/"+applet] || r.seen["usr/sbin/"+applet] {
			continue
		}
		if err := r.add(&tar.Header{Typeflag: tar.TypeSymlink, Name: "usr/bin/" + applet, Linkname: "busybox", Mode: 0o777}, nil); err != nil {
			return err
		}
	}
	return nil
}

// folders adds the folders above a path that are not there yet.
func (r *root) folders(name string) error {
	var missing []string
	for dir := path.Dir(name); dir != "." && !r.seen[dir]; dir = path.Dir(dir) {
		missing = append(missing, dir)
	}
	for _, dir := range slices.Backward(missing) {
		if err := r.add(&tar.Header{Typeflag: tar.TypeDir, Name: dir, Mode: 0o755}, nil); err != nil {
			return err
		}
	}
	return nil
}

// add writes one entry; a path that is there already keeps what it has.
func (r *root) add(h *tar.Header, body io.Reader) error {
	if r.seen[h.Name] {
		return nil
	}
	r.seen[h.Name] = true
	h.Format, h.PAXRecords = tar.FormatPAX, nil                                       // capabilities are not carried over
	h.ModTime, h.AccessTime, h.ChangeTime = time.Unix(1, 0), time.Time{}, time.Time{} // same packages, same image
	if err := r.w.WriteHeader(h); err != nil {
		return err
	}
	if body == nil || h.Size == 0 {
		return nil
	}
	_, err := io.Copy(r.w, body)
	return err
}
