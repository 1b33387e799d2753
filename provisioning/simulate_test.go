package main

import (
	"bytes"
	"errors"
	"flag"
	"strings"
	"testing"
)

func TestASimulationIsAskedForInNumbersThatMakeSense(t *testing.T) {
	for _, args := range []string{"-terminals 0", "-dossiers -1", "-size 0", "-faults 1", "-faults -0.1", "-intake https://127.0.0.1:1", "-as x", "more"} {
		var wrong usageError
		if err := simulated(t.Context(), strings.Fields(args), &bytes.Buffer{}, &bytes.Buffer{}); !errors.As(err, &wrong) {
			t.Errorf("%s: %v", args, err)
		}
	}
	var out bytes.Buffer
	if err := simulated(t.Context(), []string{"-h"}, &out, &out); !errors.Is(err, flag.ErrHelp) || !strings.Contains(out.String(), "-faults") {
		t.Errorf("%v: %s", err, &out)
	}
}
