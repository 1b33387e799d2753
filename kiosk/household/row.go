package household

// Row is what was stated of one subject. The zero Row is a subject of whom nothing was.
type Row struct {
	answers   []Answer
	applicant bool
}

// Row gives what was stated of a subject, for those who read many facts of it.
func (a Answers) Row(s Scope, subject int) Row {
	n, ok := rowsOf(s)
	r := Row{applicant: s == Member && subject == 1}
	if ok && a.rows != nil && subject >= 0 && subject < len(a.of[n]) {
		r.answers = a.of[n][subject]
	}
	return r
}

// Number gives a fact whose number counts, with its state; p is a place of the row's scope.
func (r Row) Number(p Place) (int64, State) {
	if r.answers == nil {
		return 0, NotYet
	}
	v := &r.answers[p.n]
	return v.Number, v.State
}

// Code gives a fact whose code counts, with its state; p is a place of the row's scope.
func (r Row) Code(p Place) (string, State) {
	if r.answers != nil {
		if v := &r.answers[p.n]; v.State != NotYet {
			return v.Code, v.State
		}
	}
	if r.applicant {
		v := ofApplicant(p)
		return v.Code, v.State
	}
	return "", NotYet
}
