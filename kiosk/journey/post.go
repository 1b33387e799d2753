package journey

import "yimen/kiosk/letter"

// Post composes, seals and stores a letter: Kept or NotKept, as for a dossier. Its id is awaited as a dossier's is.
type Post struct{ Letter letter.Letter }

func (Post) effect() {}
