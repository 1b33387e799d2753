// Package sound is what a voice is heard by: clips of sound, recordings of prompts, and the two ways out, a loudspeaker
// for the hall and an ear-piece for one person.
package sound

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
	"time"
)

// Clip is sound of one channel.
type Clip struct {
	Rate    int // samples a second
	Samples []int16
}

// Duration is how long c is heard.
func (c Clip) Duration() time.Duration {
	if c.Rate == 0 {
		return 0
	}
	return time.Duration(len(c.Samples)) * time.Second / time.Duration(c.Rate)
}

// Scaled is c at another loudness: 1 leaves it. Samples that would not fit are cut.
func (c Clip) Scaled(by float64) Clip {
	out := Clip{Rate: c.Rate, Samples: make([]int16, len(c.Samples))}
	for i, s := range c.Samples {
		out.Samples[i] = int16(min(max(math.Round(float64(s)*by), math.MinInt16), math.MaxInt16))
	}
	return out
}

// ErrFormat says that bytes are no WAV file of 16 bits a sample and one or two channels.
var ErrFormat = errors.New("no WAV file of 16 bits")

const (
	riffHeader = 12
	headerSize = riffHeader + 8 + 16 + 8 // with the format and the head of the data, as Encode writes them
	plainPCM   = 1                       // WAVE_FORMAT_PCM
	mostRate   = 96_000
)

// Decode reads a WAV file; of two channels it takes the first. A length beyond the end, as programs write it that do not
// know theirs yet, means to the end.
func Decode(b []byte) (Clip, error) {
	if len(b) < riffHeader || string(b[:4]) != "RIFF" || string(b[8:12]) != "WAVE" {
		return Clip{}, ErrFormat
	}
	var c Clip
	channels := 0
	for b = b[riffHeader:]; len(b) >= 8; {
		name, size := string(b[:4]), int(binary.LittleEndian.Uint32(b[4:]))
		b = b[8:]
		size = min(size, len(b))
		switch {
		case name == "fmt " && size >= 16:
			format, bits := binary.LittleEndian.Uint16(b), binary.LittleEndian.Uint16(b[14:])
			channels, c.Rate = int(binary.LittleEndian.Uint16(b[2:])), int(binary.LittleEndian.Uint32(b[4:]))
			if format != plainPCM || bits != 16 || channels < 1 || channels > 2 || c.Rate < 4000 || c.Rate > mostRate {
				return Clip{}, ErrFormat
			}
		case name == "data" && channels > 0:
			for frame := 2 * channels; len(b[:size]) >= frame; size -= frame {
				c.Samples = append(c.Samples, int16(binary.LittleEndian.Uint16(b)))
				b = b[frame:]
			}
			return c, nil
		}
		b = b[min(size+size%2, len(b)):]
	}
	return Clip{}, ErrFormat
}

// Encode writes c as a WAV file.
func (c Clip) Encode() []byte {
	data := 2 * len(c.Samples)
	var b bytes.Buffer
	b.Grow(headerSize + data)
	b.WriteString("RIFF")
	for _, field := range []any{
		uint32(headerSize - 8 + data), []byte("WAVEfmt "), uint32(16), uint16(plainPCM), uint16(1), uint32(c.Rate), uint32(2 * c.Rate), uint16(2), uint16(16),
		[]byte("data"), uint32(data), c.Samples,
	} {
		_ = binary.Write(&b, binary.LittleEndian, field) // a buffer takes it all
	}
	return b.Bytes()
}

// Tone is a short tone of middle height, as loud as the voice usually is.
func Tone() Clip {
	const rate, height, length, loud = 22050, 660, 22050 / 2, 12000
	c := Clip{Rate: rate, Samples: make([]int16, length)}
	for i := range c.Samples {
		fade := math.Min(1, float64(min(i, length-i))/(rate/50)) // a hard edge would click
		c.Samples[i] = int16(loud * fade * math.Sin(2*math.Pi*height*float64(i)/rate))
	}
	return c
}
