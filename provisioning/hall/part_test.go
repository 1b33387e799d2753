package hall

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestATakenPortIsToldByItsNumberAndPurpose(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	p := Ports{Bureau: l.Addr().(*net.TCPAddr).Port}
	_, err = Start(t.Context(), Options{Dir: t.TempDir(), Ports: p})
	if err == nil || !strings.Contains(err.Error(), "bureau desk is taken") || strings.Contains(err.Error(), "\n") {
		t.Errorf("%v", err)
	}
}

func TestPortsAreFourNumbers(t *testing.T) {
	var p Ports
	if err := p.Parse("1,2,3,4"); err != nil || p != (Ports{1, 2, 3, 4}) {
		t.Errorf("%v %v", p, err)
	}
	for _, bad := range []string{"", "1,2,3", "1,2,3,4,5", "1,2,3,x", "1,2,3,70000", "-1,2,3,4"} {
		if (&Ports{}).Parse(bad) == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

// shell starts a part that is a shell script.
func shell(t *testing.T, script string) (*Part, error) {
	t.Helper()
	var ready struct{ URL string }
	p, err := start(t.Context(), "part", "/bin/sh", []string{"-c", script}, filepath.Join(t.TempDir(), "log"), &ready)
	if err == nil && ready.URL != "x" {
		t.Errorf("ready with %q", ready.URL)
	}
	return p, err
}

func TestAPartThatDiesSaysWhyInOneLine(t *testing.T) {
	_, err := shell(t, "echo first >&2; echo no paper at all >&2; exit 1")
	if err == nil || err.Error() != "start part: no paper at all" {
		t.Errorf("%v", err)
	}
}

func TestAPartIsStoppedAndAskedFirst(t *testing.T) {
	mark := filepath.Join(t.TempDir(), "asked")
	p, err := shell(t, `trap 'touch "`+mark+`"; exit 0' TERM; echo '{"URL":"x"}'; while :; do sleep 0.05; done`)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Stop(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(mark); err != nil {
		t.Error("the part was not asked to stop")
	}
}

func TestAPartThatEndsByItselfIsNoticed(t *testing.T) {
	p, err := shell(t, `echo '{"URL":"x"}'; exit 3`)
	if err != nil {
		t.Fatal(err)
	}
	select {
	case <-p.Done():
	case <-time.After(20 * time.Second):
		t.Fatal("nobody noticed")
	}
	if err := p.Stop(); err == nil {
		t.Error("an exit status of 3 is said to be well")
	}
}
