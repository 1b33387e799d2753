package simulate

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"yimen/kiosk/central"
	"yimen/kiosk/central/badline"
	"yimen/kiosk/envelope"
)

// Report is what came of a simulation.
type Report struct {
	Terminals, Dossiers, Size int
	Took                      time.Duration
	Line                      badline.Counts
	Delivered                 int
	Latency                   []time.Duration // of what was delivered, sorted
	HubMemory                 int64           // bytes at most; 0 if it is not known
	Looked                    bool            // whether a bureau looked at what arrived
	Lost, Doubled             int             // delivered and not at the hub, byte for byte; there more than once, or never sent
}

// Sound reports whether everything was delivered and nothing lost or doubled.
func (r Report) Sound() bool {
	return r.Looked && r.Delivered == r.Dossiers && r.Lost == 0 && r.Doubled == 0
}

func (r *Report) addDelivered(f *fleet) {
	for _, t := range f.terminals {
		for _, s := range t.sent {
			if s.delivered {
				r.Delivered++
				r.Latency = append(r.Latency, s.took)
			}
		}
	}
	slices.Sort(r.Latency)
}

// quantile is the latency that so much of the dossiers did not exceed.
func (r Report) quantile(of float64) time.Duration {
	if len(r.Latency) == 0 {
		return 0
	}
	return r.Latency[min(int(of*float64(len(r.Latency))), len(r.Latency)-1)]
}

// Write tells the report.
func (r Report) Write(w io.Writer) error {
	took := r.Took.Seconds()
	_, err := fmt.Fprintf(w, `%d terminals, %d dossiers of %d kB, in %.1f s
line        %d connections, %d cuts, %d resets, %d stalls, %d turned bits; %.1f MB up, %.1f MB down
throughput  %.1f dossiers/s, %.1f MB/s
latency     p50 %v, p99 %v, longest %v
`, r.Terminals, r.Dossiers, r.Size/1000, took,
		r.Line.Connections, r.Line.Cuts, r.Line.Resets, r.Line.Stalls, r.Line.Flips, float64(r.Line.Up)/1e6, float64(r.Line.Down)/1e6,
		float64(r.Delivered)/took, float64(r.Delivered)*float64(r.Size)/1e6/took,
		r.quantile(0.50).Round(time.Millisecond), r.quantile(0.99).Round(time.Millisecond), r.quantile(1).Round(time.Millisecond))
	if err == nil && r.HubMemory > 0 {
		_, err = fmt.Fprintf(w, "hub         %d MB at most\n", r.HubMemory>>20)
	}
	if err != nil {
		return err
	}
	verdict := "nobody looked what arrived"
	if r.Looked {
		verdict = fmt.Sprintf("%d lost, %d doubled", r.Lost, r.Doubled)
	}
	_, err = fmt.Fprintf(w, "delivered   %d of %d; %s\n", r.Delivered, r.Dossiers, verdict)
	return err
}

// look holds what the hub has against what was sent, as a bureau that cannot be told anything else.
func (r *Report) look(ctx context.Context, h *hall, f *fleet) error {
	desk, err := central.New(central.Config{URL: h.url}, h.bureau.ClientTLS(), h.bureau.Receipts, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	defer desk.Close()
	times, err := arrived(ctx, desk)
	if err != nil {
		return fmt.Errorf("look what arrived: %w", err)
	}
	var all errgroup.Group
	var mu sync.Mutex
	all.SetLimit(atOnce)
	ours := make(map[string]bool)
	for _, t := range f.terminals {
		for _, s := range t.sent {
			ours[s.id] = true
			if times[s.id] > 1 {
				r.Doubled++
			}
			if !s.delivered {
				continue
			}
			all.Go(func() error {
				whole, err := isWhole(ctx, desk, s)
				mu.Lock()
				defer mu.Unlock()
				if !whole {
					r.Lost++
				}
				return err
			})
		}
	}
	if h.process != nil { // nobody else sends to it
		for id := range times {
			if !ours[id] {
				r.Doubled++
			}
		}
	}
	r.Looked = true
	return all.Wait()
}

// arrived counts how often each envelope stands in the hub's list.
func arrived(ctx context.Context, desk *central.Client) (map[string]int, error) {
	const page = 200
	times := make(map[string]int)
	for after := ""; ; {
		p, err := desk.Envelopes(ctx, after, page)
		if err != nil || len(p.Envelopes) == 0 {
			return times, err
		}
		for _, e := range p.Envelopes {
			times[e.Envelope]++
		}
		after = p.Next
	}
}

// isWhole fetches a dossier and reports whether it is the one that was sent. One that the hub does not have is not whole;
// an error means that nobody knows.
func isWhole(ctx context.Context, desk *central.Client, s sent) (bool, error) {
	kept, err := desk.Envelope(ctx, s.id)
	if missing(err) || err == nil && !bytes.Equal(kept.List, s.list) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	list, err := envelope.ParseList(kept.List)
	if err != nil {
		return false, err
	}
	for _, p := range list.Parts {
		body, err := desk.Part(ctx, s.id, p.No)
		if missing(err) || err == nil && list.Suite.Digest(body) != p.Digest {
			return false, nil
		}
		if err != nil {
			return false, err
		}
	}
	return true, nil
}

func missing(err error) bool {
	var p *central.Problem
	return errors.As(err, &p) && p.Code == central.CodeNotFound
}
