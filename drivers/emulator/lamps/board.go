// Package lamps is a relay board that exists only on a serial line: it speaks Modbus RTU as firmware-notes/relay-board
// has it, each of its relays lights a lamp, and a switch may hang at each of its inputs.
package lamps

import (
	"context"
	"encoding/binary"
	"io"
	"slices"
	"sync"
	"time"

	"yimen/drivers/emulator"
)

// What a relay board can do wrong.
const (
	Silent    emulator.Fault = "silent"    // hears, answers nothing, switches nothing
	Deaf      emulator.Fault = "deaf"      // answers nothing, but switches
	Split     emulator.Fault = "split"     // answers in single bytes with pauses
	WrongCRC  emulator.Fault = "wrong-crc" // the answer's checksum is wrong
	Exception emulator.Fault = "exception" // refuses with exception 4, device failure
	Stuck     emulator.Fault = "stuck"     // echoes the command and switches nothing
	Broken    emulator.Fault = "broken"    // switches, and the lamps stay dark: nothing on the line tells
	Blind     emulator.Fault = "blind"     // knows no function 01 (firmware-notes/relay-board "Known troubles")
)

// Channels is how many relays the board has, and how many inputs.
const Channels = 8

// station is the board's Modbus address.
const station = 0x01

// Modbus function codes and exceptions that the board knows (firmware-notes/relay-board "Frames").
const (
	readCoils  = 0x01
	readInputs = 0x02
	writeCoil  = 0x05
	refusal    = 0x80 // added to the function code of a refused command
	badCommand = 0x01
	badAddress = 0x02
	badValue   = 0x03
	failure    = 0x04
)

// frameGap is the silence that ends a frame. Modbus asks for 3.5 characters, which no pty keeps; a whole frame is
// understood at once, and only the rest of a broken one is dropped after the gap.
const frameGap = 50 * time.Millisecond

// Board is a relay board. It is served on one link at a time; its relays fall off when the link ends, as without power.
type Board struct {
	Faults *emulator.Faults

	mu     sync.Mutex
	relays [Channels]bool
	inputs [Channels]bool
}

// New gives a board with every relay off and every input closed.
func New() *Board {
	return &Board{inputs: [Channels]bool{true, true, true, true, true, true, true, true}, Faults: emulator.NewFaults(Silent, Deaf, Split, WrongCRC, Exception, Stuck, Broken, Blind)}
}

// Lit tells which lamps are seen to be lit, by channel from 0.
func (b *Board) Lit() [Channels]bool {
	if b.Faults.On(Broken) {
		return [Channels]bool{}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.relays
}

// Close closes the loop at an input, from 0, or opens it.
func (b *Board) Close(input int, closed bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.inputs[input] = closed
}

// Closed tells which loops are closed, by input from 0.
func (b *Board) Closed() [Channels]bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.inputs
}

// Serve is the board on one link, until the link or ctx ends. Closing the link is the caller's.
func (b *Board) Serve(ctx context.Context, link io.ReadWriter) error {
	defer func() {
		b.mu.Lock()
		b.relays = [Channels]bool{}
		b.mu.Unlock()
	}()
	var held []byte
	var last time.Time
	buf := make([]byte, 64)
	for {
		n, err := link.Read(buf)
		if err != nil {
			return err
		}
		now := time.Now()
		if now.Sub(last) > frameGap {
			held = nil
		}
		last = now
		held = append(held, buf[:n]...)
		for {
			frame, rest, ok := cut(held)
			held = rest
			if !ok {
				break
			}
			if err := b.say(ctx, link, b.answer(frame)); err != nil {
				return err
			}
		}
	}
}

// commandLength is the length of every command that the board knows: station, function, address, value, CRC.
const commandLength = 8

// cut takes the first whole command off the line, without its CRC. What is none, or is for another station, is skipped.
func cut(b []byte) (frame, rest []byte, ok bool) {
	for len(b) >= commandLength {
		frame, sum := b[:commandLength-2], binary.LittleEndian.Uint16(b[commandLength-2:])
		if frame[0] == station && sum == crc(frame) {
			return frame, b[commandLength:], true
		}
		b = b[1:]
	}
	return nil, b, false
}

// answer carries out one command. Nil is silence.
func (b *Board) answer(frame []byte) []byte {
	if b.Faults.Take(Silent) {
		return nil
	}
	function, at, value := frame[1], binary.BigEndian.Uint16(frame[2:]), binary.BigEndian.Uint16(frame[4:])
	if b.Faults.Take(Exception) {
		return sealed(station, function|refusal, failure)
	}
	switch function {
	case writeCoil:
		switch {
		case at >= Channels:
			return sealed(station, function|refusal, badAddress)
		case value != 0xFF00 && value != 0:
			return sealed(station, function|refusal, badValue)
		}
		if !b.Faults.Take(Stuck) {
			b.mu.Lock()
			b.relays[at] = value != 0
			b.mu.Unlock()
		}
		if b.Faults.Take(Deaf) {
			return nil
		}
		return sealed(frame...)
	case readCoils:
		if b.Faults.Take(Blind) {
			return sealed(station, function|refusal, badCommand)
		}
		return b.tell(function, at, value, &b.relays)
	case readInputs:
		return b.tell(function, at, value, &b.inputs)
	}
	return sealed(station, function|refusal, badCommand)
}

// tell answers which of some channels are on.
func (b *Board) tell(function byte, at, count uint16, of *[Channels]bool) []byte {
	switch {
	case count == 0 || count > 2000:
		return sealed(station, function|refusal, badValue)
	case int(at)+int(count) > Channels:
		return sealed(station, function|refusal, badAddress)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	var bits byte
	for i := range int(count) {
		if of[int(at)+i] {
			bits |= 1 << i
		}
	}
	return sealed(station, function, 1, bits)
}

// say puts an answer on the line the way the day goes.
func (b *Board) say(ctx context.Context, link io.Writer, answer []byte) error {
	if answer == nil {
		return nil
	}
	if b.Faults.Take(WrongCRC) {
		answer[len(answer)-1] ^= 0x55
	}
	step := len(answer)
	if b.Faults.Take(Split) {
		step = 1
	}
	for piece := range slices.Chunk(answer, step) {
		if _, err := link.Write(piece); err != nil {
			return err
		}
		if step == 1 {
			if err := emulator.Sleep(ctx, 2*time.Millisecond); err != nil {
				return err
			}
		}
	}
	return nil
}

// sealed appends the CRC, low byte first.
func sealed(frame ...byte) []byte {
	return binary.LittleEndian.AppendUint16(slices.Clone(frame), crc(frame))
}

// crc is CRC-16/MODBUS: polynomial 8005 reflected, from FFFF.
func crc(b []byte) uint16 {
	sum := uint16(0xFFFF)
	for _, x := range b {
		sum ^= uint16(x)
		for range 8 {
			carry := sum&1 != 0
			sum >>= 1
			if carry {
				sum ^= 0xA001
			}
		}
	}
	return sum
}
