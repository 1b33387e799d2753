// Package form is the interviews of packs: their sections and questions, what may be answered to each, and what a form
// must be to be asked at a terminal. The words lie in packs.
package form

import "yimen/kiosk/policy/wording"

// Form is an interview as data: sections of questions, asked one to a screen.
type Form struct {
	ID       string    `yaml:"id"`
	Sections []Section `yaml:"sections"`
}

// Section groups questions under a heading that residents see in the progress bar and on the printed form.
type Section struct {
	ID        string       `yaml:"id"`
	Title     wording.Text `yaml:"title"`
	Each      string       `yaml:"each"`  // "" once; "member" or "supporter": once for each of them
	Count     string       `yaml:"count"` // fact that says how many there are
	From      int          `yaml:"from"`  // first subject (2 = all but the applicant)
	When      string       `yaml:"when"`  // condition for every question of the section
	Questions []Question   `yaml:"questions"`
	Use       string       `yaml:"use"`  // in a form: the shared section that stands here
	Only      []string     `yaml:"only"` // with use: the facts asked of it; all where left out
}

// Question asks for one fact. In its texts {name} is the subject's name.
type Question struct {
	Fact    string       `yaml:"fact"`
	Title   wording.Text `yaml:"title"` // the question as spoken
	Label   wording.Text `yaml:"label"` // short noun for review page and printed form
	Help    wording.Text `yaml:"help"`
	Input   Input        `yaml:"input"`
	Unit    wording.Text `yaml:"unit"` // shown behind numbers: 元/月
	Options []Option     `yaml:"options"`
	When    string       `yaml:"when"`    // condition over facts; empty = always
	Prefill string       `yaml:"prefill"` // field of the card: name, number, sex, birth, ethnic, address
	Must    bool         `yaml:"must"`    // without "不清楚": only for what no case can exist without
	Min     int64        `yaml:"min"`
	Max     int64        `yaml:"max"`
}

// Input says what the resident uses to answer.
type Input string

const (
	InputChoice   Input = "choice"
	InputChoices  Input = "choices" // several
	InputYesNo    Input = "yesno"
	InputMoney    Input = "money" // typed in yuan, kept in fen
	InputCount    Input = "count"
	InputDate     Input = "date"
	InputText     Input = "text"
	InputName     Input = "name"
	InputIDNumber Input = "idnumber"
	InputPhone    Input = "phone"
	InputAccount  Input = "account"
)

// Option of a choice.
type Option struct {
	Code  string       `yaml:"code"`
	Title wording.Text `yaml:"title"`
	Icon  string       `yaml:"icon"`
}
