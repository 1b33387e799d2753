package visitor

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// BureauDesk looks at the bureau's desk as a program would.
type BureauDesk struct {
	URL  string // address, ending in a slash
	HTTP http.Client
}

// Dossier is one that the bureau opened.
type Dossier struct {
	ID       string
	Manifest json.RawMessage
	Parts    []Part
	Receipt  []byte // central's signed receipt
}

// Part is one file of a dossier as its manifest names it.
type Part struct {
	No        int    `json:"no"`
	Name      string `json:"name"`
	MediaType string `json:"media_type"`
	Size      int64  `json:"size"`
	Digest    string `json:"digest"`
}

func (b *BureauDesk) get(ctx context.Context, path string) ([]byte, error) {
	ctx, stop := context.WithTimeout(ctx, 30*time.Second)
	defer stop()
	req, err := http.NewRequestWithContext(ctx, "GET", strings.TrimSuffix(b.URL, "/")+path, nil)
	if err != nil {
		return nil, err
	}
	resp, err := b.HTTP.Do(req)
	if err != nil {
		return nil, fmt.Errorf("bureau: %w", err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, fmt.Errorf("bureau: %w", err)
	}
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("bureau: %s: %s", path, resp.Status)
	}
	return body, nil
}

// Slips gives the slip numbers of all dossiers that lie at the bureau, with their ids, one for each dossier:
// a dossier that came twice would be there twice.
func (b *BureauDesk) Slips(ctx context.Context) (map[string][]string, error) {
	body, err := b.get(ctx, "/api/dossiers")
	if err != nil {
		return nil, err
	}
	var list struct {
		Dossiers []struct {
			ID     string `json:"id"`
			SlipNo string `json:"slip_no"`
		}
	}
	if err := json.Unmarshal(body, &list); err != nil {
		return nil, fmt.Errorf("bureau's list: %w", err)
	}
	slips := map[string][]string{}
	for _, d := range list.Dossiers {
		slips[d.SlipNo] = append(slips[d.SlipNo], d.ID)
	}
	return slips, nil
}

// Find waits until the dossier of a slip lies there, and gives it with its receipt.
func (b *BureauDesk) Find(ctx context.Context, slipNo string, patience time.Duration) (Dossier, error) {
	for end := time.Now().Add(patience); ; {
		slips, err := b.Slips(ctx)
		if err != nil {
			return Dossier{}, err
		}
		if ids := slips[slipNo]; len(ids) == 1 {
			return b.open(ctx, ids[0])
		} else if len(ids) > 1 {
			return Dossier{}, fmt.Errorf("slip %s has %d dossiers", slipNo, len(ids))
		}
		if time.Now().After(end) {
			return Dossier{}, fmt.Errorf("no dossier for slip %s", slipNo)
		}
		if err := sleep(ctx, 100*time.Millisecond); err != nil {
			return Dossier{}, err
		}
	}
}

func (b *BureauDesk) open(ctx context.Context, id string) (Dossier, error) {
	d := Dossier{ID: id}
	var err error
	if d.Manifest, err = b.get(ctx, "/api/dossiers/"+id); err != nil {
		return d, err
	}
	var m struct {
		Parts []Part `json:"parts"`
	}
	if err := json.Unmarshal(d.Manifest, &m); err != nil {
		return d, fmt.Errorf("manifest of %s: %w", id, err)
	}
	d.Parts = m.Parts
	d.Receipt, err = b.get(ctx, "/api/dossiers/"+id+"/receipt")
	return d, err
}

// Part gives a part's plain bytes.
func (b *BureauDesk) Part(ctx context.Context, d Dossier, p Part) ([]byte, error) {
	body, err := b.get(ctx, "/api/dossiers/"+d.ID+"/parts/"+(&url.URL{Path: p.Name}).EscapedPath())
	if err == nil && int64(len(body)) != p.Size {
		err = fmt.Errorf("part %s has %d bytes, the manifest says %d", p.Name, len(body), p.Size)
	}
	return body, err
}
