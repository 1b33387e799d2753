// Package shape is what a slip's number looks like, SJ-{region6}-{terminal4}-{yyyymmdd}-{seq5}-{check} (domain.md §7): as it is
// given, scanned and typed. Pure, for those who never give one.
package shape

import (
	"regexp"
	"strings"
)

// alphabet of ISO/IEC 7064 MOD 37,36: a character's value is its place.
const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

// Check gives the check character of ISO/IEC 7064 MOD 37,36 over the letters and digits; hyphens do not count. It
// finds every single wrong character and nearly every pair that changed places.
func Check(body string) byte {
	p := 36
	for _, r := range body {
		if r == '-' {
			continue
		}
		s := (p + strings.IndexRune(alphabet, r)) % 36
		if s == 0 {
			s = 36
		}
		p = s * 2 % 37
	}
	return alphabet[(37-p)%36]
}

var number = regexp.MustCompile(`^SJ-[0-9]{6}-[0-9A-Z]{4}-[0-9]{8}-[0-9]{5}-[0-9A-Z]$`)

// Valid tells whether s is a slip's number, as typed or scanned: its shape and its check character are right.
func Valid(s string) bool {
	return number.MatchString(s) && Check(s[:len(s)-2]) == s[len(s)-1]
}

// Typed is how many characters of a number are typed: all but the letters in front, the hyphens and the check character.
const Typed = 23

var typed = regexp.MustCompile(`^[0-9]{6}[0-9A-Z]{4}[0-9]{13}$`)

// Whole makes a number of its typed characters. The check character follows from them and so finds no mistyped one: the
// query code does.
func Whole(s string) (string, bool) {
	if !typed.MatchString(s) {
		return "", false
	}
	body := strings.Join([]string{"SJ", s[:6], s[6:10], s[10:18], s[18:]}, "-")
	return body + "-" + string(Check(body)), true
}
