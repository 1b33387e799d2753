package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"path/filepath"
	"time"

	"yimen/kiosk/central"
	"yimen/provisioning/hub/door"
	"yimen/provisioning/hub/events"
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
	r.door.AskFirst(r.registry.Admit)
	return r, nil
}

func openRegistry(ctx context.Context, dir string, log *slog.Logger) (*registry.Registry, error) {
	return registry.Open(ctx, filepath.Join(dir, "registry.db"), time.Now, log)
}

func (r *rooms) close() error {
	var errs []error
	if r.said != nil {
		errs = append(errs, r.said.Close())
	}
	if r.registry != nil {
		errs = append(errs, r.registry.Close())
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
	} {
		routes.Handle(path, room)
	}
	return registry.Beside(r.registry.Enrolment(r.card, r.issuer), routes)
}
