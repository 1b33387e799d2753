package view

// Maintenance is what the screen tells while a technician has locked the terminal: to residents that they are served
// elsewhere, to the technician how the terminal stands. No visit begins meanwhile; one that had begun ends as it would have.
type Maintenance struct {
	Lines []MaintenanceLine
}

// MaintenanceLine is one finding about the terminal, in the technician's words.
type MaintenanceLine struct {
	Name, Outcome, Text string
	Mark                Mark
}

// Mark is how a finding stands out.
type Mark string

// The marks.
const (
	MarkGood Mark = "good"
	MarkLook Mark = "look" // somebody should look at it
	MarkBad  Mark = "bad"
)

// ScreenMaintenance is shown where nobody stands and the terminal is locked.
const ScreenMaintenance Screen = "maintenance"
