package face

import (
	"fmt"
	"testing"

	"yimen/drivers/emulator/portrait"
)

// BenchmarkLook is what one glance at somebody before the camera costs.
func BenchmarkLook(b *testing.B) {
	f := finder(b)
	for _, width := range []int{640, 1280, 1920} {
		k := float64(width) / 640
		frame := encode(b, portrait.Scene{Width: width, Height: width * 3 / 4, Blur: k, Faces: []portrait.Face{{X: 320 * k, Y: 220 * k, Size: 240 * k}}}.Draw())
		b.Run(fmt.Sprint(width), func(b *testing.B) {
			for b.Loop() {
				if _, err := f.Look(frame, DefaultLimits()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
