// Package doccam drives the document camera (高拍仪): a camera over a lit bed, with a live picture to lay papers by and
// captures to keep.
package doccam

import (
	"context"
	"log/slog"
	"time"

	"yimen/drivers/camera"
	"yimen/drivers/device"
)

// outagePause is how often a live picture looks whether a camera that is away has come back.
const outagePause = 500 * time.Millisecond

// DocCam is one document camera. Run must be running for the other methods to give anything.
type DocCam struct{ camera *camera.Camera }

// New makes the document camera whose frames come from source.
func New(source camera.Source, log *slog.Logger) *DocCam {
	return &DocCam{camera.New(device.DocCam, source, log)}
}

// Run keeps the camera open until ctx ends.
func (d *DocCam) Run(ctx context.Context) error { return d.camera.Run(ctx) }

// Status is how the camera was last seen.
func (d *DocCam) Status() device.Status { return d.camera.Status() }

// Watch has f called after each change of Status; f must not wait.
func (d *DocCam) Watch(f func(device.Status)) { d.camera.Watch(f) }

// Capture gives a frame in the camera's full size that began after the call, so that it shows what lies there now. Its errors
// are those of camera.Camera.Still.
func (d *DocCam) Capture(ctx context.Context) (device.Frame, error) {
	return d.camera.Still(ctx, time.Now())
}

// Frames gives the live picture until ctx ends, when the channel is closed. Who is slow misses frames and gets the latest.
// While the camera is away, or takes a capture in another size, nothing comes.
func (d *DocCam) Frames(ctx context.Context) <-chan device.Frame {
	out := make(chan device.Frame, 1)
	go func() {
		defer close(out)
		for last := time.Now(); ctx.Err() == nil; {
			frame, err := d.camera.Next(ctx, last)
			if err != nil {
				select {
				case <-ctx.Done():
				case <-time.After(outagePause):
				}
				continue
			}
			last = frame.At
			select { // the older frame makes room
			case <-out:
			default:
			}
			out <- frame
		}
	}()
	return out
}
