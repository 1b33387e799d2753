package bulk

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
)

// same gives every goroutine the same work.
func same[T any](work func(line []byte) T) func() func([]byte) T {
	return func() func([]byte) T { return work }
}

func TestLinesComeOutInTheirOrder(t *testing.T) {
	var in, want []string
	for i := range 3*batch + 7 {
		in = append(in, strings.Repeat("x", i%97))
		want = append(want, strings.ToUpper(in[i]))
	}
	var got []string
	err := Lines(t.Context(), strings.NewReader(strings.Join(in, "\n")), same(func(line []byte) string { return string(bytes.ToUpper(line)) }),
		func(no int, s string) error {
			got = append(got, s)
			if no != len(got) {
				t.Errorf("line %d came as number %d", len(got), no)
			}
			return nil
		})
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%d of %d lines, %v", len(got), len(want), err)
	}
}

func TestALineTooLongIsNamed(t *testing.T) {
	in := "a\n" + strings.Repeat("x", longest+1) + "\nb\n"
	err := Lines(t.Context(), strings.NewReader(in), same(func(line []byte) int { return len(line) }), func(int, int) error { return nil })
	if err == nil || !strings.HasPrefix(err.Error(), "line 2:") {
		t.Errorf("got %v", err)
	}
}

func TestBulkWorkStopsWhenAskedTo(t *testing.T) {
	in := strings.Repeat("a\n", 10*batch)
	ctx, cancel := context.WithCancel(t.Context())
	told := 0
	err := Lines(ctx, strings.NewReader(in), same(func(line []byte) int { return 0 }), func(int, int) error { told++; cancel(); return nil })
	if !errors.Is(err, context.Canceled) || told > batch {
		t.Errorf("%d lines were told after the end, %v", told, err)
	}
	full := errors.New("disk full")
	if err := Lines(t.Context(), strings.NewReader(in), same(func([]byte) int { return 0 }), func(int, int) error { return full }); !errors.Is(err, full) {
		t.Errorf("got %v", err)
	}
}
