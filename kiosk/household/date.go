package household

import (
	"fmt"
	"strconv"
	"time"
)

// Date is a calendar day as YYYYMMDD.
type Date int32

// DateOf gives t's day in t's own zone.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date(y*10000 + int(m)*100 + d)
}

// ParseDate reads 2019-04-01.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse("2006-01-02", s)
	if err != nil {
		return 0, fmt.Errorf("date %q: want a day such as 2019-04-01", s)
	}
	return DateOf(t), nil
}

// UnmarshalText reads 2019-04-01, so that packs may hold days.
func (d *Date) UnmarshalText(word []byte) error {
	day, err := ParseDate(string(word))
	*d = day
	return err
}

// UnmarshalJSON reads the number as which JSON writes a day: 20190401, and 0 for none. UnmarshalText alone would make a
// Date one that can be written and not read.
func (d *Date) UnmarshalJSON(b []byte) error {
	n, err := strconv.ParseInt(string(b), 10, 32)
	if day := Date(n); err == nil && (day == 0 || day.Valid()) {
		*d = day
		return nil
	}
	return fmt.Errorf("date %s: want a day such as 20190401", b)
}

// Valid reports whether d is a day of the calendar in the years 1800 to 2999.
func (d Date) Valid() bool {
	y, m, day := d.parts()
	return y >= 1800 && y <= 2999 && m >= 1 && m <= 12 && day >= 1 && day <= daysOf(y, m)
}

func daysOf(year, month int) int {
	switch {
	case month == 2 && year%4 == 0 && (year%100 != 0 || year%400 == 0):
		return 29
	case month == 2:
		return 28
	case month == 4 || month == 6 || month == 9 || month == 11:
		return 30
	}
	return 31
}

func (d Date) String() string {
	y, m, day := d.parts()
	return fmt.Sprintf("%04d-%02d-%02d", y, m, day)
}

func (d Date) parts() (year, month, day int) {
	return int(d) / 10000, int(d) / 100 % 100, int(d) % 100
}

// Age is the number of birthdays had by the day on. A person born on 29 February has theirs on 1 March of a
// common year, as the day after the birthday's eve counts (民法典 arts. 13, 1259 count full years).
func Age(birth, on Date) int {
	age := int(on)/10000 - int(birth)/10000
	if int(on)%10000 < int(birth)%10000 {
		age--
	}
	return age
}
