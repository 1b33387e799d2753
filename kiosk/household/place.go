package household

// Place is where the schema has a fact. Whoever reads a fact often looks its Place up once and then asks
// Answers.At.
type Place struct {
	scope int // index of rows.of
	n     int // in a row
	fact  int // in the schema
}

// Key gives the key of a subject's fact.
func (p Place) Key(subject int) Key {
	f := &schema[p.fact]
	return Key{f.Scope, subject, f.Name}
}

// Unit gives the unit of the fact.
func (p Place) Unit() string { return schema[p.fact].Unit }

const scopes = 3

func rowsOf(s Scope) (int, bool) {
	switch s {
	case Household:
		return 0, true
	case Member:
		return 1, true
	case Supporter:
		return 2, true
	}
	return 0, false
}

// PlaceOf gives the place of the fact of that scope and name.
func PlaceOf(scope Scope, name string) (Place, bool) {
	n, ok := rowsOf(scope)
	if !ok {
		return Place{}, false
	}
	p, ok := places[n][name]
	return p, ok
}

func mustPlace(scope Scope, name string) Place {
	p, ok := PlaceOf(scope, name)
	if !ok {
		panic("the schema has no fact " + string(scope) + " " + name)
	}
	return p
}

// places and widths follow from the schema: where each fact stands, and how many each scope has.
var places, widths = layout()

func layout() (by [scopes]map[string]Place, width [scopes]int) {
	for i, f := range schema {
		scope, ok := rowsOf(f.Scope)
		if !ok {
			panic("the schema has a fact of no scope: " + f.Name)
		}
		if by[scope] == nil {
			by[scope] = map[string]Place{}
		}
		by[scope][f.Name] = Place{scope, width[scope], i}
		width[scope]++
	}
	return by, width
}

// Places of what is read for every person, again and again.
var (
	asOfPlace       = mustPlace(Household, AsOf.Fact)
	sizePlace       = mustPlace(Household, Size.Fact)
	supportersPlace = mustPlace(Household, Supporters.Fact)
	birthPlace      = mustPlace(Member, "birth")
	numberPlace     = mustPlace(Member, "number")
	relationPlace   = mustPlace(Member, "relation")
	awayPlace       = mustPlace(Member, "away")
)
