package main

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"

	"yimen/kiosk/central"
	"yimen/kiosk/envelope"
	"yimen/kiosk/inquiry"
	"yimen/provisioning/hub/answers"
	"yimen/provisioning/hub/bureau"
	"yimen/provisioning/hub/casework"
	"yimen/provisioning/hub/crier"
	"yimen/provisioning/hub/docket"
	"yimen/provisioning/hub/officer"
	"yimen/provisioning/hub/staff"
	"yimen/provisioning/identity"
)

// china is the one zone of the country, where the office's days begin (UTC+8, no summer time).
var china = time.FixedZone("UTC+8", 8*60*60)

// work is what a bureau does beside showing pages: it files cases, says what is public, and answers residents.
type work struct {
	book    *docket.Book
	members *staff.Roster // of the halls' staff
	clerk   *casework.Clerk
	answers *answers.Answers
	drafts  *bureau.Drafts
	hub     *central.Client
}

// openWork opens the book of cases in dir. The caller closes the work.
func openWork(ctx context.Context, dir string, editions docket.Editions, desk *identity.Bureau, hub *central.Client, opened *bureau.Desk, log *slog.Logger) (*work, error) {
	switch {
	case editions == nil:
		return nil, errors.New("a case goes by the edition of the policy pack that it names: give -packs")
	case desk.Signing == nil:
		return nil, errors.New("this desk has no key to speak with, and so works no cases")
	}
	book, err := docket.Open(ctx, dir, editions, time.Now, china, log)
	if err != nil {
		return nil, err
	}
	members, err := staff.Open(ctx, membersFile(dir))
	if err != nil {
		return nil, errors.Join(err, book.Close())
	}
	tries := answers.DefaultTries(time.Now)
	clerk := inquiry.Clerk{With: desk.Opening, By: desk.Signing, Terminals: desk.Terminals, Random: rand.Reader}
	shelf := opened.Drafts()
	drafts := answers.Drafts{Shelf: shelf, Tries: tries, Now: func() time.Time { return time.Now().In(china) }}
	return &work{
		book: book, members: members, drafts: shelf, hub: hub,
		clerk: &casework.Clerk{
			Desk: opened, Book: book, Zone: china, Now: time.Now, Log: log,
			Voice: crier.New(hub, desk.Signing, envelope.SuiteSM, time.Now),
		},
		answers: &answers.Answers{
			Relay: hub, Now: time.Now, Log: log,
			Clerk: clerk,
			Handlers: map[inquiry.Kind]answers.Handler{
				inquiry.Progress: answers.Progress{Docket: book, Drafts: &drafts, Tries: tries}, inquiry.Draft: drafts,
				inquiry.Staff: &staff.Desk{Roster: members, Clerk: clerk, Zone: china, Now: time.Now},
			},
		},
	}, nil
}

// Close closes what openWork opened.
func (w *work) Close() error { return errors.Join(w.members.Close(), w.book.Close()) }

// mount adds the pages on which the officers of a roster work the book's cases.
func (w *work) mount(pages *bureau.Pages, file string, log *slog.Logger) error {
	roster, err := officer.Load(file)
	if err != nil {
		return err
	}
	room, err := casework.NewPages(w.clerk, officer.NewSessions(roster, time.Now), log)
	if err != nil {
		return err
	}
	pages.Mount(casework.Path, room)
	return nil
}

// Run works until ctx ends.
func (w *work) Run(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return w.clerk.Run(ctx) })
	group.Go(func() error { return w.answers.Run(ctx) })
	group.Go(func() error { return w.drafts.Run(ctx, w.hub, func() time.Time { return time.Now().In(china) }) })
	return group.Wait()
}
