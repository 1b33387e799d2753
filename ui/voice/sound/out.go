package sound

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// Out is both ways out, each by a device or into a folder.
type Out struct {
	player  Player
	folders map[Channel]string

	mu    sync.Mutex
	count int // of clips in folders
}

const intoFolder = "wav:"

// Open makes the ways out of c. It opens no device: each is opened for a clip.
func Open(c Config) (*Out, error) {
	o := &Out{player: Player{Program: "aplay", Devices: map[Channel]string{}}, folders: map[Channel]string{}}
	for ch, name := range map[Channel]string{Loudspeaker: c.Loudspeaker, Earpiece: c.Earpiece} {
		if folder, ok := strings.CutPrefix(name, intoFolder); ok {
			if err := os.MkdirAll(folder, 0o700); err != nil {
				return nil, fmt.Errorf("folder for clips: %w", err)
			}
			o.folders[ch] = folder
		} else if name != "" {
			o.player.Devices[ch] = name
		}
	}
	return o, nil
}

// Has reports whether there is such a way out.
func (o *Out) Has(ch Channel) bool { return o.folders[ch] != "" || o.player.Has(ch) }

// Play plays c and waits for its end or ctx's.
func (o *Out) Play(ctx context.Context, ch Channel, c Clip) error {
	folder := o.folders[ch]
	if folder == "" {
		return o.player.Play(ctx, ch, c)
	}
	o.mu.Lock()
	o.count++
	name := fmt.Sprintf("%04d-%s.wav", o.count, ch)
	o.mu.Unlock()
	if err := os.WriteFile(filepath.Join(folder, name), c.Encode(), 0o600); err != nil {
		return fmt.Errorf("keep a clip: %w", err)
	}
	select {
	case <-time.After(c.Duration()):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Try finds out whether anything could be heard: it plays a moment of silence.
func (o *Out) Try(ctx context.Context, ch Channel) error {
	if o.folders[ch] != "" {
		return nil
	}
	const rate, moment = 22050, 22050 / 20
	return o.player.Play(ctx, ch, Clip{Rate: rate, Samples: make([]int16, moment)})
}
