package desk

import (
	"context"
	"fmt"

	"yimen/drivers/device"
	"yimen/kiosk/desk/framing"
	"yimen/kiosk/journey"
)

// Faces looks at who stands before the terminal. It keeps no picture.
type Faces interface {
	// Ready says whether faces can be compared now: there is a camera, and something to compare with.
	Ready() bool
	// Frames gives live frames of the face camera, the latest first, until ctx ends.
	Frames(ctx context.Context) <-chan device.Frame
	// Look judges the face in a frame.
	Look(jpeg []byte) (device.FaceSight, error)
	// Match compares the face in frames with a card's photo. Its error wraps device.ErrInvalidMedia where the photo is no use.
	Match(ctx context.Context, photo []byte, frames [][]byte) (journey.FaceMatched, error)
}

// matchFace ends with the visit, or when it is stopped. The frames are in this one runner's hands and in the live picture,
// which is dark before the outcome is told.
func (d *Desk) matchFace(v *visit, e journey.MatchFace) {
	d.stopFace(v)
	n := d.album.begin()
	v.stopFace = v.do(func(ctx context.Context) journey.Happening {
		matched, err := d.lookAndMatch(ctx, n, e)
		d.album.darken(n)
		switch {
		case err == nil:
			return matched
		case ctx.Err() != nil:
			return nil
		}
		d.log.Info("face not compared", "err", err)
		return journey.FaceFault{Err: err}
	})
}

func (d *Desk) stopFace(v *visit) {
	if v.stopFace != nil {
		v.stopFace()
		v.stopFace = nil
	}
}

// lookAndMatch waits for a good face, no longer than the patience, and compares it.
func (d *Desk) lookAndMatch(ctx context.Context, n int, e journey.MatchFace) (journey.FaceMatched, error) {
	if d.hands.Faces == nil {
		return journey.FaceMatched{}, fmt.Errorf("look at face: %w", device.ErrGone)
	}
	waiting, stop := context.WithTimeout(ctx, e.Patience)
	defer stop()
	shots, err := d.pose(waiting, n)
	if err != nil {
		return journey.FaceMatched{}, err
	}
	return d.hands.Faces.Match(ctx, e.Photo, shots)
}

// pose guides whoever looks into the camera until enough good frames of one face were seen.
func (d *Desk) pose(ctx context.Context, n int) ([][]byte, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var (
		seen  framing.Pose
		shots [][]byte
	)
	for f := range d.hands.Faces.Frames(ctx) {
		d.album.show(n, &f)
		sight, err := d.hands.Faces.Look(f.JPEG)
		if err != nil {
			continue // a frame that the camera broke off: the next one comes at once
		}
		guide, take := seen.See(sight, f.At)
		d.album.guide(n, guide)
		if guide.Held == 0 {
			shots = nil
		}
		if take {
			shots = append(shots, f.JPEG)
		}
		if len(shots) == framing.PoseShots {
			return shots, nil
		}
	}
	return nil, fmt.Errorf("look at face: nobody looked into the camera in time: %w", device.ErrNoMedia)
}
