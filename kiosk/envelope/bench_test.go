package envelope

import (
	"crypto/rand"
	"os/exec"
	"strconv"
	"strings"
	"testing"
)

// opensslSpeed is how many bytes a second OpenSSL does by itself.
func opensslSpeed(b *testing.B, algorithm string) float64 {
	b.Helper()
	out, err := exec.CommandContext(b.Context(), "openssl", "speed", "-elapsed", "-mr", "-seconds", "1", "-bytes", "65536", "-evp", algorithm).Output()
	if err != nil {
		b.Skipf("no OpenSSL to compare with: %v", err)
	}
	line := strings.TrimSpace(string(out)) // the last line is +F:number:name:bytes per second
	speed, err := strconv.ParseFloat(line[strings.LastIndex(line, ":")+1:], 64)
	if err != nil {
		b.Fatal(err)
	}
	return speed
}

// BenchmarkSeal seals 16 MB, a dossier of many pages. The peer is OpenSSL doing SM4-CTR and then SM3 over as much.
func BenchmarkSeal(b *testing.B) {
	const size = 16 << 20
	peer := size/opensslSpeed(b, "sm4-ctr") + size/opensslSpeed(b, "sm3")
	p := newParties(b, SuiteSM)
	bodies := make([][]byte, 16)
	for i := range bodies {
		bodies[i] = make([]byte, size/len(bodies))
	}
	b.SetBytes(size)
	for b.Loop() {
		if _, err := Seal(testHead(), bodies, []Recipient{p.opener.Recipient()}, p.signer, rand.Reader); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N)/peer, "x-openssl")
}
