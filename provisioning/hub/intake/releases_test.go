package intake_test

import (
	"bytes"
	"errors"
	"io/fs"
	"strings"
	"testing"
)

func TestTerminalsReadTheReleasesAndNothingBesides(t *testing.T) {
	s := newSite(t)
	client := s.client(t, s.A.Calling)
	release := "targets/" + strings.Repeat("0b", 32) + ".software-amd64.tar"
	for name, data := range map[string][]byte{"timestamp.json": []byte("{}"), release: bytes.Repeat([]byte("x"), 3_000_000)} {
		s.publish(t, name, data)
		got, err := client.ReleaseFile(t.Context(), name, 3_000_000)
		if err != nil || !bytes.Equal(got, data) {
			t.Errorf("%s: %d bytes, %v", name, len(got), err)
		}
	}
	s.publish(t, packArchive, []byte("a pack"))
	for path, client := range map[string]func() ([]byte, error){
		"a pack among releases":       func() ([]byte, error) { return client.ReleaseFile(t.Context(), packArchive, 100) },
		"a release among packs":       func() ([]byte, error) { return client.PackFile(t.Context(), release, 3_000_000) },
		"what was not published":      func() ([]byte, error) { return client.ReleaseFile(t.Context(), "9.root.json", 100) },
		"a key beside the files":      func() ([]byte, error) { return client.ReleaseFile(t.Context(), "signer.key", 100) },
		"a name that is not a file's": func() ([]byte, error) { return client.ReleaseFile(t.Context(), "../x", 100) },
	} {
		if b, err := client(); err == nil || path != "a name that is not a file's" && !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %d bytes, %v", path, len(b), err)
		}
	}
	if status, _ := s.ask(t, s.Bureau.ClientTLS(), "GET", "/v1/releases/timestamp.json", nil); status != 403 {
		t.Errorf("the bureau was answered with %d", status)
	}
}
