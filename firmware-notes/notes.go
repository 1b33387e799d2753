// Package firmwarenotes is what is known of the devices. Its notes are for people; its model files go into the binary.
package firmwarenotes

import "embed"

// Models holds X/models/NAME.yaml: the quirks of one model of device X.
//
//go:embed */models/*.yaml
var Models embed.FS
