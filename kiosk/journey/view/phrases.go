package view

import "slices"

// The ids of the phrases that a View may carry; ui/words has the words, and a test there holds it to this list.
const (
	PhraseTerminalFull = "standing.full"
	PhraseNoCardReader = "standing.no-card-reader"
	PhraseNoCamera     = "standing.no-camera"
	PhraseNoPrinter    = "standing.no-printer"
	PhraseLostSlip     = "standing.lost-slip"

	PhrasePartIdentify  = "part.identify"
	PhrasePartInterview = "part.interview"
	PhrasePartEstimate  = "part.estimate"
	PhrasePartScan      = "part.scan"
	PhrasePartSign      = "part.sign"
	PhrasePartReview    = "part.review"
	PhrasePartSlip      = "part.slip"

	PhrasePartReckon  = "part.reckon"
	PhrasePartLookup  = "part.lookup"
	PhrasePartOutcome = "part.outcome"

	PhraseDoorApply  = "door.apply"
	PhraseDoorReckon = "door.reckon"
	PhraseDoorLookup = "door.lookup"

	PhraseTopicsHome      = "topics.home"
	PhraseTopicsItems     = "topics.items"
	PhraseTopicsStandards = "topics.standards"
	PhraseTopicsForms     = "topics.forms"

	PhrasePrintDone        = "print.done"
	PhrasePrintUnconfirmed = "print.unconfirmed"

	PhraseCardNumber  = "card.number-wrong"
	PhraseCardExpired = "card.expired"
	PhraseCardAgain   = "card.lay-again"
	PhraseCardReader  = "card.reader-silent"
	PhraseCardLocked  = "card.reader-defective"

	PhraseAnswerDanger = "answer.danger"
	PhraseAnswerEmpty  = "answer.empty"
	PhraseAnswerLow    = "answer.too-small"
	PhraseAnswerHigh   = "answer.too-large"
	PhraseAnswerShort  = "answer.too-short"
	PhraseAnswerLong   = "answer.too-long"
	PhraseAnswerDigit  = "answer.check-digit"
	PhraseAnswerDate   = "answer.not-a-date"
	PhraseAnswerNumber = "answer.not-a-number"

	PhraseCameraGone = "scan.camera-gone"
	PhraseCorners    = "scan.corners"
	PhrasePageBad    = "scan.page-failed"
	PhrasePageCheck  = "scan.page-check"

	PhraseSignFirst = "sign.empty"

	PhraseReviewMissing    = "review.missing"
	PhraseReviewSignAgain  = "review.sign-again"
	PhraseReviewPapers     = "review.papers"
	PhraseReviewSignatures = "review.signatures"
	PhraseReviewSigned     = "review.signed"
	PhraseReviewUnsigned   = "review.unsigned"
	PhraseReviewPages      = "review.pages"
	PhraseReviewLater      = "review.later"
	PhraseReviewNone       = "review.none"

	PhraseKeepFull   = "keep.full"
	PhraseKeepFailed = "keep.failed"

	PhrasePrinterPaper = "print.paper-out"
	PhrasePrinterCover = "print.needs-hand"
	PhrasePrinterJam   = "print.jammed"
	PhrasePrinterGone  = "print.gone"
	PhrasePrinterFault = "print.defective"

	PhraseSexMale    = "sex.1"
	PhraseSexFemale  = "sex.2"
	PhraseSexUnknown = "sex.0"
)

// Plainly ends the id of a door's second phrase, the one that says what is behind it.
const Plainly = ".plain"

// Phrases lists every id above.
func Phrases() []string {
	return append(slices.Concat(Hints(), progressPhrases(), checkInPhrases(), staffPhrases(), noticePhrases()), []string{
		PhraseTerminalFull, PhraseNoCardReader, PhraseNoCamera, PhraseNoPrinter, PhraseLostSlip,
		PhrasePartIdentify, PhrasePartInterview, PhrasePartEstimate, PhrasePartScan, PhrasePartSign, PhrasePartReview, PhrasePartSlip,
		PhrasePartReckon, PhrasePartLookup, PhrasePartOutcome,
		PhraseDoorApply, PhraseDoorApply + Plainly, PhraseDoorReckon, PhraseDoorReckon + Plainly, PhraseDoorLookup, PhraseDoorLookup + Plainly,
		PhraseTopicsHome, PhraseTopicsItems, PhraseTopicsStandards, PhraseTopicsForms,
		PhrasePrintDone, PhrasePrintUnconfirmed,
		PhraseCardNumber, PhraseCardExpired, PhraseCardAgain, PhraseCardReader, PhraseCardLocked,
		PhraseAnswerDanger, PhraseAnswerEmpty, PhraseAnswerLow, PhraseAnswerHigh, PhraseAnswerShort, PhraseAnswerLong, PhraseAnswerDigit, PhraseAnswerDate, PhraseAnswerNumber,
		PhraseCameraGone, PhraseCorners, PhrasePageBad, PhrasePageCheck,
		PhraseSignFirst,
		PhraseReviewMissing, PhraseReviewSignAgain, PhraseReviewPapers, PhraseReviewSignatures, PhraseReviewSigned, PhraseReviewUnsigned, PhraseReviewPages, PhraseReviewLater, PhraseReviewNone,
		PhraseKeepFull, PhraseKeepFailed,
		PhrasePrinterPaper, PhrasePrinterCover, PhrasePrinterJam, PhrasePrinterGone, PhrasePrinterFault,
		PhraseSexMale, PhraseSexFemale, PhraseSexUnknown,
	}...)
}
