package hall

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// StartBeside starts the daemon of another terminal of the hall, whose keys are in keys/<folder>. Nothing is plugged into it.
// The caller stops it before the hall.
func (h *Hall) StartBeside(ctx context.Context, terminal, folder string) (screen string, p *Part, err error) {
	const devices = "  doccam:\n    url: \"http://127.0.0.1:1/none\"\n  idcard:\n    port: \"serial:/dev/none\"\n  printer:\n    port: \"serial:/dev/none\"\n"
	settings := strings.NewReplacer(
		fmt.Sprintf("terminal: %q", terminalID), fmt.Sprintf("terminal: %q", terminal),
		fmt.Sprintf("data: %q", h.Data()), fmt.Sprintf("data: %q", h.path(folder)),
		fmt.Sprintf("identity: %q", h.Keys("terminal")), fmt.Sprintf("identity: %q", h.Keys(folder)),
	).Replace(h.Settings(address(0), devices))
	const trusted = "packs.root.json" // whom the terminal believes about packs
	root, err := os.ReadFile(filepath.Join(h.Keys("terminal"), trusted))
	if err == nil {
		err = os.WriteFile(filepath.Join(h.Keys(folder), trusted), root, 0o600)
	}
	if err != nil {
		return "", nil, fmt.Errorf("packs' root of terminal %s: %w", terminal, err)
	}
	file := h.path(folder + ".yaml")
	if err := os.WriteFile(file, []byte(settings), 0o600); err != nil {
		return "", nil, fmt.Errorf("config of terminal %s: %w", terminal, err)
	}
	var ready struct{ URL string }
	p, err = start(ctx, terminal, h.program("kiosk"), []string{"-config", file}, h.Log(folder), &ready)
	return ready.URL, p, err
}
