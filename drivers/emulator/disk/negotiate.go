package disk

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// The words of the NBD protocol's handshake, fixed newstyle (NetworkBlockDevice/nbd, doc/proto.md, "Fixed newstyle
// negotiation", "Option types", "Option reply types"). Every number on the wire is big-endian.
const (
	serverMagic = 0x4e42444d41474943 // "NBDMAGIC"
	optionMagic = 0x49484156454f5054 // "IHAVEOPT"
	answerMagic = 0x0003e889045565a9

	fixedNewstyle = 1 << 0 // server's and client's flag
	noZeroes      = 1 << 1 // server's and client's flag

	optExportName = 1
	optAbort      = 2
	optList       = 3
	optInfo       = 6
	optGo         = 7

	repAck        = 1
	repServer     = 2
	repInfo       = 3
	repErrUnsup   = 1<<31 + 1
	repErrInvalid = 1<<31 + 3
	repErrUnknown = 1<<31 + 6

	infoExport    = 0
	infoBlockSize = 3

	hasFlags        = 1 << 0
	sendFlush       = 1 << 2
	sendFUA         = 1 << 3
	sendTrim        = 1 << 5
	sendWriteZeroes = 1 << 6
	transmission    = hasFlags | sendFlush | sendFUA | sendTrim | sendWriteZeroes
)

// maxOption is the longest option that is read: a name of 4096 bytes and what stands around it.
const maxOption = 8 << 10

// errUser is a user that does not keep to the protocol: there is no way on.
var errUser = errors.New("nbd: protocol broken")

// errLeft is a user that has ended by itself, as one may.
var errLeft = errors.New("nbd: user has left")

// talk serves one user from the first byte to the last.
func (d *Disk) talk(conn io.ReadWriter, life int) error {
	if err := d.negotiate(conn); err != nil {
		return err
	}
	for {
		if err := d.serveRequest(conn, life); err != nil {
			return err
		}
	}
}

// negotiate comes to terms with a user, or gives the reason why there will be no transmission.
func (d *Disk) negotiate(conn io.ReadWriter) error {
	hello := binary.BigEndian.AppendUint64(nil, serverMagic)
	hello = binary.BigEndian.AppendUint64(hello, optionMagic)
	hello = binary.BigEndian.AppendUint16(hello, fixedNewstyle|noZeroes)
	if _, err := conn.Write(hello); err != nil {
		return err
	}
	var flags [4]byte
	if _, err := io.ReadFull(conn, flags[:]); err != nil {
		return err
	}
	client := binary.BigEndian.Uint32(flags[:])
	if client&^(fixedNewstyle|noZeroes) != 0 {
		return fmt.Errorf("%w: client flags %#x", errUser, client)
	}
	for {
		done, err := d.option(conn, client&noZeroes == 0)
		if done || err != nil {
			return err
		}
	}
}

// option answers one option. done says that the transmission begins.
func (d *Disk) option(conn io.ReadWriter, pad bool) (done bool, err error) {
	var head [16]byte
	if _, err := io.ReadFull(conn, head[:]); err != nil {
		return false, err
	}
	option, length := binary.BigEndian.Uint32(head[8:]), binary.BigEndian.Uint32(head[12:])
	if binary.BigEndian.Uint64(head[:]) != optionMagic || length > maxOption {
		return false, fmt.Errorf("%w: option %d of %d bytes", errUser, option, length)
	}
	data := make([]byte, length)
	if _, err := io.ReadFull(conn, data); err != nil {
		return false, err
	}
	switch option {
	case optExportName:
		return d.exportName(conn, data, pad)
	case optAbort:
		return false, errors.Join(answer(conn, option, repAck, nil), errLeft)
	case optList:
		if length != 0 {
			return false, answer(conn, option, repErrInvalid, nil)
		}
		// One export, whose name is empty: four bytes of length, and no name.
		return false, errors.Join(answer(conn, option, repServer, make([]byte, 4)), answer(conn, option, repAck, nil))
	case optInfo, optGo:
		return d.info(conn, option, data)
	}
	return false, answer(conn, option, repErrUnsup, nil)
}

// exportName begins the transmission the old way, which knows no refusal but hanging up.
func (d *Disk) exportName(conn io.Writer, name []byte, pad bool) (done bool, err error) {
	if len(name) != 0 {
		return false, fmt.Errorf("%w: no export %q", errUser, name)
	}
	export := binary.BigEndian.AppendUint64(nil, uint64(d.size))
	export = binary.BigEndian.AppendUint16(export, transmission)
	if pad {
		export = append(export, make([]byte, 124)...)
	}
	_, err = conn.Write(export)
	return true, err
}

// info answers INFO and GO: a name with its length before it, then the count of things the user wants to know, and those.
// All that there is to know is told, whatever the user asked for.
func (d *Disk) info(conn io.Writer, option uint32, data []byte) (done bool, err error) {
	if len(data) < 6 {
		return false, answer(conn, option, repErrInvalid, nil)
	}
	name, rest := uint64(binary.BigEndian.Uint32(data)), uint64(len(data)-6)
	if name > rest || uint64(binary.BigEndian.Uint16(data[4+name:]))*2 != rest-name {
		return false, answer(conn, option, repErrInvalid, nil)
	}
	if name != 0 {
		return false, answer(conn, option, repErrUnknown, nil)
	}
	export := binary.BigEndian.AppendUint16(nil, infoExport)
	export = binary.BigEndian.AppendUint64(export, uint64(d.size))
	export = binary.BigEndian.AppendUint16(export, transmission)
	blocks := binary.BigEndian.AppendUint16(nil, infoBlockSize)
	for _, size := range []uint32{SectorSize, 4096, maxTransfer} { // smallest, best, largest
		blocks = binary.BigEndian.AppendUint32(blocks, size)
	}
	err = errors.Join(
		answer(conn, option, repInfo, export),
		answer(conn, option, repInfo, blocks),
		answer(conn, option, repAck, nil),
	)
	return option == optGo && err == nil, err
}

// answer says one thing about an option.
func answer(conn io.Writer, option, kind uint32, data []byte) error {
	b := binary.BigEndian.AppendUint64(nil, answerMagic)
	b = binary.BigEndian.AppendUint32(b, option)
	b = binary.BigEndian.AppendUint32(b, kind)
	b = binary.BigEndian.AppendUint32(b, uint32(len(data)))
	_, err := conn.Write(append(b, data...))
	return err
}
