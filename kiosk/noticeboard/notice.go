// Package noticeboard is the hall's board of public notices, those before a decision (公示) and those of a result (公布): what may
// stand on one, how it travels, and which hang there on a day. A notice has the fields that the rules allow and no other (domain.md §6 P11; 最低生活保障审核确认办法
// article 24; 政府信息公开条例 article 15).
package noticeboard

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"yimen/kiosk/household"
)

// Notice is one public notice, either of what is proposed or, as a Result, of what was decided. Nothing else about a household is ever made public: no number of a card, address, phone,
// account, illness, disability, picture, and no other member's name.
type Notice struct {
	No      string         `json:"no"`      // the notice's own number
	Item    string         `json:"item"`    // code of the service item, 0101
	Name    string         `json:"name"`    // the applicant's
	Members int            `json:"members"` // of the household
	Amount  int64          `json:"amount"`  // proposed or granted, fen a month; 0 where the item pays nothing by the month
	Result  bool           `json:"result,omitempty"`
	Posted  household.Date `json:"posted"`
	First   household.Date `json:"first"` // first day that counts
	Last    household.Date `json:"last"`  // the last on which it hangs; of a proposal also the last on which an objection is in time
	Office  string         `json:"office"`
	Phone   string         `json:"phone"` // of the office, for objections
}

// ErrNotice: what came is no notice that may hang.
var ErrNotice = errors.New("not a public notice")

const (
	maxBody    = 4 << 10 // bytes
	maxWord    = 64      // characters of a name or an office
	maxMembers = 99
	maxAmount  = 100_000_00 // fen a month: more is no assistance
	maxDays    = 120        // between posting and the last day, before a decision
	maxResult  = 400        // the same of a result, which hangs as long as the place says
)

var (
	numbered = regexp.MustCompile(`^[0-9A-Z-]{4,40}$`)
	coded    = regexp.MustCompile(`^[0-9]{4}$`)
	dialled  = regexp.MustCompile(`^[0-9][0-9-]{2,19}$`)
	// digits finds a run that could be a card's number, an account or a mobile phone.
	digits = regexp.MustCompile(`[0-9０-９]{6,}`)
)

// Parse reads a notice as it came from outside. Errors wrap ErrNotice: a field beyond the allowed ones, one that is missing,
// or a value that no notice has.
func Parse(body []byte) (Notice, error) {
	var n Notice
	if len(body) > maxBody {
		return n, fmt.Errorf("%w: %d bytes", ErrNotice, len(body))
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(&n); err != nil {
		return Notice{}, fmt.Errorf("%w: %w", ErrNotice, err)
	}
	if d.More() {
		return Notice{}, fmt.Errorf("%w: something follows it", ErrNotice)
	}
	if err := n.Check(); err != nil {
		return Notice{}, err
	}
	return n, nil
}

// Body is the notice as it travels; Parse reads it.
func (n Notice) Body() ([]byte, error) {
	if err := n.Check(); err != nil {
		return nil, err
	}
	b, err := json.Marshal(n)
	if err != nil {
		return nil, fmt.Errorf("write notice %s: %w", n.No, err)
	}
	return b, nil
}

// Check says what is wrong with a notice, if anything is.
func (n Notice) Check() error {
	wrong := ""
	switch {
	case !numbered.MatchString(n.No):
		wrong = "number"
	case !coded.MatchString(n.Item):
		wrong = "item"
	case !worded(n.Name):
		wrong = "name"
	case n.Members < 1 || n.Members > maxMembers:
		wrong = "members"
	case n.Amount < 0 || n.Amount > maxAmount:
		wrong = "amount"
	case !n.Posted.Valid() || !n.First.Valid() || !n.Last.Valid() || n.First < n.Posted || n.Last < n.First || n.span() > n.most():
		wrong = "days"
	case !worded(n.Office):
		wrong = "office"
	case !dialled.MatchString(n.Phone):
		wrong = "phone"
	}
	if wrong != "" {
		return fmt.Errorf("%w: %s", ErrNotice, wrong)
	}
	return nil
}

// worded tells whether a name is one: some characters on one line, and no number that could be anybody's.
func worded(s string) bool {
	n := utf8.RuneCountInString(s)
	return utf8.ValidString(s) && n > 0 && n <= maxWord && strings.TrimSpace(s) == s && !digits.MatchString(s) &&
		strings.IndexFunc(s, unicode.IsControl) < 0
}

// span counts the days from posting to the last.
func (n Notice) span() int { return days(n.Posted, n.Last) }

// most is how many days there may be between posting and the last.
func (n Notice) most() int {
	if n.Result {
		return maxResult
	}
	return maxDays
}

// Hangs tells whether the notice is shown on a day.
func (n Notice) Hangs(on household.Date) bool { return n.Posted <= on && on <= n.Last }

// Left counts the days on which it still hangs, and an objection to a proposal is in time, today among them; 0 when it is over.
func (n Notice) Left(on household.Date) int {
	if on > n.Last {
		return 0
	}
	return days(max(on, n.First), n.Last) + 1
}
