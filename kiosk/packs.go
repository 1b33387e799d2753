package main

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"

	"yimen/kiosk/inbox"
	"yimen/kiosk/policy"
	"yimen/provisioning/config"
	"yimen/provisioning/identity"
)

// openInbox opens what brings new editions of the pack, where the config names a repository. It must be signed
// for by the root in the terminal's own folder.
func (t *terminal) openInbox(ctx context.Context, cfg config.Config, log *slog.Logger) error {
	var from inbox.Source
	switch cfg.Packs.Repository {
	case "":
		return nil
	case inbox.Central:
		from = t.central
	default:
		from = inbox.Folder(cfg.Packs.Repository)
	}
	root, err := identity.PacksRoot(cfg.Identity)
	if err != nil {
		return err
	}
	t.inbox, err = inbox.Open(ctx, cfg.Path("packs"), filepath.Base(cfg.Pack), root, from, log)
	return err
}

// pack is the edition to begin with: the last one accepted, or before any the one that was installed.
func (t *terminal) pack(cfg config.Config) (*policy.Pack, error) {
	if t.inbox != nil && t.inbox.InForce() != nil {
		return inMode(cfg, t.inbox.InForce()), nil
	}
	p, err := policy.Load(cfg.Pack)
	if err != nil {
		return nil, fmt.Errorf("policy pack %s: %w", cfg.Pack, err)
	}
	t.installed = p.Edition
	return inMode(cfg, p), nil
}

// InForce is what a self-test tells of the packs: the edition that visits go by, and why the newest is not accepted.
func (t *terminal) InForce() (edition string, trouble error) {
	edition = t.installed
	if p := t.inbox.InForce(); p != nil {
		edition = p.Edition
	}
	return edition, t.inbox.Trouble()
}

func inMode(cfg config.Config, p *policy.Pack) *policy.Pack {
	if cfg.Mode == "demo" {
		return p.With(policy.Demo)
	}
	return p
}

// renewPacks looks for new editions until ctx ends; the desk takes each when nobody is there.
func (t *terminal) renewPacks(ctx context.Context, cfg config.Config) error {
	zone, err := cfg.Location()
	if err != nil {
		return err
	}
	return t.inbox.Run(ctx, cfg.Packs.Every, func(p *policy.Pack) { t.desk.Renew(visits(cfg, inMode(cfg, p), zone)) })
}
