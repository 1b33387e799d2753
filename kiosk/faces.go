package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"yimen/drivers"
	"yimen/drivers/camera"
	"yimen/drivers/device"
	"yimen/drivers/face"
	"yimen/drivers/face/onnx"
	"yimen/kiosk/desk"
	"yimen/kiosk/journey"
)

// faces looks at who stands before the terminal, and compares them with cards' photos where a verifier is installed.
type faces struct {
	camera   *camera.Camera
	finder   *face.Finder
	verifier face.Verifier // nil: a person compares
}

var _ desk.Faces = faces{}

// opener opens the verifier that a config names, whose finder it shares.
type opener func(onnx.Config, *face.Finder) (face.Verifier, error)

// openNetworks opens an operator's own networks.
func openNetworks(cfg onnx.Config, finder *face.Finder) (face.Verifier, error) {
	return onnx.Open(cfg, finder)
}

// newFaces gives nil where there is no face camera, or no way to find faces. A verifier that cannot be opened is told, and
// the terminal does without.
func newFaces(from *camera.Camera, cfg *drivers.FaceCam, open opener, log *slog.Logger) desk.Faces {
	if from == nil || cfg == nil {
		return nil
	}
	finder, err := face.NewFinder()
	if err != nil {
		log.Error("faces are not looked at", "err", err)
		return nil
	}
	f := faces{camera: from, finder: finder}
	if cfg.Verifier != nil {
		v, err := open(*cfg.Verifier, finder)
		if err != nil {
			log.Error("no verifier: staff compare faces", "err", err)
			return f
		}
		f.verifier = v
	}
	return f
}

// Ready implements desk.Faces.
func (f faces) Ready() bool { return f.verifier != nil && f.camera.Status().Ready() }

const outagePause = 200 * time.Millisecond // before a camera that is away is asked again

// Frames implements desk.Faces.
func (f faces) Frames(ctx context.Context) <-chan device.Frame {
	out := make(chan device.Frame)
	go func() {
		defer close(out)
		for last := time.Now(); ctx.Err() == nil; {
			frame, err := f.camera.Next(ctx, last)
			if err != nil {
				select {
				case <-ctx.Done():
				case <-time.After(outagePause):
				}
				continue
			}
			last = frame.At
			select {
			case out <- frame:
			case <-ctx.Done():
			}
		}
	}()
	return out
}

// Look implements desk.Faces.
func (f faces) Look(jpeg []byte) (device.FaceSight, error) {
	s, err := f.finder.Look(jpeg, face.DefaultLimits())
	return s.FaceSight, err
}

// Match implements desk.Faces. Of the score, its band alone goes on.
func (f faces) Match(ctx context.Context, photo []byte, frames [][]byte) (journey.FaceMatched, error) {
	card, err := face.Photo(photo)
	if err != nil {
		return journey.FaceMatched{}, fmt.Errorf("%w: %w", device.ErrInvalidMedia, err)
	}
	var shots []face.Shot
	for _, jpeg := range frames {
		seen, err := f.finder.Look(jpeg, face.DefaultLimits())
		if err != nil {
			return journey.FaceMatched{}, err
		}
		shot, err := face.Shoot(jpeg, seen)
		if err != nil {
			return journey.FaceMatched{}, err
		}
		shots = append(shots, shot)
	}
	verdict, err := f.verifier.Verify(ctx, card, shots)
	if err != nil {
		return journey.FaceMatched{}, fmt.Errorf("compare face: %w", err)
	}
	return journey.FaceMatched{Confirmed: verdict.Confirms(), Band: band(verdict)}, nil
}

func band(v face.Verdict) journey.FaceBand {
	switch {
	case !v.Living:
		return journey.BandDead
	case v.Match == face.Same:
		return journey.BandSame
	case v.Match == face.Other:
		return journey.BandOther
	}
	return journey.BandUnsure
}
