package simulate

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"yimen/kiosk/envelope"
	"yimen/provisioning/identity"
)

// hall is a hub and the parties it knows.
type hall struct {
	url       string
	terminals []*identity.Terminal
	bureau    *identity.Bureau // nil if nobody may look
	process   *exec.Cmd        // nil if the hub runs elsewhere
}

// hall is the one that is given, or one made for this.
func (o Options) hall() (*hall, error) {
	if o.Intake == "" {
		return o.newHall()
	}
	h := &hall{url: o.Intake}
	var err error
	if h.terminals, err = known(o.As, o.Terminals); err != nil {
		return nil, err
	}
	if o.Bureau != "" {
		h.bureau, err = identity.LoadBureau(o.Bureau)
	}
	return h, err
}

// newHall makes the keys of a hall with many terminals and starts its hub.
func (o Options) newHall() (*hall, error) {
	keys := filepath.Join(o.Dir, "keys")
	if err := identity.NewHall(keys, terminalName(0), []string{"127.0.0.1"}, time.Now()); err != nil {
		return nil, err
	}
	first, err := identity.LoadTerminal(filepath.Join(keys, "terminal"))
	if err != nil {
		return nil, err
	}
	h := &hall{terminals: []*identity.Terminal{first}}
	if h.bureau, err = identity.LoadBureau(filepath.Join(keys, "bureau")); err != nil {
		return nil, err
	}
	authority, err := tls.LoadX509KeyPair(filepath.Join(keys, "ca", "ca.pem"), filepath.Join(keys, "ca", "ca.key"))
	if err != nil {
		return nil, fmt.Errorf("authority: %w", err)
	}
	for no := 1; no < o.Terminals; no++ {
		t, err := another(*first, terminalName(no), authority, filepath.Join(keys, "hub", "terminals"))
		if err != nil {
			return nil, fmt.Errorf("terminal %d: %w", no, err)
		}
		h.terminals = append(h.terminals, t)
	}
	return h, h.start(o, filepath.Join(keys, "hub"))
}

// terminalName is under an area code that no place has.
func terminalName(no int) string { return fmt.Sprintf("990000-%04d", no) }

// another makes a terminal of the same hall, and registers the key it signs with.
func another(of identity.Terminal, name string, authority tls.Certificate, registry string) (*identity.Terminal, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, err
	}
	now := time.Now()
	der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: name, OrganizationalUnit: []string{string(identity.RoleTerminal)}},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(7 * 24 * time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}, authority.Leaf, key.Public(), authority.PrivateKey)
	if err != nil {
		return nil, err
	}
	of.Name, of.Certificate = name, tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
	if of.Signing, err = envelope.GenerateSigner(rand.Reader, envelope.Suites()...); err != nil {
		return nil, err
	}
	pub, err := of.Signing.Verifier().MarshalPEM()
	if err != nil {
		return nil, err
	}
	return &of, os.WriteFile(filepath.Join(registry, name+".pub"), pub, 0o644)
}

// start runs the hub's intake as a process of its own, until end.
func (h *hall) start(o Options, keys string) error {
	log, err := os.Create(filepath.Join(o.Dir, "hub.log"))
	if err != nil {
		return err
	}
	defer log.Close() // the process has its own
	h.process = exec.Command(o.Hub, "intake", "-identity", keys, "-store", filepath.Join(o.Dir, "hub"))
	h.process.Stderr = log
	out, err := h.process.StdoutPipe()
	if err != nil {
		return err
	}
	if err := h.process.Start(); err != nil {
		h.process = nil
		return fmt.Errorf("start hub: %w", err)
	}
	var ready struct{ URL string }
	text, err := bufio.NewReader(out).ReadString('\n')
	if err == nil {
		err = json.Unmarshal([]byte(text), &ready)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("hub is not ready; see %s: %w", log.Name(), err), h.end())
	}
	h.url = ready.URL
	return nil
}

// end stops the hub that was started here.
func (h *hall) end() error {
	if h.process == nil {
		return nil
	}
	if err := h.process.Process.Signal(syscall.SIGTERM); err != nil {
		return fmt.Errorf("stop hub: %w", err)
	}
	if err := h.process.Wait(); err != nil {
		return fmt.Errorf("hub: %w", err)
	}
	return nil
}

// memory is what the hub has in use now, in bytes; 0 if it is not known.
func (h *hall) memory() (int64, error) { return h.status("VmRSS") }

// peakMemory is the most it had in use, in bytes; 0 if it is not known.
func (h *hall) peakMemory() (int64, error) { return h.status("VmHWM") }

// status reads a line of the kernel's account of the hub's process, in kB there (proc_pid_status(5)).
func (h *hall) status(name string) (int64, error) {
	if h.process == nil {
		return 0, nil
	}
	b, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(h.process.Process.Pid), "status"))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(b)) {
		if fields := strings.Fields(line); len(fields) == 3 && fields[0] == name+":" {
			kB, err := strconv.ParseInt(fields[1], 10, 64)
			return kB << 10, err
		}
	}
	return 0, fmt.Errorf("the kernel does not tell %s", name)
}
