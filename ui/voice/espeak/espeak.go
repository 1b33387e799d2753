// Package espeak speaks by espeak-ng (GPL-3.0-or-later, a program of its own), where no recording does: robotic, but by the
// syllables it is given, and small enough for any terminal. It is one process a piece, with a bound on time and size: what
// it was given is gone with it, and one that hangs is killed.
package espeak

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"

	"yimen/ui/voice"
	"yimen/ui/voice/sound"
)

// voices are espeak-ng's for our languages. Its voice cmn reads characters, and wrong; cmn-latn-pinyin reads numbered
// pinyin, and right.
var voices = map[string]string{"zh-CN": "cmn-latn-pinyin", "en": "en"}

// rates are espeak-ng's words a minute for the steps from slowest to fastest; its own usual is 175, too fast for a hall of
// old people.
var rates = [5]int{85, 110, 140, 170, 210}

const (
	patience = 5 * time.Second
	mostText = 8000     // bytes
	mostWAV  = 32 << 20 // bytes of a piece: ten minutes
)

// ErrPiece says that a piece is none that may be given to the program.
var ErrPiece = errors.New("not a piece that can be spoken")

// Program is what Debian's package calls it.
const Program = "espeak-ng"

// Engine is the program.
type Engine struct {
	Program string // its name, or its file
}

// Speak gives the sound of a piece at a rate of -2 to 2 steps from the usual. It returns when the program has ended or ctx.
func (e *Engine) Speak(ctx context.Context, p voice.Piece, rate int) (sound.Clip, error) {
	name, ok := voices[p.Lang]
	if !ok || len(p.Text) > mostText || rate < -2 || rate > 2 || strings.ContainsFunc(p.Text, commanding) {
		return sound.Clip{}, ErrPiece
	}
	late, stop := context.WithTimeout(ctx, patience)
	defer stop()
	cmd := exec.CommandContext(late, e.Program, "-v", name, "-s", strconv.Itoa(rates[rate+2]), "-b", "1", "--stdin", "--stdout")
	cmd.Stdin = strings.NewReader(p.Text + "\n")
	var out bounded
	cmd.Stdout = &out
	cmd.WaitDelay = time.Second
	cmd.Env = []string{"LANG=C.UTF-8"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return sound.Clip{}, ctx.Err()
		}
		return sound.Clip{}, fmt.Errorf("espeak-ng: %w", err)
	}
	clip, err := sound.Decode(out.b.Bytes())
	if err != nil {
		return sound.Clip{}, fmt.Errorf("espeak-ng: %w", err)
	}
	return clip, nil
}

// commanding tells a character that the program may take for a command ([[ begins phonemes, < SSML) or that nobody reads.
func commanding(r rune) bool {
	return r < ' ' || strings.ContainsRune("[]<>|\\`\u007f", r)
}

// bounded is output up to mostWAV.
type bounded struct{ b bytes.Buffer }

func (o *bounded) Write(b []byte) (int, error) {
	if o.b.Len()+len(b) > mostWAV {
		return 0, errors.New("it does not stop")
	}
	return o.b.Write(b)
}
