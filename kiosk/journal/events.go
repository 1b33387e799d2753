// Code generated from events.yaml by kiosk/journal/define; DO NOT EDIT.

package journal

// JournalBegun: the first record. It names the terminal and the digest that chains the records.
type JournalBegun struct {
	Region uint32             `json:"region"` // the terminal's region, six digits
	Number uint32             `json:"number"` // the terminal's number in its region
	Digest JournalBegunDigest `json:"digest"` // the digest of the chain
	Cause  JournalBegunCause  `json:"cause"`  // why it begins: there was no journal, or the one before was found damaged and put aside
}

func (JournalBegun) name() string { return "journal-begun" }

// JournalBegunDigest is one of sm3, sha-256. The zero value is none of them and cannot be written.
type JournalBegunDigest uint8

// The values of JournalBegunDigest.
const (
	JournalBegunDigestSm3 JournalBegunDigest = iota + 1
	JournalBegunDigestSha256
)

var wordsJournalBegunDigest = []string{"sm3", "sha-256"}

// String gives the word.
func (v JournalBegunDigest) String() string { return wordOf(wordsJournalBegunDigest, uint8(v)) }

// MarshalText gives the word, or an error for a value that is none.
func (v JournalBegunDigest) MarshalText() ([]byte, error) {
	return textOf(wordsJournalBegunDigest, uint8(v))
}

// UnmarshalText reads the word.
func (v *JournalBegunDigest) UnmarshalText(b []byte) error {
	n, err := valueOf(wordsJournalBegunDigest, b)
	*v = JournalBegunDigest(n)
	return err
}

// JournalBegunCause is one of first, damaged. The zero value is none of them and cannot be written.
type JournalBegunCause uint8

// The values of JournalBegunCause.
const (
	JournalBegunCauseFirst JournalBegunCause = iota + 1
	JournalBegunCauseDamaged
)

var wordsJournalBegunCause = []string{"first", "damaged"}

// String gives the word.
func (v JournalBegunCause) String() string { return wordOf(wordsJournalBegunCause, uint8(v)) }

// MarshalText gives the word, or an error for a value that is none.
func (v JournalBegunCause) MarshalText() ([]byte, error) {
	return textOf(wordsJournalBegunCause, uint8(v))
}

// UnmarshalText reads the word.
func (v *JournalBegunCause) UnmarshalText(b []byte) error {
	n, err := valueOf(wordsJournalBegunCause, b)
	*v = JournalBegunCause(n)
	return err
}

// DaemonStarted: the daemon opened the journal.
type DaemonStarted struct {
	Torn uint32 `json:"torn"` // bytes of a half-written record that were cut off; 0 after an orderly end
}

func (DaemonStarted) name() string { return "daemon-started" }

// DaemonStopped: the daemon ended in good order.
type DaemonStopped struct {
}

func (DaemonStopped) name() string { return "daemon-stopped" }

// SubmitIntended: a sealed dossier is about to be put into the outbox.
type SubmitIntended struct {
	Dossier ID `json:"dossier"` // the dossier's id
}

func (SubmitIntended) name() string { return "submit-intended" }

func (SubmitIntended) intent() {}

// SubmitEnded: what came of putting it there.
type SubmitEnded struct {
	Intent  uint32             `json:"intent"`  // the number of the submit-intended that this closes
	Outcome SubmitEndedOutcome `json:"outcome"` // whether it is in the outbox; after a crash, whether it was found there
}

func (SubmitEnded) name() string { return "submit-ended" }

func (e SubmitEnded) closes() uint32 { return e.Intent }

// SubmitEndedOutcome is one of kept, not-kept. The zero value is none of them and cannot be written.
type SubmitEndedOutcome uint8

// The values of SubmitEndedOutcome.
const (
	SubmitEndedOutcomeKept SubmitEndedOutcome = iota + 1
	SubmitEndedOutcomeNotKept
)

var wordsSubmitEndedOutcome = []string{"kept", "not-kept"}

// String gives the word.
func (v SubmitEndedOutcome) String() string { return wordOf(wordsSubmitEndedOutcome, uint8(v)) }

// MarshalText gives the word, or an error for a value that is none.
func (v SubmitEndedOutcome) MarshalText() ([]byte, error) {
	return textOf(wordsSubmitEndedOutcome, uint8(v))
}

// UnmarshalText reads the word.
func (v *SubmitEndedOutcome) UnmarshalText(b []byte) error {
	n, err := valueOf(wordsSubmitEndedOutcome, b)
	*v = SubmitEndedOutcome(n)
	return err
}

// PurgeIntended: central's receipt was verified and stored; the dossier's file is about to be removed.
type PurgeIntended struct {
	Dossier ID `json:"dossier"` // the dossier's id
}

func (PurgeIntended) name() string { return "purge-intended" }

func (PurgeIntended) intent() {}

// PurgeEnded: what came of removing it.
type PurgeEnded struct {
	Intent  uint32            `json:"intent"`  // the number of the purge-intended that this closes
	Outcome PurgeEndedOutcome `json:"outcome"` // whether the file is gone
}

func (PurgeEnded) name() string { return "purge-ended" }

func (e PurgeEnded) closes() uint32 { return e.Intent }

// PurgeEndedOutcome is one of purged, left. The zero value is none of them and cannot be written.
type PurgeEndedOutcome uint8

// The values of PurgeEndedOutcome.
const (
	PurgeEndedOutcomePurged PurgeEndedOutcome = iota + 1
	PurgeEndedOutcomeLeft
)

var wordsPurgeEndedOutcome = []string{"purged", "left"}

// String gives the word.
func (v PurgeEndedOutcome) String() string { return wordOf(wordsPurgeEndedOutcome, uint8(v)) }

// MarshalText gives the word, or an error for a value that is none.
func (v PurgeEndedOutcome) MarshalText() ([]byte, error) {
	return textOf(wordsPurgeEndedOutcome, uint8(v))
}

// UnmarshalText reads the word.
func (v *PurgeEndedOutcome) UnmarshalText(b []byte) error {
	n, err := valueOf(wordsPurgeEndedOutcome, b)
	*v = PurgeEndedOutcome(n)
	return err
}

// PrintIntended: a slip is about to be sent to the printer.
type PrintIntended struct {
	Paper PrintIntendedPaper `json:"paper"` // what is printed; a copy is a slip that is printed again
}

func (PrintIntended) name() string { return "print-intended" }

func (PrintIntended) intent() {}

// PrintIntendedPaper is one of slip, day-sheet, report, copy. The zero value is none of them and cannot be written.
type PrintIntendedPaper uint8

// The values of PrintIntendedPaper.
const (
	PrintIntendedPaperSlip PrintIntendedPaper = iota + 1
	PrintIntendedPaperDaySheet
	PrintIntendedPaperReport
	PrintIntendedPaperCopy
)

var wordsPrintIntendedPaper = []string{"slip", "day-sheet", "report", "copy"}

// String gives the word.
func (v PrintIntendedPaper) String() string { return wordOf(wordsPrintIntendedPaper, uint8(v)) }

// MarshalText gives the word, or an error for a value that is none.
func (v PrintIntendedPaper) MarshalText() ([]byte, error) {
	return textOf(wordsPrintIntendedPaper, uint8(v))
}

// UnmarshalText reads the word.
func (v *PrintIntendedPaper) UnmarshalText(b []byte) error {
	n, err := valueOf(wordsPrintIntendedPaper, b)
	*v = PrintIntendedPaper(n)
	return err
}

// PrintEnded: what the printer said.
type PrintEnded struct {
	Intent  uint32            `json:"intent"`  // the number of the print-intended that this closes
	Outcome PrintEndedOutcome `json:"outcome"` // the printer said so; it took the slip and said nothing; it refused; or the power ended before it answered
}

func (PrintEnded) name() string { return "print-ended" }

func (e PrintEnded) closes() uint32 { return e.Intent }

// PrintEndedOutcome is one of printed, unconfirmed, failed, unknown. The zero value is none of them and cannot be written.
type PrintEndedOutcome uint8

// The values of PrintEndedOutcome.
const (
	PrintEndedOutcomePrinted PrintEndedOutcome = iota + 1
	PrintEndedOutcomeUnconfirmed
	PrintEndedOutcomeFailed
	PrintEndedOutcomeUnknown
)

var wordsPrintEndedOutcome = []string{"printed", "unconfirmed", "failed", "unknown"}

// String gives the word.
func (v PrintEndedOutcome) String() string { return wordOf(wordsPrintEndedOutcome, uint8(v)) }

// MarshalText gives the word, or an error for a value that is none.
func (v PrintEndedOutcome) MarshalText() ([]byte, error) {
	return textOf(wordsPrintEndedOutcome, uint8(v))
}

// UnmarshalText reads the word.
func (v *PrintEndedOutcome) UnmarshalText(b []byte) error {
	n, err := valueOf(wordsPrintEndedOutcome, b)
	*v = PrintEndedOutcome(n)
	return err
}

// AskIntended: a question is about to be asked of the bureau over the line, such as how cases stand. What is asked about whom is not told here.
type AskIntended struct {
	About AskIntendedAbout `json:"about"` // what is asked: how cases stand, what was parked, or what a member of the staff wants
	Proof AskIntendedProof `json:"proof"` // what it was proved with: a card that was read, a slip's number and its code, or a session of the staff
}

func (AskIntended) name() string { return "ask-intended" }

func (AskIntended) intent() {}

// AskIntendedAbout is one of progress, draft, staff. The zero value is none of them and cannot be written.
type AskIntendedAbout uint8

// The values of AskIntendedAbout.
const (
	AskIntendedAboutProgress AskIntendedAbout = iota + 1
	AskIntendedAboutDraft
	AskIntendedAboutStaff
)

var wordsAskIntendedAbout = []string{"progress", "draft", "staff"}

// String gives the word.
func (v AskIntendedAbout) String() string { return wordOf(wordsAskIntendedAbout, uint8(v)) }

// MarshalText gives the word, or an error for a value that is none.
func (v AskIntendedAbout) MarshalText() ([]byte, error) {
	return textOf(wordsAskIntendedAbout, uint8(v))
}

// UnmarshalText reads the word.
func (v *AskIntendedAbout) UnmarshalText(b []byte) error {
	n, err := valueOf(wordsAskIntendedAbout, b)
	*v = AskIntendedAbout(n)
	return err
}

// AskIntendedProof is one of card, code, session. The zero value is none of them and cannot be written.
type AskIntendedProof uint8

// The values of AskIntendedProof.
const (
	AskIntendedProofCard AskIntendedProof = iota + 1
	AskIntendedProofCode
	AskIntendedProofSession
)

var wordsAskIntendedProof = []string{"card", "code", "session"}

// String gives the word.
func (v AskIntendedProof) String() string { return wordOf(wordsAskIntendedProof, uint8(v)) }

// MarshalText gives the word, or an error for a value that is none.
func (v AskIntendedProof) MarshalText() ([]byte, error) {
	return textOf(wordsAskIntendedProof, uint8(v))
}

// UnmarshalText reads the word.
func (v *AskIntendedProof) UnmarshalText(b []byte) error {
	n, err := valueOf(wordsAskIntendedProof, b)
	*v = AskIntendedProof(n)
	return err
}

// AskEnded: what came of the question.
type AskEnded struct {
	Intent  uint32          `json:"intent"`  // the number of the ask-intended that this closes
	Outcome AskEndedOutcome `json:"outcome"` // the bureau told something; it had nothing to tell to this proof; it had locked the number; it could not say; or no answer was taken, also after a crash
}

func (AskEnded) name() string { return "ask-ended" }

func (e AskEnded) closes() uint32 { return e.Intent }

// AskEndedOutcome is one of told, nothing, locked, unable, unanswered. The zero value is none of them and cannot be written.
type AskEndedOutcome uint8

// The values of AskEndedOutcome.
const (
	AskEndedOutcomeTold AskEndedOutcome = iota + 1
	AskEndedOutcomeNothing
	AskEndedOutcomeLocked
	AskEndedOutcomeUnable
	AskEndedOutcomeUnanswered
)

var wordsAskEndedOutcome = []string{"told", "nothing", "locked", "unable", "unanswered"}

// String gives the word.
func (v AskEndedOutcome) String() string { return wordOf(wordsAskEndedOutcome, uint8(v)) }

// MarshalText gives the word, or an error for a value that is none.
func (v AskEndedOutcome) MarshalText() ([]byte, error) { return textOf(wordsAskEndedOutcome, uint8(v)) }

// UnmarshalText reads the word.
func (v *AskEndedOutcome) UnmarshalText(b []byte) error {
	n, err := valueOf(wordsAskEndedOutcome, b)
	*v = AskEndedOutcome(n)
	return err
}

// TerminalLocked: a technician locked the terminal: no visit can begin until it is opened again.
type TerminalLocked struct {
}

func (TerminalLocked) name() string { return "terminal-locked" }

// TerminalOpened: a technician opened the terminal again.
type TerminalOpened struct {
}

func (TerminalOpened) name() string { return "terminal-opened" }

// LogExported: the system's log was sealed for the bureau and handed to a technician.
type LogExported struct {
}

func (LogExported) name() string { return "log-exported" }

// ContactMoved: a switch of the terminal's case was found otherwise than before. One that is closed when the daemon starts is not told.
type ContactMoved struct {
	Contact ContactMovedContact `json:"contact"` // the door that technicians open, or the switch against force
	State   ContactMovedState   `json:"state"`   // unknown: the board at which it hangs is away
}

func (ContactMoved) name() string { return "contact-moved" }

// ContactMovedContact is one of cabinet-door, tamper-sensor. The zero value is none of them and cannot be written.
type ContactMovedContact uint8

// The values of ContactMovedContact.
const (
	ContactMovedContactCabinetDoor ContactMovedContact = iota + 1
	ContactMovedContactTamperSensor
)

var wordsContactMovedContact = []string{"cabinet-door", "tamper-sensor"}

// String gives the word.
func (v ContactMovedContact) String() string { return wordOf(wordsContactMovedContact, uint8(v)) }

// MarshalText gives the word, or an error for a value that is none.
func (v ContactMovedContact) MarshalText() ([]byte, error) {
	return textOf(wordsContactMovedContact, uint8(v))
}

// UnmarshalText reads the word.
func (v *ContactMovedContact) UnmarshalText(b []byte) error {
	n, err := valueOf(wordsContactMovedContact, b)
	*v = ContactMovedContact(n)
	return err
}

// ContactMovedState is one of open, closed, unknown. The zero value is none of them and cannot be written.
type ContactMovedState uint8

// The values of ContactMovedState.
const (
	ContactMovedStateOpen ContactMovedState = iota + 1
	ContactMovedStateClosed
	ContactMovedStateUnknown
)

var wordsContactMovedState = []string{"open", "closed", "unknown"}

// String gives the word.
func (v ContactMovedState) String() string { return wordOf(wordsContactMovedState, uint8(v)) }

// MarshalText gives the word, or an error for a value that is none.
func (v ContactMovedState) MarshalText() ([]byte, error) {
	return textOf(wordsContactMovedState, uint8(v))
}

// UnmarshalText reads the word.
func (v *ContactMovedState) UnmarshalText(b []byte) error {
	n, err := valueOf(wordsContactMovedState, b)
	*v = ContactMovedState(n)
	return err
}

// UsbMoved: a USB device was plugged into the terminal, or pulled out.
type UsbMoved struct {
	Vendor  uint32      `json:"vendor"`  // the vendor's number of the USB forum
	Product uint32      `json:"product"` // the vendor's number of the product
	Did     UsbMovedDid `json:"did"`     // what it did
	Missed  uint32      `json:"missed"`  // how many of these events were not written since the last one; a loose cable must not fill the journal
}

func (UsbMoved) name() string { return "usb-moved" }

// UsbMovedDid is one of plugged, unplugged. The zero value is none of them and cannot be written.
type UsbMovedDid uint8

// The values of UsbMovedDid.
const (
	UsbMovedDidPlugged UsbMovedDid = iota + 1
	UsbMovedDidUnplugged
)

var wordsUsbMovedDid = []string{"plugged", "unplugged"}

// String gives the word.
func (v UsbMovedDid) String() string { return wordOf(wordsUsbMovedDid, uint8(v)) }

// MarshalText gives the word, or an error for a value that is none.
func (v UsbMovedDid) MarshalText() ([]byte, error) { return textOf(wordsUsbMovedDid, uint8(v)) }

// UnmarshalText reads the word.
func (v *UsbMovedDid) UnmarshalText(b []byte) error {
	n, err := valueOf(wordsUsbMovedDid, b)
	*v = UsbMovedDid(n)
	return err
}

// SlipCopied: a resident's slip is about to be printed again (补打); how that goes is told by the print that follows.
type SlipCopied struct {
	Day      uint32           `json:"day"`      // the day in the slip's number, such as 20261122
	Sequence uint32           `json:"sequence"` // the sequence in the slip's number
	Time     uint32           `json:"time"`     // which time it is printed again, from 1
	Staff    uint32           `json:"staff"`    // the number of the member of the staff; 0 for whoever knew the query code
	Reason   SlipCopiedReason `json:"reason"`   // why; by code nobody was asked
}

func (SlipCopied) name() string { return "slip-copied" }

// SlipCopiedReason is one of code, lost, unreadable, not-printed, office. The zero value is none of them and cannot be written.
type SlipCopiedReason uint8

// The values of SlipCopiedReason.
const (
	SlipCopiedReasonCode SlipCopiedReason = iota + 1
	SlipCopiedReasonLost
	SlipCopiedReasonUnreadable
	SlipCopiedReasonNotPrinted
	SlipCopiedReasonOffice
)

var wordsSlipCopiedReason = []string{"code", "lost", "unreadable", "not-printed", "office"}

// String gives the word.
func (v SlipCopiedReason) String() string { return wordOf(wordsSlipCopiedReason, uint8(v)) }

// MarshalText gives the word, or an error for a value that is none.
func (v SlipCopiedReason) MarshalText() ([]byte, error) {
	return textOf(wordsSlipCopiedReason, uint8(v))
}

// UnmarshalText reads the word.
func (v *SlipCopiedReason) UnmarshalText(b []byte) error {
	n, err := valueOf(wordsSlipCopiedReason, b)
	*v = SlipCopiedReason(n)
	return err
}

// PutBack: somebody asks that an envelope that central had refused be sent again; whether it can be is not told.
type PutBack struct {
	Envelope ID     `json:"envelope"` // the envelope's id
	Staff    uint32 `json:"staff"`    // the number of the member of the staff; 0 for a technician at the command line
}

func (PutBack) name() string { return "put-back" }

// StaffCame: a member of the staff signed in at the terminal.
type StaffCame struct {
	Staff uint32 `json:"staff"` // the member's number
}

func (StaffCame) name() string { return "staff-came" }

// StaffVouched: a member of the staff confirmed in person that a resident is who the card says.
type StaffVouched struct {
	Staff uint32 `json:"staff"` // the member's number
}

func (StaffVouched) name() string { return "staff-vouched" }

// StaffLeft: the session of a member of the staff ended.
type StaffLeft struct {
	Staff uint32 `json:"staff"` // the member's number
}

func (StaffLeft) name() string { return "staff-left" }

// decoders read an event's fields by its name.
var decoders = map[string]func([]byte) (Event, error){
	"journal-begun":   decode[JournalBegun],
	"daemon-started":  decode[DaemonStarted],
	"daemon-stopped":  decode[DaemonStopped],
	"submit-intended": decode[SubmitIntended],
	"submit-ended":    decode[SubmitEnded],
	"purge-intended":  decode[PurgeIntended],
	"purge-ended":     decode[PurgeEnded],
	"print-intended":  decode[PrintIntended],
	"print-ended":     decode[PrintEnded],
	"ask-intended":    decode[AskIntended],
	"ask-ended":       decode[AskEnded],
	"terminal-locked": decode[TerminalLocked],
	"terminal-opened": decode[TerminalOpened],
	"log-exported":    decode[LogExported],
	"contact-moved":   decode[ContactMoved],
	"usb-moved":       decode[UsbMoved],
	"slip-copied":     decode[SlipCopied],
	"put-back":        decode[PutBack],
	"staff-came":      decode[StaffCame],
	"staff-vouched":   decode[StaffVouched],
	"staff-left":      decode[StaffLeft],
}
