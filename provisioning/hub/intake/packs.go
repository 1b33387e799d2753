package intake

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"strconv"

	"yimen/kiosk/central"
	"yimen/provisioning/hub/door"
)

// The names of a repository's files: its metadata, and the archives under targets.
var (
	packMetadata = regexp.MustCompile(`^([1-9][0-9]{0,17}\.(root|snapshot|targets)|timestamp)\.json$`)
	packArchive  = regexp.MustCompile(`^[0-9a-f]{64}\.CN(-[0-9]{6})?\.tar$`)
	// of releases: the kind of machine, as Go names it
	releaseArchive = regexp.MustCompile(`^[0-9a-f]{64}\.software-[a-z0-9]{2,20}\.tar$`)
)

// Offer lets terminals read a repository of policy packs. The intake neither makes nor verifies it: terminals do
// not believe the hub about packs. It is called before the first request; without it there is no file.
func (in *Intake) Offer(packs fs.FS) { in.packs = packs }

// OfferReleases does the same with a repository of the terminals' software.
func (in *Intake) OfferReleases(releases fs.FS) { in.releases = releases }

// metadata gives a file that says what is in force: GET /v1/packs/{file}.
func (in *Intake) metadata(w http.ResponseWriter, r *http.Request, _ door.Caller) error {
	return in.file(w, r, in.packs, packMetadata, "", central.MediaMetadata)
}

// archive gives an edition: GET /v1/packs/targets/{file}.
func (in *Intake) archive(w http.ResponseWriter, r *http.Request, _ door.Caller) error {
	return in.file(w, r, in.packs, packArchive, "targets", central.MediaArchive)
}

// releaseMetadata says which release is in force: GET /v1/releases/{file}.
func (in *Intake) releaseMetadata(w http.ResponseWriter, r *http.Request, _ door.Caller) error {
	return in.file(w, r, in.releases, packMetadata, "", central.MediaMetadata)
}

// release gives a release: GET /v1/releases/targets/{file}.
func (in *Intake) release(w http.ResponseWriter, r *http.Request, _ door.Caller) error {
	return in.file(w, r, in.releases, releaseArchive, "targets", central.MediaArchive)
}

// file gives one file of a repository.
func (in *Intake) file(w http.ResponseWriter, r *http.Request, from fs.FS, names *regexp.Regexp, folder, media string) error {
	name := r.PathValue("file")
	if !names.MatchString(name) || from == nil {
		return noPackFile(w)
	}
	f, err := from.Open(path.Join(folder, name))
	if errors.Is(err, fs.ErrNotExist) {
		return noPackFile(w)
	}
	if err != nil {
		return fmt.Errorf("open pack file %s: %w", name, err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("open pack file %s: %w", name, err)
	}
	w.Header().Set("Content-Type", media)
	w.Header().Set("Content-Length", strconv.FormatInt(info.Size(), 10))
	w.Header().Set("Cache-Control", "no-store")
	if _, err := io.Copy(w, f); err != nil {
		// The status is out; the terminal notices the cut by the length and asks again.
		in.log.WarnContext(r.Context(), "pack file cut short", "file", name, "error", err)
	}
	return nil
}

// noPackFile says that there is no such file. It is not worth a line in the log: with every look a terminal asks
// for the root that would come next.
func noPackFile(w http.ResponseWriter) error {
	door.Refuse(w, &central.Problem{Code: central.CodeNotFound, Detail: "there is no such file"})
	return nil
}
