package machine

import (
	"context"
	"log/slog"
	"os"
	"testing"
	"time"
)

func TestBoots(t *testing.T) {
	dir, err := CacheDir()
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(context.Background(), 5*time.Minute)
	defer stop()
	began := time.Now()
	i, err := Build(ctx, dir, Headless(), slog.New(slog.NewTextHandler(os.Stderr, nil)))
	if err != nil {
		t.Fatal(err)
	}
	t.Log("built", time.Since(began), i)
	began = time.Now()
	m, err := Boot(ctx, Config{Image: i, Console: os.Stderr, Share: map[string]string{"/bin-host": "/work/main/bin"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Log("booted", time.Since(began))
	began = time.Now()
	out, err := m.Run(ctx, "sh", "-c", "uname -a; dmesg | tail -40; ls /bin-host; cat /proc/uptime; free; ps; ls -R /dev/disk; lsmod")
	t.Logf("%v %v\n%s", time.Since(began), err, out)
	began = time.Now()
	if err := m.Close(ctx); err != nil {
		t.Fatal(err)
	}
	t.Log("closed", time.Since(began))
}
