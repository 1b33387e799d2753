package intake_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/tus/tusd/v2/pkg/filestore"
	tus "github.com/tus/tusd/v2/pkg/handler"
	quiet "golang.org/x/exp/slog"
	"golang.org/x/sys/unix"

	"yimen/kiosk/central"
	"yimen/kiosk/envelope"
)

// BenchmarkSixteenMegabytesUp brings one part of 16 MB up over TLS on this machine, resumable and durable, and
// prints how much longer that takes than tusd with its stock file store in one request, which is not durable and
// signs no receipt. Both are medians, taken in turn: one busy moment of the machine decides nothing. Beside the clock's
// ratio stands that of processor time, in which the digest shows even where another processor takes it.
func BenchmarkSixteenMegabytesUp(b *testing.B) {
	for _, suite := range envelope.Suites() {
		b.Run(string(suite), func(b *testing.B) { sixteenMegabytesUp(b, suite) })
	}
}

func sixteenMegabytesUp(b *testing.B, suite envelope.Suite) {
	const size = 16 << 20
	s := newSite(b)
	s.contract = nil // nothing between client and intake
	s.restart(b)
	stock := stockTus(b, s.Hub.ServerTLS(), b.TempDir())
	client, err := central.New(central.Config{URL: s.url}, s.A.Calling, s.Bureau.Receipts, slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	defer client.Close()
	caller := &http.Client{Transport: &http.Transport{TLSClientConfig: s.A.Calling}}
	defer caller.CloseIdleConnections()
	var ours, theirs, ourWork, theirWork []time.Duration
	b.SetBytes(size)
	for i := 0; b.Loop(); i++ {
		b.StopTimer()
		p := s.sealWith(b, suite, s.A, fmt.Sprintf("01k9zqv8w3m5n7p2r4s6%06d", i), size)
		begun, before := time.Now(), spent(b)
		stockUpload(b, caller, stock, p.Parts[0])
		theirs, theirWork = append(theirs, time.Since(begun)), append(theirWork, spent(b)-before)
		b.StartTimer()
		begun, before = time.Now(), spent(b)
		if _, err := client.Deliver(context.Background(), p); err != nil {
			b.Fatal(err)
		}
		ours, ourWork = append(ours, time.Since(begun)), append(ourWork, spent(b)-before)
	}
	b.ReportMetric(float64(median(ours))/float64(median(theirs)), "×stock")
	b.ReportMetric(float64(median(ourWork))/float64(median(theirWork)), "×stock-cpu")
	b.ReportMetric(median(ours).Seconds()*1000, "median-ms")
	b.ReportMetric(median(theirs).Seconds()*1000, "stock-median-ms")
}

// spent is the processor time of this process so far.
func spent(b *testing.B) time.Duration {
	b.Helper()
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func median(of []time.Duration) time.Duration {
	slices.Sort(of)
	return of[len(of)/2]
}

// stockTus serves tusd as it comes.
func stockTus(b *testing.B, identity *tls.Config, dir string) string {
	b.Helper()
	composer := tus.NewStoreComposer()
	filestore.New(dir).UseIn(composer)
	handler, err := tus.NewHandler(tus.Config{StoreComposer: composer, BasePath: "/files/", Logger: quiet.New(quiet.NewTextHandler(io.Discard, nil))})
	if err != nil {
		b.Fatal(err)
	}
	server := httptest.NewUnstartedServer(http.StripPrefix("/files/", handler))
	server.TLS = identity
	server.StartTLS()
	b.Cleanup(server.Close)
	return server.URL + "/files/"
}

func stockUpload(b *testing.B, caller *http.Client, url string, body []byte) {
	b.Helper()
	r, err := http.NewRequest("POST", url, bytes.NewReader(body))
	if err != nil {
		b.Fatal(err)
	}
	r.Header.Set("Tus-Resumable", "1.0.0")
	r.Header.Set("Content-Type", central.MediaPiece)
	r.Header.Set("Upload-Length", fmt.Sprint(len(body)))
	r.Header.Set("Upload-Metadata", "name "+base64.StdEncoding.EncodeToString([]byte("x")))
	answer, err := caller.Do(r)
	if err != nil {
		b.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusCreated {
		b.Fatalf("stock tusd answers %d", answer.StatusCode)
	}
}
