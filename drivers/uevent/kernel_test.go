package uevent

import (
	"context"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
)

// TestRealKernelTellsOfAPulledCable: the bench at YIMEN_BENCH pulls and plugs its card reader.
func TestRealKernelTellsOfAPulledCable(t *testing.T) {
	panel := os.Getenv("YIMEN_BENCH")
	if panel == "" {
		t.Skip("no emulated devices on this machine's USB: YIMEN_BENCH names no bench (make bench-vm does)")
	}
	told := make(chan Plug, 64)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- Watch(ctx, func(p Plug) { told <- p }, func() { t.Error("messages were lost") })
	}()
	time.Sleep(time.Second) // until the socket listens
	for _, in := range []bool{false, true} {
		what := map[bool]string{false: "unplug", true: "plug"}[in]
		answer, err := http.Post(strings.TrimSuffix(panel, "/")+"/api/"+what, "application/json", strings.NewReader(`{"device":"idcard"}`))
		if err != nil || answer.StatusCode != http.StatusOK {
			t.Fatalf("%s: %v %v", what, answer, err)
		}
		answer.Body.Close()
		for want, seen := (Plug{Vendor: 0x0400, Product: 0xc35a, In: in}), false; !seen; {
			select {
			case p := <-told:
				seen = p == want
			case <-time.After(30 * time.Second):
				t.Fatalf("the kernel tells nothing of the %s", what)
			}
		}
	}
	cancel()
	<-ended
}
