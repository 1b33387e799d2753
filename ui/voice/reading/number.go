package reading

import (
	"regexp"
	"slices"
	"strings"

	"yimen/ui/voice"
)

// spelled are the {names} whose digits are said one by one whatever their number.
var spelled = []string{"year", "hotline", "phone", "number", "no"}

// emergency numbers are said digit by digit though they are short.
var emergency = []string{"110", "119", "120", "122"}

var (
	digitsOnly = regexp.MustCompile(`^[0-9]+$`)
	counted    = regexp.MustCompile(`^[0-9]{1,3}(,[0-9]{3})*(\.[0-9]{1,2})?$|^[0-9]{1,10}(\.[0-9]{1,2})?$`)
	// called is what numbers of telephones, slips and identity cards look like; an identity number may end with X.
	called = regexp.MustCompile(`^[0-9]{1,8}([ -]?[0-9]{1,8}){0,6}X?$`)
)

// number says a value that is written in digits; false where it is none.
func number(lang, name, value string) (string, bool) {
	long := len(value) > 4 && !strings.ContainsAny(value, ",.")
	switch {
	case name == "year" && lang == chinese && digitsOnly.MatchString(value):
		return year(value), true
	case called.MatchString(value) && (long || slices.Contains(spelled, name) || strings.HasSuffix(value, "X")):
		return oneByOne(lang, value), true
	case counted.MatchString(value) && lang == chinese:
		return written(value, neighbours{}), true
	case counted.MatchString(value):
		return strings.ReplaceAll(value, ",", ""), true
	}
	return "", false
}

// slipNumber is a number with letters among its groups: SJ-150102-0001-20261123-00001-X.
var slipNumber = regexp.MustCompile(`^[A-Z]{1,3}(-[0-9A-Z]{1,8}){1,6}$`)

// groups says such a number: letters by their English names, as everybody here calls them.
func groups(lang, value string) (pieces []voice.Piece) {
	for group := range strings.SplitSeq(value, "-") {
		said := voice.Piece{Lang: english, Text: strings.Join(strings.Split(group, ""), " ") + ","}
		if digitsOnly.MatchString(group) {
			said = voice.Piece{Lang: lang, Text: oneByOne(lang, group) + ","}
		}
		pieces = append(pieces, said)
	}
	return joined(pieces)
}

// digits are the syllables of the digits; a number that is called out has yao1 for 1, so that it is not heard as 7.
var digits = [10]string{"ling2", "yi1", "er4", "san1", "si4", "wu3", "liu4", "qi1", "ba1", "jiu3"}

const (
	calledOne = "yao1"
	letterX   = "ai1 ke4 si1"
)

// oneByOne says digits one by one; groups that are written apart are said apart.
func oneByOne(lang, value string) string {
	var out []string
	for _, r := range value {
		switch {
		case (r == ' ' || r == '-') && len(out) > 0:
			out[len(out)-1] += ","
		case r == 'X' && lang == chinese:
			out = append(out, letterX)
		case r == '1' && lang == chinese:
			out = append(out, calledOne)
		case lang == chinese && r >= '0' && r <= '9':
			out = append(out, digits[r-'0'])
		case r != ' ' && r != '-':
			out = append(out, string(r))
		}
	}
	return strings.Join(out, " ")
}

// ordinal are the syllables before, and counting the ones behind, with which 2 is er4 and 1 stays yi1: 第二页, 二月, 二级.
var (
	ordinal  = []string{"di4"}
	counting = []string{"yue4", "ri4", "hao4", "ji2", "lou2"}
)

// written says a number of a Chinese text as it is said between its neighbours.
func written(value string, n neighbours) string {
	percent := strings.HasSuffix(value, "%")
	value = strings.TrimSuffix(value, "%")
	switch {
	case percent:
		return "bai3 fen1 zhi1 " + amount(value)
	case slices.Contains(emergency, value), digitsOnly.MatchString(value) && len(value) > 4 && n.after != "yuan2":
		return oneByOne(chinese, value)
	case len(value) == 4 && n.after == "nian2" && digitsOnly.MatchString(value):
		return year(value)
	}
	ordered := slices.Contains(ordinal, n.before) || slices.Contains(counting, n.after)
	switch said := amount(value); {
	case ordered || n.after == "":
		return said
	case said == digits[2]:
		return "liang3"
	case said == digits[1]:
		return one(n.after)
	default:
		return said
	}
}

// year says 2026 as its four digits, where 1 is yi1.
func year(value string) string {
	out := make([]string, len(value))
	for i, d := range []byte(value) {
		out[i] = digits[d-'0']
	}
	return strings.Join(out, " ")
}

// one is 一 before a syllable: its tone depends on that.
func one(next string) string {
	if strings.HasSuffix(next, "4") {
		return "yi2"
	}
	return "yi4"
}

// amount says a number of at most ten digits, with decimals if they are not nought.
func amount(value string) string {
	whole, cents, _ := strings.Cut(strings.ReplaceAll(value, ",", ""), ".")
	said := cardinal(strings.TrimLeft(whole, "0"))
	if cents = strings.TrimRight(cents, "0"); cents != "" {
		said += " dian3"
		for _, d := range []byte(cents) {
			said += " " + digits[d-'0']
		}
	}
	return said
}

// cardinal says digits without a leading nought: in groups of four, each with its 万 or 亿.
func cardinal(value string) string {
	if value == "" {
		return digits[0]
	}
	if len(value) > 12 {
		return oneByOne(chinese, value)
	}
	var out []string
	for groups, left := (len(value)+3)/4, value; groups > 0; groups-- {
		size := len(left) - 4*(groups-1)
		group := left[:size]
		left = left[size:]
		said := thousands(group, len(out) == 0)
		if said == "" {
			continue
		}
		if len(out) > 0 && group[0] == '0' {
			out = append(out, digits[0])
		}
		if unit := [4]string{"", "", "wan4", "yi4"}[groups]; unit != "" {
			switch said {
			case digits[1]:
				said = one(unit)
			case digits[2]:
				said = "liang3"
			}
			said += " " + unit
		}
		out = append(out, said)
	}
	return strings.Join(out, " ")
}

// thousands says up to four digits; first tells that nothing was said before them.
func thousands(group string, first bool) string {
	units := [4]string{"", "shi2", "bai3", "qian1"}
	var out []string
	nought := false
	for i, d := range []byte(group) {
		if d == '0' {
			nought = true
			continue
		}
		if nought && len(out) > 0 {
			out = append(out, digits[0])
		}
		nought = false
		unit := units[len(group)-1-i]
		switch {
		case unit == "shi2" && d == '1' && len(out) == 0 && first:
			out = append(out, unit)
		case unit == "bai3" && d == '1', unit == "qian1" && d == '1':
			out = append(out, one(unit), unit)
		case unit == "qian1" && d == '2':
			out = append(out, "liang3", unit)
		case unit == "":
			out = append(out, digits[d-'0'])
		default:
			out = append(out, digits[d-'0'], unit)
		}
	}
	return strings.Join(out, " ")
}
