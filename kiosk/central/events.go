package central

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
)

// EventsPath is where the events are.
const EventsPath = "/v1/events"

// Events gives what the bureau said after the event with the given number, 0 for all that is kept. It waits for a
// while until there is something; an empty page means that there is nothing yet. Nothing of it is verified. For a
// terminal, and for the bureau itself.
func (c *Client) Events(ctx context.Context, after int64) (EventPage, error) {
	query := c.wait()
	query.Set("after", strconv.FormatInt(after, 10))
	return c.eventsBy(ctx, query.Encode())
}

// Published gives what the bureau said after the event with the given number, at once: an empty page means that there is
// nothing. For the bureau itself.
func (c *Client) Published(ctx context.Context, after int64) (EventPage, error) {
	return c.eventsBy(ctx, url.Values{"after": {strconv.FormatInt(after, 10)}}.Encode())
}

func (c *Client) eventsBy(ctx context.Context, query string) (EventPage, error) {
	body, err := c.exchangeBy(ctx, c.waits, http.MethodGet, EventsPath+"?"+query, nil, http.StatusOK)
	if err != nil {
		return EventPage{}, fmt.Errorf("fetch events: %w", err)
	}
	var page EventPage
	if err := strictJSON(body, &page); err != nil {
		return EventPage{}, fmt.Errorf("fetch events: %w: %v", ErrNotCentral, err)
	}
	return page, nil
}

// PutEvent says an event. For the bureau. What is kept comes back: the first event that was said under this id. A *Problem with
// CodeConflict says that its number is not the next.
func (c *Client) PutEvent(ctx context.Context, id string, said SignedEvent) (SignedEvent, error) {
	body, err := c.exchange(ctx, http.MethodPut, EventsPath+"/"+id, said, http.StatusOK, http.StatusCreated)
	if err != nil {
		return SignedEvent{}, err
	}
	var kept SignedEvent
	if err := strictJSON(body, &kept); err != nil {
		return SignedEvent{}, fmt.Errorf("%w: %v", ErrNotCentral, err)
	}
	return kept, nil
}
