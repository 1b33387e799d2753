// Package intake is the hub's receiving end: it takes sealed envelopes in part by part, keeps them durably and
// signs one receipt for each whole one. It serves kiosk/central's contract and has no key that opens anything.
package intake

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"time"

	"github.com/tus/tusd/v2/pkg/memorylocker"

	"yimen/kiosk/central"
	"yimen/kiosk/envelope"
	"yimen/provisioning/hub/door"
	"yimen/provisioning/identity"
)

// Intake serves the contract.
type Intake struct {
	hub       *identity.Hub
	door      *door.Door
	envelopes Envelopes
	parts     Parts
	now       func() time.Time
	random    io.Reader
	log       *slog.Logger
	closing   *memorylocker.MemoryLocker // one receipt of an envelope at a time
	tallies   *tallies                   // of parts on their way up
	routes    *http.ServeMux
	packs     fs.FS // the repository of policy packs; nil where there is none
	releases  fs.FS // that of the terminals' software; nil where there is none
	enrolled  Enrolled
}

// Enrolled gives what the signature of a terminal verifies with, if it enrolled.
type Enrolled func(ctx context.Context, terminal string) (key *envelope.Verifier, known bool, err error)

// Know has the intake ask about terminals that enrolled. It is called before the first request; without it only those
// are known whose keys are in the hub's folder.
func (in *Intake) Know(enrolled Enrolled) { in.enrolled = enrolled }

// New makes an intake behind a door, over a store. now stamps receipts; random is a cryptographic source.
func New(hub *identity.Hub, at *door.Door, envelopes Envelopes, parts Parts, now func() time.Time, random io.Reader, log *slog.Logger) (*Intake, error) {
	in := &Intake{hub: hub, door: at, envelopes: envelopes, parts: parts, now: now, random: random, log: log,
		closing: memorylocker.New(), tallies: newTallies(), routes: http.NewServeMux()}
	uploads, err := in.uploads()
	if err != nil {
		return nil, fmt.Errorf("intake: %w", err)
	}
	const one = central.EnvelopesPath + "/{envelope}"
	for pattern, serve := range map[string]http.Handler{
		"GET " + central.HealthPath:    http.HandlerFunc(health),
		"GET " + central.EnvelopesPath: in.only(in.list, identity.RoleBureau),
		"PUT " + one:                   in.only(in.register, identity.RoleTerminal),
		"GET " + one:                   in.only(in.fetch, identity.RoleBureau),
		"DELETE " + one:                in.only(in.letGo, identity.RoleBureau),
		"POST " + one + "/receipt":     in.only(in.close, identity.RoleTerminal),
		"GET " + one + "/receipt":      in.only(in.receipt, identity.RoleTerminal, identity.RoleBureau),
		"GET " + one + "/parts/{part}": in.only(in.part, identity.RoleBureau),
		central.FilesPath:              in.only(uploads, identity.RoleTerminal),

		"GET " + central.PacksPath + "{file}":        in.only(in.metadata, identity.RoleTerminal),
		"GET " + central.PackArchivesPath + "{file}": in.only(in.archive, identity.RoleTerminal),

		"GET " + central.ReleasesPath + "{file}":        in.only(in.releaseMetadata, identity.RoleTerminal),
		"GET " + central.ReleaseArchivesPath + "{file}": in.only(in.release, identity.RoleTerminal),
	} {
		in.routes.Handle(pattern, serve)
	}
	return in, nil
}

func (in *Intake) ServeHTTP(w http.ResponseWriter, r *http.Request) { in.routes.ServeHTTP(w, r) }

func health(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	io.WriteString(w, "ok\n")
}
