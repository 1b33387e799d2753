package desk

import "yimen/kiosk/journey"

// Renew gives the visits to come another config, such as one with the next edition of the pack. The visit in
// progress ends as it began, and until its last runner has ended the config waits; of several the last one counts.
func (d *Desk) Renew(cfg *journey.Config) { d.configs.set(cfg) }
