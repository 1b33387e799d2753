// Package policy reads a region's policy pack and answers from it: parameters with their periods, service
// items, materials, forms, documents, slips, rules and texts. A Pack that Load returned is verified and never
// changes. Wording lives in packs, never in code (design: Rules, money, time).
package policy

import (
	"yimen/kiosk/policy/figure"
	"yimen/kiosk/policy/wording"
)

// The words and figures of packs have rooms of their own; whoever reads a pack needs no other import.
type (
	Text         = wording.Text
	Citation     = wording.Citation
	Decimal      = figure.Decimal
	Number       = figure.Number
	Param        = figure.Param
	Period       = figure.Period
	Value        = figure.Value
	OutsideError = figure.OutsideError
)

// Whole gives a whole Number.
func Whole(n int64) Number { return figure.Whole(n) }

// Ratio gives num to den, which is not 0.
func Ratio(num, den int64) Number { return figure.Ratio(num, den) }

// Fill puts values into the {names} of a wording; a name without a value stays as it is.
func Fill(text string, values map[string]string) string { return wording.Fill(text, values) }

// Yuan writes fen as yuan with thousands commas; fen are written only where there are any: 1,800 or 1,800.50.
func Yuan(fen int64) string { return wording.Yuan(fen) }

// Item is one service item of the catalogue (domain.md §2.2), such as 0101 最低生活保障.
type Item struct {
	Code      string     `yaml:"code"`
	Name      Text       `yaml:"name"`
	Plain     Text       `yaml:"plain"` // one sentence a resident understands
	Icon      string     `yaml:"icon"`
	Form      string     `yaml:"form"`        // the interview's form; empty where the item cannot be applied for here
	Estimate  string     `yaml:"estimate"`    // programme to estimate: dibao, … ; empty for none
	None      Text       `yaml:"no_estimate"` // why none is made, for an item that has a form and no estimate
	Notice    string     `yaml:"notice"`      // document shown before anything is asked (P01)
	Documents []string   `yaml:"documents"`   // to be shown in full and signed, in this order
	Materials []Material `yaml:"materials"`
	Same      string     `yaml:"materials_of"` // instead of materials: the code of the item that asks for the same papers
	Slip      string     `yaml:"slip"`
	Deadline  Text       `yaml:"deadline"` // promised time from acceptance, in words
	Decider   Text       `yaml:"decider"`
	Citation  Citation   `yaml:"citation"`
}

// Material is one row of the materials matrix (domain.md §2.3).
type Material struct {
	Code  string `yaml:"code"` // M01…
	Name  Text   `yaml:"name"`
	Need  Need   `yaml:"need"`
	When  string `yaml:"when"` // condition for NeedIf
	Hint  Text   `yaml:"hint"` // what to lay on the bed, or who fetches it
	Least int    `yaml:"least"`
	Most  int    `yaml:"most"` // pages
}

// Need says who brings a material: ● ◐ ○ of the matrix.
type Need string

const (
	NeedScan  Need = "scan"  // ● must be scanned here
	NeedIf    Need = "if"    // ◐ only where When holds
	NeedShare Need = "share" // ○ fetched from other departments: do not bring
	NeedHere  Need = "here"  // made at this terminal: form, undertaking, authorisation, card read
)

// Form is an interview as data: sections of questions, asked one to a screen.
type Form struct {
	ID       string    `yaml:"id"`
	Sections []Section `yaml:"sections"`
}

// Section groups questions under a heading that residents see in the progress bar and on the printed form.
type Section struct {
	ID        string     `yaml:"id"`
	Title     Text       `yaml:"title"`
	Each      string     `yaml:"each"`  // "" once; "member" or "supporter": once for each of them
	Count     string     `yaml:"count"` // fact that says how many there are
	From      int        `yaml:"from"`  // first subject (2 = all but the applicant)
	When      string     `yaml:"when"`  // condition for every question of the section
	Questions []Question `yaml:"questions"`
	Use       string     `yaml:"use"`  // in a form: the shared section that stands here
	Only      []string   `yaml:"only"` // with use: the facts asked of it; all where left out
}

// Question asks for one fact. In its texts {name} is the subject's name.
type Question struct {
	Fact    string   `yaml:"fact"`
	Title   Text     `yaml:"title"` // the question as spoken
	Label   Text     `yaml:"label"` // short noun for review page and printed form
	Help    Text     `yaml:"help"`
	Input   Input    `yaml:"input"`
	Unit    Text     `yaml:"unit"` // shown behind numbers: 元/月
	Options []Option `yaml:"options"`
	When    string   `yaml:"when"`    // condition over facts; empty = always
	Prefill string   `yaml:"prefill"` // field of the card: name, number, sex, birth, ethnic, address
	Must    bool     `yaml:"must"`    // without "不清楚": only for what no case can exist without
	Min     int64    `yaml:"min"`
	Max     int64    `yaml:"max"`
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
	Code  string `yaml:"code"`
	Title Text   `yaml:"title"`
	Icon  string `yaml:"icon"`
}

// Document is a text shown in full: privacy notice, 诚信承诺书, 核对授权书. Its digest over the shown words
// is what a signature binds to.
type Document struct {
	ID         string   `yaml:"id"`
	Version    string   `yaml:"version"`
	Title      Text     `yaml:"title"`
	Paragraphs []Text   `yaml:"paragraphs"`
	Signed     bool     `yaml:"signed"`
	Citation   Citation `yaml:"citation"`
}

// SlipTemplate is a slip's rows; {…} are filled by kiosk/slip. A row has exactly one of its fields set.
type SlipTemplate struct {
	ID   string    `yaml:"id"`
	Rows []SlipRow `yaml:"rows"`
}

// SlipRow is one row of a SlipTemplate.
type SlipRow struct {
	Text  string `yaml:"text"`
	Align string `yaml:"align"` // left, centre, right
	Size  int    `yaml:"size"`
	Bold  bool   `yaml:"bold"`
	Left  string `yaml:"left"` // with Right: two columns
	Right string `yaml:"right"`
	Rule  bool   `yaml:"rule"`
	QR    string `yaml:"qr"`
	Feed  int    `yaml:"feed"`
	Each  string `yaml:"each"` // the row repeats for each "material"; for each "estimate", with the "line" rows among them for its lines
	When  string `yaml:"when"` // "delivered", "waiting", "agent", "household", "example": row only then
}
