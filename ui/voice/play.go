package voice

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"yimen/ui/voice/sound"
)

// hush ends what is being said. Locked.
func (s *Speaker) hush() { s.silence() }

// say begins to say prompts, instead of what is being said; own ones too if they are asked for, and then all of it into
// the ear-piece. Locked.
func (s *Speaker) say(prompts []Prompt, own bool) {
	s.hush()
	if s.curtain {
		return
	}
	if !own {
		prompts = slices.DeleteFunc(slices.Clone(prompts), func(p Prompt) bool { return p.Own })
	}
	ch := sound.Loudspeaker
	if own || s.state.Ear {
		ch = sound.Earpiece
	}
	ctx, silence := context.WithCancel(s.base)
	before, said := s.said, make(chan struct{})
	s.silence, s.said = silence, said
	s.begun++
	no, rate, volume := s.begun, s.state.Rate, s.state.Volume
	go func() {
		defer close(said)
		defer silence()
		<-before // two voices at once are none
		s.play(ctx, prompts, ch, rate, volume)
		s.over(no)
	}()
}

// over ends the reading of one screen.
func (s *Speaker) over(no int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.begun == no && s.state.Once {
		s.state.Once = false
		s.tell()
	}
}

// louder are the factors of the volume's steps: none makes a sample too large.
var louder = [2*most + 1]float64{0.2, 0.4, 0.65, 0.85, 1}

func (s *Speaker) play(ctx context.Context, prompts []Prompt, ch sound.Channel, rate, volume int) {
	failed := 0
	for _, p := range prompts {
		clips, err := s.clips(ctx, p, rate)
		for _, clip := range clips {
			if err == nil {
				err = s.parts.Out.Play(ctx, ch, clip.Scaled(louder[volume+most]))
			}
		}
		switch {
		case ctx.Err() != nil:
			return
		case errors.Is(err, errUnsaid):
			s.note(p)
		case err != nil:
			s.log.Warn("not heard", "channel", string(ch), "err", err)
			if failed++; failed == patienceLost {
				s.broken()
				return
			}
		default:
			failed = 0
		}
	}
}

// broken says that nothing can be heard: Run finds out when it can be again.
func (s *Speaker) broken() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.Ready, s.state.On = false, false
	s.tell()
}

// errUnsaid says that nobody knows how a prompt is pronounced.
var errUnsaid = errors.New("not said")

// clips is the sound of a prompt: recorded for exactly this wording, or spoken by the engine.
func (s *Speaker) clips(ctx context.Context, p Prompt, rate int) ([]sound.Clip, error) {
	if len(p.Args) == 0 {
		clip, err := s.parts.Recordings.Find(ctx, p.ID, p.Lang, p.Text)
		if err == nil {
			return []sound.Clip{clip}, nil
		}
		if !errors.Is(err, fs.ErrNotExist) && ctx.Err() == nil {
			s.log.Warn("a recording is not heard", "err", err)
		}
	}
	pieces, err := s.parts.Reader.Read(p)
	if err != nil {
		return nil, errUnsaid
	}
	var clips []sound.Clip
	for _, piece := range pieces {
		clip, err := s.parts.Engine.Speak(ctx, piece, rate)
		if err != nil {
			return nil, err
		}
		clips = append(clips, clip)
	}
	return clips, nil
}

// note tells that a wording is not said, never which where it may be somebody's.
func (s *Speaker) note(p Prompt) {
	if p.Own {
		return
	}
	name := p.ID
	if name == "" {
		name = fmt.Sprintf("text %x", sha256.Sum256([]byte(p.Text)))[:21]
	}
	s.log.Info("a prompt is not said: no list has its reading", "prompt", name, "lang", p.Lang)
}
