package journey

// The ids of the phrases of 进度 and of parking.
const (
	PhraseDoorProgress = "door.progress"
	PhrasePartProve    = "part.prove"
	PhrasePartProgress = "part.progress"

	PhraseNotASlip    = "progress.not-a-slip"
	PhraseNumberWrong = "progress.number-wrong"
	PhraseCodeShort   = "progress.code-short"
	PhraseNoPages     = "progress.no-pages"
	PhraseDraftGone   = "progress.draft-gone"
	PhraseCardOther   = "card.not-the-drafts"
	PhrasePartPark    = "part.park"
	PhraseParkedAway  = "parked.away"
)

func progressPhrases() []string {
	return []string{PhraseDoorProgress, PhraseDoorProgress + Plainly, PhrasePartProve, PhrasePartProgress,
		PhraseNotASlip, PhraseNumberWrong, PhraseCodeShort, PhraseNoPages, PhraseDraftGone, PhraseCardOther, PhrasePartPark, PhraseParkedAway}
}
