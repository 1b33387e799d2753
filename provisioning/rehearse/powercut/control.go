package powercut

import "yimen/drivers/emulator/disk"

// Control is a rehearsal with something taken away that keeps promises. It must find that they are not kept.
type Control struct {
	Name  string
	Why   string // what has to happen
	Finds []Kind // one of these has to be found
	Mount string // options of the file system
	Deaf  string // flushes that the submitter asks for in vain: a word of its -deaf
	Disk  disk.Options
}

// Controls are the rehearsals that must find something.
//
// That a folder is flushed cannot be shown by leaving out that alone, on ext4: SQLite flushes its log with fsync, the log's
// time of change makes that a commit of the journal, and the journal holds the new name (25 cuts found nothing). Nor
// does the outbox lose a dossier by an unflushed log: its file is taken in again. Without both it is gone.
func Controls() []Control {
	return []Control{
		{
			Name: "normal", Deaf: "logs", Finds: []Kind{NumberTwice, SentTwice, Lost},
			Why: "SQLite with synchronous=NORMAL: a slip number that was given, or what the hub has acknowledged, is forgotten",
		},
		{
			Name: "folders", Deaf: "names", Finds: []Kind{Lost},
			Why: "an entry's file is flushed, but not its name, nor the row that would tell of it",
		},
		{
			Name: "barrier", Mount: "barrier=0", Finds: []Kind{Lost, Damaged, Unsound, Unusable, NumberTwice, SentTwice},
			Why: "the file system does not tell the disk to flush",
		},
		{
			Name: "liar", Disk: disk.Options{IgnoreFlush: true}, Finds: []Kind{Lost, Damaged, Unsound, Unusable, NumberTwice, SentTwice},
			Why: "the disk answers a flush and does nothing",
		},
	}
}
