// Package storetest is what every store of the intake must hold, whatever it keeps things in.
package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"yimen/provisioning/hub/intake"
)

// Store is what is tested. Close lets go of it, so that it can be opened again.
type Store interface {
	intake.Envelopes
	intake.Parts
	io.Closer
}

// Conform holds a store against the intake's contract. open opens the same store each time it is called in one
// test, empty the first time; a store is closed before it is opened again.
func Conform(t *testing.T, fresh func(t *testing.T) (open func() Store)) {
	for name, test := range map[string]func(*testing.T, *box){
		"registers once":                    registersOnce,
		"keeps the first list":              keepsTheFirstList,
		"keeps the first receipt":           keepsTheFirstReceipt,
		"receipts come in order":            receiptsComeInOrder,
		"no receipt without envelope":       noReceiptWithoutEnvelope,
		"parts grow at their end":           partsGrowAtTheirEnd,
		"keeps what came before a cut":      keepsWhatCameBeforeACut,
		"creating again keeps":              creatingAgainKeeps,
		"dropped parts are gone":            droppedPartsAreGone,
		"a cleared envelope is empty":       aClearedEnvelopeIsEmpty,
		"pending until the receipt":         pendingUntilTheReceipt,
		"what was let go is listed no more": letGoIsListedNoMore,
		"parts do not mix":                  partsDoNotMix,
		"refuses odd names":                 refusesOddNames,
		"many at the same time":             manyAtTheSameTime,
	} {
		t.Run(name, func(t *testing.T) {
			b := &box{t: t, open: fresh(t)}
			b.Store = b.open()
			defer func() { b.Close() }()
			test(t, b)
		})
	}
}

// box is a store that can be opened again.
type box struct {
	Store
	t    *testing.T
	open func() Store
}

func (b *box) reopen() {
	b.t.Helper()
	if err := b.Close(); err != nil {
		b.t.Fatalf("close: %v", err)
	}
	b.Store = b.open()
}

const (
	idA = "01k9zqv8w3m5n7p2r4s6t8v0xa"
	idB = "01k9zqv8w3m5n7p2r4s6t8v0xb"
)

func envelopeOf(id, list string) intake.Envelope {
	return intake.Envelope{ID: id, Terminal: "150102-001", Kind: "application", List: []byte(list), Signature: []byte{0, 1, 2}}
}

func (b *box) register(e intake.Envelope) {
	b.t.Helper()
	if _, err := b.Register(b.t.Context(), e); err != nil {
		b.t.Fatalf("register: %v", err)
	}
}

func (b *box) add(id string, no int, offset int64, body string) {
	b.t.Helper()
	n, err := b.Append(b.t.Context(), id, no, offset, strings.NewReader(body))
	if err != nil || n != int64(len(body)) {
		b.t.Fatalf("append to part %d: %d bytes, %v", no, n, err)
	}
}

func (b *box) create(id string, no int) {
	b.t.Helper()
	if err := b.Create(b.t.Context(), id, no); err != nil {
		b.t.Fatalf("create part %d: %v", no, err)
	}
}

func (b *box) read(id string, no int) string {
	b.t.Helper()
	r, err := b.Open(b.t.Context(), id, no)
	if err != nil {
		b.t.Fatalf("open part %d: %v", no, err)
	}
	body, err := io.ReadAll(r)
	if err := errors.Join(err, r.Close()); err != nil {
		b.t.Fatalf("read part %d: %v", no, err)
	}
	return string(body)
}

func (b *box) wantError(err, want error, doing string) {
	b.t.Helper()
	if !errors.Is(err, want) {
		b.t.Errorf("%s: got %v, want %v", doing, err, want)
	}
}

func letGoIsListedNoMore(t *testing.T, b *box) {
	at := time.Date(2026, 12, 24, 4, 0, 0, 0, time.UTC)
	b.register(envelopeOf(idA, "list a"))
	b.register(envelopeOf(idB, "list b"))
	b.wantError(b.LetGo(t.Context(), idA, at, "2026-12-22"), intake.ErrNotFound, "let go without a receipt")
	for _, id := range []string{idA, idB} {
		if _, _, err := b.Acknowledge(t.Context(), id, []byte("receipt "+id)); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		if err := b.LetGo(t.Context(), idA, at, "2026-12-22"); err != nil {
			t.Fatal(err)
		}
	}
	b.reopen()
	kept, err := b.Acknowledged(t.Context(), 0, 10)
	if err != nil || len(kept) != 1 || kept[0].ID != idB {
		t.Errorf("listed are %v, %v", kept, err)
	}
	if signed, err := b.Receipt(t.Context(), idA); err != nil || string(signed) != "receipt "+idA {
		t.Errorf("the receipt is %q, %v", signed, err)
	}
	if gone, err := b.Gone(t.Context(), "", 10); err != nil || len(gone) != 1 || gone[0] != idA {
		t.Errorf("gone are %v, %v", gone, err)
	}
	for id, want := range map[string]bool{idA: true, idB: false, "01k9zqv8w3m5n7p2r4s6t8v0xz": false} {
		if gone, err := b.WasLetGo(t.Context(), id); gone != want || err != nil {
			t.Errorf("%s was let go: %v, %v", id, gone, err)
		}
	}
}

func registersOnce(t *testing.T, b *box) {
	e := envelopeOf(idA, "list")
	for i, want := range []bool{true, false} {
		if created, err := b.Register(t.Context(), e); err != nil || created != want {
			t.Errorf("time %d: created %v, %v", i, created, err)
		}
	}
	b.reopen()
	got, err := b.Find(t.Context(), idA)
	if err != nil || fmt.Sprint(got) != fmt.Sprint(e) {
		t.Errorf("found %v, %v", got, err)
	}
	_, err = b.Find(t.Context(), idB)
	b.wantError(err, intake.ErrNotFound, "find what was never registered")
}

func keepsTheFirstList(t *testing.T, b *box) {
	b.register(envelopeOf(idA, "list"))
	_, err := b.Register(t.Context(), envelopeOf(idA, "other"))
	b.wantError(err, intake.ErrConflict, "register another list")
	if got, err := b.Find(t.Context(), idA); err != nil || string(got.List) != "list" {
		t.Errorf("list is %q, %v", got.List, err)
	}
}

func keepsTheFirstReceipt(t *testing.T, b *box) {
	b.register(envelopeOf(idA, "list"))
	_, err := b.Receipt(t.Context(), idA)
	b.wantError(err, intake.ErrNotFound, "receipt before it was given")
	for i, signed := range []string{"first", "second"} {
		kept, first, err := b.Acknowledge(t.Context(), idA, []byte(signed))
		if err != nil || string(kept) != "first" || first != (i == 0) {
			t.Errorf("acknowledge with %s: %q, first %v, %v", signed, kept, first, err)
		}
	}
	b.reopen()
	if kept, err := b.Receipt(t.Context(), idA); err != nil || string(kept) != "first" {
		t.Errorf("receipt is %q, %v", kept, err)
	}
}

func noReceiptWithoutEnvelope(t *testing.T, b *box) {
	_, _, err := b.Acknowledge(t.Context(), idA, []byte("receipt"))
	b.wantError(err, intake.ErrNotFound, "acknowledge what was never registered")
	_, err = b.Receipt(t.Context(), idA)
	b.wantError(err, intake.ErrNotFound, "its receipt")
}

func receiptsComeInOrder(t *testing.T, b *box) {
	var want []string
	for i := range 7 {
		id := fmt.Sprintf("01k9zqv8w3m5n7p2r4s6t8v0%02d", 50-i)
		b.register(envelopeOf(id, "list of "+id))
		if i == 3 {
			continue // registered only
		}
		if _, _, err := b.Acknowledge(t.Context(), id, []byte("receipt of "+id)); err != nil {
			t.Fatal(err)
		}
		want = append(want, id)
	}
	b.reopen()
	var got []string
	for after := int64(0); ; {
		page, err := b.Acknowledged(t.Context(), after, 4)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			break
		}
		for _, a := range page {
			if a.Sequence <= after || string(a.Receipt) != "receipt of "+a.ID || string(a.List) != "list of "+a.ID {
				t.Errorf("%+v comes after %d", a, after)
			}
			after = a.Sequence
			got = append(got, a.ID)
		}
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func partsGrowAtTheirEnd(t *testing.T, b *box) {
	_, err := b.Size(t.Context(), idA, 0)
	b.wantError(err, intake.ErrNotFound, "size of nothing")
	_, err = b.Open(t.Context(), idA, 0)
	b.wantError(err, intake.ErrNotFound, "open nothing")
	_, err = b.Append(t.Context(), idA, 0, 0, strings.NewReader("x"))
	b.wantError(err, intake.ErrNotFound, "append to nothing")
	b.create(idA, 0)
	b.add(idA, 0, 0, "abc")
	b.reopen()
	b.add(idA, 0, 3, "def")
	for _, wrong := range []int64{0, 5, 7} {
		_, err := b.Append(t.Context(), idA, 0, wrong, strings.NewReader("x"))
		b.wantError(err, intake.ErrOffset, fmt.Sprintf("append at %d of 6", wrong))
	}
	b.reopen()
	if got := b.read(idA, 0); got != "abcdef" {
		t.Errorf("part is %q", got)
	}
}

func keepsWhatCameBeforeACut(t *testing.T, b *box) {
	b.create(idA, 0)
	line := io.MultiReader(strings.NewReader("abc"), deadLine{})
	if n, err := b.Append(t.Context(), idA, 0, 0, line); n != 3 || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("append: %d bytes, %v", n, err)
	}
	b.reopen()
	if size, err := b.Size(t.Context(), idA, 0); err != nil || size != 3 {
		t.Errorf("size %d, %v", size, err)
	}
	b.add(idA, 0, 3, "def")
}

type deadLine struct{}

func (deadLine) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func creatingAgainKeeps(t *testing.T, b *box) {
	b.create(idA, 0)
	b.add(idA, 0, 0, "abc")
	b.create(idA, 0)
	if got := b.read(idA, 0); got != "abc" {
		t.Errorf("part is %q", got)
	}
}

func droppedPartsAreGone(t *testing.T, b *box) {
	b.create(idA, 0)
	b.create(idA, 1)
	b.add(idA, 0, 0, "abc")
	b.add(idA, 1, 0, "def")
	for range 2 {
		if err := b.Drop(t.Context(), idA, 0); err != nil {
			t.Fatalf("drop: %v", err)
		}
	}
	b.reopen()
	_, err := b.Size(t.Context(), idA, 0)
	b.wantError(err, intake.ErrNotFound, "size of a dropped part")
	if got := b.read(idA, 1); got != "def" {
		t.Errorf("the other part is %q", got)
	}
	if err := b.Drop(t.Context(), idB, 0); err != nil {
		t.Errorf("drop of what was never there: %v", err)
	}
}

func aClearedEnvelopeIsEmpty(t *testing.T, b *box) {
	_, err := b.Grown(t.Context(), idA)
	b.wantError(err, intake.ErrNotFound, "growth of nothing")
	begun := time.Now().Add(-time.Minute) // a file's time is coarser than the clock's
	for _, id := range []string{idA, idB} {
		b.create(id, 0)
		b.create(id, 11)
		b.add(id, 11, 0, "abc")
	}
	if at, err := b.Grown(t.Context(), idA); err != nil || at.Before(begun) || at.After(time.Now().Add(time.Minute)) {
		t.Errorf("grown at %v, %v", at, err)
	}
	for range 2 {
		if err := b.Clear(t.Context(), idA); err != nil {
			t.Fatalf("clear: %v", err)
		}
	}
	b.reopen()
	for _, no := range []int{0, 11} {
		_, err := b.Size(t.Context(), idA, no)
		b.wantError(err, intake.ErrNotFound, "size of a cleared part")
	}
	if got := b.read(idB, 11); got != "abc" {
		t.Errorf("the other envelope's part is %q", got)
	}
	b.create(idA, 0) // it may begin anew
	b.add(idA, 0, 0, "x")
	for _, odd := range []string{"", "..", "../x", idA + "/.."} {
		if err := b.Clear(t.Context(), odd); err == nil {
			t.Errorf("%q was cleared", odd)
		}
	}
}

func pendingUntilTheReceipt(t *testing.T, b *box) {
	var all []string
	for i := range 7 {
		id := fmt.Sprintf("01k9zqv8w3m5n7p2r4s6t8v0%02d", 50-i)
		b.register(envelopeOf(id, "list of "+id))
		all = append(all, id)
	}
	if _, _, err := b.Acknowledge(t.Context(), all[3], []byte("receipt")); err != nil {
		t.Fatal(err)
	}
	b.reopen()
	var got []string
	for after := ""; ; {
		page, err := b.Pending(t.Context(), after, 4)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			break
		}
		got, after = append(got, page...), page[len(page)-1]
	}
	if want := []string{all[6], all[5], all[4], all[2], all[1], all[0]}; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("pending %v, want %v", got, want)
	}
}

func partsDoNotMix(t *testing.T, b *box) {
	for i, id := range []string{idA, idB} {
		for _, no := range []int{0, 1, 10, 11} {
			b.create(id, no)
			b.add(id, no, 0, fmt.Sprint(i, no))
		}
	}
	b.reopen()
	for i, id := range []string{idA, idB} {
		for _, no := range []int{0, 1, 10, 11} {
			if got := b.read(id, no); got != fmt.Sprint(i, no) {
				t.Errorf("part %d of %s is %q", no, id, got)
			}
		}
	}
}

func refusesOddNames(t *testing.T, b *box) {
	for _, id := range []string{"", "..", "../../../../../../etc/x", "/tmp", idA + "/..", strings.ToUpper(idA), idA[:25] + "/", idA + "\x00"} {
		if err := b.Create(t.Context(), id, 0); err == nil {
			t.Errorf("part of %q was created", id)
		}
		if _, err := b.Size(t.Context(), id, 0); !errors.Is(err, intake.ErrNotFound) {
			t.Errorf("size of a part of %q: %v", id, err)
		}
	}
	if err := b.Create(t.Context(), idA, -1); err == nil {
		t.Error("part -1 was created")
	}
}

func manyAtTheSameTime(t *testing.T, b *box) {
	body := bytes.Repeat([]byte{'x'}, 10_000)
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() {
			id := fmt.Sprintf("01k9zqv8w3m5n7p2r4s6t8v1%02d", i)
			if err := submit(t.Context(), b.Store, id, body); err != nil {
				t.Errorf("%s: %v", id, err)
			}
		})
	}
	all.Wait()
	page, err := b.Acknowledged(t.Context(), 0, 100)
	if err != nil || len(page) != 16 {
		t.Errorf("%d acknowledged, %v", len(page), err)
	}
}

func submit(ctx context.Context, s Store, id string, body []byte) error {
	if _, err := s.Register(ctx, envelopeOf(id, "list of "+id)); err != nil {
		return err
	}
	for no := range 3 {
		if err := s.Create(ctx, id, no); err != nil {
			return err
		}
		if _, err := s.Append(ctx, id, no, 0, bytes.NewReader(body)); err != nil {
			return err
		}
	}
	_, _, err := s.Acknowledge(ctx, id, []byte("receipt"))
	return err
}
