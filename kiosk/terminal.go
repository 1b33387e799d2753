package main

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"strings"
	"time"

	"yimen/drivers"
	"yimen/drivers/device"
	"yimen/kiosk/bulletin"
	"yimen/kiosk/central"
	"yimen/kiosk/desk"
	"yimen/kiosk/inbox"
	"yimen/kiosk/journal"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/apply"
	"yimen/kiosk/journey/checkin"
	"yimen/kiosk/journey/lookup"
	"yimen/kiosk/journey/notices"
	"yimen/kiosk/journey/progress"
	"yimen/kiosk/journey/reckon"
	"yimen/kiosk/journey/staff"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/keeper"
	"yimen/kiosk/outbox"
	"yimen/kiosk/policy"
	"yimen/kiosk/pulse"
	"yimen/kiosk/sentry"
	"yimen/kiosk/slip/number"
	"yimen/kiosk/typeface"
	"yimen/kiosk/witness"
	"yimen/provisioning/config"
	"yimen/provisioning/identity"
	"yimen/provisioning/selftest"
	"yimen/ui"
	"yimen/ui/voice"
)

// terminal is the daemon's parts, wired.
type terminal struct {
	devices  *drivers.Terminal
	box      *outbox.Outbox
	journal  *journal.Journal
	witness  *witness.Witness
	numbers  *number.Issuer
	faces    *typeface.Faces
	identity *identity.Terminal
	central  *central.Client
	bulletin *bulletin.Bulletin // what the bureau said to terminals
	inbox    *inbox.Inbox       // nil where packs come with the installation only
	// installed is the edition that came with the installation, where no other was accepted before the start.
	installed string
	desk      *desk.Desk
	page      *ui.Server
	speller   *speller         // nil where nothing spells
	voice     *voice.Speaker   // nil where nothing speaks
	now       func() time.Time // in the hall's zone
	tellLost  time.Time        // until then the welcome page tells that a slip may not have come out
	office    *office
	latch     *latch
	sentry    *sentry.Sentry
	readiness *readiness
	screen    *pulse.Screen
	pulse     *pulse.Pulse
	asked     net.Listener // for what the technician asks; nil where the socket could not be made
}

// newTerminal opens everything; what was opened before a failure is closed again.
func newTerminal(ctx context.Context, cfg config.Config, verifiers opener, log *slog.Logger) (_ *terminal, err error) {
	t := &terminal{}
	defer func() {
		if err != nil {
			t.close()
		}
	}()
	if t.faces, err = typeface.Load(cfg.Fonts); err != nil {
		return nil, err
	}
	id, err := identity.LoadTerminal(cfg.Identity)
	if err != nil {
		return nil, err
	}
	t.identity = id
	if t.central, err = central.New(cfg.Central, id.ClientTLS(), id.Receipts, log); err != nil {
		return nil, err
	}
	if t.bulletin, err = bulletin.Open(cfg.Path("bulletin"), cfg.Terminal, id.Word, t.central, log); err != nil {
		return nil, err
	}
	if err := t.openInbox(ctx, cfg, log); err != nil {
		return nil, err
	}
	pack, err := t.pack(cfg)
	if err != nil {
		return nil, err
	}
	if t.box, err = outbox.Open(ctx, cfg.Path("outbox"), cfg.Outbox, log); err != nil {
		return nil, err
	}
	if err := t.openJournal(ctx, cfg, log); err != nil {
		return nil, err
	}
	if t.numbers, err = openNumbers(ctx, cfg); err != nil {
		return nil, err
	}
	if t.devices, err = drivers.Open(cfg.Devices, t.faces, log); err != nil {
		return nil, err
	}
	if err := t.openLatch(cfg, log); err != nil {
		return nil, err
	}
	if t.readiness, err = newReadiness(t, cfg, log); err != nil {
		return nil, err
	}
	if err := t.openOffice(ctx, cfg, id, log); err != nil {
		return nil, err
	}
	if t.voice, err = openVoice(cfg.Voice, log); err != nil {
		return nil, err
	}
	if err := t.openDesk(cfg, pack, id, verifiers, log); err != nil {
		return nil, err
	}
	if t.asked, err = selftest.Listen(cfg.Data); err != nil {
		log.Warn("no self-test while this runs", "err", err) // residents are served without
	}
	t.openPulse(cfg, log)
	if t.page, err = ui.New(cfg.Screen, t.desk, log); err != nil {
		return nil, err
	}
	t.page.Hand = openHand(log)
	if t.speller = openSpeller(log); t.speller != nil {
		t.page.Speller = t.speller
	}
	t.page.Voice = t.voice
	return t, nil
}

// waitForSlip is how long somebody may stand before a terminal that stopped while their slip was printed.
const waitForSlip = 30 * time.Minute

// openJournal opens the journal and settles what a sudden end interrupted. The outbox is open already.
func (t *terminal) openJournal(ctx context.Context, cfg config.Config, log *slog.Logger) error {
	of, err := journal.ParseTerminal(cfg.Terminal)
	if err != nil {
		return err
	}
	if t.journal, err = journal.Open(cfg.Path("journal"), cfg.Journal, of, time.Now, log); err != nil {
		return err
	}
	t.witness = witness.New(t.journal, log)
	slips, err := t.witness.Settle(ctx, t.journal.Interrupted(), t.box)
	if err != nil {
		log.Error("interrupted acts are settled at the next start", "err", err) // a full disk must not keep the daemon from sending
	}
	if slips > 0 {
		t.tellLost = time.Now().Add(waitForSlip)
		log.Warn("slips may not have come out: the power ended while they were printed", "slips", slips)
	}
	return nil
}

func openNumbers(ctx context.Context, cfg config.Config) (*number.Issuer, error) {
	dir := cfg.Path("numbers")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("folder for slip numbers: %w", err)
	}
	region, no, _ := strings.Cut(cfg.Terminal, "-")
	return number.Open(ctx, dir, region, no)
}

func (t *terminal) openDesk(cfg config.Config, pack *policy.Pack, id *identity.Terminal, verifiers opener, log *slog.Logger) error {
	zone, err := cfg.Location()
	if err != nil {
		return err
	}
	now := func() time.Time { return time.Now().In(zone) }
	t.now = now
	to, err := id.Addressees(cfg.Envelope)
	if err != nil {
		return fmt.Errorf("identity %s: %w", cfg.Identity, err)
	}
	limits, err := cfg.Devices.DocCam.Limits()
	if err != nil {
		return fmt.Errorf("doccam.%w", err)
	}
	keep := &keeper.Keeper{
		Box: t.witness.Box(t.box), Numbers: t.numbers, Faces: t.faces, Suite: cfg.Envelope.Suite, To: to, By: id.Signing,
		Random: rand.Reader, Now: now, NewID: newID,
	}
	t.desk = desk.New(visits(cfg, pack, zone), desk.Hands{
		Cards: t.devices.IDCard(), Camera: t.devices.DocCam(), Printer: t.witness.Printer(t.devices.Printer(), journal.PrintIntendedPaperSlip), Lamps: t.devices, Pages: pages{limits}, Keeper: keep,
		Office:   t.office,
		Faces:    newFaces(t.devices.FaceCam(), cfg.Devices.FaceCam, verifiers, log),
		Board:    hallBoard{t.bulletin, now, log},
		Enquirer: t.witness.Enquirer(newEnquirer(cfg, id, t.central, now)), Codes: t.codes(),
		Devices: t.statuses, Maintenance: t.readiness.maintenance, LostSlip: func() bool { return time.Now().Before(t.tellLost) }, NewID: newID, Now: now,
	}, log)
	t.devices.Watch(func(device.ID, device.Status) { t.desk.StandingChanged() })
	t.sentry = sentry.New(t.journal, func() error { return t.latch.set(true) }, t.desk.StandingChanged, log)
	t.devices.WatchContacts(t.sentry.Contact)
	return nil
}

// visits is what stays the same from visit to visit.
func visits(cfg config.Config, pack *policy.Pack, zone *time.Location) *journey.Config {
	hotline := cfg.Hall.Hotline
	if hotline == "" {
		hotline = pack.Text("hotline").In(cfg.Languages[0])
	}
	name := cfg.Hall.Name
	if name == "" {
		name = pack.Text("hall_name").In(cfg.Languages[0])
	}
	return &journey.Config{
		Pack: pack, Services: []journey.Service{apply.Service{}, progress.Service{}, checkin.Service{}, reckon.Service{}, lookup.Service{}, notices.Service{}}, Staff: staff.Service{}, Terminal: cfg.Terminal,
		Hall:      view.Hall{Name: name, Desk: pack.Text("desk_name"), Hotline: hotline, Example: cfg.Mode == "demo"},
		Languages: cfg.Languages, Zone: zone, Pad: cfg.Pad, Idle: cfg.Idle,
	}
}

// courier brings the outbox's entries to central. A refusal that will never change puts the entry aside.
func (t *terminal) courier() outbox.CourierFunc {
	return func(ctx context.Context, e *outbox.Entry) ([]byte, error) {
		receipt, err := t.central.Deliver(ctx, e)
		if errors.Is(err, central.ErrRefused) {
			err = fmt.Errorf("%w: %w", outbox.ErrRefused, err)
		}
		return receipt, err
	}
}

// close closes what was opened, in the other order.
func (t *terminal) close() {
	if t.speller != nil {
		_ = t.speller.process.Close()
	}
	if t.asked != nil {
		_ = t.asked.Close()
	}
	if t.office != nil {
		_ = t.office.shelf.Close()
	}
	if t.numbers != nil {
		_ = t.numbers.Close()
	}
	if t.journal != nil {
		_ = t.journal.Close()
	}
	if t.box != nil {
		_ = t.box.Close()
	}
	if t.faces != nil {
		_ = t.faces.Close()
	}
}

// newID gives 130 random bits as 26 lower-case characters.
func newID() string {
	b := make([]byte, 17)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b))[:26]
}
