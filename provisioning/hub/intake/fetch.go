package intake

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"

	"yimen/kiosk/central"
	"yimen/kiosk/envelope"
	"yimen/provisioning/hub/door"
)

const (
	defaultPage = 50
	maxPage     = 200
)

// list gives a page of acknowledged envelopes: GET /v1/envelopes?after=…&limit=…
func (in *Intake) list(w http.ResponseWriter, r *http.Request, _ door.Caller) error {
	after, limit, err := pageOf(r)
	if err != nil {
		return err
	}
	kept, err := in.envelopes.Acknowledged(r.Context(), after, limit)
	if err != nil {
		return fmt.Errorf("list envelopes: %w", err)
	}
	page := central.Page{Envelopes: []central.Summary{}, Next: strconv.FormatInt(after, 10)}
	for _, a := range kept {
		summary, err := summaryOf(a)
		if err != nil {
			return err
		}
		page.Envelopes = append(page.Envelopes, summary)
		page.Next = strconv.FormatInt(a.Sequence, 10)
	}
	return door.Answer(w, http.StatusOK, page)
}

func pageOf(r *http.Request) (after int64, limit int, err error) {
	limit = defaultPage
	query := r.URL.Query()
	if text := query.Get("after"); text != "" {
		if after, err = strconv.ParseInt(text, 10, 64); err != nil || after < 0 {
			return 0, 0, door.Malformed("after is the next of another page")
		}
	}
	if text := query.Get("limit"); text != "" {
		if limit, err = strconv.Atoi(text); err != nil || limit < 1 || limit > maxPage {
			return 0, 0, door.Malformed(fmt.Sprintf("limit is from 1 to %d", maxPage))
		}
	}
	return after, limit, nil
}

func summaryOf(a Acknowledged) (central.Summary, error) {
	list, err := envelope.ParseList(a.List)
	if err != nil {
		return central.Summary{}, fmt.Errorf("kept list of %s: %w", a.ID, err)
	}
	var signed central.SignedReceipt
	if err := json.Unmarshal(a.Receipt, &signed); err != nil {
		return central.Summary{}, fmt.Errorf("kept receipt of %s: %w", a.ID, err)
	}
	var receipt central.Receipt
	if err := json.Unmarshal(signed.Receipt, &receipt); err != nil {
		return central.Summary{}, fmt.Errorf("kept receipt of %s: %w", a.ID, err)
	}
	return central.Summary{Envelope: a.ID, Kind: a.Kind, Terminal: a.Terminal, SealedAt: list.SealedAt, ReceivedAt: receipt.ReceivedAt}, nil
}

// fetch gives what stands outside the seals: GET /v1/envelopes/{envelope}.
func (in *Intake) fetch(w http.ResponseWriter, r *http.Request, _ door.Caller) error {
	id := r.PathValue("envelope")
	e, err := in.envelopes.Find(r.Context(), id)
	if err != nil {
		return fmt.Errorf("find %s: %w", id, err)
	}
	signed, err := in.envelopes.Receipt(r.Context(), id)
	if err != nil {
		return fmt.Errorf("receipt of %s: %w", id, err)
	}
	return door.Answer(w, http.StatusOK, central.Kept{List: e.List, Signature: e.Signature, Receipt: signed})
}

// part gives one sealed part of an acknowledged envelope: GET /v1/envelopes/{envelope}/parts/{part}.
func (in *Intake) part(w http.ResponseWriter, r *http.Request, _ door.Caller) error {
	id, no, ok := central.ParseUploadID(r.PathValue("envelope") + "." + r.PathValue("part"))
	if !ok {
		return ErrNotFound
	}
	if _, err := in.envelopes.Receipt(r.Context(), id); err != nil {
		return fmt.Errorf("receipt of %s: %w", id, err)
	}
	size, err := in.parts.Size(r.Context(), id, no)
	if err != nil {
		return fmt.Errorf("size of part %d of %s: %w", no, id, err)
	}
	body, err := in.parts.Open(r.Context(), id, no)
	if err != nil {
		return fmt.Errorf("open part %d of %s: %w", no, id, err)
	}
	defer body.Close()
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Length", strconv.FormatInt(size, 10))
	w.Header().Set("Cache-Control", "no-store")
	if _, err := io.Copy(w, body); err != nil {
		// The status is out; the bureau notices the cut by the digest and asks again.
		in.log.WarnContext(r.Context(), "part cut short", "envelope", id, "part", no, "error", err)
	}
	return nil
}
