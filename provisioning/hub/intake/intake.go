// Package intake is the hub's receiving end: it takes sealed envelopes in part by part, keeps them durably and
// signs one receipt for each whole one. It serves kiosk/central's contract and has no key that opens anything.
package intake

import (
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"time"

	"github.com/tus/tusd/v2/pkg/memorylocker"

	"yimen/kiosk/central"
	"yimen/provisioning/identity"
)

// Intake serves the contract.
type Intake struct {
	hub       *identity.Hub
	envelopes Envelopes
	parts     Parts
	now       func() time.Time
	random    io.Reader
	log       *slog.Logger
	closing   *memorylocker.MemoryLocker // one receipt of an envelope at a time
	routes    *http.ServeMux
	packs     fs.FS // the repository of policy packs; nil where there is none
}

// New makes an intake over a store. now stamps receipts; random is a cryptographic source.
func New(hub *identity.Hub, envelopes Envelopes, parts Parts, now func() time.Time, random io.Reader, log *slog.Logger) (*Intake, error) {
	in := &Intake{hub: hub, envelopes: envelopes, parts: parts, now: now, random: random, log: log,
		closing: memorylocker.New(), routes: http.NewServeMux()}
	uploads, err := in.uploads()
	if err != nil {
		return nil, fmt.Errorf("intake: %w", err)
	}
	const one = central.EnvelopesPath + "/{envelope}"
	for pattern, serve := range map[string]http.Handler{
		"GET " + central.HealthPath:    http.HandlerFunc(health),
		"GET " + central.EnvelopesPath: in.only(identity.RoleBureau, in.list),
		"PUT " + one:                   in.only(identity.RoleTerminal, in.register),
		"GET " + one:                   in.only(identity.RoleBureau, in.fetch),
		"POST " + one + "/receipt":     in.only(identity.RoleTerminal, in.close),
		"GET " + one + "/receipt":      in.anyOf(in.receipt, identity.RoleTerminal, identity.RoleBureau),
		"GET " + one + "/parts/{part}": in.only(identity.RoleBureau, in.part),
		central.FilesPath:              in.only(identity.RoleTerminal, uploads),

		"GET " + central.PacksPath + "{file}":        in.only(identity.RoleTerminal, in.metadata),
		"GET " + central.PackArchivesPath + "{file}": in.only(identity.RoleTerminal, in.archive),
	} {
		in.routes.Handle(pattern, serve)
	}
	return in, nil
}

func (in *Intake) ServeHTTP(w http.ResponseWriter, r *http.Request) { in.routes.ServeHTTP(w, r) }

// peer is who asks, as the connection's certificate says.
type peer struct {
	role identity.Role
	name string
}

// serve answers one request of a known peer. An error it returns is told to the peer and logged in one place.
type serve func(w http.ResponseWriter, r *http.Request, from peer) error

func (in *Intake) only(role identity.Role, next serve) http.Handler { return in.anyOf(next, role) }

// anyOf lets the named roles through and turns everybody else away.
func (in *Intake) anyOf(next serve, roles ...identity.Role) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		role, name, err := identity.Peer(r.TLS)
		if err != nil {
			in.refuse(w, r, peer{}, forbidden("no usable certificate"))
			return
		}
		from := peer{role, name}
		for _, allowed := range roles {
			if role == allowed {
				if err := next(w, r, from); err != nil {
					in.refuse(w, r, from, err)
				}
				return
			}
		}
		in.refuse(w, r, from, forbidden("not for role "+string(role)))
	})
}

func health(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	io.WriteString(w, "ok\n")
}
