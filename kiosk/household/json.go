package household

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"yimen/drivers/device"
)

// The household format: one JSON object, for tests, for `provisioning estimate` and for answers.json of a
// dossier.
//
//	{"format": 1,
//	 "household":  {"deposits": "40000.00", "vehicle": "living_van", "shop": false, "houses": 1, "rented": null},
//	 "members":    [{"relation": "self", "birth": "1950-01-02", "income_kinds": ["wage"], "wage": "1800.00"}],
//	 "supporters": []}
//
// Facts are those of Schema under their names. Money is a string in yuan with at most two decimals, for its
// fact's unit; days are "2019-04-01"; counts are numbers; yes and no true and false; several codes a list.
// null is "不清楚", a fact left out was not answered. household_size and supporter_count are the lengths of
// the lists unless stated. The format writes personal text out: who holds such a file holds the data.
type sheet struct {
	Format     int                          `json:"format"`
	Household  map[string]json.RawMessage   `json:"household"`
	Members    []map[string]json.RawMessage `json:"members"`
	Supporters []map[string]json.RawMessage `json:"supporters,omitempty"`
}

// maxJSON bounds a household's bytes.
const maxJSON = 1 << 20

// Parse reads the household format. Its error names every fact that cannot be read.
func Parse(data []byte) (Answers, error) {
	if len(data) > maxJSON {
		return Answers{}, fmt.Errorf("household of %d bytes: at most %d", len(data), maxJSON)
	}
	var s sheet
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		return Answers{}, fmt.Errorf("household: %w", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return Answers{}, errors.New("household: something stands after the object")
	}
	if s.Format != 1 {
		return Answers{}, fmt.Errorf("household: format %d: want 1", s.Format)
	}
	if len(s.Members) > MostPeople || len(s.Supporters) > MostPeople {
		return Answers{}, fmt.Errorf("household: more than %d people", MostPeople)
	}
	r := reader{}
	r.facts(Household, 0, s.Household)
	for i, m := range s.Members {
		r.facts(Member, i+1, m)
	}
	for i, m := range s.Supporters {
		r.facts(Supporter, i+1, m)
	}
	r.length(Size, len(s.Members), s.Members != nil)
	r.length(Supporters, len(s.Supporters), s.Supporters != nil)
	if len(r.wrong) > 0 {
		return Answers{}, fmt.Errorf("household: %w", errors.Join(r.wrong...))
	}
	return Answers{&r.m}, nil
}

type reader struct {
	m     rows
	wrong []error
}

func (r *reader) length(k Key, n int, listed bool) {
	if (Answers{&r.m}).Get(k).State == NotYet && listed {
		r.put(k, Answer{State: Given, Number: int64(n)})
	}
}

func (r *reader) facts(scope Scope, subject int, facts map[string]json.RawMessage) {
	before := len(r.wrong)
	for name, raw := range facts {
		k := Key{scope, subject, name}
		fact, ok := FactOf(scope, name)
		if !ok {
			r.wrong = append(r.wrong, fmt.Errorf("%s: no such fact", k))
			continue
		}
		if string(raw) == "null" {
			r.put(k, Answer{State: Unknown})
			continue
		}
		v, err := fact.parse(raw)
		if err != nil {
			r.wrong = append(r.wrong, fmt.Errorf("%s: %w", k, err))
			continue
		}
		r.put(k, v)
	}
	slices.SortFunc(r.wrong[before:], func(x, y error) int { return strings.Compare(x.Error(), y.Error()) })
}

// put keeps the answer of a fact that the schema has.
func (r *reader) put(k Key, v Answer) { r.m.put(mustPlace(k.Scope, k.Fact), k.Subject, v) }

func (f Fact) parse(raw json.RawMessage) (Answer, error) {
	v := Answer{State: Given}
	var text string
	var err error
	switch f.Kind {
	case Bool:
		switch string(raw) {
		case "true":
			v.Number = 1
		case "false":
		default:
			err = fmt.Errorf("%s: want true or false", raw)
		}
		return v, err
	case Count:
		v.Number, err = strconv.ParseInt(string(raw), 10, 64)
		if err != nil {
			err = fmt.Errorf("%s: want a whole number", raw)
		}
		return v, err
	case Codes:
		var list []string
		if err := json.Unmarshal(raw, &list); err != nil {
			return v, err
		}
		v.Code = strings.Join(list, ",")
		return v, f.known(list...)
	}
	if plain, ok := plainText(raw); ok {
		text = plain
	} else if err := json.Unmarshal(raw, &text); err != nil {
		return v, err
	}
	switch f.Kind {
	case Money:
		v.Number, err = parseYuan(text)
	case Day:
		var d Date
		d, err = ParseDate(text)
		v.Number = int64(d)
	case Code:
		v.Code = text
		err = f.known(text)
	case Text:
		v.Text = device.Personal(text)
	}
	return v, err
}

// plainText reads a JSON string that has nothing escaped, as nearly all are; false for anything else.
func plainText(raw []byte) (string, bool) {
	if len(raw) < 2 || raw[0] != '"' || raw[len(raw)-1] != '"' || bytes.IndexByte(raw, '\\') >= 0 || !utf8.Valid(raw) {
		return "", false
	}
	return string(raw[1 : len(raw)-1]), true
}

func (f Fact) known(codes ...string) error {
	for _, c := range codes {
		if !slices.Contains(f.Codes, c) {
			return fmt.Errorf("%q is none of %s", c, strings.Join(f.Codes, ", "))
		}
	}
	return nil
}

// parseYuan reads 1800 or 1800.50 as fen.
func parseYuan(s string) (int64, error) {
	whole, part, _ := strings.Cut(s, ".")
	if len(s) == 0 || len(whole) > 12 || len(part) > 2 || strings.Trim(whole+part, "0123456789") != "" || whole == "" {
		return 0, fmt.Errorf("%q: want yuan such as 1800.50", s)
	}
	return strconv.ParseInt(whole+part+"00"[len(part):], 10, 64) // fifteen digits at most
}

// Write gives the household format, facts in the order of their names. It writes personal text out.
func Write(a Answers) ([]byte, error) {
	s := sheet{Format: 1, Household: map[string]json.RawMessage{}}
	var wrong error
	a.Each(func(k Key, v Answer) {
		if err := s.put(k, v); err != nil && wrong == nil {
			wrong = fmt.Errorf("write household: %s: %w", k, err)
		}
	})
	if wrong != nil {
		return nil, wrong
	}
	return json.MarshalIndent(s, "", "  ")
}

func (s *sheet) put(k Key, v Answer) error {
	fact, ok := FactOf(k.Scope, k.Fact)
	if !ok {
		return errors.New("no such fact")
	}
	if k.Subject > MostPeople {
		return fmt.Errorf("more than %d people", MostPeople)
	}
	raw, err := json.Marshal(fact.show(v))
	if err != nil {
		return err
	}
	switch k.Scope {
	case Household:
		s.Household[k.Fact] = raw
	case Member:
		s.Members = put(s.Members, k, raw)
	case Supporter:
		s.Supporters = put(s.Supporters, k, raw)
	}
	return nil
}

func put(people []map[string]json.RawMessage, k Key, raw json.RawMessage) []map[string]json.RawMessage {
	for len(people) < k.Subject {
		people = append(people, map[string]json.RawMessage{})
	}
	people[k.Subject-1][k.Fact] = raw
	return people
}

func (f Fact) show(v Answer) any {
	if v.State == Unknown {
		return nil
	}
	switch f.Kind {
	case Bool:
		return v.Number != 0
	case Count:
		return v.Number
	case Money:
		return big.NewRat(v.Number, 100).FloatString(2)
	case Day:
		return Date(v.Number).String()
	case Code:
		return v.Code
	case Codes:
		return append([]string{}, v.Chosen()...)
	}
	return v.Text.Reveal()
}
