package envelope

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"os"
	"runtime"
	"testing"
	"testing/iotest"
)

// zeroes gives n zero bytes.
func zeroes(n int64) io.Reader { return io.LimitReader(zero{}, n) }

type zero struct{}

func (zero) Read(b []byte) (int, error) { clear(b); return len(b), nil }

func TestStreamedPartsAreTheSameBytes(t *testing.T) { inEachSuite(t, streamedPartsAreTheSameBytes) }

func streamedPartsAreTheSameBytes(t *testing.T, suite Suite) {
	p := newParties(t, suite)
	for _, size := range []int{0, 1, chunkSize - 1, chunkSize, chunkSize + 1, 3*chunkSize + 7} {
		body := make([]byte, size)
		_, _ = rand.Read(body)
		s, err := Begin(p.head(), []Recipient{p.opener.Recipient()}, p.signer, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		var sealed bytes.Buffer
		if err := s.Part(&sealed, iotest.HalfReader(bytes.NewReader(body))); err != nil {
			t.Fatal(err)
		}
		list, signature, err := s.Close()
		if err != nil {
			t.Fatal(err)
		}
		l, err := VerifyList(list, signature, p.signer.Verifier())
		if err != nil {
			t.Fatal(err)
		}
		if got, err := OpenPart(sealed.Bytes(), l, 0, p.opener); err != nil || !bytes.Equal(got, body) {
			t.Errorf("%d bytes, opened whole: %v", size, err)
		}
		var opened bytes.Buffer
		if err := OpenPartTo(&opened, iotest.HalfReader(bytes.NewReader(sealed.Bytes())), l, 0, p.opener); err != nil || !bytes.Equal(opened.Bytes(), body) {
			t.Errorf("%d bytes, opened as a stream: %v", size, err)
		}
	}
}

// TestStreamingNeedsNoMoreMemoryForMore seals and opens sixteen times the memory that it may take, by way of a file.
func TestStreamingNeedsNoMoreMemoryForMore(t *testing.T) { inEachSuite(t, streamingNeedsNoMoreMemory) }

func streamingNeedsNoMoreMemory(t *testing.T, suite Suite) {
	const size, bound = 16 << 20, 1 << 20
	p := newParties(t, suite)
	file, err := os.CreateTemp(t.TempDir(), "part")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	s, err := Begin(p.head(), []Recipient{p.opener.Recipient()}, p.signer, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if got := allocated(func() { err = s.Part(file, zeroes(size)) }); err != nil || got > bound {
		t.Errorf("sealing %d bytes took %d bytes of memory, %v; want at most %d", size, got, err, bound)
	}
	list, signature, err := s.Close()
	if err != nil {
		t.Fatal(err)
	}
	l, err := VerifyList(list, signature, p.signer.Verifier())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	counted := &counter{to: io.Discard, hash: suites[suite].hash()}
	if got := allocated(func() { err = OpenPartTo(counted, file, l, 0, p.opener) }); err != nil || got > bound {
		t.Errorf("opening %d bytes took %d bytes of memory, %v; want at most %d", size, got, err, bound)
	}
	if counted.size != size {
		t.Errorf("%d of %d bytes came back", counted.size, size)
	}
}

// allocated is how many bytes f asked memory for, all in all.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

func TestAStreamThatIsNotTheListsIsNoticed(t *testing.T) { inEachSuite(t, streamNotTheLists) }

func streamNotTheLists(t *testing.T, suite Suite) {
	p := newParties(t, suite)
	s, l := p.seal(t, p.head(), bytes.Repeat([]byte("page"), chunkSize/2), []byte("other"))
	again, _ := p.seal(t, p.head(), bytes.Repeat([]byte("page"), chunkSize/2))
	part := s.Parts[0]
	changed := bytes.Clone(part)
	changed[len(changed)-1] ^= 1
	for what, sealed := range map[string][]byte{
		"cut":                        part[:len(part)-1],
		"cut between chunks":         part[:len(part)-(chunkSize+16)],
		"cut in the header":          part[:headerFixed],
		"nothing":                    nil,
		"longer":                     append(bytes.Clone(part), 0),
		"twice":                      append(bytes.Clone(part), part...),
		"last bit changed":           changed,
		"another part":               s.Parts[1],
		"sealed again under this id": again.Parts[0], // opens, and is not what the terminal signed
	} {
		if err := OpenPartTo(io.Discard, bytes.NewReader(sealed), l, 0, p.opener); !errors.Is(err, ErrAltered) {
			t.Errorf("%s: %v, want ErrAltered", what, err)
		}
	}
	stranger := newParties(t, suite)
	if err := OpenPartTo(io.Discard, bytes.NewReader(part), l, 0, stranger.opener); !errors.Is(err, ErrRecipient) {
		t.Errorf("stranger: %v, want ErrRecipient", err)
	}
	if err := OpenPartTo(io.Discard, bytes.NewReader(part), l, 2, p.opener); err == nil {
		t.Error("part 2 of two was opened")
	}
}

var errDisk = errors.New("disk")

// TestTroubleOnTheWayIsNotTakenForTampering: who reads a failing disk is not told that somebody forged a page.
func TestTroubleOnTheWayIsNotTakenForTampering(t *testing.T) {
	p := newParties(t, SuiteX25519)
	s, l := p.seal(t, p.head(), make([]byte, 2*chunkSize))
	for _, at := range []int{0, headerFixed + 1, len(s.Parts[0]) - 5} {
		sealed := io.MultiReader(bytes.NewReader(s.Parts[0][:at]), iotest.ErrReader(errDisk))
		if err := OpenPartTo(io.Discard, sealed, l, 0, p.opener); !errors.Is(err, errDisk) || errors.Is(err, ErrAltered) {
			t.Errorf("read fails at %d: %v", at, err)
		}
	}
	begun, err := Begin(p.head(), []Recipient{p.opener.Recipient()}, p.signer, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if err := begun.Part(io.Discard, iotest.ErrReader(errDisk)); !errors.Is(err, errDisk) {
		t.Errorf("sealing from a failing disk: %v", err)
	}
	if err := begun.Part(io.Discard, zeroes(MaxPartSize)); !errors.Is(err, errTooLarge) {
		t.Errorf("sealing more than a part may hold: %v", err)
	}
}
