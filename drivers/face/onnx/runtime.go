// Package onnx is a face.Verifier made of an operator's own networks, run by ONNX Runtime. The library is opened by its path
// when a terminal's config names one, and by nothing else: what is shipped neither links nor contains it, and a terminal
// without networks never loads it. It is called in this process, on one thread, with telemetry off.
package onnx

/*
#cgo LDFLAGS: -ldl
#include <stdlib.h>
#include "runtime.h"
*/
import "C"

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"unsafe"
)

// Errors of the library and of networks.
var (
	// ErrLibrary: the file is no ONNX Runtime that this program can use.
	ErrLibrary = errors.New("no usable ONNX Runtime")
	// ErrNetwork: the network cannot be read or run, or does not take and give what is asked of it.
	ErrNetwork = errors.New("network does not fit")
)

// mostNetwork bounds a network's file, in bytes.
const mostNetwork = 512 << 20

// network is one network: square pictures of three planes in, numbers out. It is used by one goroutine at a time.
type network struct {
	session *C.struct_yimenSession
	side    int // of the pictures it takes, in pixels
}

// open opens the library and reads the network. Errors: ErrLibrary, ErrNetwork, or the file's own.
func open(library, file string) (*network, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, fmt.Errorf("read network: %w", err)
	}
	if info.Size() > mostNetwork {
		return nil, fmt.Errorf("%w: %s takes %d bytes", ErrNetwork, file, info.Size())
	}
	bytes, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read network: %w", err)
	}
	path := C.CString(library)
	defer C.free(unsafe.Pointer(path))
	var why [C.yimenWhy]C.char
	var api unsafe.Pointer
	if C.yimenLibrary(path, &api, &why[0]) != 0 {
		return nil, fmt.Errorf("%w: %s: %s", ErrLibrary, library, C.GoString(&why[0]))
	}
	n := &network{}
	var side C.int
	if C.yimenRead(api, unsafe.Pointer(unsafe.SliceData(bytes)), C.size_t(len(bytes)), &n.session, &side, &why[0]) != 0 {
		return nil, fmt.Errorf("%w: %s: %s", ErrNetwork, file, C.GoString(&why[0]))
	}
	n.side = int(side)
	runtime.AddCleanup(n, func(s *C.struct_yimenSession) { C.yimenClose(s) }, n.session)
	return n, nil
}

// mostNumbers bounds what a network may give for one picture.
const mostNumbers = 4096

// run gives the network's numbers for a picture: three planes of side × side.
func (n *network) run(planes []float32) ([]float32, error) {
	if len(planes) != 3*n.side*n.side {
		return nil, fmt.Errorf("%w: it takes pictures of %d × %d", ErrNetwork, n.side, n.side)
	}
	out := make([]float32, mostNumbers)
	var why [C.yimenWhy]C.char
	got := C.yimenRun(n.session, (*C.float)(unsafe.SliceData(planes)), C.int(n.side), (*C.float)(unsafe.SliceData(out)), C.int(len(out)), &why[0])
	runtime.KeepAlive(n)
	if got < 0 {
		return nil, fmt.Errorf("%w: %s", ErrNetwork, C.GoString(&why[0]))
	}
	return out[:got], nil
}
