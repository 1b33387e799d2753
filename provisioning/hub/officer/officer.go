// Package officer is the roster of the office: who may act at the desk, with which duties, known by number and password.
// Passwords are kept as slow digests in one file that nobody else may read.
package officer

import (
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"yimen/kiosk/policy/flow"
	"yimen/provisioning/hub/docket"
)

// rounds makes one guess at a password cost a tenth of a second or so.
const rounds = 600_000

// MinPassword is how many characters a password has at least.
const MinPassword = 8

var idForm = regexp.MustCompile(`^[0-9A-Za-z]{1,12}$`)

// member is an officer as the file has him.
type member struct {
	ID    string      `json:"id"`
	Name  string      `json:"name"`
	Roles []flow.Role `json:"roles"`
	Salt  []byte      `json:"salt"`
	Check string      `json:"check"` // PBKDF2 with HMAC-SHA-256 of the password
}

// Roster is who may act. It is read once; a change of the file is seen when the desk starts anew.
type Roster struct{ members []member }

// Load reads the roster. A file that others may read is refused.
func Load(file string) (*Roster, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, fmt.Errorf("roster: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("roster %s: others may read it: make it 0600", file)
	}
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("roster: %w", err)
	}
	return parse(b)
}

func parse(b []byte) (*Roster, error) {
	r := &Roster{}
	d := json.NewDecoder(strings.NewReader(string(b)))
	d.DisallowUnknownFields()
	if err := d.Decode(&r.members); err != nil {
		return nil, fmt.Errorf("roster: %w", err)
	}
	seen := map[string]bool{}
	for _, m := range r.members {
		if err := m.sound(); err != nil {
			return nil, fmt.Errorf("roster: %w", err)
		}
		if seen[m.ID] {
			return nil, fmt.Errorf("roster: officer %s stands there twice", m.ID)
		}
		seen[m.ID] = true
	}
	return r, nil
}

// duties lists what an officer may be there for.
func duties() []flow.Role { return append(flow.Roles(), flow.Supervise) }

func (m member) sound() error {
	switch {
	case !idForm.MatchString(m.ID):
		return fmt.Errorf("officer %q: a number of letters and digits, up to 12", m.ID)
	case strings.TrimSpace(m.Name) == "" || utf8.RuneCountInString(m.Name) > 30:
		return fmt.Errorf("officer %s: give a name", m.ID)
	case len(m.Roles) == 0 || slices.ContainsFunc(m.Roles, func(r flow.Role) bool { return !slices.Contains(duties(), r) }):
		return fmt.Errorf("officer %s: duties are some of %v", m.ID, duties())
	case len(m.Salt) < 16 || m.Check == "":
		return fmt.Errorf("officer %s: no password", m.ID)
	}
	return nil
}

// Add writes an officer into the file, which is made if there is none; one of the same number is replaced. It is durable
// when it returns.
func Add(file string, o docket.Officer, password string) error {
	if utf8.RuneCountInString(password) < MinPassword {
		return fmt.Errorf("add officer %s: a password has at least %d characters", o.ID, MinPassword)
	}
	r := &Roster{}
	if _, err := os.Stat(file); err == nil {
		if r, err = Load(file); err != nil {
			return err
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("add officer %s: %w", o.ID, err)
	}
	m := member{ID: o.ID, Name: o.Name, Roles: o.Roles, Salt: make([]byte, 16)}
	if _, err := rand.Read(m.Salt); err != nil {
		return fmt.Errorf("add officer %s: %w", o.ID, err)
	}
	m.Check = m.digest(password)
	if err := m.sound(); err != nil {
		return fmt.Errorf("add officer: %w", err)
	}
	r.members = append(slices.DeleteFunc(r.members, func(x member) bool { return x.ID == m.ID }), m)
	return r.save(file)
}

// save writes the file whole beside the old one and puts it in its place.
func (r *Roster) save(file string) error {
	b, err := json.MarshalIndent(r.members, "", "  ")
	if err != nil {
		return fmt.Errorf("write roster: %w", err)
	}
	fresh, err := os.CreateTemp(filepath.Dir(file), ".roster-*") // 0600
	if err != nil {
		return fmt.Errorf("write roster: %w", err)
	}
	defer os.Remove(fresh.Name()) // gone when it was renamed
	_, writeErr := fresh.Write(append(b, '\n'))
	if err := errors.Join(writeErr, fresh.Sync(), fresh.Close()); err != nil {
		return fmt.Errorf("write roster: %w", err)
	}
	if err := os.Rename(fresh.Name(), file); err != nil {
		return fmt.Errorf("write roster: %w", err)
	}
	dir, err := os.Open(filepath.Dir(file))
	if err != nil {
		return fmt.Errorf("write roster: %w", err)
	}
	return errors.Join(dir.Sync(), dir.Close())
}

func (m member) digest(password string) string {
	sum, err := pbkdf2.Key(sha256.New, password, m.Salt, rounds, sha256.Size)
	if err != nil {
		return "" // no password has this digest
	}
	return base64.StdEncoding.EncodeToString(sum)
}

// Check gives the officer of that number if the password is his. Whoever is not on the roster takes as long.
func (r *Roster) Check(id, password string) (docket.Officer, bool) {
	known := member{Salt: make([]byte, 16)}
	i := slices.IndexFunc(r.members, func(m member) bool { return m.ID == id })
	if i >= 0 {
		known = r.members[i]
	}
	digest := known.digest(password)
	right := subtle.ConstantTimeCompare([]byte(digest), []byte(known.Check)) == 1
	if i < 0 || !right || digest == "" {
		return docket.Officer{}, false
	}
	return docket.Officer{ID: known.ID, Name: known.Name, Roles: known.Roles}, true
}

// Name gives an officer's name for what he did once; his number where he has left the roster.
func (r *Roster) Name(id string) string {
	for _, m := range r.members {
		if m.ID == id {
			return m.Name
		}
	}
	return id
}
