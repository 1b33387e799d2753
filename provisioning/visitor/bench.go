package visitor

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// Bench lays cards and pages, flips faults and takes the paper, through the bench's panel.
type Bench struct {
	Panel string // address, ending in a slash
	HTTP  http.Client
}

func (b *Bench) do(ctx context.Context, method, path string, body any) ([]byte, error) {
	var r io.Reader
	if body != nil {
		j, err := json.Marshal(body)
		if err != nil {
			return nil, err
		}
		r = bytes.NewReader(j)
	}
	ctx, stop := context.WithTimeout(ctx, 30*time.Second)
	defer stop()
	req, err := http.NewRequestWithContext(ctx, method, strings.TrimSuffix(b.Panel, "/")+path, r)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := b.HTTP.Do(req)
	if err != nil {
		return nil, fmt.Errorf("bench: %w", err)
	}
	defer resp.Body.Close()
	out, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, fmt.Errorf("bench: %w", err)
	}
	if resp.StatusCode >= 300 {
		return nil, fmt.Errorf("bench: %s %s: %s: %s", method, path, resp.Status, bytes.TrimSpace(out))
	}
	return out, nil
}

// LayCard lays a sample card on the reader.
func (b *Bench) LayCard(ctx context.Context, id string) error {
	_, err := b.do(ctx, "POST", "/api/card", map[string]string{"id": id})
	return err
}

// TakeCard takes the card away.
func (b *Bench) TakeCard(ctx context.Context) error {
	_, err := b.do(ctx, "DELETE", "/api/card", nil)
	return err
}

// LayPage lays a sample page on the bed.
func (b *Bench) LayPage(ctx context.Context, id string) error {
	_, err := b.do(ctx, "POST", "/api/page", map[string]string{"id": id})
	return err
}

// LayPageAs lays a sample page on the bed in a pose of the bench: angle, keystone, fill, right, down, light, hand.
func (b *Bench) LayPageAs(ctx context.Context, id string, pose map[string]any) error {
	_, err := b.do(ctx, "POST", "/api/page", map[string]any{"id": id, "pose": pose})
	return err
}

// TakePage takes the page away.
func (b *Bench) TakePage(ctx context.Context) error {
	_, err := b.do(ctx, "DELETE", "/api/page", nil)
	return err
}

// Stand has somebody step before the face camera: nobody, holder, stranger, two or print.
func (b *Bench) Stand(ctx context.Context, who string) error {
	_, err := b.do(ctx, "POST", "/api/person", map[string]string{"id": who})
	return err
}

// HoldCode holds a code with this text before the scanner.
func (b *Bench) HoldCode(ctx context.Context, text string) error {
	_, err := b.do(ctx, "POST", "/api/code", map[string]string{"text": text})
	return err
}

// DropCode takes the code away.
func (b *Bench) DropCode(ctx context.Context) error {
	_, err := b.do(ctx, "DELETE", "/api/code", nil)
	return err
}

// Fault switches a fault of a device on or off.
func (b *Bench) Fault(ctx context.Context, device, fault string, on bool) error {
	_, err := b.do(ctx, "POST", "/api/fault", map[string]any{"device": device, "fault": fault, "on": on})
	return err
}

// Unplug pulls a device's cable; Plug puts it back.
func (b *Bench) Unplug(ctx context.Context, device string) error {
	_, err := b.do(ctx, "POST", "/api/unplug", map[string]string{"device": device})
	return err
}

// Plug puts a device's cable back.
func (b *Bench) Plug(ctx context.Context, device string) error {
	_, err := b.do(ctx, "POST", "/api/plug", map[string]string{"device": device})
	return err
}

// Contact opens the loop of a switch at an input of the relay board, from 1, or closes it.
func (b *Bench) Contact(ctx context.Context, input int, closed bool) error {
	_, err := b.do(ctx, http.MethodPost, "/api/contact", map[string]any{"input": input, "closed": closed})
	return err
}

// PaperPNG is what the paper shows.
func (b *Bench) PaperPNG(ctx context.Context) ([]byte, error) {
	return b.do(ctx, "GET", "/api/paper.png", nil)
}

// PaperBytes is all that the printer got.
func (b *Bench) PaperBytes(ctx context.Context) ([]byte, error) {
	return b.do(ctx, "GET", "/api/paper.bin", nil)
}

// Tear takes the paper away.
func (b *Bench) Tear(ctx context.Context) error {
	_, err := b.do(ctx, "POST", "/api/paper/tear", nil)
	return err
}

// Slips is how many slips the printer has cut off since the paper was taken.
func (b *Bench) Slips(ctx context.Context) (int, error) {
	body, err := b.do(ctx, "GET", "/api/state", nil)
	if err != nil {
		return 0, err
	}
	var state struct{ Printer struct{ Slips int } }
	if err := json.Unmarshal(body, &state); err != nil {
		return 0, fmt.Errorf("bench: %w", err)
	}
	return state.Printer.Slips, nil
}
