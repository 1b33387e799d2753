package inbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"strings"
	"time"

	"github.com/theupdateframework/go-tuf/v2/metadata"

	"yimen/kiosk/durable"
)

// record is the metadata of the repository as it was last accepted: one file, replaced whole, so that no power cut
// leaves metadata of two times together.
type record struct {
	Accepted time.Time `json:"accepted"`
	Files    files     `json:"files"` // by their names in the repository
}

const timestampFile = metadata.TIMESTAMP + ".json"

// latest gives the metadata that later metadata must not be older than, by role.
func (r *record) latest() map[string][]byte {
	roles := map[string][]byte{}
	for name, data := range r.Files {
		role := strings.TrimSuffix(name, ".json")
		if _, after, ok := strings.Cut(role, "."); ok {
			role = after
		}
		if role != metadata.ROOT {
			roles[role] = data
		}
	}
	return roles
}

// next is the record after a refresh that ended with the given versions. got is what was fetched for it; what was
// not fetched again was known before.
func (r *record) next(timestamp, snapshot, targets int64, got files, at time.Time) (*record, error) {
	n := &record{Accepted: at, Files: files{}}
	for name, data := range got {
		if isRoot(name) {
			n.Files[name] = data
		}
	}
	n.Files[timestampFile] = got[timestampFile]
	// A second timestamp of the same version was not looked at any further: the first one stays.
	if before, ok := r.Files[timestampFile]; ok {
		if t, err := metadata.Timestamp().FromBytes(before); err == nil && t.Signed.Version == timestamp {
			n.Files[timestampFile] = before
			n.Accepted = r.Accepted
		}
	}
	for _, name := range []string{version(snapshot, metadata.SNAPSHOT), version(targets, metadata.TARGETS)} {
		data, ok := got[name]
		if !ok {
			data, ok = r.Files[name]
		}
		if !ok {
			return nil, fmt.Errorf("pack repository: %s was not fetched", name)
		}
		n.Files[name] = data
	}
	return n, nil
}

func (r *record) same(other *record) bool {
	return maps.EqualFunc(r.Files, other.Files, func(a, b []byte) bool { return string(a) == string(b) })
}

// readRecord gives an empty record where there is none yet.
func readRecord(file string) (*record, error) {
	data, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		return &record{}, nil
	}
	if err != nil {
		return &record{}, fmt.Errorf("read accepted packs: %w", err)
	}
	r := &record{}
	if err := json.Unmarshal(data, r); err != nil {
		return &record{}, fmt.Errorf("read accepted packs: %w", err)
	}
	return r, nil
}

func (r *record) write(file, scratch string) error {
	data, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("write accepted packs: %w", err)
	}
	return durable.Replace(file, data, scratch)
}
