package household

import "strings"

// MostPeople bounds the members and supporters of one household, so that no answer can make reckoning long.
const MostPeople = 30

// MemberCount is the number of people living together, the applicant included; 0 while it is not known.
func (a Answers) MemberCount() int {
	n, _ := a.count(sizePlace)
	return n
}

// Supporters is the key of the number of people obliged to support who live elsewhere.
var Supporters = Key{Fact: "supporter_count"}

// SupporterCount is the number of supporters stated; known is false while nobody has said, or said more than can be.
func (a Answers) SupporterCount() (n int, known bool) { return a.count(supportersPlace) }

func (a Answers) count(p Place) (n int, known bool) {
	v := a.At(p, 0)
	if v.State != Given || v.Number < 0 || v.Number > MostPeople {
		return 0, false
	}
	return int(v.Number), true
}

// BirthOf gives a member's birthday: as stated, else as the identity number says.
func (a Answers) BirthOf(subject int) (Date, bool) {
	if v := a.At(birthPlace, subject); v.State == Given && Date(v.Number).Valid() {
		return Date(v.Number), true
	}
	if v := a.At(numberPlace, subject); v.State == Given {
		return BirthOf(v.Text.Reveal())
	}
	return 0, false
}

// oldest is the greatest age that is believed.
const oldest = 130

// AgeOf gives a member's age on the day the answers are as of. A birthday still to come, or too long ago, gives
// none: somebody mistyped it.
func (a Answers) AgeOf(subject int) (int, bool) {
	on := a.At(asOfPlace, 0)
	if on.State != Given {
		return 0, false
	}
	return a.AgeOn(subject, Date(on.Number))
}

// AgeOn is AgeOf on a day.
func (a Answers) AgeOn(subject int, on Date) (int, bool) {
	birth, ok := a.BirthOf(subject)
	if !ok {
		return 0, false
	}
	age := Age(birth, on)
	return age, age >= 0 && age <= oldest
}

// On gives a copy whose ages are reckoned for the day d.
func (a Answers) On(d Date) Answers {
	if on := a.Get(AsOf); on.State == Given && on.Number == int64(d) {
		return a
	}
	return a.With(AsOf, Answer{State: Given, Number: int64(d)})
}

// Chosen splits the codes of an answer where several may be chosen; none chosen gives an empty list.
func (v Answer) Chosen() []string {
	if v.Code == "" {
		return nil
	}
	return strings.Split(v.Code, ",")
}

// Each calls f with every answer given: the schema's facts in its order, then any others in no particular one.
func (a Answers) Each(f func(Key, Answer)) {
	if a.rows == nil {
		return
	}
	for _, fact := range schema {
		place := mustPlace(fact.Scope, fact.Name)
		for subject, row := range a.of[place.scope] {
			if row != nil && row[place.n].State != NotYet {
				f(Key{fact.Scope, subject, fact.Name}, row[place.n])
			}
		}
	}
	for k, v := range a.other {
		f(k, v)
	}
}
