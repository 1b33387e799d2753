package likeness

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"

	"gonum.org/v1/gonum/mat"

	"yimen/ui/typing/overlay"
	"yimen/ui/typing/shape"
)

// How much is learned from each drawing of a character.
const (
	bent    = 5  // times it is bent as hands bend it, for what its features are
	bentFew = 12 // times, where it is asked how much they vary
	every   = 6  // of so many characters, one is asked
)

// Drawn gives the drawings of a character that are learned from, one for each font that has it.
type Drawn func(r rune) ([][]shape.Dot, error)

// ErrNothing says that too few characters were drawn to tell what they differ in.
var ErrNothing = errors.New("too few characters to learn from")

// Train learns characters, each named once, from drawings of them: what their features are, and, by linear discriminant analysis, in which
// directions of the features hands differ little and characters much. The same drawings give the same index. drawn is
// called from several goroutines. progress is told from time to time how many are done.
func Train(ctx context.Context, characters []rune, drawn Drawn, progress func(done int)) (*Index, error) {
	learned, err := learnAll(ctx, characters, drawn, progress)
	if err != nil {
		return nil, err
	}
	var known []lesson
	for _, l := range learned {
		if len(l.means) > 0 {
			known = append(known, l)
		}
	}
	axes, err := discriminants(known)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(known, func(a, b lesson) int { return cmp.Compare(a.character, b.character) })
	return newIndex(axes, known), nil
}

// lesson is what was learned about one character.
type lesson struct {
	character rune
	drawings  []overlay.Drawing
	means     []shape.Features // of each drawing
	strays    []shape.Features // how far single bent drawings were from their mean; of few characters
	styles    []shape.Features // how far each font's drawing was from the mean of all; of the same few
}

func learnAll(ctx context.Context, characters []rune, drawn Drawn, progress func(done int)) ([]lesson, error) {
	lessons := make([]lesson, len(characters))
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	todo, done := make(chan int), make(chan struct{}, len(characters))
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for i := range todo {
				l, err := learn(characters[i], drawn, i%every == 0)
				if err != nil {
					cancel(err)
				}
				lessons[i] = l
				done <- struct{}{}
			}
		})
	}
	for i := range characters {
		if ctx.Err() != nil {
			break
		}
		todo <- i
		if i%500 == 0 {
			progress(len(done))
		}
	}
	close(todo)
	workers.Wait()
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	progress(len(characters))
	return lessons, nil
}

func learn(r rune, drawn Drawn, strays bool) (lesson, error) {
	drawings, err := drawn(r)
	if err != nil {
		return lesson{}, fmt.Errorf("draw %U: %w", r, err)
	}
	l := lesson{character: r}
	chance := rand.New(rand.NewPCG(uint64(r), 1))
	for _, dots := range drawings {
		times := bent
		if strays {
			times = bentFew
		}
		drawing, ok := overlay.Pack(shape.Spread(dots))
		if !ok {
			continue
		}
		l.drawings = append(l.drawings, drawing)
		var mean shape.Features
		var all []shape.Features
		for range times {
			f := shape.Of(shape.Spread(bend(dots, chance)))
			for i, v := range f {
				mean[i] += v / float32(times)
			}
			all = append(all, f)
		}
		l.means = append(l.means, mean)
		if strays {
			for _, f := range all {
				for i := range f {
					f[i] -= mean[i]
				}
				l.strays = append(l.strays, f)
			}
		}
	}
	if strays {
		l.styles = apart(l.means)
	}
	return l, nil
}

// apart is how far each font's drawing is from the mean of all: fonts differ as hands do.
func apart(means []shape.Features) []shape.Features {
	if len(means) < 2 {
		return nil
	}
	centre := meanOf(means)
	out := make([]shape.Features, len(means))
	for k, m := range means {
		for i := range m {
			out[k][i] = m[i] - centre[i]
		}
	}
	return out
}

func meanOf(all []shape.Features) shape.Features {
	var mean shape.Features
	for _, f := range all {
		for i, v := range f {
			mean[i] += v / float32(len(all))
		}
	}
	return mean
}

// discriminants are the axes on which characters lie farthest apart, measured by how far hands stray on each.
func discriminants(lessons []lesson) (*mat.Dense, error) {
	within, between := mat.NewSymDense(shape.Size, nil), mat.NewSymDense(shape.Size, nil)
	var strays, styles, centres []shape.Features
	for _, l := range lessons {
		strays = append(strays, l.strays...)
		styles = append(styles, l.styles...)
		centres = append(centres, meanOf(l.means))
	}
	if len(centres) < 2 || len(strays) == 0 {
		return nil, ErrNothing
	}
	scatter(within, strays, 1-styleShare)
	scatter(within, styles, styleShare)
	middle := meanOf(centres)
	for k := range centres {
		for i := range centres[k] {
			centres[k][i] -= middle[i]
		}
	}
	scatter(between, centres, 1)

	white, err := whitening(within)
	if err != nil {
		return nil, err
	}
	var half, seen mat.Dense
	half.Mul(between, white)
	seen.Mul(white.T(), &half)
	var eigen mat.EigenSym
	if !eigen.Factorize(symmetric(&seen), true) {
		return nil, errors.New("the directions in which characters differ cannot be reckoned")
	}
	var vectors mat.Dense
	eigen.VectorsTo(&vectors) // ascending
	var axes mat.Dense
	axes.Mul(white, vectors.Slice(0, shape.Size, shape.Size-Axes, shape.Size))
	return &axes, nil
}

// scatter adds the mean of the outer products, weighted.
func scatter(sum *mat.SymDense, all []shape.Features, weight float64) {
	part := weight / float64(len(all))
	column := make([]float64, shape.Size)
	v := mat.NewVecDense(shape.Size, column)
	for _, f := range all {
		for i, x := range f {
			column[i] = float64(x)
		}
		sum.SymRankOne(sum, part, v)
	}
}

// What hands are taken to vary in: as bent drawings do and as fonts do, and, by stiffness times the mean, in everything a
// little. Found with the hands of penman.DevelopmentSeed.
const (
	styleShare = 0.6
	stiffness  = 0.5
)

// whitening is the transform after which hands stray equally far in every direction.
func whitening(within *mat.SymDense) (*mat.Dense, error) {
	mean := mat.Trace(within) / shape.Size
	for i := range shape.Size {
		within.SetSym(i, i, within.At(i, i)+stiffness*mean)
	}
	var chol mat.Cholesky
	if !chol.Factorize(within) {
		return nil, errors.New("the directions in which hands differ cannot be reckoned")
	}
	var upper mat.TriDense // within = upperᵀ upper
	chol.UTo(&upper)
	var inverse mat.TriDense
	if err := inverse.InverseTri(&upper); err != nil {
		return nil, fmt.Errorf("reckon how hands differ: %w", err)
	}
	return mat.DenseCopyOf(&inverse), nil
}

func symmetric(m *mat.Dense) *mat.SymDense {
	n, _ := m.Dims()
	s := mat.NewSymDense(n, nil)
	for i := range n {
		for j := i; j < n; j++ {
			s.SetSym(i, j, (m.At(i, j)+m.At(j, i))/2)
		}
	}
	return s
}
