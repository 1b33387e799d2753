package onnx

import "encoding/binary"

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

// ints is an attribute of several numbers, whole of one.
func ints(name string, values ...uint64) []byte {
	b := join(field(1, []byte(name)...), number(20, 7))
	for _, v := range values {
		b = append(b, number(8, v)...)
	}
	return b
}

func whole(name string, v uint64) []byte {
	return join(field(1, []byte(name)...), number(20, 2), number(3, v))
}

// node is one operation with one input and one output.
func node(op, in, out string, attributes ...[]byte) []byte {
	b := join(field(1, []byte(in)...), field(2, []byte(out)...), field(4, []byte(op)...))
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
