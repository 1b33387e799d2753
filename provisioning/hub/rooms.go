package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"yimen/kiosk/central"
	"yimen/provisioning/hub/door"
	"yimen/provisioning/hub/events"
	"yimen/provisioning/hub/fleet"
	"yimen/provisioning/hub/fleet/alarm"
	"yimen/provisioning/hub/intake"
	"yimen/provisioning/hub/registry"
	"yimen/provisioning/hub/relay"
	"yimen/provisioning/identity"
)

// rooms are what lies behind the hub's door beside the intake.
type rooms struct {
	door     *door.Door
	said     *events.Keeping
	registry *registry.Registry
	fleet    *fleet.Fleet
	issuer   *identity.Issuer
	card     []byte // the hall's, signed
}

// openRooms opens them over the hub's keys and store; the caller closes them.
func openRooms(ctx context.Context, keys, dir string, log *slog.Logger) (_ *rooms, err error) {
	r := &rooms{door: door.New(ctx, log)}
	defer func() {
		if err != nil {
			err = errors.Join(err, r.close())
		}
	}()
	if r.card, err = identity.ReadCard(keys); err != nil {
		return nil, err
	}
	if r.issuer, err = identity.LoadIssuer(keys); err != nil {
		return nil, err
	}
	if r.said, err = events.Open(ctx, filepath.Join(dir, "events.db")); err != nil {
		return nil, err
	}
	if r.registry, err = openRegistry(ctx, dir, log); err != nil {
		return nil, err
	}
	if r.fleet, err = openFleet(ctx, dir, log); err != nil {
		return nil, err
	}
	r.door.AskFirst(r.registry.Admit)
	return r, nil
}

func openRegistry(ctx context.Context, dir string, log *slog.Logger) (*registry.Registry, error) {
	return registry.Open(ctx, filepath.Join(dir, "registry.db"), time.Now, log)
}

func openFleet(ctx context.Context, dir string, log *slog.Logger) (*fleet.Fleet, error) {
	return fleet.Open(ctx, filepath.Join(dir, "fleet.db"), alarm.DefaultLimits(), time.Now, log)
}

func (r *rooms) close() error {
	var errs []error
	if r.said != nil {
		errs = append(errs, r.said.Close())
	}
	if r.registry != nil {
		errs = append(errs, r.registry.Close())
	}
	if r.fleet != nil {
		errs = append(errs, r.fleet.Close())
	}
	return errors.Join(errs...)
}

// handler shows each request to the room it is for.
func (r *rooms) handler(hub *identity.Hub, in *intake.Intake, log *slog.Logger) http.Handler {
	asks := relay.New(time.Now).Serve(r.door)
	told := r.said.Serve(r.door, hub.Word, log)
	known := r.registry.Serve(r.door, r.issuer)
	routes := http.NewServeMux()
	routes.Handle("/", in)
	for path, room := range map[string]http.Handler{
		central.AsksPath: asks, central.AsksPath + "/": asks, central.EventsPath: told, central.EventsPath + "/": told,
		central.CertificatePath: known, central.TerminalsPath: known,
		central.HeartbeatsPath: r.fleet.Serve(r.door),
	} {
		routes.Handle(path, room)
	}
	return registry.Beside(r.registry.Enrolment(r.card, r.issuer), routes)
}

// front is where the hub is reached.
type front struct {
	terminals net.Listener
	status    string // address of the fleet's page; none if empty
	ready     io.Writer
	log       *slog.Logger
}

// serve lets terminals, bureaus and the fleet's watchers in, and does what is to be done beside, until ctx ends or
// something of it cannot go on: a hub that cannot tell who is revoked serves nobody.
func (r *rooms) serve(ctx context.Context, f front, hub *identity.Hub, in *intake.Intake) error {
	page, also, err := r.statusPage(f)
	if err != nil {
		return err
	}
	together, inside := errgroup.WithContext(ctx)
	if page != nil {
		together.Go(func() error { return page(inside) })
	}
	together.Go(func() error { return in.Run(inside) })
	together.Go(func() error { return r.fleet.Run(inside) })
	together.Go(func() error { return r.registry.Watch(inside, func() { r.door.Recheck(inside) }) })
	together.Go(func() error {
		return serveTLS(inside, f.terminals, r.handler(hub, in, f.log), registry.Greeting(hub.ServerTLS()), f.ready, also, f.log)
	})
	if err := together.Wait(); !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}
