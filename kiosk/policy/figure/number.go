package figure

import (
	"cmp"
	"math"
	"math/big"
	"math/bits"
	"strconv"
)

// Number is an exact number: a sum in fen, a count, a share. It is a value: its methods change nothing and give
// another. The zero Number is 0. What real households have fits two machine words; whatever does not is
// reckoned by math/big, so that no sum is ever cut.
type Number struct {
	num, den int64    // in lowest terms, den above 0; the zero den stands for 1
	large    *big.Rat // instead of both where they do not fit
}

// Whole gives n.
func Whole(n int64) Number {
	if n == math.MinInt64 { // it has no positive twin
		return Number{large: new(big.Rat).SetInt64(n)}
	}
	return Number{num: n, den: 1}
}

// Ratio gives num to den, which is not 0.
func Ratio(num, den int64) Number { return Whole(num).Quo(Whole(den)) }

// Rat gives n as a fraction of math/big, the caller's to keep.
func (n Number) Rat() *big.Rat {
	if n.large != nil {
		return new(big.Rat).Set(n.large)
	}
	return big.NewRat(n.num, n.under())
}

func (n Number) under() int64 { return max(n.den, 1) }

// Add gives n + m.
func (n Number) Add(m Number) Number {
	if n.large == nil && m.large == nil {
		if n.under() == 1 && m.under() == 1 {
			if sum := n.num + m.num; (sum > n.num) == (m.num > 0) && sum != math.MinInt64 {
				return Number{num: sum, den: 1}
			}
		}
		a, ok1 := times(n.num, m.under())
		b, ok2 := times(m.num, n.under())
		den, ok3 := times(n.under(), m.under())
		if sum := a + b; ok1 && ok2 && ok3 && (sum > a) == (b > 0) {
			if r, ok := lowest(sum, den); ok {
				return r
			}
		}
	}
	return small(n.Rat().Add(n.Rat(), m.Rat()))
}

// Sub gives n - m.
func (n Number) Sub(m Number) Number { return n.Add(m.Neg()) }

// Neg gives -n.
func (n Number) Neg() Number {
	if n.large != nil {
		return small(n.Rat().Neg(n.large))
	}
	return Number{num: -n.num, den: n.den}
}

// Mul gives n × m.
func (n Number) Mul(m Number) Number {
	if n.large == nil && m.large == nil {
		num, ok1 := times(n.num, m.num)
		den, ok2 := times(n.under(), m.under())
		if ok1 && ok2 {
			if r, ok := lowest(num, den); ok {
				return r
			}
		}
	}
	return small(n.Rat().Mul(n.Rat(), m.Rat()))
}

// Quo gives n ÷ m; m is not 0.
func (n Number) Quo(m Number) Number {
	if m.large == nil && m.num != 0 {
		if m.num < 0 {
			return n.Neg().Mul(Number{num: m.under(), den: -m.num})
		}
		return n.Mul(Number{num: m.under(), den: m.num})
	}
	return small(n.Rat().Quo(n.Rat(), m.Rat()))
}

// Cmp gives -1, 0 or 1 as n is below, equal to or above m.
func (n Number) Cmp(m Number) int {
	if n.large == nil && m.large == nil {
		a, ok1 := times(n.num, m.under())
		b, ok2 := times(m.num, n.under())
		if ok1 && ok2 {
			return cmp.Compare(a, b)
		}
	}
	return n.Rat().Cmp(m.Rat())
}

// Sign gives -1, 0 or 1 as n is below, equal to or above nothing.
func (n Number) Sign() int {
	if n.large != nil {
		return n.large.Sign()
	}
	return cmp.Compare(n.num, 0)
}

// NotBelowZero gives n, or nothing where n is below it.
func (n Number) NotBelowZero() Number {
	if n.Sign() < 0 {
		return Number{}
	}
	return n
}

// Int gives n where it is whole and fits.
func (n Number) Int() (int64, bool) {
	return n.num, n.large == nil && n.under() == 1
}

// Ceil gives the least whole number that is not below n; false where it does not fit.
func (n Number) Ceil() (int64, bool) {
	if n.large != nil {
		up := new(big.Int).Add(n.large.Num(), n.large.Denom())
		up.Sub(up, big.NewInt(1))
		up.Div(up, n.large.Denom())
		return up.Int64(), up.IsInt64()
	}
	q := n.num / n.under()
	if n.num%n.under() > 0 {
		q++
	}
	return q, true
}

// Floor gives the greatest whole number that is not above n.
func (n Number) Floor() Number {
	if n.large == nil && n.under() == 1 {
		return n
	}
	r := n.Rat()
	return small(r.SetInt(new(big.Int).Div(r.Num(), r.Denom())))
}

// Round gives the nearest whole number, halves away from nothing; false where it does not fit.
func (n Number) Round() (int64, bool) {
	if n.large != nil || n.under() > math.MaxInt64/2 {
		whole, _ := new(big.Int).SetString(n.Rat().FloatString(0), 10)
		return whole.Int64(), whole.IsInt64()
	}
	q, rest := n.num/n.under(), n.num%n.under()
	switch {
	case 2*rest >= n.under():
		q++
	case -2*rest >= n.under():
		q--
	}
	return q, true
}

// RatString gives the exact number: whole, or num/den.
func (n Number) RatString() string { return string(n.Append(nil)) }

// Append writes what RatString gives behind b.
func (n Number) Append(b []byte) []byte {
	if n.large != nil {
		return append(b, n.large.RatString()...)
	}
	b = strconv.AppendInt(b, n.num, 10)
	if n.under() != 1 {
		b = strconv.AppendInt(append(b, '/'), n.den, 10)
	}
	return b
}

// FloatString gives n with prec decimals, rounded half away from nothing.
func (n Number) FloatString(prec int) string { return n.Rat().FloatString(prec) }

// times gives a × b where it fits.
func times(a, b int64) (int64, bool) {
	hi, lo := bits.Mul64(magnitude(a), magnitude(b))
	if hi != 0 || lo > math.MaxInt64 {
		return 0, false
	}
	if (a < 0) != (b < 0) {
		return -int64(lo), true
	}
	return int64(lo), true
}

func magnitude(a int64) uint64 {
	if a < 0 {
		return -uint64(a)
	}
	return uint64(a)
}

// lowest brings num to den, which is above 0, into lowest terms.
func lowest(num, den int64) (Number, bool) {
	if num == math.MinInt64 {
		return Number{}, false
	}
	if den == 1 {
		return Number{num: num, den: 1}, true
	}
	a, b := magnitude(num), uint64(den)
	for b != 0 {
		a, b = b, a%b
	}
	return Number{num: num / int64(a), den: den / int64(a)}, true
}

// small gives a fraction as a Number.
func small(r *big.Rat) Number {
	if r.Num().IsInt64() && r.Denom().IsInt64() && r.Num().Int64() != math.MinInt64 {
		return Number{num: r.Num().Int64(), den: r.Denom().Int64()}
	}
	return Number{large: r}
}
