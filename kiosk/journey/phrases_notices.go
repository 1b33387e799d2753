package journey

// The ids of the phrases of 公示.
const (
	PhraseDoorNotices = "door.notices"
	PhrasePartNotices = "part.notices"
	PhraseNoticeGone  = "notices.gone" // the notice that was being read is over or taken down
)

func noticePhrases() []string {
	return []string{PhraseDoorNotices, PhraseDoorNotices + Plainly, PhrasePartNotices, PhraseNoticeGone}
}
