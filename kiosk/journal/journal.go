// Package journal is the hash-chained record of what a terminal did: each record carries the digest of itself and of
// the record before, so that nobody can change, remove or reorder one without the heads that central and the day
// sheets hold telling on it. It says nothing about a person: its events (events.yaml) have no field that could.
//
// It is append-only files of lines, one after the other, not a database: whoever must prove it in a court needs a text
// editor and a digest program, an append is one write and one flush, and there is no page that a later write could spoil.
// Append answers after the flush; so a power cut can tear the last record only, one that nobody was told of.
package journal

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// File is the name of the file that is written in the journal's folder.
const File = "journal.log"

// ErrInUse means that another process writes this journal.
var ErrInUse = errors.New("journal is in use by another process")

// Config is how a new journal is made. One that exists keeps the digest it was begun with.
type Config struct {
	Digest string `yaml:"digest"` // sm3 (default) or sha-256
}

// Validate refuses a digest that does not exist.
func (c Config) Validate() error {
	_, err := c.digest()
	return err
}

func (c Config) digest() (JournalBegunDigest, error) {
	if c.Digest == "" {
		return JournalBegunDigestSm3, nil
	}
	v, err := valueOf(wordsJournalBegunDigest, []byte(c.Digest))
	if err != nil {
		return 0, fmt.Errorf("digest: %q: want sm3 or sha-256", c.Digest)
	}
	return JournalBegunDigest(v), nil
}

// Terminal is whose journal it is.
type Terminal struct {
	Region, Number uint32
}

// ParseTerminal reads six digits, a hyphen and four digits: 150102-0001.
func ParseTerminal(s string) (Terminal, error) {
	if len(s) != 11 || s[6] != '-' {
		return Terminal{}, fmt.Errorf("terminal %q: want 150102-0001", s)
	}
	region, err := strconv.ParseUint(s[:6], 10, 32)
	number, err2 := strconv.ParseUint(s[7:], 10, 32)
	return Terminal{uint32(region), uint32(number)}, errors.Join(err, err2)
}

// Journal is an open journal. Its methods may be called from several goroutines.
type Journal struct {
	dir    string
	now    func() time.Time
	log    *slog.Logger
	file   *os.File
	digest JournalBegunDigest

	mu       sync.Mutex
	head     Head
	size     int64    // bytes of whole records in the file that is written
	full     int64    // from when on it is closed
	year     int      // of its first record, UTC
	unclosed []uint32 // intents without an outcome
	owed     []Event  // what has to be written before anything else
	open     []Record // intents that the last process left open
	broken   error    // why nothing can be written any more
}

func path(dir string) string { return filepath.Join(dir, File) }

// Open opens the journal in dir for writing, cuts off what a power cut left half written, and records that the daemon
// started. A journal that is damaged is put aside under another name, whole, and a new one begun: residents are served
// all the same, and the heads that others hold tell of it. On a full disk the record of the start is written as soon as
// there is room. The caller closes it.
func Open(dir string, config Config, of Terminal, now func() time.Time, log *slog.Logger) (*Journal, error) {
	return open(dir, config, of, now, volumeSize, log)
}

func open(dir string, config Config, of Terminal, now func() time.Time, full int64, log *slog.Logger) (*Journal, error) {
	j := &Journal{dir: dir, now: now, full: full, log: log}
	if err := j.begin(config, of, log); err != nil {
		return nil, errors.Join(fmt.Errorf("open journal: %w", err), j.closeFile())
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := j.writeOwed(); err != nil {
		log.Error("journal cannot be written", "err", err)
	}
	return j, nil
}

func (j *Journal) begin(config Config, of Terminal, log *slog.Logger) error {
	digest, err := config.digest()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(j.dir, 0o700); err != nil {
		return err
	}
	if err := j.openFile(); err != nil {
		return err
	}
	story, err := j.readBack()
	cause := JournalBegunCauseFirst
	var fault *Fault
	if errors.As(err, &fault) || errors.Is(err, errVolume) {
		log.Error("journal is damaged: put aside", "err", err)
		story, cause = Story{}, JournalBegunCauseDamaged
		err = j.putAside()
	}
	if err != nil {
		return err
	}
	j.head, j.size, j.digest, j.open = story.Head, story.Size, story.digest, story.Open
	for _, r := range story.Open {
		j.unclosed = append(j.unclosed, r.No)
	}
	if err := j.cut(); err != nil {
		return err
	}
	if story.Torn > 0 {
		log.Warn("journal's last record was half written: cut off", "bytes", story.Torn)
		if err := j.file.Sync(); err != nil { // or a next power cut might mix the next record with this one
			return err
		}
	}
	if j.head.No == 0 {
		j.digest = digest
		j.owed = append(j.owed, JournalBegun{Region: of.Region, Number: of.Number, Digest: digest, Cause: cause})
		// The folder's own name too: it may have been made just now.
		if err := errors.Join(syncFolder(j.dir), syncFolder(filepath.Dir(j.dir))); err != nil {
			return err
		}
	}
	j.owed = append(j.owed, DaemonStarted{Torn: uint32(story.Torn)})
	return nil
}

// openFile opens the file and claims it until it is closed or the process ends, however it ends.
func (j *Journal) openFile() (err error) {
	j.file, err = claim(path(j.dir), 0)
	return err
}

// readBack reads what the last process left: of the volumes where the chain goes on, of the file every record. A file
// that a power cut left between its closing and the next is closed for good.
func (j *Journal) readBack() (Story, error) {
	before, err := volumes(j.dir)
	if err != nil {
		return Story{}, err
	}
	after, err := lastOf(before)
	if err != nil || len(before) == 0 {
		return after, errors.Join(err, j.readOn(&after))
	}
	last, err := os.Open(before[len(before)-1].path)
	if err != nil {
		return Story{}, err
	}
	same, err := sameFile(last, j.file)
	if err := errors.Join(err, last.Close()); err != nil {
		return Story{}, err
	}
	if same {
		j.head = after.Head
		if err := j.turn(); err != nil {
			return Story{}, err
		}
	}
	return after, j.readOn(&after)
}

// readOn reads the file after what is told of the volumes before it.
func (j *Journal) readOn(s *Story) error {
	return s.read(j.file, func(r Record) {
		if r.Offset == 0 {
			j.year = r.At.UTC().Year()
		}
	})
}

// putAside keeps a damaged journal, with its volumes, in a folder of its own and opens an empty one.
func (j *Journal) putAside() error {
	var aside string
	for n := 1; ; n++ {
		aside = filepath.Join(j.dir, fmt.Sprintf("damaged-%d", n))
		err := os.Mkdir(aside, 0o700) // unlike a rename it never takes one that is there
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return err
		}
		break
	}
	before, err := volumes(j.dir)
	if err != nil {
		return err
	}
	// The volumes first: what is left after a power cut is a damaged journal still, and put aside again.
	for _, v := range append(before, closed{path: path(j.dir)}) {
		if err := os.Rename(v.path, filepath.Join(aside, filepath.Base(v.path))); err != nil {
			return err
		}
	}
	if err := errors.Join(syncFolder(aside), j.closeFile()); err != nil {
		return err
	}
	return j.openFile()
}

// cut takes off what stands after the last whole record.
func (j *Journal) cut() error {
	if err := j.file.Truncate(j.size); err != nil {
		return err
	}
	_, err := j.file.Seek(j.size, io.SeekStart)
	return err
}

// Append writes one event and gives its number. When it answers nil the record survives a power cut. After an error
// nothing of the record stays, or the journal takes no more.
func (j *Journal) Append(e Event) (no uint32, err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := j.writeOwed(); err != nil {
		return 0, err
	}
	return j.write(e)
}

// writeOwed writes what must come first.
func (j *Journal) writeOwed() error {
	for len(j.owed) > 0 {
		if _, err := j.write(j.owed[0]); err != nil {
			return err
		}
		j.owed = j.owed[1:]
	}
	return nil
}

func (j *Journal) write(e Event) (no uint32, err error) {
	if j.broken != nil {
		return 0, j.broken
	}
	at := j.now()
	if j.due(at) {
		if err := j.turn(); err != nil {
			j.log.Error("journal's file is not closed yet and goes on", "err", err)
		}
		if j.broken != nil {
			return 0, j.broken
		}
	}
	l, next, err := line(j.digest, j.head, at, e)
	if err != nil {
		return 0, fmt.Errorf("journal %s: %w", e.name(), err)
	}
	if _, err = j.file.Write(l); err == nil {
		// The kernel may have dropped what it could not write and say so once: what a failed flush leaves is not known.
		err = unix.Fdatasync(int(j.file.Fd()))
	}
	if err != nil {
		err = fmt.Errorf("journal %s: %w", e.name(), err)
		if undo := j.cut(); undo != nil {
			j.broken = errors.Join(err, undo)
		}
		return 0, err
	}
	j.head = next
	j.note(next.No, e, at)
	j.size += int64(len(l))
	return next.No, nil
}

// Head is the last record's number and sum. It is to be shown to others.
func (j *Journal) Head() Head {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.head
}

// Interrupted are the intents that the process before this one left without an outcome, in their order.
func (j *Journal) Interrupted() []Record { return j.open }

// Read gives tell every record of all volumes, as the function Read does.
func (j *Journal) Read(tell func(Record)) (Story, error) { return ReadDir(j.dir, tell) }

// Close records that the daemon ends in good order and closes the file.
func (j *Journal) Close() error {
	_, err := j.Append(DaemonStopped{})
	return errors.Join(err, j.closeFile())
}

func (j *Journal) closeFile() error {
	if j.file == nil {
		return nil
	}
	return j.file.Close()
}

// syncFolder makes the names in a folder last.
func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
