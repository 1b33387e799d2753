package journey

import (
	"reflect"

	"yimen/drivers/device"
)

// refresh makes the View of the state; its Seq grows when anything but the countdown has changed.
func (s *State) refresh() {
	v := View{Visit: s.id, Screen: s.screen, Lang: s.lang, Mode: s.mode, Hall: s.cfg.Hall}
	if s.course == nil {
		s.show(&v)
	} else {
		s.steps[s.at].Show(s.course, &v)
		v.Progress = s.progress()
		v.Service = s.offer.Title
		if s.course.Note != nil {
			v.Notes = append([]Note{*s.course.Note}, v.Notes...)
		}
		v.Offers = append(v.Offers, DoHelp, DoMode, DoStay)
		if !s.busy(&v) {
			v.Offers = append(v.Offers, DoLeave)
		}
	}
	s.lay(&v)
	v.Seq = s.view.Seq
	if !same(v, s.view) {
		v.Seq++
	}
	s.view = v
}

// same tells whether a touch on one of the views means the same on the other: all is alike but the countdown.
func same(a, b View) bool {
	if a.Cover != nil && b.Cover != nil && a.Cover.Kind == b.Cover.Kind {
		a.Cover = b.Cover
	}
	return reflect.DeepEqual(a, b)
}

// busy tells that the visit must not be left now, because a dossier is on its way to the disk.
func (s *State) busy(v *View) bool { return v.Screen == ScreenSending }

// show fills in the screens outside a service.
func (s *State) show(v *View) {
	switch s.screen {
	case ScreenAttract:
		v.Offers = []Do{DoStart, DoHelp}
		if s.cfg.Staff != nil {
			v.Offers = append(v.Offers, DoStaff)
		}
		v.Notes = s.standingNotes()
		if s.standing.LostSlip {
			v.Notes = append([]Note{{NoteProblem, Phrase{ID: PhraseLostSlip}}}, v.Notes...)
		}
		if s.standing.Maintenance != nil {
			s.maintain(v)
		}
	case ScreenLanguage:
		v.Languages = s.cfg.Languages
		v.Offers = []Do{DoLanguage, DoMode, DoNext, DoBack, DoHelp, DoLeave}
	case ScreenMenu:
		v.Menu = s.menu()
		v.Offers = []Do{DoChoose, DoBack, DoMode, DoHelp, DoLeave}
		v.Notes = s.standingNotes()
	case ScreenItem:
		v.Item = &ItemView{Title: s.offer.Title, Plain: s.offer.Plain, Deadline: s.offer.Deadline, Decider: s.offer.Decider, None: s.offer.None, Here: s.offer.Here && !s.standing.Full}
		v.Offers = []Do{DoBack, DoMode, DoHelp, DoLeave}
		if v.Item.Here {
			v.Offers = append(v.Offers, DoNext)
			if s.offer.Helped {
				v.Offers = append(v.Offers, DoAssist)
			}
			if _, ok := s.parking(); ok {
				v.Offers, v.Item.Agreed = append(v.Offers, DoPark), s.agreed
			}
		}
		v.Notes = s.standingNotes()
	case ScreenWiped:
		v.Offers = []Do{DoFinish, DoHelp}
		if s.away {
			v.Notes = []Note{{NoteNews, Phrase{ID: PhraseParkedAway}}}
		}
	}
}

// standingNotes says in words, before a visit begins, what this terminal cannot do now.
func (s *State) standingNotes() []Note {
	var notes []Note
	if s.standing.Full {
		notes = append(notes, Note{NoteProblem, Phrase{ID: PhraseTerminalFull}})
	}
	for _, d := range []struct {
		id     device.ID
		phrase string
	}{{device.IDCardReader, PhraseNoCardReader}, {device.DocCam, PhraseNoCamera}, {device.Printer, PhraseNoPrinter}} {
		if st, known := s.standing.Devices[d.id]; known && !st.Ready() && st.State != device.Starting {
			notes = append(notes, Note{NoteProblem, Phrase{ID: d.phrase}})
		}
	}
	return notes
}

// progress counts the parts of the visit.
func (s *State) progress() Progress {
	var p Progress
	last := ""
	for i, st := range s.steps {
		if st.Part() != last {
			last = st.Part()
			p.Of++
		}
		if i == s.at {
			p.Now = p.Of
			p.Part = Phrase{ID: last}
		}
	}
	return p
}

// lay puts the cover on: what lies under a privacy cover is not part of the View at all.
func (s *State) lay(v *View) {
	switch s.cover {
	case "":
		return
	case CoverHelp:
		v.Offers = []Do{DoHelpEnd}
	case CoverAssist:
		v.Offers = []Do{DoConfirm, DoDeny}
	case CoverLeave:
		v.Offers = s.orPark(DoLeaveYes, DoLeaveNo)
	case CoverPrivacy, CoverIdle:
		bare := View{Visit: v.Visit, Screen: ScreenCovered, Lang: v.Lang, Mode: v.Mode, Hall: v.Hall, Service: v.Service, Progress: v.Progress}
		*v = bare
		v.Offers = []Do{DoStay}
	}
	v.Cover = &Cover{Kind: s.cover}
	if s.cover == CoverAssist {
		v.Cover.Said = s.said(v.Question)
	}
	if s.cover == CoverIdle {
		v.Cover.Left = s.left()
		v.Offers = s.orPark(DoStay, DoLeaveYes)
	}
}

// orPark adds parking to what is offered, where it can be done.
func (s *State) orPark(offers ...Do) []Do {
	if _, ok := s.parker(); ok {
		return append(offers, DoPark)
	}
	return offers
}
