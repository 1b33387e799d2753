package sound

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// tone is a clip of some samples.
func tone(n int) Clip {
	c := Clip{Rate: 24000}
	for i := range n {
		c.Samples = append(c.Samples, int16(1000*(i%7)-3000))
	}
	return c
}

func TestAClipComesBackAsItWasWritten(t *testing.T) {
	want := tone(1000)
	got, err := Decode(want.Encode())
	if err != nil || got.Rate != want.Rate || !slices.Equal(got.Samples, want.Samples) {
		t.Errorf("%d samples at %d, %v", len(got.Samples), got.Rate, err)
	}
	piped := want.Encode()
	copy(piped[headerSize-4:], "\xff\xff\xff\x7f") // a program that writes to a pipe does not know the length
	if got, err := Decode(piped); err != nil || len(got.Samples) != 1000 {
		t.Errorf("without a length: %d samples, %v", len(got.Samples), err)
	}
	if _, err := Decode([]byte("RIFF0000WAVEdata")); !errors.Is(err, ErrFormat) {
		t.Errorf("without a format: %v", err)
	}
}

func TestLouderNeverWrapsAround(t *testing.T) {
	got := Clip{Rate: 8000, Samples: []int16{30000, -30000, 100}}.Scaled(2)
	if !slices.Equal(got.Samples, []int16{32767, -32768, 200}) {
		t.Error(got.Samples)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(tone(3).Encode())
	f.Add([]byte("RIFF\xff\xff\xff\xffWAVEfmt \xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := Decode(b)
		if err == nil && (c.Rate < 4000 || 2*len(c.Samples) > len(b)) {
			t.Errorf("%d samples at %d of %d bytes", len(c.Samples), c.Rate, len(b))
		}
	})
}

// put writes a recording of a wording into a folder.
func put(t *testing.T, folder, id, lang, text string, b []byte, ext string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Join(folder, lang), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, lang, id+"."+TextDigest(text)+ext), b, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestARecordingIsHeardForItsOwnWordingAlone(t *testing.T) {
	dir := t.TempDir()
	r := Recordings{Folder: dir}
	put(t, dir, "card.title", "zh-CN", "请把身份证放在读卡区", tone(500).Encode(), ".wav")
	if c, err := r.Find(t.Context(), "card.title", "zh-CN", "请把身份证放在读卡区"); err != nil || len(c.Samples) != 500 {
		t.Errorf("%d samples, %v", len(c.Samples), err)
	}
	for _, other := range []struct{ id, lang, text string }{
		{"card.title", "zh-CN", "请把身份证平放在读卡区"}, {"card.title", "en", "请把身份证放在读卡区"}, {"", "zh-CN", "请把身份证放在读卡区"},
		{"../zh-CN/card.title", "zh-CN", "请把身份证放在读卡区"}, {"card.title", "../zh-CN", "请把身份证放在读卡区"},
	} {
		if _, err := r.Find(t.Context(), other.id, other.lang, other.text); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%v: %v", other, err)
		}
	}
	if _, err := (Recordings{}).Find(t.Context(), "card.title", "zh-CN", "x"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("without a folder: %v", err)
	}
	put(t, dir, "bad", "zh-CN", "坏", []byte("no sound"), ".wav")
	if _, err := r.Find(t.Context(), "bad", "zh-CN", "坏"); !errors.Is(err, ErrFormat) {
		t.Errorf("no WAV file: %v", err)
	}
}

func TestAnOpusRecordingIsHeard(t *testing.T) {
	encode := exec.Command("opusenc", "--quiet", "-", "-")
	encode.Stdin = strings.NewReader(string(tone(24000).Encode()))
	b, err := encode.Output()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	put(t, dir, "text", "zh-CN", "低保", b, ".opus")
	c, err := Recordings{Folder: dir}.Find(t.Context(), "", "zh-CN", "低保")
	if err != nil || c.Rate != 24000 || len(c.Samples) < 23000 || len(c.Samples) > 25000 {
		t.Errorf("%d samples at %d, %v", len(c.Samples), c.Rate, err)
	}
	put(t, dir, "text", "zh-CN", "断", b[:len(b)/8], ".opus")
	if _, err := (Recordings{Folder: dir}).Find(t.Context(), "", "zh-CN", "断"); err == nil {
		t.Error("a file that was cut off was heard")
	}
}

// program makes a shell script that stands for aplay.
func program(t *testing.T, script string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "aplay")
	if err := os.WriteFile(file, []byte("#!/bin/sh\n"+script), 0o700); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestADeviceGetsTheWholeClip(t *testing.T) {
	dir := t.TempDir()
	p := Player{Program: program(t, `echo "$@" > `+dir+`/args; cat > `+dir+`/clip`), Devices: map[Channel]string{Earpiece: "plughw:CARD=Ear"}}
	if err := p.Play(t.Context(), Earpiece, tone(300)); err != nil {
		t.Fatal(err)
	}
	args, _ := os.ReadFile(filepath.Join(dir, "args"))
	clip, _ := os.ReadFile(filepath.Join(dir, "clip"))
	if got, err := Decode(clip); err != nil || len(got.Samples) != 300 || !strings.Contains(string(args), "--device=plughw:CARD=Ear") {
		t.Errorf("%s: %d samples, %v", args, len(got.Samples), err)
	}
	if err := p.Play(t.Context(), Loudspeaker, tone(3)); !errors.Is(err, ErrNone) {
		t.Errorf("no loudspeaker: %v", err)
	}
}

// ALSA's own "null" swallows what it is given, and is there without any hardware.
func TestTheRealProgramPlaysAndTellsAMissingDevice(t *testing.T) {
	o, err := Open(Config{Loudspeaker: "null", Earpiece: "plughw:CARD=nowhere"})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(o.Try(t.Context(), Loudspeaker), o.Play(t.Context(), Loudspeaker, Tone())); err != nil {
		t.Error(err)
	}
	if err := o.Try(t.Context(), Earpiece); err == nil || !strings.Contains(err.Error(), "plughw:CARD=nowhere") {
		t.Errorf("a device that is not there: %v", err)
	}
}

func TestSilenceIsAtOnceAndADeviceThatRefusesSaysWhy(t *testing.T) {
	p := Player{Program: program(t, "exec sleep 600"), Devices: map[Channel]string{Loudspeaker: "default"}}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- p.Play(ctx, Loudspeaker, tone(24000*60)) }()
	time.AfterFunc(50*time.Millisecond, stop)
	if err := <-ended; !errors.Is(err, context.Canceled) { // in its own time it would end after minutes
		t.Error(err)
	}
	p.Program = program(t, "echo audio open error: No such device >&2; exit 1")
	if err := p.Play(t.Context(), Loudspeaker, tone(3)); err == nil || !strings.Contains(err.Error(), "No such device") {
		t.Error(err)
	}
}

func TestAFolderCollectsWhatWouldBeHeard(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "heard")
	o, err := Open(Config{Loudspeaker: "wav:" + dir})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(o.Try(t.Context(), Loudspeaker), o.Play(t.Context(), Loudspeaker, tone(24))); err != nil || !o.Has(Loudspeaker) || o.Has(Earpiece) {
		t.Errorf("%v, %v, %v", err, o.Has(Loudspeaker), o.Has(Earpiece))
	}
	b, err := os.ReadFile(filepath.Join(dir, "0001-loudspeaker.wav"))
	if c, bad := Decode(b); err != nil || bad != nil || len(c.Samples) != 24 {
		t.Errorf("%v, %v, %d samples", err, bad, len(c.Samples))
	}
}

func TestAConfigThatWouldTellOthersIsRefused(t *testing.T) {
	for _, c := range []Config{{Loudspeaker: "default", Earpiece: "default"}, {Loudspeaker: "-D x"}, {Earpiece: "a b"}} {
		if c.Validate() == nil {
			t.Errorf("%+v was taken", c)
		}
	}
	if err := (Config{Loudspeaker: "default", Earpiece: "plughw:1"}).Validate(); err != nil {
		t.Error(err)
	}
}
