package number

import (
	"bufio"
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"
)

var day = time.Date(2026, 3, 2, 23, 59, 0, 0, time.FixedZone("hall", 8*3600))

func open(t testing.TB, dir string) *Issuer {
	t.Helper()
	i, err := Open(t.Context(), dir, "990000", "0001")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = i.Close() })
	return i
}

func next(t testing.TB, i *Issuer, at time.Time) string {
	t.Helper()
	n, err := i.Next(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestMain gives numbers until it is killed, when it is started by TestNoNumberComesTwiceThroughKills.
func TestMain(m *testing.M) {
	dir := os.Getenv("NUMBERS_OF")
	if dir == "" {
		os.Exit(m.Run())
	}
	i, err := Open(context.Background(), dir, "990000", "0001")
	if err != nil {
		os.Exit(3)
	}
	for {
		n, err := i.Next(context.Background(), day)
		if err != nil {
			os.Exit(4)
		}
		if _, err := os.Stdout.WriteString(n + "\n"); err != nil {
			os.Exit(5)
		}
	}
}

func TestNoNumberComesTwiceThroughKills(t *testing.T) {
	dir := t.TempDir()
	seen := map[string]bool{}
	for round := range 10 {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), "NUMBERS_OF="+dir)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		given := 0
		for lines := bufio.NewScanner(out); lines.Scan(); given++ {
			n := lines.Text()
			if len(n) < 31 {
				continue // cut in the middle of a line by the kill
			}
			if seen[n] || !Valid(n) {
				t.Errorf("%s came twice or is wrong", n)
			}
			seen[n] = true
			if given == 5+7*round {
				if err := cmd.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := cmd.Wait(); err == nil || given < 5 {
			t.Fatalf("round %d ended by itself after %d: %v", round, given, err)
		}
	}
}

func TestAGivenNumberIsOnDiskBeforeItIsGiven(t *testing.T) {
	i := open(t, t.TempDir())
	var journal string
	var synchronous int
	if err := i.db.QueryRow("PRAGMA journal_mode").Scan(&journal); err != nil {
		t.Fatal(err)
	}
	if err := i.db.QueryRow("PRAGMA synchronous").Scan(&synchronous); err != nil {
		t.Fatal(err)
	}
	if journal != "wal" || synchronous != 2 {
		t.Errorf("journal %s, synchronous %d: a power cut could take numbers back", journal, synchronous)
	}
}

func TestNumbersBeginAnewEachDayOfTheHall(t *testing.T) {
	i := open(t, t.TempDir())
	for at, want := range map[time.Time]string{day: "SJ-990000-0001-20260302-00001-", day.Add(time.Minute): "SJ-990000-0001-20260303-00001-"} {
		if got := next(t, i, at); !strings.HasPrefix(got, want) {
			t.Errorf("%s, want %s", got, want)
		}
	}
	if got := next(t, i, day); !strings.HasPrefix(got, "SJ-990000-0001-20260302-00002-") {
		t.Errorf("after the clock was set back: %s", got)
	}
}

func TestManyAtOnceGetDifferentNumbers(t *testing.T) {
	dir := t.TempDir()
	issuers := []*Issuer{open(t, dir), open(t, dir)}
	var mu sync.Mutex
	var wg sync.WaitGroup
	seen := map[string]bool{}
	for k := range 40 {
		wg.Go(func() {
			n, err := issuers[k%2].Next(t.Context(), day)
			mu.Lock()
			defer mu.Unlock()
			if err != nil || seen[n] {
				t.Errorf("%s, %v", n, err)
			}
			seen[n] = true
		})
	}
	wg.Wait()
}

func TestADayHasOnlySoManyNumbers(t *testing.T) {
	i := open(t, t.TempDir())
	next(t, i, day)
	if _, err := i.db.Exec("UPDATE given SET last = 99998"); err != nil {
		t.Fatal(err)
	}
	if got := next(t, i, day); !strings.Contains(got, "-99999-") {
		t.Errorf("%s", got)
	}
	if _, err := i.Next(t.Context(), day); !errors.Is(err, ErrUsedUp) || errors.Is(err, sql.ErrNoRows) {
		t.Errorf("%v", err)
	}
}

func TestAWrongCharacterIsFound(t *testing.T) {
	i := open(t, t.TempDir())
	n := next(t, i, day)
	if !Valid(n) {
		t.Fatalf("%s is not valid", n)
	}
	for at, c := range []byte(n) {
		for _, other := range []byte("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") {
			if other != c && Valid(n[:at]+string(other)+n[at+1:]) {
				t.Errorf("%c for %c at %d is not noticed", other, c, at)
			}
		}
	}
	for _, no := range []string{"", "SJ", strings.ToLower(n), n + "0", " " + n} {
		if Valid(no) {
			t.Errorf("%q is valid", no)
		}
	}
}

func TestThePlaceHasTheRightShape(t *testing.T) {
	for _, place := range [][2]string{{"15010", "0001"}, {"150102", "1"}, {"150102", "00a1"}, {"15010x", "0001"}, {"", ""}} {
		if _, err := Open(t.Context(), t.TempDir(), place[0], place[1]); err == nil {
			t.Errorf("%q was taken", place)
		}
	}
}

func TestQueryCodesAreEightDigitsOfChance(t *testing.T) {
	seen := map[string]bool{}
	for range 200 {
		code, err := QueryCode(rand.Reader)
		if err != nil || len(code) != 8 || strings.Trim(code, "0123456789") != "" {
			t.Fatalf("%q, %v", code, err)
		}
		seen[code] = true
	}
	if len(seen) < 199 {
		t.Errorf("%d codes out of 200", len(seen))
	}
	if _, err := QueryCode(iotest.ErrReader(errors.New("no chance"))); err == nil {
		t.Error("a code without chance")
	}
}

func TestACheckFitsOneCodeOfOneSlip(t *testing.T) {
	check, err := Check("SJ-990000-0001-20260302-00001-X", "40718253")
	if err != nil {
		t.Fatal(err)
	}
	if !Matches(check, "SJ-990000-0001-20260302-00001-X", "40718253") {
		t.Error("the code itself is refused")
	}
	for _, wrong := range [][3]string{{check, "SJ-990000-0001-20260302-00001-X", "40718254"}, {check, "SJ-990000-0001-20260302-00002-X", "40718253"},
		{"", "SJ-990000-0001-20260302-00001-X", "40718253"}, {check, "SJ-990000-0001-20260302-00001-X", ""}} {
		if Matches(wrong[0], wrong[1], wrong[2]) {
			t.Errorf("%q is taken", wrong)
		}
	}
	if strings.Contains(check, "40718253") {
		t.Error("the check shows the code")
	}
}
