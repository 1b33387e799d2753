package letter

// Objected is the record of an objection to a public notice (公示异议, domain.md §2.4). Who raised it stands in the letter's
// From, and nowhere where no name was given.
type Objected struct {
	Notice  string   `json:"notice"`          // number of the public notice
	Item    string   `json:"item"`            // code of the item that the notice is about
	Grounds []string `json:"grounds"`         // codes of the pack's form objection
	Shown   []string `json:"shown"`           // the same in Chinese, as they were chosen
	Words   Text     `json:"words,omitempty"` // in own words
	Proof   bool     `json:"proof"`           // pages of evidence are with it, or were to be
	Phone   Text     `json:"phone,omitempty"`
}

func (Objected) Kind() Kind   { return Objection }
func (Objected) Version() int { return 1 }
