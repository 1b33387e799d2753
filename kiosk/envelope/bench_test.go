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

// BenchmarkSeal seals 16 MB, a dossier of many pages. The peer is OpenSSL doing the suite's cipher in counter mode and
// then its digest over as much.
func BenchmarkSeal(b *testing.B) {
	for suite, peer := range map[Suite][2]string{SuiteSM: {"sm4-ctr", "sm3"}, SuiteX25519: {"aes-256-ctr", "sha256"}} {
		b.Run(string(suite), func(b *testing.B) { benchmarkSeal(b, suite, peer[0], peer[1]) })
	}
}

func benchmarkSeal(b *testing.B, suite Suite, cipher, digest string) {
	const size = 16 << 20
	peer := size/opensslSpeed(b, cipher) + size/opensslSpeed(b, digest)
	p := newParties(b, suite)
	bodies := make([][]byte, 16)
	for i := range bodies {
		bodies[i] = make([]byte, size/len(bodies))
	}
	b.SetBytes(size)
	for b.Loop() {
		if _, err := Seal(p.head(), bodies, []Recipient{p.opener.Recipient()}, p.signer, rand.Reader); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N)/peer, "x-openssl")
}
