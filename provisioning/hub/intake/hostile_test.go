package intake_test

import (
	"bytes"
	"crypto/rand"
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"log/slog"
	"strconv"
	"strings"
	"testing"
	"time"

	"yimen/kiosk/central"
	"yimen/kiosk/envelope"
	"yimen/provisioning/hub/hubtest"
	"yimen/provisioning/identity"
)

func submission(t testing.TB, p parcel) []byte {
	t.Helper()
	body, err := json.Marshal(central.Submission{List: p.List(), Signature: p.Signature()})
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func code(body string) central.Code {
	var p central.Problem
	if json.Unmarshal([]byte(body), &p) != nil {
		return ""
	}
	return p.Code
}

func metadata(id string, no int) string {
	in64 := base64.StdEncoding.EncodeToString
	return "envelope " + in64([]byte(id)) + ",part " + in64([]byte(strconv.Itoa(no)))
}

func TestATerminalTouchesOnlyItsOwnEnvelopes(t *testing.T) {
	s := newSite(t)
	p := s.seal(t, s.A, idA, 100, 5000)
	if _, err := s.client(t, s.A.Calling).Deliver(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	open := s.seal(t, s.A, idB, 100) // registered, nothing sent
	if status, _ := s.ask(t, s.A.Calling, "PUT", "/v1/envelopes/"+idB, submission(t, open), "Content-Type", "application/json"); status != 201 {
		t.Fatalf("register: %d", status)
	}
	before := s.files(t)
	tus := []string{"Tus-Resumable", "1.0.0"}
	for _, try := range []struct {
		method, path string
		body         []byte
		headers      []string
	}{
		{"PUT", "/v1/envelopes/" + idA, submission(t, p), []string{"Content-Type", "application/json"}},
		{"POST", "/v1/envelopes/" + idA + "/receipt", nil, nil},
		{"GET", "/v1/envelopes/" + idA + "/receipt", nil, nil},
		{"POST", "/v1/files/", nil, append(tus, "Upload-Length", strconv.Itoa(len(open.Parts[0])), "Upload-Metadata", metadata(idB, 0))},
		{"PATCH", "/v1/files/" + idA + ".0", []byte("x"), append(tus, "Upload-Offset", "0", "Content-Type", central.MediaPiece)},
		{"GET", "/v1/envelopes", nil, nil},
		{"GET", "/v1/envelopes/" + idA, nil, nil},
		{"GET", "/v1/envelopes/" + idA + "/parts/0", nil, nil},
	} {
		if status, body := s.ask(t, s.B.Calling, try.method, try.path, try.body, try.headers...); status != 403 || code(body) != central.CodeForbidden {
			t.Errorf("%s %s by another terminal: %d %s", try.method, try.path, status, body)
		}
	}
	if status, _ := s.ask(t, s.B.Calling, "HEAD", "/v1/files/"+idA+".0", nil, tus...); status != 403 {
		t.Errorf("HEAD by another terminal: %d", status)
	}
	for path, body := range s.files(t) {
		if !bytes.Equal(body, before[path]) && !strings.Contains(path, "intake.db") {
			t.Errorf("%s was changed by another terminal", path)
		}
	}
}

func TestABureauSendsNothing(t *testing.T) {
	s := newSite(t)
	p := s.seal(t, s.A, idA, 100)
	if status, body := s.ask(t, s.Bureau.ClientTLS(), "PUT", "/v1/envelopes/"+idA, submission(t, p), "Content-Type", "application/json"); status != 403 {
		t.Errorf("%d %s", status, body)
	}
}

func TestOnlyTheHallsCertificatesConnect(t *testing.T) {
	s := newSite(t)
	nobody := s.A.Calling.Clone()
	nobody.GetClientCertificate = nil
	for who, calling := range map[string]*tls.Config{
		"nobody": nobody, "another authority's terminal": s.Stranger(t),
		"a terminal whose certificate has expired": s.Issue(t, identity.RoleTerminal, hubtest.TerminalA, time.Now().Add(-time.Minute)),
		"a holder of an unknown role":              s.Issue(t, "visitor", hubtest.TerminalA, time.Now().Add(time.Hour)),
	} {
		client, err := central.New(central.Config{URL: s.url}, calling, s.Bureau.Receipts, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := client.Deliver(t.Context(), s.seal(t, s.A, idA, 100)); err == nil {
			t.Errorf("%s delivered", who)
		}
		client.Close()
	}
	if files := s.files(t); len(files) > 4 {
		t.Errorf("strangers left something: %d files", len(files))
	}
}

func TestAListIsBelievedOnlyWithItsTerminalsSignature(t *testing.T) {
	s := newSite(t)
	good := s.seal(t, s.A, idA, 100)
	named := s.seal(t, hubtest.Terminal{Name: hubtest.TerminalB, Signing: s.A.Signing}, idA, 100)
	unsigned, altered, foreign, nonsense := good, good, s.seal(t, hubtest.Terminal{Name: hubtest.TerminalA, Signing: s.B.Signing}, idA, 100), good
	unsigned.Sealed.Signature = nil
	altered.Sealed.List = bytes.Replace(good.List(), []byte(`"size":`), []byte(`"size":1`), 1)
	nonsense.Sealed.List = []byte(`{"format":1}`)
	var err error
	if nonsense.Sealed.Signature, err = s.A.Signing.Sign(envelope.SuiteSM, nonsense.Sealed.List, rand.Reader); err != nil {
		t.Fatal(err)
	}
	for what, try := range map[string]struct {
		body   []byte
		path   string
		status int
	}{
		"unsigned":            {submission(t, unsigned), idA, 403},
		"altered":             {submission(t, altered), idA, 403},
		"signed by another":   {submission(t, foreign), idA, 403},
		"naming another":      {submission(t, named), idA, 403},
		"signed nonsense":     {submission(t, nonsense), idA, 400},
		"under another id":    {submission(t, good), idB, 400},
		"not a submission":    {[]byte(`[]`), idA, 400},
		"more than expected":  {[]byte(`{"list":"","signature":"","extra":1}`), idA, 400},
		"nothing":             {nil, idA, 400},
		"too large to be one": {append([]byte(`{"list":"`), bytes.Repeat([]byte("A"), central.MaxSubmission)...), idA, 413},
	} {
		if status, body := s.ask(t, s.A.Calling, "PUT", "/v1/envelopes/"+try.path, try.body, "Content-Type", "application/json"); status != try.status {
			t.Errorf("%s: %d %s", what, status, body)
		}
	}
	if status, _ := s.ask(t, s.A.Calling, "PUT", "/v1/envelopes/"+idA, submission(t, good), "Content-Type", "application/json"); status != 201 {
		t.Errorf("the good list after all of them: %d", status)
	}
	other := s.seal(t, s.A, idA, 101)
	if status, body := s.ask(t, s.A.Calling, "PUT", "/v1/envelopes/"+idA, submission(t, other), "Content-Type", "application/json"); status != 409 || code(body) != central.CodeConflict {
		t.Errorf("another list under the same id: %d %s", status, body)
	}
}

// sendPart brings the whole of one part up, whatever it holds.
func (s *site) sendPart(t *testing.T, p parcel, no int, body []byte) (int, string) {
	t.Helper()
	status, answer := s.ask(t, s.A.Calling, "POST", "/v1/files/", nil,
		"Tus-Resumable", "1.0.0", "Upload-Length", strconv.Itoa(len(p.Parts[no])), "Upload-Metadata", metadata(p.id, no))
	if status != 201 {
		t.Fatalf("create: %d %s", status, answer)
	}
	return s.ask(t, s.A.Calling, "PATCH", "/v1/files/"+central.UploadID(p.id, no), body,
		"Tus-Resumable", "1.0.0", "Upload-Offset", "0", "Content-Type", central.MediaPiece)
}

func (s *site) register(t *testing.T, p parcel) {
	t.Helper()
	if status, body := s.ask(t, s.A.Calling, "PUT", "/v1/envelopes/"+p.id, submission(t, p), "Content-Type", "application/json"); status != 201 && status != 200 {
		t.Fatalf("register: %d %s", status, body)
	}
}

func TestSwappedPartsGetNoReceiptAndAreSentAgain(t *testing.T) {
	s := newSite(t)
	p := s.seal(t, s.A, idA, 100, 3000, 3000)
	s.register(t, p)
	for no, from := range []int{0, 2, 1} {
		if status, body := s.sendPart(t, p, no, p.Parts[from]); status != 204 {
			t.Fatalf("part %d: %d %s", no, status, body)
		}
	}
	status, body := s.ask(t, s.A.Calling, "POST", "/v1/envelopes/"+idA+"/receipt", nil)
	var problem central.Problem
	if err := json.Unmarshal([]byte(body), &problem); err != nil || status != 422 || len(problem.Parts) != 2 || problem.Parts[0] != 1 || problem.Parts[1] != 2 {
		t.Fatalf("%d %s", status, body)
	}
	if _, err := s.client(t, s.A.Calling).Deliver(t.Context(), p); err != nil {
		t.Error(err)
	}
}

func TestNoReceiptBeforeEverythingIsHere(t *testing.T) {
	s := newSite(t)
	p := s.seal(t, s.A, idA, 100, 3000)
	s.register(t, p)
	s.sendPart(t, p, 0, p.Parts[0])
	s.sendPart(t, p, 1, p.Parts[1][:1000])
	status, body := s.ask(t, s.A.Calling, "POST", "/v1/envelopes/"+idA+"/receipt", nil)
	if status != 409 || code(body) != central.CodeMissing || !strings.Contains(body, "[1]") {
		t.Errorf("%d %s", status, body)
	}
	for _, path := range []string{"", "/receipt", "/parts/0"} {
		if status, _ := s.ask(t, s.Bureau.ClientTLS(), "GET", "/v1/envelopes/"+idA+path, nil); status != 404 {
			t.Errorf("the bureau sees %q of an envelope without a receipt: %d", path, status)
		}
	}
}

func TestAReplayChangesNothing(t *testing.T) {
	s := newSite(t)
	p := s.seal(t, s.A, idA, 100, 3000)
	first, err := s.client(t, s.A.Calling).Deliver(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	s.register(t, p)
	if status, body := s.sendPart(t, p, 1, p.Parts[0]); status != 409 {
		t.Errorf("a piece over an acknowledged part: %d %s", status, body)
	}
	status, again := s.ask(t, s.A.Calling, "POST", "/v1/envelopes/"+idA+"/receipt", nil)
	if status != 200 || again != string(first) {
		t.Errorf("%d %s", status, again)
	}
	if body, err := s.client(t, s.Bureau.ClientTLS()).Part(t.Context(), idA, 1); err != nil || !bytes.Equal(body, p.Parts[1]) {
		t.Errorf("the part is another after the replay: %v", err)
	}
}

func TestOddUploadsAreRefused(t *testing.T) {
	s := newSite(t)
	p := s.seal(t, s.A, idA, 100, 3000)
	s.register(t, p)
	size := strconv.Itoa(len(p.Parts[1]))
	create := func(headers ...string) []string { return append([]string{"Tus-Resumable", "1.0.0"}, headers...) }
	for what, try := range map[string]struct {
		body    []byte
		headers []string
	}{
		"another length":     {nil, create("Upload-Length", "5", "Upload-Metadata", metadata(idA, 1))},
		"an open length":     {nil, create("Upload-Defer-Length", "1", "Upload-Metadata", metadata(idA, 1))},
		"no such part":       {nil, create("Upload-Length", size, "Upload-Metadata", metadata(idA, 2))},
		"no such envelope":   {nil, create("Upload-Length", size, "Upload-Metadata", metadata(idB, 1))},
		"a path for an id":   {nil, create("Upload-Length", size, "Upload-Metadata", metadata("../../../../../etc/passwd", 1))},
		"no metadata":        {nil, create("Upload-Length", size)},
		"a piece with it":    {p.Parts[1], create("Upload-Length", size, "Upload-Metadata", metadata(idA, 1), "Content-Type", central.MediaPiece)},
		"another protocol":   {nil, []string{"Tus-Resumable", "0.2.2", "Upload-Length", size, "Upload-Metadata", metadata(idA, 1)}},
		"a disguised method": {nil, create("Upload-Length", size, "Upload-Metadata", metadata(idA, 1), "X-HTTP-Method-Override", "DELETE")},
	} {
		if status, body := s.ask(t, s.A.Calling, "POST", "/v1/files/", try.body, try.headers...); status < 400 || status >= 500 {
			t.Errorf("%s: %d %s", what, status, body)
		}
	}
	if status, body := s.sendPart(t, p, 1, append(bytes.Clone(p.Parts[1]), 'x')); status != 413 {
		t.Errorf("more than the list says: %d %s", status, body)
	}
	for _, method := range []string{"GET", "DELETE"} {
		if status, _ := s.ask(t, s.A.Calling, method, "/v1/files/"+idA+".1", nil, "Tus-Resumable", "1.0.0"); status != 405 {
			t.Errorf("%s of an upload: %d", method, status)
		}
	}
	if _, err := s.client(t, s.A.Calling).Deliver(t.Context(), p); err != nil {
		t.Error(err)
	}
}

func TestNoPathLeadsOut(t *testing.T) {
	s := newSite(t)
	for _, path := range []string{
		"/v1/envelopes/../../../../etc/passwd", "/v1/envelopes/..%2f..%2f..%2fetc%2fpasswd", "/v1/envelopes/%2e%2e/parts/0",
		"/v1/envelopes/" + idA + "/parts/..%2f..%2fintake.db", "/v1/envelopes/" + idA + "/parts/-1", "/v1/envelopes/" + idA + "/parts/00",
		"/v1/envelopes/" + strings.ToUpper(idA) + "/receipt", "/v1/envelopes/" + idA + "%00/receipt", "/v1/files/..%2f..%2fintake.db",
		"/v1/files/" + idA + ".0%2f..%2f..%2fx", "/v1//files/" + idA + ".0", "/intake.db", "/v1/envelopes/" + idA + "/parts/99999999999999999999",
	} {
		for _, calling := range []*tls.Config{s.A.Calling, s.Bureau.ClientTLS()} {
			if status, body := s.ask(t, calling, "GET", path, nil); status < 300 || status >= 500 {
				t.Errorf("GET %s: %d %.80s", path, status, body)
			}
		}
	}
	for path := range s.files(t) {
		if strings.Contains(path, "parts/") {
			t.Errorf("a request made %s", path)
		}
	}
}

func TestTheLogNamesWhoWasRefusedAndNoPerson(t *testing.T) {
	s := newSite(t)
	s.ask(t, s.B.Calling, "PUT", "/v1/envelopes/"+idA, submission(t, s.seal(t, s.A, idA, 100)), "Content-Type", "application/json")
	if _, err := s.client(t, s.A.Calling).Deliver(t.Context(), s.seal(t, s.A, idA, 100)); err != nil {
		t.Fatal(err)
	}
	p := s.seal(t, s.A, idB, 100)
	s.register(t, p)
	if status, _ := s.sendPart(t, p, 0, append(bytes.Clone(p.Parts[0]), 'x')); status != 413 {
		t.Errorf("more than the list says: %d", status)
	}
	log := s.logged.String()
	if !strings.Contains(log, hubtest.TerminalB) || !strings.Contains(log, "refused") || !strings.Contains(log, "envelope acknowledged") || !strings.Contains(log, "status=413") {
		t.Errorf("log is\n%s", log)
	}
	if strings.Contains(log, name) || strings.Contains(log, number) {
		t.Errorf("the log names a person:\n%s", log)
	}
}

func FuzzRegister(f *testing.F) {
	s := newSite(f)
	f.Add(submission(f, s.seal(f, s.A, idA, 10)))
	f.Add([]byte(`{"list":"e30=","signature":"AA=="}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		if status, answer := s.ask(t, s.B.Calling, "PUT", "/v1/envelopes/"+idA, body, "Content-Type", "application/json"); status < 400 || status >= 500 {
			t.Errorf("%q: %d %s", body, status, answer)
		}
	})
}
