package door

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"yimen/kiosk/central"
)

// MaxWaits is how many questions one caller may leave open at the same time.
const MaxWaits = 16

// Wait gives the context of a question that is left open: it ends with the request, after as many seconds as the
// request's wait says, or when the hub closes. The caller of Wait ends it with stop.
func (d *Door) Wait(r *http.Request, from Caller) (ctx context.Context, stop func(), err error) {
	seconds := 0
	if text := r.URL.Query().Get("wait"); text != "" {
		seconds, err = strconv.Atoi(text)
		if most := int(central.MaxWait / time.Second); err != nil || seconds < 0 || seconds > most {
			return nil, nil, Malformed(fmt.Sprintf("wait is from 0 to %d seconds", most))
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.waits[from] >= MaxWaits {
		return nil, nil, &central.Problem{Code: central.CodeBusy, Detail: fmt.Sprintf("more than %d questions left open", MaxWaits)}
	}
	d.waits[from]++
	ctx, cancel := context.WithTimeout(r.Context(), time.Duration(seconds)*time.Second)
	release := context.AfterFunc(d.open, cancel)
	return ctx, func() {
		release()
		cancel()
		d.mu.Lock()
		defer d.mu.Unlock()
		if d.waits[from]--; d.waits[from] == 0 {
			delete(d.waits, from)
		}
	}, nil
}
