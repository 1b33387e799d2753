package household

// Identity numbers as GB 11643-1999 lays them out: six digits of area, eight of birth, three of sequence
// (odd for men), one check character by ISO 7064 MOD 11-2.

// ValidNumber reports whether s has eighteen characters, a birthday of the calendar and the right check
// character. Numbers of 外国人永久居留身份证 (2023) keep the same layout and pass by the same rule.
func ValidNumber(s string) bool {
	if len(s) != 18 {
		return false
	}
	sum := 0
	for i := 0; i < 17; i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
		sum += int(s[i]-'0') * (1 << (17 - i) % 11)
	}
	const check = "10X98765432"
	if s[17] != check[sum%11] {
		return false
	}
	return birthIn(s).Valid()
}

// BirthOf gives the birthday in a valid identity number.
func BirthOf(number string) (Date, bool) {
	if !ValidNumber(number) {
		return 0, false
	}
	return birthIn(number), true
}

// SexOf gives "male" or "female" by the seventeenth digit of a valid identity number.
func SexOf(number string) (code string, ok bool) {
	if !ValidNumber(number) {
		return "", false
	}
	if (number[16]-'0')%2 == 1 {
		return "male", true
	}
	return "female", true
}

func birthIn(number string) Date {
	d := 0
	for _, c := range number[6:14] {
		d = d*10 + int(c-'0')
	}
	return Date(d)
}
