package setup

import (
	"bufio"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
)

// ErrBrokenOff ends a dialogue whose other side has left. The answers so far are kept.
var ErrBrokenOff = errors.New("broken off; run it again to go on")

//go:embed words.yaml
var wordFile []byte

// Talk is the dialogue with the technician: a line out, a line in.
type Talk struct {
	lines chan string // closed at the end of what the technician typed
	out   io.Writer
	words map[string]string
}

// NewTalk begins a dialogue. Whoever ends it ends in too: a goroutine reads it.
func NewTalk(in io.Reader, out io.Writer) (*Talk, error) {
	t := &Talk{lines: make(chan string), out: out}
	if err := yaml.Unmarshal(wordFile, &t.words); err != nil {
		return nil, fmt.Errorf("words of the dialogue: %w", err)
	}
	go func() {
		defer close(t.lines)
		for s := bufio.NewScanner(in); s.Scan(); {
			t.lines <- strings.TrimSpace(s.Text())
		}
	}()
	return t, nil
}

// word gives a phrase with its arguments (name, value, …) filled in. An id without a phrase stands for itself.
func (t *Talk) word(id string, args ...string) string {
	phrase, ok := t.words[id]
	if !ok {
		return id
	}
	for i := 0; i+1 < len(args); i += 2 {
		phrase = strings.ReplaceAll(phrase, "{"+args[i]+"}", args[i+1])
	}
	return phrase
}

func (t *Talk) say(id string, args ...string) { fmt.Fprintln(t.out, t.word(id, args...)) }

// ask asks until the answer is good. An empty line takes the fallback, where there is one.
func (t *Talk) ask(ctx context.Context, id, fallback string, good func(string) error, args ...string) (string, error) {
	for {
		fmt.Fprint(t.out, t.word(id, args...))
		if fallback != "" {
			fmt.Fprint(t.out, t.word("ask.fallback", "value", fallback))
		}
		fmt.Fprint(t.out, "\n> ")
		select {
		case <-ctx.Done():
			return "", ctx.Err()
		case line, ok := <-t.lines:
			if !ok {
				return "", ErrBrokenOff
			}
			if line == "" {
				line = fallback
			}
			if line == "" {
				t.say("ask.empty")
				continue
			}
			if err := good(line); err != nil {
				t.say("ask.wrong", "why", err.Error())
				continue
			}
			return line, nil
		}
	}
}

// choose asks for one of the offers by its number, or for another value that is good. With nothing, 0 means none of them.
func (t *Talk) choose(ctx context.Context, id string, offers []string, nothing bool, good func(string) error, args ...string) (string, error) {
	t.say(id, args...)
	for i, o := range offers {
		fmt.Fprintf(t.out, "  %d  %s\n", i+1, o)
	}
	if nothing {
		t.say("choose.nothing")
	}
	fallback := ""
	switch {
	case len(offers) > 0:
		fallback = "1"
	case nothing:
		fallback = "0"
	}
	pick := func(s string) (string, bool) {
		n, err := strconv.Atoi(s)
		switch {
		case err != nil || n < 0 || n > len(offers) || n == 0 && !nothing:
			return s, false
		case n == 0:
			return "", true
		}
		return offers[n-1], true
	}
	line, err := t.ask(ctx, "choose.which", fallback, func(s string) error {
		if _, picked := pick(s); picked {
			return nil
		}
		return good(s)
	})
	if err != nil {
		return "", err
	}
	value, _ := pick(line)
	return value, nil
}

// agree asks for yes or no.
func (t *Talk) agree(ctx context.Context, id string, args ...string) (bool, error) {
	line, err := t.ask(ctx, id, "", func(s string) error {
		if yes(s) || no(s) {
			return nil
		}
		return errors.New(t.word("ask.yesno"))
	}, args...)
	return yes(line), err
}

func yes(s string) bool { return s == "y" || s == "Y" || s == "yes" || s == "是" || s == "对" }
func no(s string) bool  { return s == "n" || s == "N" || s == "no" || s == "否" || s == "不对" }
