package journey

// The ids of the phrases of 进度.
const (
	PhraseDoorProgress = "door.progress"
	PhrasePartProve    = "part.prove"
	PhrasePartProgress = "part.progress"

	PhraseNotASlip    = "progress.not-a-slip"
	PhraseNumberWrong = "progress.number-wrong"
	PhraseCodeShort   = "progress.code-short"
	PhraseNoPages     = "progress.no-pages"
)

func progressPhrases() []string {
	return []string{PhraseDoorProgress, PhraseDoorProgress + Plainly, PhrasePartProve, PhrasePartProgress,
		PhraseNotASlip, PhraseNumberWrong, PhraseCodeShort, PhraseNoPages}
}
