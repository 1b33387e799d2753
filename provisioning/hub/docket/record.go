package docket

import "yimen/provisioning/hub/docket/record"

// What records tell has a room of its own; whoever reads the book needs no other import.
type (
	Record    = record.Record
	Happening = record.Happening
	Opened    = record.Opened
	PackRef   = record.PackRef
	Moved     = record.Moved
	Stepped   = record.Stepped
	Extended  = record.Extended
	Issued    = record.Issued
	Remedies  = record.Remedies
	Noticed   = record.Noticed
	TakenDown = record.TakenDown
	Told      = record.Told
	Attached  = record.Attached
	Overran   = record.Overran
	Signed    = record.Signed
)
