package wiretest

import (
	"bytes"
	"net"
	"path/filepath"
	"strings"
	"testing"
)

const exchange = `# asks, and is answered
> AA 01  # the question
  02
< BB
> CC
`

func TestBothSidesOfARecordingFitEachOther(t *testing.T) {
	r, err := Parse(strings.NewReader(exchange))
	if err != nil {
		t.Fatal(err)
	}
	if len(r) != 3 || !bytes.Equal(r[0].Bytes, []byte{0xAA, 1, 2}) || !r[0].FromHost || r[1].FromHost || r[2].Line != 5 {
		t.Fatalf("%+v", r)
	}
	host, device := net.Pipe()
	played := make(chan error, 1)
	go func() { played <- r.PlayDevice(device) }()
	if err := r.PlayHost(host); err != nil {
		t.Error(err)
	}
	if err := <-played; err != nil {
		t.Error(err)
	}
}

func TestFirstByteThatDiffersIsAnError(t *testing.T) {
	r, _ := Parse(strings.NewReader(exchange))
	host, device := net.Pipe()
	go func() {
		host.Write([]byte{0xAA, 1, 3})
		host.Close()
	}()
	if err := r.PlayDevice(device); err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("got %v", err)
	}
}

func TestEveryRecordingOfTheNotesCanBeRead(t *testing.T) {
	files, err := filepath.Glob("../../../firmware-notes/*/*.wire")
	if err != nil || len(files) < 6 {
		t.Fatalf("%d recordings, %v", len(files), err)
	}
	for _, f := range files {
		if r, err := Load(f); err != nil || len(r) < 2 {
			t.Errorf("%s: %d bursts, %v", f, len(r), err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(exchange)
	f.Add("01 02")
	f.Add("> 0")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := Parse(strings.NewReader(text))
		if err != nil {
			return
		}
		for _, b := range r {
			if b.Line < 1 {
				t.Errorf("burst without a line: %+v", b)
			}
		}
	})
}
