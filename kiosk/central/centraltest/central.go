// Package centraltest is a central that misbehaves on order, and a checker that holds traffic against openapi.yaml.
// It keeps envelopes in memory and serves the contract from this package's own reading of it.
package centraltest

import (
	"crypto/rand"
	"crypto/tls"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	tus "github.com/tus/tusd/v2/pkg/handler"

	"yimen/kiosk/central"
	"yimen/kiosk/envelope"
)

// Central is a running central.
type Central struct {
	*Trouble
	URL      string
	Identity *tls.Config        // what a terminal calls it with
	Receipts *envelope.Verifier // what its receipts verify with

	signer  *envelope.Signer
	mu      sync.Mutex
	handler http.Handler // what stands behind the trouble
	kept    map[string]*kept
}

type kept struct {
	submission central.Submission
	list       envelope.List
	parts      map[int][]byte
	receipt    []byte
	closed     int // how often the receipt was asked for
}

// New serves until the test ends. It believes every list: whose it is, is for the real intake to find out.
func New(t testing.TB) *Central {
	t.Helper()
	return NewAs(t, "hub")
}

// NewAs is New under a certificate of any role.
func NewAs(t testing.TB, role string) *Central {
	t.Helper()
	signer, err := envelope.GenerateSigner(rand.Reader, envelope.Suites()...)
	if err != nil {
		t.Fatal(err)
	}
	ca := newAuthority(t)
	c := &Central{Trouble: &Trouble{}, Receipts: signer.Verifier(), signer: signer, kept: map[string]*kept{}, Identity: ca.client(t, "terminal", "150102-001")}
	mux := http.NewServeMux()
	const one = central.EnvelopesPath + "/{envelope}"
	mux.HandleFunc("PUT "+one, c.register)
	mux.HandleFunc("POST "+one+"/receipt", c.close)
	mux.HandleFunc("POST "+central.FilesPath, c.create)
	mux.HandleFunc("HEAD "+central.FilesPath+"{upload}", c.head)
	mux.HandleFunc("PATCH "+central.FilesPath+"{upload}", c.patch)
	c.handler = mux
	server := httptest.NewUnstartedServer(c.Before(http.HandlerFunc(c.serve)))
	server.TLS = ca.server(t, role)
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	c.URL = server.URL
	return c
}

func (c *Central) serve(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	handler := c.handler
	c.mu.Unlock()
	handler.ServeHTTP(w, r)
}

// HoldTo reports from now on whatever client and central say that the contract does not know.
func (c *Central) HoldTo(t testing.TB, contract *Contract) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.handler = contract.Watch(t, c.handler)
}

// Whole tells whether an envelope is here with its receipt, and every part is the list's.
func (c *Central) Whole(id string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	k := c.kept[id]
	if k == nil || k.receipt == nil {
		return false
	}
	for _, p := range k.list.Parts {
		if k.list.Suite.Digest(k.parts[p.No]) != p.Digest {
			return false
		}
	}
	return true
}

// Closed counts how often the receipt of an envelope was asked for.
func (c *Central) Closed(id string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	if k := c.kept[id]; k != nil {
		return k.closed
	}
	return 0
}

// Spoil changes one byte of a part that is kept here.
func (c *Central) Spoil(id string, no int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.kept[id].parts[no][0] ^= 1
}

func (c *Central) register(w http.ResponseWriter, r *http.Request) {
	var s central.Submission
	if err := json.NewDecoder(r.Body).Decode(&s); err != nil {
		refuse(w, http.StatusBadRequest, central.CodeMalformed, nil)
		return
	}
	list, err := envelope.ParseList(s.List)
	if err != nil || list.Envelope != r.PathValue("envelope") {
		refuse(w, http.StatusBadRequest, central.CodeMalformed, nil)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	status := http.StatusOK
	k := c.kept[list.Envelope]
	switch {
	case k == nil:
		k = &kept{submission: s, list: list, parts: map[int][]byte{}}
		c.kept[list.Envelope] = k
		status = http.StatusCreated
	case string(k.submission.List) != string(s.List):
		refuse(w, http.StatusConflict, central.CodeConflict, nil)
		return
	}
	answer := central.Status{Envelope: list.Envelope}
	for _, p := range list.Parts {
		n := int64(len(k.parts[p.No]))
		answer.Parts = append(answer.Parts, central.PartStatus{No: p.No, Size: p.Size, Offset: n, Complete: n == p.Size})
	}
	send(w, status, "application/json", answer)
}

func (c *Central) close(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	k := c.kept[r.PathValue("envelope")]
	if k == nil {
		refuse(w, http.StatusNotFound, central.CodeNotFound, nil)
		return
	}
	k.closed++
	if k.receipt != nil {
		send(w, http.StatusOK, "application/json", json.RawMessage(k.receipt))
		return
	}
	receipt := central.Receipt{Envelope: k.list.Envelope, ListDigest: k.list.Suite.Digest(k.submission.List), ReceivedAt: time.Now(), Hub: "centraltest"}
	for _, p := range k.list.Parts {
		switch body := k.parts[p.No]; {
		case int64(len(body)) < p.Size:
			refuse(w, http.StatusConflict, central.CodeMissing, []int{p.No})
			return
		case k.list.Suite.Digest(body) != p.Digest:
			delete(k.parts, p.No)
			refuse(w, http.StatusUnprocessableEntity, central.CodeMismatched, []int{p.No})
			return
		}
		receipt.Parts = append(receipt.Parts, central.ReceiptPart(p))
	}
	k.receipt = c.sign(k.list.Suite, receipt)
	send(w, http.StatusCreated, "application/json", json.RawMessage(k.receipt))
}

// Sign signs any receipt for an envelope of SuiteSM with this central's key, also one that it should never give.
func (c *Central) Sign(r central.Receipt) []byte { return c.sign(envelope.SuiteSM, r) }

func (c *Central) sign(suite envelope.Suite, r central.Receipt) []byte {
	signed, err := central.SignReceipt(r, suite, c.signer, rand.Reader)
	if err != nil {
		panic(err) // the key is sound and the random source is the system's
	}
	return signed
}

// upload finds the part of an upload; the caller holds the lock.
func (c *Central) upload(name string) (k *kept, no int, ok bool) {
	id, no, ok := central.ParseUploadID(name)
	if !ok || c.kept[id] == nil || no >= len(c.kept[id].list.Parts) {
		return nil, 0, false
	}
	return c.kept[id], no, true
}

func (c *Central) create(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	meta := tus.ParseMetadataHeader(r.Header.Get("Upload-Metadata"))
	name := meta["envelope"] + "." + meta["part"]
	k, no, ok := c.upload(name)
	if !ok || r.Header.Get("Upload-Length") != strconv.FormatInt(k.list.Parts[no].Size, 10) {
		refuse(w, http.StatusBadRequest, central.CodeMalformed, nil)
		return
	}
	if k.parts[no] == nil {
		k.parts[no] = []byte{}
	}
	w.Header().Set("Tus-Resumable", central.TusVersion)
	w.Header().Set("Location", central.FilesPath+name)
	w.WriteHeader(http.StatusCreated)
}

func (c *Central) head(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	k, no, ok := c.upload(r.PathValue("upload"))
	w.Header().Set("Tus-Resumable", central.TusVersion)
	if !ok || k.parts[no] == nil {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	w.Header().Set("Upload-Offset", strconv.Itoa(len(k.parts[no])))
	w.Header().Set("Upload-Length", strconv.FormatInt(k.list.Parts[no].Size, 10))
	w.WriteHeader(http.StatusOK)
}

func (c *Central) patch(w http.ResponseWriter, r *http.Request) {
	body, readErr := io.ReadAll(r.Body) // what came before a cut counts
	c.mu.Lock()
	defer c.mu.Unlock()
	w.Header().Set("Tus-Resumable", central.TusVersion)
	k, no, ok := c.upload(r.PathValue("upload"))
	switch {
	case !ok || k.parts[no] == nil:
		http.Error(w, "no such upload", http.StatusNotFound)
		return
	case r.Header.Get("Upload-Offset") != strconv.Itoa(len(k.parts[no])):
		http.Error(w, "mismatched offset", http.StatusConflict)
		return
	case int64(len(k.parts[no])+len(body)) > k.list.Parts[no].Size:
		http.Error(w, "too long", http.StatusRequestEntityTooLarge)
		return
	}
	k.parts[no] = append(k.parts[no], body...)
	if readErr != nil {
		http.Error(w, "cut short", http.StatusBadRequest)
		return
	}
	w.Header().Set("Upload-Offset", strconv.Itoa(len(k.parts[no])))
	w.WriteHeader(http.StatusNoContent)
}

func refuse(w http.ResponseWriter, status int, code central.Code, parts []int) {
	send(w, status, central.MediaProblem, central.Problem{Code: code, Detail: strings.ToLower(http.StatusText(status)), Parts: parts})
}

func send(w http.ResponseWriter, status int, media string, value any) {
	body, err := json.Marshal(value)
	if err != nil {
		panic(err) // values of the contract marshal
	}
	w.Header().Set("Content-Type", media)
	w.WriteHeader(status)
	w.Write(body)
}
