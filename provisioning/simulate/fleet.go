package simulate

import (
	"context"
	crand "crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"yimen/kiosk/central"
	"yimen/kiosk/envelope"
	"yimen/kiosk/outbox"
	"yimen/provisioning/identity"
)

// fleet is all terminals.
type fleet struct {
	terminals []*terminal
	kept      atomic.Int64 // dossiers that an outbox has taken
	delivered atomic.Int64
}

// terminal is one, with what the product's daemon has for sending.
type terminal struct {
	*identity.Terminal
	box    *outbox.Outbox
	client *central.Client
	sent   []sent
}

// sent is a dossier that the outbox has taken.
type sent struct {
	id        string
	list      []byte
	delivered bool
	took      time.Duration // from the outbox's yes to the verified receipt
}

// How many terminals seal or open their outboxes at the same time: what a hall's machines do apart is done here by one.
const atOnce = 8

// retries are shorter than a terminal's, which has all night.
func retries() outbox.Config {
	return outbox.Config{FirstRetry: 100 * time.Millisecond, LastRetry: 5 * time.Second}
}

// open gives each terminal its outbox and its client.
func open(ctx context.Context, o Options, h *hall, url string) (*fleet, error) {
	f := &fleet{terminals: make([]*terminal, len(h.terminals))}
	var all errgroup.Group
	all.SetLimit(atOnce)
	for i, id := range h.terminals {
		all.Go(func() error {
			quiet := slog.New(slog.DiscardHandler)
			client, err := central.New(central.Config{URL: url}, id.ClientTLS(), id.Receipts, quiet)
			if err != nil {
				return err
			}
			box, err := outbox.Open(ctx, filepath.Join(o.Dir, "terminals", id.Name), retries(), quiet)
			if err != nil {
				return err
			}
			f.terminals[i] = &terminal{Terminal: id, box: box, client: client}
			return nil
		})
	}
	if err := all.Wait(); err != nil {
		return nil, errors.Join(fmt.Errorf("open terminals: %w", err), f.close())
	}
	return f, nil
}

func (f *fleet) close() error {
	var err error
	for _, t := range f.terminals {
		if t != nil {
			t.client.Close()
			err = errors.Join(err, t.box.Close())
		}
	}
	return err
}

// submit has every terminal keep its dossiers and deliver them. It returns when all are delivered, or ctx ends.
func (f *fleet) submit(ctx context.Context, o Options) error {
	var all errgroup.Group
	sealing := make(chan struct{}, atOnce)
	for _, t := range f.terminals {
		all.Go(func() error { return t.submit(ctx, f, o, sealing) })
	}
	return all.Wait()
}

func (t *terminal) submit(ctx context.Context, f *fleet, o Options, sealing chan struct{}) error {
	sending, stop := context.WithCancel(ctx)
	var courier errgroup.Group
	courier.Go(func() error { return t.box.Run(sending, outbox.CourierFunc(t.deliver)) })
	t.sent = make([]sent, o.Dossiers)
	var waiting errgroup.Group
	var err error
	for no := range t.sent {
		sealing <- struct{}{}
		err = t.keep(ctx, &t.sent[no], o.Size)
		<-sealing
		if err != nil {
			break
		}
		f.kept.Add(1)
		waiting.Go(func() error { return t.await(ctx, f, &t.sent[no]) })
	}
	err = errors.Join(err, waiting.Wait())
	stop()
	if err := errors.Join(err, courier.Wait()); err != nil {
		return fmt.Errorf("terminal %s: %w", t.Name, err)
	}
	return nil
}

// keep seals a dossier to the bureau and puts it into the outbox.
func (t *terminal) keep(ctx context.Context, s *sent, size int) error {
	s.id = strings.ToLower(crand.Text())
	head := envelope.Head{ID: s.id, Kind: "application", Terminal: t.Name, SealedAt: time.Now()}
	sealed, err := envelope.Seal(head, bodies(size), []envelope.Recipient{t.Bureau}, t.Signing, crand.Reader)
	if err != nil {
		return err
	}
	s.list = sealed.List
	return t.box.Put(context.WithoutCancel(ctx), outbox.Item{ID: s.id, Kind: head.Kind, List: sealed.List, Signature: sealed.Signature, Parts: sealed.Parts})
}

// bodies are a manifest and pages of a usual size. Sealed, zeroes look as any other.
func bodies(size int) [][]byte {
	const manifest, page = 4_000, 400_000
	all := [][]byte{make([]byte, min(size, manifest))}
	for size -= len(all[0]); size > 0; size -= page {
		all = append(all, make([]byte, min(size, page)))
	}
	return all
}

func (t *terminal) deliver(ctx context.Context, e *outbox.Entry) ([]byte, error) {
	receipt, err := t.client.Deliver(ctx, e)
	if errors.Is(err, central.ErrRefused) {
		err = fmt.Errorf("%w: %w", outbox.ErrRefused, err)
	}
	return receipt, err
}

// await measures until the outbox calls a dossier delivered. One that was set aside is an error.
func (t *terminal) await(ctx context.Context, f *fleet, s *sent) error {
	begun := time.Now()
	state, err := t.box.Wait(ctx, s.id)
	switch {
	case err != nil:
		return err
	case state == outbox.Quarantined:
		return fmt.Errorf("dossier %s was set aside", s.id)
	case state == outbox.Delivered:
		s.delivered, s.took = true, time.Since(begun)
		f.delivered.Add(1)
	}
	return nil
}
