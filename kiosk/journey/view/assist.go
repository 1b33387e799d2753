package view

import "yimen/kiosk/policy"

// Touches of an assisted visit (STA3).
const (
	DoAssist  Do = "assist"  // begin an item with somebody's help
	DoConfirm Do = "confirm" // what the helper touched is the resident's will
	DoDeny    Do = "deny"    // it is not
)

// CoverAssist asks the resident in person whether what the helper touched is meant.
const CoverAssist CoverKind = "assist"

// Said is an answer that waits for the resident's own word.
type Said struct {
	Input   policy.Input
	Value   string        // in the form that a Touch brings; empty where the answer is 不清楚
	Options []policy.Text // that were chosen; nil where there are none to choose from
	Unit    policy.Text
}
