// Package policy reads a region's policy pack and answers from it: parameters with their periods, service
// items, materials, forms, documents, slips, rules and texts. A Pack that Load returned is verified and never
// changes. Wording lives in packs, never in code (design: Rules, money, time).
package policy

import (
	"yimen/kiosk/policy/figure"
	"yimen/kiosk/policy/form"
	"yimen/kiosk/policy/handout"
	"yimen/kiosk/policy/wording"
)

// The words, figures, forms and handouts of packs have rooms of their own; whoever reads a pack needs no other import.
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

	Document     = handout.Document
	Shown        = handout.Shown
	SlipTemplate = handout.Slip
	SlipRow      = handout.Row
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

// DocumentDigest gives what is shown of a document with its digest; see handout.Document.Show.
func DocumentDigest(d *Document, lang string, vars map[string]string) (Shown, string) {
	return d.Show(lang, vars)
}

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
