// Package peer runs a small program on OpenCV that does what pageimage does, by the classical steps, to be measured
// against. It is for tests only. It needs the Debian packages of provisioning/packaging/apt/bench.txt.
package peer

import (
	"bufio"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

//go:embed opencv/main.cpp
var source []byte

// headers is where Debian puts them; it has no .pc file but in a package of 150 others.
const headers = "/usr/include/opencv4"

// ErrMissing: OpenCV's headers are not installed.
var ErrMissing = errors.New("no OpenCV on this machine (Debian packages libopencv-imgproc-dev and libopencv-imgcodecs-dev)")

// Program is the compiled program, running. One request at a time.
type Program struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

// Start compiles the program into the folder dir and starts it. It ends with ctx, or by Close. Errors: ErrMissing.
func Start(ctx context.Context, dir string) (*Program, error) {
	if _, err := os.Stat(headers + "/opencv2/imgcodecs.hpp"); err != nil {
		return nil, ErrMissing
	}
	src, bin := filepath.Join(dir, "main.cpp"), filepath.Join(dir, "peer")
	if err := os.WriteFile(src, source, 0o600); err != nil {
		return nil, fmt.Errorf("compile peer: %w", err)
	}
	compile := exec.CommandContext(ctx, "g++", "-std=c++17", "-O3", "-I"+headers, "-o", bin, src,
		"-lopencv_imgcodecs", "-lopencv_imgproc", "-lopencv_core")
	if out, err := compile.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("compile peer: %w\n%s", err, out)
	}
	cmd := exec.CommandContext(ctx, bin)
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("start peer: %w", err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start peer: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start peer: %w", err)
	}
	return &Program{cmd, in, bufio.NewReader(out)}, nil
}

// Close ends the program.
func (p *Program) Close() error {
	p.in.Close()
	return p.cmd.Wait()
}

// Answer is what the program did with a frame.
type Answer struct {
	Found   bool
	Corners [4][2]float64 // pixels of the frame, clockwise
	Took    time.Duration // decoding and all, without the way to the program and back
	Work    time.Duration // of both processors
	Bytes   int           // of the straightened page's JPEG
}

// Find finds the page in a frame.
func (p *Program) Find(frame []byte) (Answer, error) { return p.ask("find", 0, 0, frame) }

// Glance finds the page in a live frame, which it decodes at half its size.
func (p *Program) Glance(frame []byte) (Answer, error) { return p.ask("glance", 0, 0, frame) }

// Page finds the page in a frame, straightens it to width by height pixels, judges and encodes it.
func (p *Program) Page(frame []byte, width, height int) (Answer, error) {
	return p.ask("page", width, height, frame)
}

// Stand is Page, and turns it by what is written on it before it is encoded.
func (p *Program) Stand(frame []byte, width, height int) (Answer, error) {
	return p.ask("stand", width, height, frame)
}

func (p *Program) ask(what string, width, height int, frame []byte) (Answer, error) {
	if _, err := fmt.Fprintf(p.in, "%s %d %d %d\n", what, width, height, len(frame)); err != nil {
		return Answer{}, fmt.Errorf("ask peer: %w", err)
	}
	if _, err := p.in.Write(frame); err != nil {
		return Answer{}, fmt.Errorf("ask peer: %w", err)
	}
	line, err := p.out.ReadString('\n')
	if err != nil {
		return Answer{}, fmt.Errorf("ask peer: %w", err)
	}
	return parse(line)
}

func parse(line string) (Answer, error) {
	fields := strings.Fields(line)
	if len(fields) != 4 && len(fields) != 11 {
		return Answer{}, fmt.Errorf("peer answers %q", line)
	}
	var v [11]float64
	for i, f := range fields {
		if f == "none" && i == 3 {
			break
		}
		var err error
		if v[i], err = strconv.ParseFloat(f, 64); err != nil {
			return Answer{}, fmt.Errorf("peer answers %q: %w", line, err)
		}
	}
	seconds := func(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
	a := Answer{Found: len(fields) == 11, Took: seconds(v[0]), Work: seconds(v[1]), Bytes: int(v[2])}
	for i := range a.Corners {
		a.Corners[i] = [2]float64{v[3+2*i], v[4+2*i]}
	}
	return a, nil
}
