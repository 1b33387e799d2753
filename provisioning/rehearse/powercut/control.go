package powercut

import "yimen/drivers/emulator/disk"

// Control is one thing taken away that keeps dossiers alive.
type Control struct {
	Name  string
	Why   string // what has to be lost
	Mount string // options of the file system
	Deaf  string // flushes that the submitter asks for in vain
	Disk  disk.Options
}

// Controls are the rehearsals that must find something.
func Controls() []Control {
	return []Control{
		{Name: "normal", Deaf: "wal", Why: "SQLite with synchronous=NORMAL: a slip number that was given is forgotten and given again"},
		{Name: "folders", Deaf: "folders", Why: "a file is flushed and its new name is not: the entry's row waits for a file that has gone"},
		{Name: "barrier", Mount: "barrier=0", Why: "the file system does not tell the disk to flush"},
		{Name: "liar", Disk: disk.Options{IgnoreFlush: true}, Why: "the disk answers a flush and does nothing"},
	}
}
