package central

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"yimen/kiosk/envelope"
)

// Envelopes gives up to limit envelopes that have a receipt, in the order they got it, beginning after the page
// whose Next is given; "" begins with the first. For a bureau.
func (c *Client) Envelopes(ctx context.Context, after string, limit int) (Page, error) {
	query := url.Values{"limit": {strconv.Itoa(limit)}}
	if after != "" {
		query.Set("after", after)
	}
	body, err := c.exchange(ctx, http.MethodGet, EnvelopesPath+"?"+query.Encode(), nil, http.StatusOK)
	if err != nil {
		return Page{}, fmt.Errorf("list envelopes: %w", err)
	}
	var page Page
	if err := strictJSON(body, &page); err != nil {
		return Page{}, fmt.Errorf("list envelopes: %w: %v", ErrNotCentral, err)
	}
	return page, nil
}

// Envelope gives the list, its signature and the receipt of an envelope. Nothing of it is verified yet. For a bureau.
func (c *Client) Envelope(ctx context.Context, id string) (Kept, error) {
	body, err := c.exchange(ctx, http.MethodGet, EnvelopesPath+"/"+url.PathEscape(id), nil, http.StatusOK)
	if err != nil {
		return Kept{}, fmt.Errorf("fetch envelope %s: %w", id, err)
	}
	var kept Kept
	if err := strictJSON(body, &kept); err != nil {
		return Kept{}, fmt.Errorf("fetch envelope %s: %w: %v", id, ErrNotCentral, err)
	}
	return kept, nil
}

// LetGo has central forget the parts of a parked draft whose last day, until, is over. A *Problem with CodeConflict says that by
// central's clock it is not over yet. For a bureau.
func (c *Client) LetGo(ctx context.Context, id, until string) error {
	path := EnvelopesPath + "/" + url.PathEscape(id) + "?" + url.Values{"until": {until}}.Encode()
	r, err := c.request(ctx, http.MethodDelete, path, nil)
	if err != nil {
		return err
	}
	answer, err := c.http.Do(r)
	if err != nil {
		return fmt.Errorf("let go of %s: %w", id, err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusNoContent {
		return fmt.Errorf("let go of %s: %w", id, refusal(answer))
	}
	return nil
}

// Part gives the sealed bytes of one part. Whether they are the list's is for envelope.OpenPart to find out. For a
// bureau.
func (c *Client) Part(ctx context.Context, id string, no int) ([]byte, error) {
	path := EnvelopesPath + "/" + url.PathEscape(id) + "/parts/" + strconv.Itoa(no)
	r, err := c.request(ctx, http.MethodGet, path, nil)
	if err != nil {
		return nil, err
	}
	answer, err := c.http.Do(r)
	if err != nil {
		return nil, fmt.Errorf("fetch part %d of %s: %w", no, id, err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK || !hasMedia(answer, "application/octet-stream") {
		return nil, fmt.Errorf("fetch part %d of %s: %w", no, id, refusal(answer))
	}
	sealed, err := readAtMost(answer.Body, envelope.MaxPartSize)
	if err != nil {
		return nil, fmt.Errorf("fetch part %d of %s: %w", no, id, err)
	}
	return sealed, nil
}
