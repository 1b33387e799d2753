package central

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// AsksPath is where the relay of asks begins: what a visit asks of the bureau goes there sealed to the bureau, and
// what comes back is sealed to the visit. Central keeps both in memory only, reads neither, and forgets them soon.
const AsksPath = "/v1/asks"

// Bounds of the relay.
const (
	MaxAsk      = 64 << 10         // bytes of a sealed ask
	MaxAnswer   = 24 << 20         // bytes of a sealed answer
	AskLife     = 10 * time.Minute // from the ask on; then ask and answer are forgotten
	AskPageSize = 8                // asks that a bureau is handed at once
	MaxWait     = 30 * time.Second // that a question may be left open until there is something to say
)

const mediaSealed = "application/octet-stream"

// Ask is one sealed question as a bureau gets it. Whether it can be opened here, only the key tells: an ask may be
// for another desk.
type Ask struct {
	ID       string    `json:"id"` // of the form of an envelope's id
	Terminal string    `json:"terminal"`
	AskedAt  time.Time `json:"asked_at"` // by central's clock
	Sealed   []byte    `json:"sealed"`
}

// AskPage is the asks that wait for an answer, in the order they came.
type AskPage struct {
	Asks []Ask  `json:"asks"`
	Next string `json:"next"` // the after of the page that follows
}

// Ask hands a sealed ask to the bureau and gives the sealed answer, which nobody has looked at. The id is new and
// random, of the form of an envelope's. It waits as long as ctx and central let it (AskLife) and heals a cut line,
// but a line that is dead for three tries in a row is told at once: somebody stands there waiting. However it ends,
// central is told to forget the ask. A *Problem in the error is what central said. For a terminal.
func (c *Client) Ask(ctx context.Context, id string, sealed []byte) ([]byte, error) {
	if !ValidEnvelopeID(id) || len(sealed) == 0 || len(sealed) > MaxAsk {
		return nil, fmt.Errorf("ask %q of %d bytes: not an ask", id, len(sealed))
	}
	answer, err := c.ask(ctx, id, sealed)
	if err != nil {
		go c.withdraw(context.WithoutCancel(ctx), id) // the line may be why: nobody waits for it
		return nil, fmt.Errorf("ask %s: %w", id, err)
	}
	c.withdraw(context.WithoutCancel(ctx), id)
	return answer, nil
}

const (
	askPatience = 10 * time.Second       // for an ask to go up, and for one to be withdrawn
	askTries    = 3                      // that may fail in a row
	askPause    = time.Second            // after one that failed
	askBreath   = 100 * time.Millisecond // after one that brought nothing yet
)

func (c *Client) ask(ctx context.Context, id string, sealed []byte) ([]byte, error) {
	asked := false
	for failed := 0; ; {
		var answer []byte
		var err error
		pause := askPause
		if !asked {
			err = c.putAsk(ctx, id, sealed)
			asked = err == nil
		}
		if asked {
			answer, err = c.answered(ctx, id)
		}
		problem := (*Problem)(nil)
		switch {
		case answer != nil:
			return answer, nil
		case err == nil: // no answer yet
			failed, pause = -1, askBreath
		case ctx.Err() != nil:
			return nil, err
		case errors.As(err, &problem) && problem.final():
			return nil, err
		case errors.As(err, &problem) && problem.Code == CodeNotFound && asked:
			asked = false // central was started anew: ask again
		}
		if failed++; failed >= askTries {
			return nil, err
		}
		select {
		case <-ctx.Done():
			return nil, errors.Join(err, ctx.Err())
		case <-time.After(pause):
		}
	}
}

func (c *Client) putAsk(ctx context.Context, id string, sealed []byte) error {
	ctx, stop := context.WithTimeout(ctx, askPatience)
	defer stop()
	return c.putSealed(ctx, AsksPath+"/"+id, sealed)
}

// answered waits for the answer for a while; nil without an error when there is none yet.
func (c *Client) answered(ctx context.Context, id string) ([]byte, error) {
	r, err := c.request(ctx, http.MethodGet, AsksPath+"/"+id+"/answer?"+c.wait().Encode(), nil)
	if err != nil {
		return nil, err
	}
	answer, err := c.waits.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	switch {
	case answer.StatusCode == http.StatusNoContent && answer.Header.Get("Cache-Control") == "no-store":
		return nil, nil
	case answer.StatusCode == http.StatusOK && hasMedia(answer, mediaSealed):
		return readAtMost(answer.Body, MaxAnswer)
	}
	return nil, refusal(answer)
}

// withdraw has central forget an ask. If that fails, central forgets it by itself in a while.
func (c *Client) withdraw(ctx context.Context, id string) {
	ctx, stop := context.WithTimeout(ctx, askPatience)
	defer stop()
	r, err := c.request(ctx, http.MethodDelete, AsksPath+"/"+id, nil)
	if err != nil {
		return
	}
	if answer, err := c.waits.Do(r); err == nil {
		_ = answer.Body.Close()
	}
}

// Asks gives the asks that wait for an answer, beginning after the page whose Next is given; "" begins with the
// oldest. It waits for a while until there are some; an empty page means that there are none yet. After central was
// started anew it begins with the oldest again. For a bureau.
func (c *Client) Asks(ctx context.Context, after string) (AskPage, error) {
	query := c.wait()
	if after != "" {
		query.Set("after", after)
	}
	var page AskPage
	body, err := c.exchangeBy(ctx, c.waits, http.MethodGet, AsksPath+"?"+query.Encode(), nil, http.StatusOK)
	if err != nil {
		return AskPage{}, fmt.Errorf("fetch asks: %w", err)
	}
	if err := strictJSON(body, &page); err != nil {
		return AskPage{}, fmt.Errorf("fetch asks: %w: %v", ErrNotCentral, err)
	}
	return page, nil
}

// Answer hands the sealed answer to an ask to its terminal. A *Problem with CodeNotFound says that nobody waits any
// more. Answering twice with the same bytes is no error. For a bureau.
func (c *Client) Answer(ctx context.Context, id string, sealed []byte) error {
	if !ValidEnvelopeID(id) || len(sealed) == 0 || len(sealed) > MaxAnswer {
		return fmt.Errorf("answer %q of %d bytes: not an answer", id, len(sealed))
	}
	if err := c.putSealed(ctx, AsksPath+"/"+id+"/answer", sealed); err != nil {
		return fmt.Errorf("answer %s: %w", id, err)
	}
	return nil
}

// putSealed sends sealed bytes that are taken once.
func (c *Client) putSealed(ctx context.Context, path string, sealed []byte) error {
	r, err := c.request(ctx, http.MethodPut, path, bytes.NewReader(sealed))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", mediaSealed)
	answer, err := c.http.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	// Central's own bare answers say no-store; a portal's page is not taken for one.
	if answer.StatusCode == http.StatusNoContent && answer.Header.Get("Cache-Control") == "no-store" {
		return nil
	}
	return refusal(answer)
}

// wait asks central to leave a question open, for less time than the line may stand still.
func (c *Client) wait() url.Values {
	return url.Values{"wait": {strconv.Itoa(int(min(MaxWait, c.patience/2) / time.Second))}}
}
