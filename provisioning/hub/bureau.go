package main

import (
	"context"
	"errors"
	"flag"
	"io"
	"log/slog"
	"net"

	"golang.org/x/sync/errgroup"

	"yimen/kiosk/central"
	"yimen/provisioning/hub/bureau"
	"yimen/provisioning/identity"
	"yimen/provisioning/repository"
)

func runBureau(ctx context.Context, args []string, ready, complaints io.Writer) error {
	flags := flag.NewFlagSet("bureau", flag.ContinueOnError)
	address := flags.String("listen", "127.0.0.1:0", "address and port on this machine; port 0 takes a free one")
	keys := flags.String("identity", "", "folder of the bureau's keys")
	url := flags.String("intake", "", "the intake's URL")
	packs := flags.String("packs", "", "folder of published policy packs, so that old estimates can be reckoned again")
	book := flags.String("docket", "", "folder of the book of cases; without it the desk shows what came in and works no cases")
	officers := flags.String("officers", "", "file of the officers who may act; without it the book of cases is kept and nobody works it here")
	if err := parse(flags, args, complaints, "identity", "intake"); err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(complaints, nil))
	desk, err := identity.LoadBureau(*keys)
	if err != nil {
		return err
	}
	source, err := central.New(central.Config{URL: *url}, desk.ClientTLS(), desk.Receipts, log)
	if err != nil {
		return err
	}
	defer source.Close()
	listener, err := listen(*address)
	if err != nil {
		return err
	}
	defer listener.Close()
	at, ok := listener.Addr().(*net.TCPAddr)
	if !ok || !at.IP.IsLoopback() {
		return errors.New("the desk shows opened dossiers: it listens on this machine only, such as 127.0.0.1:0")
	}
	var editions bureau.Editions
	if *packs != "" {
		editions = repository.EditionsIn(*packs)
	}
	pages, err := bureau.New(desk, source, editions, at.Port, log)
	if err != nil {
		return err
	}
	var w *work
	if *book != "" {
		if w, err = openWork(ctx, *book, editions, desk, source, pages.Desk(), log); err != nil {
			return err
		}
		defer w.Close()
		if *officers != "" {
			if err := w.mount(pages, *officers, log); err != nil {
				return err
			}
		}
	}
	group, ctx := errgroup.WithContext(ctx)
	if w != nil {
		group.Go(func() error { return w.Run(ctx) })
	}
	group.Go(func() error { return meetTerminals(ctx, desk, source, log) })
	group.Go(func() error { return serve(ctx, listener, "http", pages, ready, log) })
	if err := group.Wait(); !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}
