package view

// Do names what a touch does. The set is closed; a View offers some of it.
type Do string

const (
	DoStart    Do = "start"     // attract: somebody is here
	DoLanguage Do = "language"  // Value: a language tag
	DoChoose   Do = "choose"    // Value: an Offer's id
	DoNext     Do = "next"      // go on; agree, where the screen says so
	DoBack     Do = "back"      // one screen back
	DoLeave    Do = "leave"     // ask whether to leave
	DoLeaveYes Do = "leave-yes" // leave, everything is wiped
	DoLeaveNo  Do = "leave-no"
	DoHelp     Do = "help" // show where a person is
	DoHelpEnd  Do = "help-end"
	DoStay     Do = "stay"    // still here: a sign of life, also after the cover or the idle question
	DoAnswer   Do = "answer"  // Value: the answer in machine form (code, digits, YYYYMMDD, text)
	DoUnknown  Do = "unknown" // 不清楚
	DoWhy      Do = "why"     // Value: a line's index; empty closes
	DoShoot    Do = "shoot"   // take the page
	DoAuto     Do = "auto"    // switch the shot by itself off, or on again
	DoRetake   Do = "retake"  // throw the still away
	DoAccept   Do = "accept"  // Quad: keep the still with these corners
	DoDelete   Do = "delete"  // Value: a page's id
	DoTurn     Do = "turn"    // turn the page that is shown clockwise by a quarter
	DoAdjust   Do = "adjust"  // set the corners of the page that is shown by hand
	DoLook     Do = "look"    // Value: a kept page's id: look at it
	DoSooner   Do = "sooner"  // put the page that is looked at one place forward
	DoAfter    Do = "after"   // and one place back
	DoReplace  Do = "replace" // take the page that is looked at again, in its place
	DoLater    Do = "later"   // this paper is not with me: bring it later; this text is signed at the desk
	DoSign     Do = "sign"    // Strokes
	DoEdit     Do = "edit"    // Value: what to change, as the review named it
	DoSubmit   Do = "submit"
	DoPrint    Do = "print"    // print (again)
	DoDisagree Do = "disagree" // what to do about an outcome one does not agree with
	DoFinish   Do = "finish"
)

// DoPark breaks the visit off and keeps what was given, if the resident then agrees. Before the visit it agrees, or no
// longer, that this is done when the resident walks away.
const DoPark Do = "park"
