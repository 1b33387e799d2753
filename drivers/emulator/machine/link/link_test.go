package link

import (
	"bytes"
	"errors"
	"io"
	"testing"
)

func TestFramesComeOutAsTheyWentIn(t *testing.T) {
	var line bytes.Buffer
	w := NewWriter(&line)
	if err := w.WriteJSON(7, Start, Command{Argv: []string{"true"}}); err != nil {
		t.Fatal(err)
	}
	long := bytes.Repeat([]byte("slip "), 30_000) // more than one frame
	if n, err := (Stream{To: w, ID: 7, Kind: Stdout}).Write(long); n != len(long) || err != nil {
		t.Fatal(n, err)
	}
	if f, err := Read(&line); err != nil || f.ID != 7 || f.Kind != Start || !bytes.Contains(f.Payload, []byte(`"true"`)) {
		t.Fatalf("%+v %v", f, err)
	}
	var got []byte
	for {
		f, err := Read(&line)
		if err == io.EOF {
			break
		}
		if err != nil || f.ID != 7 || f.Kind != Stdout {
			t.Fatalf("%+v %v", f, err)
		}
		got = append(got, f.Payload...)
	}
	if !bytes.Equal(got, long) {
		t.Errorf("%d bytes came out, %d went in", len(got), len(long))
	}
}

func TestATornStreamIsAnErrorNotAnEnd(t *testing.T) {
	var line bytes.Buffer
	if err := NewWriter(&line).Write(1, Stdout, []byte("half a word")); err != nil {
		t.Fatal(err)
	}
	whole := line.Bytes()
	for n := 1; n < len(whole); n++ {
		if _, err := Read(bytes.NewReader(whole[:n])); err == nil || err == io.EOF {
			t.Errorf("%d of %d bytes: %v", n, len(whole), err)
		}
	}
}

func TestAFrameTooLongIsRefusedBeforeItIsRead(t *testing.T) {
	if _, err := Read(bytes.NewReader([]byte{1, 0, 0, 0, byte(Stdout), 255, 255, 255, 255})); err == nil || errors.Is(err, io.ErrUnexpectedEOF) {
		t.Error(err)
	}
	if err := NewWriter(io.Discard).Write(1, Stdout, make([]byte, MaxPayload+1)); err == nil {
		t.Error("written")
	}
}

func FuzzRead(f *testing.F) {
	var line bytes.Buffer
	_ = NewWriter(&line).WriteJSON(3, Exit, Ended{Code: 1})
	f.Add(line.Bytes())
	f.Add([]byte{0, 0, 0, 0, byte(Hello), 0, 0, 0, 0})
	f.Add([]byte{1, 2, 3})
	f.Fuzz(func(t *testing.T, b []byte) {
		r := bytes.NewReader(b)
		for {
			before := r.Len()
			frame, err := Read(r)
			if err != nil {
				return
			}
			if before-r.Len() != headerLen+len(frame.Payload) {
				t.Fatalf("frame of %d bytes took %d", len(frame.Payload), before-r.Len())
			}
		}
	})
}
