package policy

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"

	"yimen/kiosk/household"
	"yimen/kiosk/policy/calendar"
	"yimen/kiosk/policy/condition"
	"yimen/kiosk/policy/flow"
	"yimen/kiosk/policy/guide"
	"yimen/kiosk/policy/page"
)

// Pack is a region's rules and words, verified and merged with the national edition it names. It never
// changes and may be used by many goroutines.
type Pack struct {
	ID      string // CN-150102
	Edition string
	Digest  string // sha256:… over every file of the folder, which names the national edition by digest
	Region  string // 150102
	Name    Text   // 新城区
	From    household.Date
	Flow    string // variant of the case's path (domain.md §3.5), such as NAT-2021
	Mode    Mode

	Calendar *calendar.Calendar // nil where the pack has no schedule

	sources    []Source
	params     map[string]Param
	tables     map[string]*Table
	rules      []Rule
	byGroup    map[Group][]*Rule
	byID       map[string]*Rule
	items      []*Item
	sections   map[string]*Section
	forms      map[string]*Form
	documents  map[string]*Document
	slips      map[string]*SlipTemplate
	texts      map[string]Text
	situations []guide.Situation
	groups     []guide.Group
	programmes []guide.Programme
	standards  []guide.Standard
	stages     map[string]*flow.Stage
	flows      map[string]*flow.Flow
	papers     map[string]*flow.Paper
	requests   map[string]*Item
	samples    map[string]household.Answers // by form
	origin     map[string]string            // "params/dibao.standard" → id of the pack it comes from
	conditions map[conditionKey]*condition.Condition
}

// Mode says what an illustrative value does. The zero Mode is production.
type Mode int

const (
	Production Mode = iota // pauses only the estimates that touch it (测算暂停)
	Demo                   // stamps them 示例数据
)

// With gives the same pack in another mode.
func (p *Pack) With(m Mode) *Pack {
	q := *p
	q.Mode = m
	return &q
}

// Source is a document that citations point to.
type Source struct {
	ID    string         `yaml:"id"` // S0, R2, …
	Title Text           `yaml:"title"`
	DocNo string         `yaml:"doc_no"`
	From  household.Date `yaml:"from"`
	Until household.Date `yaml:"until"`
	Mark  string         `yaml:"mark"` // A, B or C (domain.md §0)
}

// Schedule is which days are off and worked, by years (domain.md §3.4).
type Schedule struct {
	Citation Citation        `yaml:"citation"`
	Years    []calendar.Year `yaml:"years"`
}

// header is pack.yaml's own part.
type header struct {
	ID        string         `yaml:"id"`
	Edition   string         `yaml:"edition"`
	Region    string         `yaml:"region"`
	Name      Text           `yaml:"name"`
	From      household.Date `yaml:"from"`
	Flow      string         `yaml:"flow"`
	Languages []string       `yaml:"languages"`
	National  national       `yaml:"national"`
}

// national names the edition that a region builds on; the digest leaves no doubt which.
type national struct {
	ID      string `yaml:"id"`
	Edition string `yaml:"edition"`
	Digest  string `yaml:"digest"`
}

// sheet is what any file of a pack may hold; its keys may be spread over files as the author likes.
type sheet struct {
	Pack      header          `yaml:"pack"`
	Sources   []Source        `yaml:"sources"`
	Params    []Param         `yaml:"params"`
	Calendar  Schedule        `yaml:"calendar"`
	Tables    []Table         `yaml:"tables"`
	Rules     []Rule          `yaml:"rules"`
	Items     []Item          `yaml:"items"`
	Sections  []Section       `yaml:"sections"` // shared: forms take them by use
	Forms     []Form          `yaml:"forms"`
	Documents []Document      `yaml:"documents"`
	Slips     []SlipTemplate  `yaml:"slips"`
	Texts     map[string]Text `yaml:"texts"`

	Situations []guide.Situation `yaml:"situations"`
	Groups     []guide.Group     `yaml:"groups"`
	Programmes []guide.Programme `yaml:"programmes"`
	Standards  []guide.Standard  `yaml:"standards"`
	Samples    []guide.Sample    `yaml:"samples"`

	Stages   []flow.Stage `yaml:"stages"`
	Flows    []flow.Flow  `yaml:"flows"`
	Papers   []flow.Paper `yaml:"papers"`
	Requests []Item       `yaml:"requests"` // what may be asked for without a case: no catalogue lists them
}

// folder is one edition as read: its sheets with the pages they stand on.
type folder struct {
	id     string
	head   header
	sheets []sheet
	pages  []*page.Page
	digest string
}

var packID = regexp.MustCompile(`^CN(-[0-9]{6})?$`)

// Load reads the pack in the folder dir, whose name is the pack's id, and the national edition it names from
// the folder beside it. Everything wrong with it is reported at once: each *Fault of the joined error has
// file, line and what to do. No path in a pack leads out of the folder that holds both.
func Load(dir string) (*Pack, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("load pack: %w", err)
	}
	root, err := os.OpenRoot(filepath.Dir(dir))
	if err != nil {
		return nil, fmt.Errorf("load pack: %w", err)
	}
	defer root.Close()
	return LoadFS(root.FS(), filepath.Base(dir))
}

// LoadFS is Load from a file system that holds the packs' folders.
func LoadFS(packs fs.FS, id string) (*Pack, error) {
	own, err := readFolder(packs, id)
	if err != nil {
		return nil, err
	}
	editions := []*folder{own}
	if n := own.head.National; n.ID != "" {
		base, err := readFolder(packs, n.ID)
		if err != nil {
			return nil, fmt.Errorf("national edition of %s: %w", id, err)
		}
		if base.digest != n.Digest || base.head.Edition != n.Edition {
			own.pages[0].At("pack.national", "names edition %s of %s by %s, but the one here is edition %s, %s: install the one named, or have the region checked against this one and name it",
				n.Edition, n.ID, n.Digest, base.head.Edition, base.digest)
		}
		if base.head.National.ID != "" {
			own.pages[0].At("pack.national", "%s builds on another edition itself: a region names a national one", n.ID)
		}
		editions = []*folder{base, own}
	}
	p := merge(editions)
	p.index()
	p.check(editions)
	if err := faults(editions); err != nil {
		return nil, err
	}
	p.compiled()
	return p, nil
}

// readFolder reads one edition; what is wrong within its files stays in the pages.
func readFolder(packs fs.FS, id string) (*folder, error) {
	if !packID.MatchString(id) {
		return nil, fmt.Errorf("pack %q: its folder must be named CN or CN- and six digits", id)
	}
	pages, sheets, digest, err := page.ReadFolder[sheet](packs, id)
	if err != nil {
		return nil, fmt.Errorf("pack %s: %w", id, err)
	}
	f := &folder{id: id, pages: pages, sheets: sheets, digest: digest}
	return f, f.findHead()
}

// findHead takes the one header of a folder and puts its page first, where faults about the whole belong.
func (f *folder) findHead() error {
	found := -1
	for i := range f.sheets {
		if f.sheets[i].Pack.ID == "" {
			continue
		}
		if found >= 0 {
			return fmt.Errorf("pack %s: both %s and %s begin with pack: keep one", f.id, f.pages[found].File, f.pages[i].File)
		}
		found = i
	}
	if found < 0 {
		return errors.Join(append([]error{fmt.Errorf("pack %s: no file says pack: with id and edition", f.id)}, f.faults()...)...)
	}
	f.head = f.sheets[found].Pack
	s, p := f.sheets[found], f.pages[found]
	f.sheets = slices.Insert(slices.Delete(f.sheets, found, found+1), 0, s)
	f.pages = slices.Insert(slices.Delete(f.pages, found, found+1), 0, p)
	return nil
}

func (f *folder) faults() (list []error) {
	for _, p := range f.pages {
		list = append(list, p.Faults...)
	}
	return list
}

func faults(editions []*folder) error {
	var list []error
	for _, f := range editions {
		list = append(list, f.faults()...)
	}
	return errors.Join(list...)
}
