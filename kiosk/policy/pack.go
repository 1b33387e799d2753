// Package policy reads a region's policy pack and answers from it: parameters with their periods, service
// items, materials, forms, documents, slips, rules and texts. A Pack that Load returned is verified and never
// changes. Wording lives in packs, never in code (design: Rules, money, time).
package policy

import (
	"yimen/kiosk/policy/figure"
	"yimen/kiosk/policy/form"
	"yimen/kiosk/policy/wording"
)

// The words, figures and forms of packs have rooms of their own; whoever reads a pack needs no other import.
type (
	Text         = wording.Text
	Citation     = wording.Citation
	Decimal      = figure.Decimal
	Number       = figure.Number
	Param        = figure.Param
	Period       = figure.Period
	Value        = figure.Value
	OutsideError = figure.OutsideError

	Form        = form.Form
	Section     = form.Section
	Question    = form.Question
	Option      = form.Option
	Input       = form.Input
	Reason      = form.Reason
	AnswerError = form.AnswerError
)

// Ways to answer, and why an answer cannot be taken.
const (
	InputChoice   = form.InputChoice
	InputChoices  = form.InputChoices
	InputYesNo    = form.InputYesNo
	InputMoney    = form.InputMoney
	InputCount    = form.InputCount
	InputDate     = form.InputDate
	InputText     = form.InputText
	InputName     = form.InputName
	InputIDNumber = form.InputIDNumber
	InputPhone    = form.InputPhone
	InputAccount  = form.InputAccount

	Empty      = form.Empty
	TooSmall   = form.TooSmall
	TooLarge   = form.TooLarge
	WrongCheck = form.WrongCheck
	NoDate     = form.NoDate
	NoOption   = form.NoOption
	WrongShape = form.WrongShape
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
	Fits      string     `yaml:"fits"`        // condition under which an interview says that this may help too (综合评估, domain.md §4.5)
	Notice    string     `yaml:"notice"`      // document shown before anything is asked (P01)
	Documents []string   `yaml:"documents"`   // to be shown in full and signed, in this order
	Materials []Material `yaml:"materials"`
	Same      string     `yaml:"materials_of"` // instead of materials: the code of the item that asks for the same papers
	Slip      string     `yaml:"slip"`
	Profile   string     `yaml:"profile"`  // which way its cases go: PA 低保型 … PI 灾害型 (domain.md §2.1); empty where a case never begins here
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

// Document is a text shown in full: privacy notice, 诚信承诺书, 核对授权书. Its digest over the shown words
// is what a signature binds to.
type Document struct {
	ID         string   `yaml:"id"`
	Version    string   `yaml:"version"`
	Title      Text     `yaml:"title"`
	Paragraphs []Text   `yaml:"paragraphs"`
	Signed     bool     `yaml:"signed"`
	Material   string   `yaml:"material"` // code of the material that it is once it is signed; empty for none
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
	Each  string `yaml:"each"` // the row repeats for each "material" or "paragraph"; for each "estimate", with the "line" rows among them for its lines
	When  string `yaml:"when"` // "delivered", "waiting", "agent", "household", "example", "also", "category": row only then
}
