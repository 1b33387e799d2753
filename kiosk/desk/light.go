package desk

import "yimen/drivers/device"

// Lamps point to the device in use. Light never waits, and is told in the order of the visit's steps: what cannot be lit now
// is lit later or not at all, and stops nothing.
type Lamps interface {
	Light(id device.ID, on bool)
}
