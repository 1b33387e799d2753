package journey

import "yimen/drivers/device"

// ReadCode waits for a code under the scanner: CodeRead or CodeFault. One at a time; StopCode ends the waiting.
type ReadCode struct{}

// StopCode ends a ReadCode whose outcome is no longer wanted.
type StopCode struct{}

// CodeRead is the content of a code; nothing in it is to be believed.
type CodeRead struct{ Code device.Code }

// CodeFault says why no code could be read.
type CodeFault struct{ Err error }

func (ReadCode) effect() {}
func (StopCode) effect() {}

func (CodeRead) happening()  {}
func (CodeFault) happening() {}
