package sound

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// Channel is one of the two ways out.
type Channel string

const (
	Loudspeaker Channel = "loudspeaker" // everybody in the hall hears it
	Earpiece    Channel = "earpiece"    // only who holds it
)

// Config is where the sound goes: names of ALSA devices, as `aplay -L` lists them, such as plughw:CARD=Device. "default" is
// the machine's own; empty means that there is none. A folder behind "wav:" collects what would be heard, a file a clip.
type Config struct {
	Loudspeaker string `yaml:"loudspeaker,omitempty"`
	Earpiece    string `yaml:"earpiece,omitempty"`
	// Recordings is the folder of recorded prompts (see Recordings); empty for none.
	Recordings string `yaml:"recordings,omitempty"`
}

// Validate tells what is wrong with c, naming the key.
func (c Config) Validate() error {
	for _, f := range []struct{ key, value string }{{"loudspeaker", c.Loudspeaker}, {"earpiece", c.Earpiece}} {
		if strings.HasPrefix(f.value, "-") || strings.ContainsAny(f.value, " \t\n") {
			return fmt.Errorf("%s: %q is no name of a sound device: `aplay -L` lists them", f.key, f.value)
		}
	}
	if c.Loudspeaker != "" && c.Loudspeaker == c.Earpiece {
		return errors.New("earpiece: it is the loudspeaker: what only one person may hear would be heard by all")
	}
	return nil
}

// ErrNone says that there is no such way out.
var ErrNone = errors.New("no sound device")

// Player plays clips by aplay, one process a clip, so that a device that hangs takes nothing with it and silence is one
// kill away. (A binding of libasound would save the process and cost both.)
type Player struct {
	Program string // aplay
	Devices map[Channel]string
}

// patience is how long a device may take longer than the clip itself.
const patience = 5 * time.Second

// Has reports whether there is such a way out.
func (p *Player) Has(ch Channel) bool { return p.Devices[ch] != "" }

// Play plays c and waits for its end, or for ctx's: then it is silent at once.
func (p *Player) Play(ctx context.Context, ch Channel, c Clip) error {
	device := p.Devices[ch]
	if device == "" {
		return fmt.Errorf("%s: %w", ch, ErrNone)
	}
	late, stop := context.WithTimeout(ctx, c.Duration()+patience)
	defer stop()
	cmd := exec.CommandContext(late, p.Program, "--quiet", "--device="+device, "-")
	cmd.Stdin = bytes.NewReader(c.Encode())
	var complaint limited
	cmd.Stderr = &complaint
	cmd.WaitDelay = time.Second
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Run(); err != nil && ctx.Err() == nil {
		return fmt.Errorf("play by %s: %w: %s", device, err, complaint.line())
	}
	return ctx.Err()
}

// limited keeps the beginning of what a program complains about.
type limited struct{ b []byte }

func (l *limited) Write(b []byte) (int, error) {
	const most = 500
	if room := most - len(l.b); room > 0 {
		l.b = append(l.b, b[:min(room, len(b))]...)
	}
	return len(b), nil
}

func (l *limited) line() string { return strings.Join(strings.Fields(string(l.b)), " ") }
