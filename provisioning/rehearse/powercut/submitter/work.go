package main

import (
	"context"
	crand "crypto/rand"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"yimen/kiosk/envelope"
	"yimen/kiosk/outbox"
	"yimen/kiosk/slip/number"
)

// worker keeps dossiers, in the keeper's order and with the keeper's rooms. What a dossier says does not matter here, only how
// large it is.
type worker struct {
	box     *outbox.Outbox
	numbers *number.Issuer
	host    *host
	random  *rand.Rand
}

func newWorker(box *outbox.Outbox, numbers *number.Issuer, h *host, seed uint64) *worker {
	return &worker{box: box, numbers: numbers, host: h, random: rand.New(rand.NewPCG(seed, 2))}
}

// work keeps one dossier after another, now and then with the pause between two visits.
func (w *worker) work(ctx context.Context) error {
	bureau, err := envelope.GenerateOpener(crand.Reader)
	if err != nil {
		return err
	}
	terminal, err := envelope.GenerateSigner(crand.Reader)
	if err != nil {
		return err
	}
	for {
		if err := w.keep(ctx, []envelope.Recipient{bureau.Recipient()}, terminal); err != nil {
			return err
		}
		if w.random.IntN(3) == 0 {
			time.Sleep(time.Duration(w.random.IntN(400)) * time.Millisecond)
		}
	}
}

// keep numbers, seals and puts one dossier, and only then tells.
func (w *worker) keep(ctx context.Context, to []envelope.Recipient, by *envelope.Signer) error {
	now := time.Now()
	slip, err := w.numbers.Next(ctx, now)
	if err != nil {
		return err
	}
	head := envelope.Head{ID: strings.ToLower(crand.Text()), Kind: "application", Terminal: "990000-0001", SealedAt: now}
	sealed, err := envelope.Seal(head, w.bodies(), to, by, crand.Reader)
	if err != nil {
		return err
	}
	item := outbox.Item{ID: head.ID, Kind: head.Kind, List: sealed.List, Signature: sealed.Signature, Parts: sealed.Parts}
	sum := digestOfItem(item)
	if err := w.host.tell("putting %s", item.ID); err != nil {
		return err
	}
	if err := w.box.Put(ctx, item); err != nil {
		return err
	}
	if err := w.host.tell("kept %s %s %s", item.ID, slip, sum); err != nil {
		return err
	}
	go w.await(ctx, item.ID)
	return nil
}

// await tells when central has it.
func (w *worker) await(ctx context.Context, id string) {
	if state, err := w.box.Wait(ctx, id); err == nil && state == outbox.Delivered {
		_ = w.host.tell("done %s", id) // a line that is gone is the host's to notice
	}
}

// bodies are a manifest, a form and up to four photographed pages, of usual sizes.
func (w *worker) bodies() [][]byte {
	sizes := []int{4_000, 20_000 + w.random.IntN(80_000)}
	for range w.random.IntN(5) {
		sizes = append(sizes, 60_000+w.random.IntN(300_000))
	}
	bodies := make([][]byte, len(sizes))
	for i, size := range sizes {
		bodies[i] = make([]byte, size) // sealed, zeroes look as any other
	}
	return bodies
}

// drain waits until nothing waits.
func (w *worker) drain(ctx context.Context) error {
	open, err := w.box.List(ctx)
	if err != nil {
		return err
	}
	for _, e := range open {
		state, err := w.box.Wait(ctx, e.ID)
		if err != nil {
			return err
		}
		if state != outbox.Delivered {
			return fmt.Errorf("entry %s is %s", e.ID, state)
		}
		if err := w.host.tell("done %s", e.ID); err != nil {
			return err
		}
	}
	return w.host.tell("drained")
}
