package disk

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// The words of the NBD protocol's transmission (doc/proto.md, "Request message", "Simple reply message", "Error values").
const (
	requestMagic = 0x25609513
	replyMagic   = 0x67446698

	cmdRead        = 0
	cmdWrite       = 1
	cmdDisconnect  = 2
	cmdFlush       = 3
	cmdTrim        = 4
	cmdWriteZeroes = 6

	flagFUA    = 1 << 0
	flagNoHole = 1 << 1

	nbdEIO    = 5
	nbdEINVAL = 22
	nbdENOSPC = 28
)

// maxTransfer is the most that is read or written at once, in bytes. Every user may assume that much.
const maxTransfer = 32 << 20

// request is what a user wants.
type request struct {
	flags, command uint16
	cookie         uint64
	offset         uint64
	length         uint32
}

// lasting tells whether the user may rely on something once this was answered.
func (q request) lasting() bool { return q.command == cmdFlush || q.flags&flagFUA != 0 }

func readRequest(r io.Reader) (q request, err error) {
	var b [28]byte
	if _, err := io.ReadFull(r, b[:]); err != nil {
		return q, err
	}
	if magic := binary.BigEndian.Uint32(b[:]); magic != requestMagic {
		return q, fmt.Errorf("%w: request magic %#x", errUser, magic)
	}
	return request{
		flags: binary.BigEndian.Uint16(b[4:]), command: binary.BigEndian.Uint16(b[6:]),
		cookie: binary.BigEndian.Uint64(b[8:]), offset: binary.BigEndian.Uint64(b[16:]), length: binary.BigEndian.Uint32(b[24:]),
	}, nil
}

// serveRequest carries out one request and answers it: one after the other, so that whatever was answered before a flush is in
// that flush.
func (d *Disk) serveRequest(conn io.ReadWriter, life int) error {
	q, err := readRequest(conn)
	if err != nil {
		return err
	}
	var data []byte
	switch q.command {
	case cmdDisconnect:
		return errLeft
	case cmdWrite:
		if q.length > maxTransfer {
			return fmt.Errorf("%w: write of %d bytes", errUser, q.length)
		}
		data = make([]byte, q.length)
		if _, err := io.ReadFull(conn, data); err != nil {
			return err // a write that the power interrupted on its way
		}
	}
	if failure := d.refuse(q); failure != 0 {
		return reply(conn, q, failure, nil)
	}
	if q.command == cmdRead {
		data = make([]byte, q.length)
	}
	err = d.during(life, q, func() error { return d.carryOut(q, data) })
	switch {
	case errors.Is(err, errCut):
		return err
	case errors.Is(err, errFailed):
		_, _ = io.Copy(io.Discard, conn) // who waits for an answer is not told; a line that ends would be one
		return err
	case err != nil:
		return reply(conn, q, nbdEIO, nil)
	case q.command == cmdRead:
		return reply(conn, q, 0, data)
	}
	return reply(conn, q, 0, nil)
}

// refuse gives the protocol's error for a request that cannot be carried out, 0 for one that can.
func (d *Disk) refuse(q request) uint32 {
	if q.flags&^(flagFUA|flagNoHole) != 0 || q.flags&flagNoHole != 0 && q.command != cmdWriteZeroes {
		return nbdEINVAL
	}
	switch q.command {
	case cmdFlush:
		return 0
	case cmdRead:
		if q.length > maxTransfer || !d.holds(q.offset, q.length) {
			return nbdEINVAL
		}
	case cmdWrite, cmdWriteZeroes, cmdTrim:
		if q.offset%SectorSize != 0 || q.length%SectorSize != 0 {
			return nbdEINVAL
		}
		if !d.holds(q.offset, q.length) {
			return nbdENOSPC
		}
	default:
		return nbdEINVAL
	}
	return 0
}

// carryOut does what a request says; for a read it fills data.
func (d *Disk) carryOut(q request, data []byte) error {
	lasting := q.flags&flagFUA != 0
	switch q.command {
	case cmdRead:
		return d.read(int64(q.offset), data)
	case cmdWrite:
		return d.write(int64(q.offset), data, lasting)
	case cmdTrim, cmdWriteZeroes: // a trimmed sector may read as anything; here it reads as zeroes
		return d.zero(int64(q.offset), int64(q.length), lasting)
	default:
		return d.flush()
	}
}

func reply(conn io.Writer, q request, failure uint32, data []byte) error {
	b := make([]byte, 0, 16+len(data))
	b = binary.BigEndian.AppendUint32(b, replyMagic)
	b = binary.BigEndian.AppendUint32(b, failure)
	b = binary.BigEndian.AppendUint64(b, q.cookie)
	_, err := conn.Write(append(b, data...))
	return err
}
