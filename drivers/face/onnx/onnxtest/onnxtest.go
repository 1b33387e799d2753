// Package onnxtest makes networks up, so that a verifier can be tried by which nobody is known, and finds the library that runs
// them where make soak has put it.
package onnxtest

import (
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// Library is where make soak puts ONNX Runtime; make test does without, and the test is skipped.
func Library(t testing.TB) string {
	t.Helper()
	if os.Getenv("YIMEN_SOAK") == "" {
		t.Skip("the library takes 250 MB: in make soak only")
	}
	path := filepath.Join(module(t), "drivers/face/onnx/library/node_modules/onnxruntime-node/bin/napi-v6/linux",
		map[string]string{"amd64": "x64", "arm64": "arm64"}[runtime.GOARCH], "libonnxruntime.so.1")
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("make soak installs it: %v", err)
	}
	return path
}

// module is the folder of the module, above the one that the test runs in.
func module(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	for ; err == nil && dir != "/"; dir = filepath.Dir(dir) {
		if _, missing := os.Stat(filepath.Join(dir, "go.mod")); missing == nil {
			return dir
		}
	}
	t.Fatalf("no go.mod above the test: %v", err)
	return ""
}

// Patches is the path of a network by which faces are alike whose 196 patches are.
func Patches(t testing.TB) string {
	t.Helper()
	return Write(t, "patches", side, pooled("picture")...)
}

// InnerPatches is the same of the face between brows and chin alone, whatever stands behind it.
func InnerPatches(t testing.TB) string {
	t.Helper()
	mask := make([]float32, side*side)
	for i := range mask {
		x, y := float64(i%side-side/2)/26, float64(i/side-60)/28
		if x*x+y*y < 1 {
			mask[i] = 1
		}
	}
	return Write(t, "inner", side, append([][]byte{constant("mask", mask), Node("Mul", "picture mask", "inner")}, pooled("inner")...)...)
}

// side is that of the likeness network's picture.
const side = 112

func pooled(in string) [][]byte {
	return [][]byte{Node("AveragePool", in, "mean", Ints("kernel_shape", 8, 8), Ints("strides", 8, 8)), Node("Flatten", "mean", "numbers")}
}

// Brightness is the path of a network by which what is bright lives.
func Brightness(t testing.TB) string {
	t.Helper()
	return Write(t, "brightness", 64, mean("numbers"))
}

// Darkness is the path of a network by which what is dark lives: white paper does not.
func Darkness(t testing.TB) string {
	t.Helper()
	return Write(t, "darkness", 64, mean("mean"), Node("Neg", "mean", "numbers"))
}

// mean is the mean of all planes.
func mean(out string) []byte {
	return Node("ReduceMean", "picture", out, Ints("axes", 1, 2, 3), whole("keepdims", 0))
}

// Write writes a network into a folder that ends with the test.
func Write(t testing.TB, name string, side int, nodes ...[]byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name+".onnx")
	if err := os.WriteFile(path, model(side, nodes...), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// The ONNX file format (onnx.proto3), as much of it as made-up networks need.

// field writes a message or text as a field of a message.
func field(no int, body ...byte) []byte {
	b := binary.AppendUvarint(nil, uint64(no)<<3|2)
	b = binary.AppendUvarint(b, uint64(len(body)))
	return append(b, body...)
}

// number writes a number as a field of a message.
func number(no int, v uint64) []byte {
	return binary.AppendUvarint(binary.AppendUvarint(nil, uint64(no)<<3), v)
}

func join(parts ...[]byte) (b []byte) {
	for _, p := range parts {
		b = append(b, p...)
	}
	return b
}

// Ints is an attribute of several numbers.
func Ints(name string, values ...uint64) []byte {
	b := join(field(1, []byte(name)...), number(20, 7))
	for _, v := range values {
		b = append(b, number(8, v)...)
	}
	return b
}

// whole is an attribute of one number.
func whole(name string, v uint64) []byte {
	return join(field(1, []byte(name)...), number(20, 2), number(3, v))
}

// constant is an operation that gives one square plane of numbers.
func constant(out string, plane []float32) []byte {
	var raw []byte
	for _, v := range plane {
		raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(v))
	}
	tensor := join(number(1, side), number(1, side), number(2, 1), field(9, raw...))
	return Node("Constant", "", out, join(field(1, []byte("value")...), number(20, 4), field(5, tensor...)))
}

// Node is one operation with one output; inputs are parted by spaces.
func Node(op, in, out string, attributes ...[]byte) []byte {
	var b []byte
	for _, name := range strings.Fields(in) {
		b = append(b, field(1, []byte(name)...)...)
	}
	b = join(b, field(2, []byte(out)...), field(4, []byte(op)...))
	for _, a := range attributes {
		b = append(b, field(5, a...)...)
	}
	return b
}

// model is a network that takes one "picture" of side × side and gives "numbers".
func model(side int, nodes ...[]byte) []byte {
	var graph []byte
	for _, n := range nodes {
		graph = append(graph, field(1, n...)...)
	}
	var shape []byte
	for _, d := range []uint64{1, 3, uint64(side), uint64(side)} {
		shape = append(shape, field(1, number(1, d)...)...)
	}
	tensor := func(more ...byte) []byte { return field(2, field(1, append(number(1, 1), more...)...)...) }
	graph = join(graph, field(2, []byte("made up")...),
		field(11, join(field(1, []byte("picture")...), tensor(field(2, shape...)...))...),
		field(12, join(field(1, []byte("numbers")...), tensor())...))
	return join(number(1, 8), field(8, number(2, 13)...), field(7, graph...))
}
