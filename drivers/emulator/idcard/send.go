package idcard

import (
	"bytes"
	"context"
	"io"
	"slices"
	"time"

	"yimen/drivers/emulator"
)

// send puts an answer on the line the way the day goes: at line speed, or late, split, wrong, or not at all.
func (r *Reader) send(ctx context.Context, link io.Writer, answer []byte) error {
	if r.Faults.Take(Silent) {
		return nil
	}
	if r.Faults.Take(Late) {
		if err := emulator.Sleep(ctx, r.Late); err != nil {
			return err
		}
	}
	answer = r.spoil(answer)
	step, pause := len(answer), time.Duration(0)
	r.mu.Lock()
	byteTime := r.ByteTime
	r.mu.Unlock()
	if byteTime > 0 {
		step = 64 // a USB-serial bridge hands over its endpoint size at a time
		pause = byteTime * time.Duration(step)
	}
	if r.Faults.Take(Split) {
		step, pause = 7, 5*time.Millisecond
	}
	for piece := range slices.Chunk(answer, step) {
		if err := emulator.Sleep(ctx, pause*time.Duration(len(piece))/time.Duration(step)); err != nil {
			return err
		}
		if _, err := link.Write(piece); err != nil {
			return err
		}
	}
	return nil
}

// spoil changes the bytes of an answer as the faults say.
func (r *Reader) spoil(answer []byte) []byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	answer = bytes.Clone(answer)
	if r.Faults.Take(Flipped) {
		answer[r.rand.IntN(len(answer))] ^= 1 << r.rand.IntN(8)
	}
	if r.Faults.Take(WrongChecksum) {
		answer[len(answer)-1] ^= 0x55
	}
	if r.Faults.Take(CutShort) {
		answer = answer[:len(answer)/2]
	}
	if r.Faults.Take(Noise) {
		noise := make([]byte, 8+r.rand.IntN(24))
		for i := range noise {
			noise[i] = byte(r.rand.Uint32())
		}
		noise = append(noise, preamble[:3]...)
		answer = append(noise, answer...)
	}
	return answer
}
