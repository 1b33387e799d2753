package main

import (
	"runtime"
	"runtime/metrics"
	"testing"

	"yimen/kiosk/journey/view"
)

// held is how much memory the heap holds of the system, in bytes.
func held() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/free:bytes"}, {Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64() + sample[1].Value.Uint64()
}

func TestAVisitsMemoryIsGivenBackWhenItIsOver(t *testing.T) {
	const pictures = 64 << 20
	views, done := make(chan view.View), make(chan struct{})
	go func() { defer close(done); tidy(views) }()
	views <- view.View{Visit: "v1"}
	kept := make([]byte, pictures)
	for i := 0; i < len(kept); i += 4096 {
		kept[i] = 1
	}
	before := held()
	runtime.KeepAlive(kept)
	views <- view.View{Visit: "v1"}
	views <- view.View{}
	close(views)
	<-done
	if after := held(); after+pictures/2 > before {
		t.Errorf("the heap holds %d MB after a visit, %d MB in it", after>>20, before>>20)
	}
}
