package bureau

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"yimen/drivers/device"
	"yimen/kiosk/estimate"
	"yimen/kiosk/household"
	"yimen/kiosk/policy"
)

// Editions gives the editions that cases name; a repository.Editions is one. Its error says that it has none of that
// digest, or that it cannot be read.
type Editions interface {
	Edition(id, digest string) (*policy.Pack, error)
}

// ErrNoEstimate says that a dossier holds no estimate to be reckoned again.
var ErrNoEstimate = errors.New("the dossier holds no estimate")

// Replay is an estimate reckoned again from the edition that it names and the answers beside it.
type Replay struct {
	Same    bool   `json:"same"` // the same bytes
	Edition string `json:"edition"`
	Digest  string `json:"digest"` // short, of what came out now: it stands on the slip where it is the same
}

// replay reckons a dossier's estimate again.
func replay(d *Dossier, kept Editions) (Replay, error) {
	_, sealed, ok := d.Body(estimateName)
	if !ok {
		return Replay{}, ErrNoEstimate
	}
	s, err := estimate.ReadSealed(sealed)
	if err != nil {
		return Replay{}, err
	}
	pack, err := kept.Edition(s.PackID, s.PackDigest)
	if err != nil {
		return Replay{}, err
	}
	_, body, _ := d.Body(answersName)
	answers, err := stated(body)
	if err != nil {
		return Replay{}, err
	}
	again, same, err := estimate.Replay(pack, sealed, answers)
	if err != nil {
		return Replay{}, err
	}
	return Replay{Same: same, Edition: s.Edition, Digest: again.ShortDigest()}, nil
}

// stated reads answers.json as a household.
func stated(body []byte) (a household.Answers, err error) {
	var s struct {
		Answers []struct {
			Key    string          `json:"key"`
			State  string          `json:"state"`
			Number int64           `json:"number"`
			Code   string          `json:"code"`
			Text   device.Personal `json:"text"`
		} `json:"answers"`
	}
	if err := json.Unmarshal(body, &s); err != nil {
		return a, fmt.Errorf("answers: %w", err)
	}
	for _, x := range s.Answers {
		key, err := household.ParseKey(x.Key)
		if err != nil {
			return a, fmt.Errorf("answers: %w", err)
		}
		switch x.State {
		case "given":
			a = a.With(key, household.Answer{State: household.Given, Number: x.Number, Code: x.Code, Text: x.Text})
		case "unknown":
			a = a.With(key, household.Answer{State: household.Unknown})
		}
	}
	return a, nil
}

// again is replay for the page, which is shown without it where it cannot be.
func (p *Pages) again(ctx context.Context, d *Dossier) *Replay {
	if p.editions == nil {
		return nil
	}
	r, err := replay(d, p.editions)
	if err != nil {
		p.log.InfoContext(ctx, "estimate not reckoned again", "envelope", d.ID, "error", err)
		return nil
	}
	return &r
}

// apiReplay reckons a dossier's estimate again: GET /api/dossiers/{id}/replay.
func (p *Pages) apiReplay(w http.ResponseWriter, r *http.Request) {
	o, ok := p.opened(w, r)
	if !ok {
		return
	}
	if p.editions == nil {
		http.Error(w, "this desk was given no folder of editions", http.StatusNotFound)
		return
	}
	again, err := replay(o, p.editions)
	if err != nil {
		p.log.WarnContext(r.Context(), "estimate not reckoned again", "envelope", o.ID, "error", err)
		http.Error(w, "replay: "+err.Error(), http.StatusUnprocessableEntity)
		return
	}
	body, err := json.Marshal(again)
	if err != nil {
		p.refuse(w, r, err)
		return
	}
	send(w, "application/json", body)
}

// apiEditions gives the digests of the editions that dossiers name, one a line, so that no other is kept for ever
// (provisioning pack prune): GET /api/editions. It fails where a dossier could not be read: what it names is not known.
func (p *Pages) apiEditions(w http.ResponseWriter, r *http.Request) {
	rows, err := p.desk.Dossiers(r.Context())
	if err != nil {
		p.refuse(w, r, err)
		return
	}
	var named []string
	for _, row := range rows {
		if row.Trouble != nil {
			p.refuse(w, r, row.Trouble)
			return
		}
		if d := row.Manifest.Pack.Digest; d != "" && !slices.Contains(named, d) {
			named = append(named, d)
		}
	}
	slices.Sort(named)
	send(w, "text/plain; charset=utf-8", []byte(strings.Join(append(named, ""), "\n")))
}
