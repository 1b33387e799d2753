package eye

import (
	_ "embed"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"math"
	"strings"
	"sync"
)

// What the nets learnt from scenes, as TestLearn writes it: numbers in 2048ths, two bytes each, in base64.
var (
	//go:embed map.txt
	mapText string
	//go:embed edge.txt
	edgeText string
	//go:embed corner.txt
	cornerText string

	mapper   = sync.OnceValue(func() *net { return learnt(mapNet(), mapText) })
	edger    = sync.OnceValue(func() *net { return learnt(edgeNet(), edgeText) })
	cornerer = sync.OnceValue(func() *net { return learnt(cornerNet(), cornerText) })
)

const unit = 2048

// learnt fills a net with what it learnt. Text of another size is a mistake in the program.
func learnt(n net, text string) *net {
	data, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(text, "\n", ""))
	if err != nil {
		panic(fmt.Errorf("read what a net learnt: %w", err))
	}
	for _, b := range n.blocks() {
		for _, v := range b.numbers() {
			for i := range v {
				v[i] = float32(int16(binary.LittleEndian.Uint16(data))) / unit
				data = data[2:]
			}
		}
	}
	if len(data) > 0 {
		panic(fmt.Errorf("read what a net learnt: %d bytes too many", len(data)))
	}
	return &n
}

// written is what learnt reads.
func (n *net) written() string {
	var data []byte
	for _, b := range n.blocks() {
		for _, v := range b.numbers() {
			for _, x := range v {
				x = float32(math.Round(float64(max(min(x*unit, math.MaxInt16), math.MinInt16))))
				data = binary.LittleEndian.AppendUint16(data, uint16(int16(x)))
			}
		}
	}
	text := base64.StdEncoding.EncodeToString(data)
	var lines strings.Builder
	for len(text) > 0 {
		n := min(len(text), 120)
		lines.WriteString(text[:n] + "\n")
		text = text[n:]
	}
	return lines.String()
}
