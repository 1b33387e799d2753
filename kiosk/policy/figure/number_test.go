package figure

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// Every operation on numbers of all sizes, up to where two words overflow and beyond, gives what math/big gives.
func TestNumbersAreExact(t *testing.T) {
	rng := rand.New(rand.NewPCG(51, 52))
	any64 := func() int64 {
		n := int64(rng.Uint64() >> rng.IntN(64))
		if rng.IntN(20) == 0 {
			n = []int64{math.MinInt64, math.MaxInt64, -1, 0, 1}[rng.IntN(5)]
		}
		if rng.IntN(2) == 0 {
			n = -n
		}
		return n
	}
	for range 50_000 {
		a, b, c := any64(), any64(), any64()
		if b == 0 {
			b = 1
		}
		x, y := Ratio(a, b), Whole(c)
		p, q := big.NewRat(a, 1), big.NewRat(c, 1)
		p.Quo(p, big.NewRat(b, 1))
		if rng.IntN(2) == 0 {
			y, q = y.Quo(Whole(b)), q.Quo(q, big.NewRat(b, 1))
		}
		results := map[string][2]string{
			"add": {x.Add(y).RatString(), new(big.Rat).Add(p, q).RatString()},
			"sub": {x.Sub(y).RatString(), new(big.Rat).Sub(p, q).RatString()},
			"mul": {x.Mul(y).RatString(), new(big.Rat).Mul(p, q).RatString()},
			"neg": {x.Neg().RatString(), new(big.Rat).Neg(p).RatString()},
			"two": {x.Mul(y).FloatString(2), new(big.Rat).Mul(p, q).FloatString(2)},
		}
		if q.Sign() != 0 {
			results["quo"] = [2]string{x.Quo(y).RatString(), new(big.Rat).Quo(p, q).RatString()}
		}
		if n, ok := x.Round(); ok {
			want := p.FloatString(0)
			if want == "-0" {
				want = "0"
			}
			results["round"] = [2]string{Whole(n).RatString(), want}
		}
		if n, ok := x.Ceil(); ok {
			below := new(big.Rat).Sub(new(big.Rat).SetInt64(n), p)
			if below.Sign() < 0 || below.Cmp(big.NewRat(1, 1)) >= 0 {
				t.Fatalf("the least whole number not below %s came out as %d", p, n)
			}
		}
		for what, r := range results {
			if r[0] != r[1] {
				t.Fatalf("%s of %s and %s: %s, want %s", what, p, q, r[0], r[1])
			}
		}
		if x.Cmp(y) != p.Cmp(q) || x.Sign() != p.Sign() {
			t.Fatalf("%s beside %s: %d and sign %d", p, q, x.Cmp(y), x.Sign())
		}
	}
}

func TestTheZeroNumberIsNothing(t *testing.T) {
	var none Number
	if n, whole := none.Int(); none.RatString() != "0" || none.Sign() != 0 || none.Add(Whole(7)).RatString() != "7" || !whole || n != 0 {
		t.Error("the zero Number is not 0")
	}
}
