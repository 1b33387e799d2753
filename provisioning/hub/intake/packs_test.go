package intake_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// packArchive is an archive's name in a repository.
var packArchive = "targets/" + strings.Repeat("0a", 32) + ".CN-150102.tar"

// publish puts a file into the site's repository.
func (s *site) publish(t testing.TB, name string, data []byte) {
	t.Helper()
	file := filepath.Join(s.packs, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestTerminalsReadThePacksAndNothingBesides(t *testing.T) {
	s := newSite(t)
	client := s.client(t, s.A.Calling)
	if _, err := client.PackFile(t.Context(), "timestamp.json", 100); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("before anything was published: %v", err)
	}
	for name, data := range map[string][]byte{"timestamp.json": []byte("{}"), packArchive: bytes.Repeat([]byte("x"), 100_000)} {
		s.publish(t, name, data)
		got, err := client.PackFile(t.Context(), name, 100_000)
		if err != nil || !bytes.Equal(got, data) {
			t.Errorf("%s: %d bytes, %v", name, len(got), err)
		}
	}
	if _, err := client.PackFile(t.Context(), packArchive, 99_999); err == nil || errors.Is(err, fs.ErrNotExist) {
		t.Errorf("more than was asked for: %v", err)
	}
	s.publish(t, "signer.key", []byte("secret"))
	for _, path := range []string{"signer.key", "targets/signer.key", "..%2Fsigner.key", "targets/..%2Fsigner.key", "%2e%2e/%2e%2e/etc/passwd"} {
		if status, body := s.ask(t, s.A.Calling, "GET", "/v1/packs/"+path, nil); status < 300 || strings.Contains(body, "secret") {
			t.Errorf("%s was answered with %d %s", path, status, body)
		}
	}
	if logged := s.logged.String(); strings.Contains(logged, "refused") {
		t.Errorf("looking for a file is logged:\n%s", logged)
	}
	if status, _ := s.ask(t, s.Bureau.ClientTLS(), "GET", "/v1/packs/timestamp.json", nil); status != 403 {
		t.Errorf("the bureau was answered with %d", status)
	}
	if status, _ := s.ask(t, s.A.Calling, "PUT", "/v1/packs/timestamp.json", []byte("{}")); status != 405 {
		t.Errorf("writing was answered with %d", status)
	}
}
