package device

// Contact is a switch that guards the terminal's case, as XFS4IoT's Auxiliaries interface names it.
type Contact string

// The contacts that a terminal may have.
const (
	CabinetDoor  Contact = "cabinetDoor"  // the door that technicians open
	TamperSensor Contact = "tamperSensor" // opens where no door is: the case was moved or forced
)

// Contacts lists them.
func Contacts() []Contact { return []Contact{CabinetDoor, TamperSensor} }

// ContactState is how a contact stands.
type ContactState string

// The states. A cut cable is Opened too: the loop is closed only while all is well.
const (
	ContactUnknown ContactState = "unknown" // the board is away
	ContactClosed  ContactState = "closed"
	ContactOpened  ContactState = "open"
)
