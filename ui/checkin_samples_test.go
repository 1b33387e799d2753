package ui

import "yimen/kiosk/journey"

// checkinSamples lists the screens of 签到 in their states.
func checkinSamples() []sample {
	of := func(screen journey.Screen, part string, now int, offers ...journey.Do) journey.View {
		v := base(screen, part, now, offers...)
		v.Service, v.Progress.Of = both("签到", "Check in"), 4
		return v
	}
	said := func(id string) journey.Phrase { return journey.Phrase{ID: id} }
	way := func(id, icon, phrase string) journey.WayView {
		return journey.WayView{ID: id, Icon: icon, Said: said(phrase)}
	}
	ways := of(journey.ScreenWays, journey.PhrasePartWays, 1, journey.DoChoose, journey.DoBack)
	who := both("本区人户分离、失能半失能、精神障碍的在保对象，每半年签到一次。街道没有通知过您，就不用签。", "Those who live away from their registered place, cannot care for themselves or have a mental disorder check in every six months. If nobody told you, you need not.")
	ways.Ways = &journey.WaysView{Who: who, Ways: []journey.WayView{way("s", "desk", journey.PhraseWayStaff), way("f", "face", journey.PhraseWayFace), way("g", "people", journey.PhraseWayGuardian), way("h", "hands", journey.PhraseWayAssisted)}}
	three := ways
	three.Ways = &journey.WaysView{Who: who, Ways: []journey.WayView{ways.Ways.Ways[0], ways.Ways.Ways[2], ways.Ways.Ways[3]}, Not: []journey.Phrase{said(journey.PhraseNoFace)}}

	consent := of(journey.ScreenConsent, journey.PhrasePartIdentify, 2, journey.DoNext, journey.DoRefuse, journey.DoBack)
	consent.Document = &journey.DocumentView{ID: "face_consent", Version: "1", Title: "您愿意刷脸吗？", Digest: "sha256:33", Paragraphs: []string{
		"愿意的话：摄像头看您几秒钟，拿您的脸和身份证上的照片比一比，看是不是同一个人。", "只在这台机器里比，比完照片马上删掉，不上传、不保存。只记下“比过了、像不像、几点钟”。",
		"不愿意也一样签到：改由工作人员看一眼身份证，效果完全相同，也不会再问您。", "同意以后也能随时反悔：按“不刷了”，或者以后到新城区民政局撤回。电话：0471-0000000。"}}

	face := func(f journey.FaceView, offers ...journey.Do) journey.View {
		v := of(journey.ScreenFace, journey.PhrasePartIdentify, 2, append(offers, journey.DoRefuse, journey.DoBack)...)
		v.Face = &f
		return v
	}
	guardian := of(journey.ScreenCard, journey.PhrasePartIdentify, 2, journey.DoBack)
	guardian.Card = &journey.CardView{Whose: said(journey.PhraseCardOfGuardian)}
	guardian.Notes = []journey.Note{{Kind: journey.NoteNews, Phrase: said(journey.PhraseCheckInChild)}}
	theirs := of(journey.ScreenConfirm, journey.PhrasePartIdentify, 2, journey.DoBack, journey.DoNext, journey.DoRetake)
	theirs.Card = &journey.CardView{Whose: said(journey.PhraseCardOfGuardian), Name: "王试样", Sex: said(journey.PhraseSexMale), Ethnic: "01", Birth: "1980-**-**", Address: "内蒙古自治区********", Number: "440*************14", ValidTo: "2040-01-01"}

	check := func(c journey.CheckInView, notes ...journey.Note) journey.View {
		v := of(journey.ScreenCheckIn, journey.PhrasePartCheckIn, 3, journey.DoSubmit, journey.DoBack)
		c.Name, c.Number = "王𠮷䶮㛃𬭎", "990*************1X"
		c.Late = both("来晚了也不要紧，照样能签。不会因为没签到就停发救助；工作人员只会打电话问问，或者上门看看您。", "Late is fine: you can still check in. Aid is never stopped for a missed check-in; staff only phone or come to see how you are.")
		v.CheckIn, v.Notes = &c, notes
		return v
	}
	vouching := func(v journey.View) journey.View {
		v.Offers = append(v.Offers, journey.DoStaff)
		return v
	}
	enough := journey.Note{Kind: journey.NoteNews, Phrase: said(journey.PhraseFaceEnough)}
	return []sample{
		{"ways", ways}, {"ways-no-face", three}, {"consent", consent},
		{"face-live", face(journey.FaceView{Live: true, Left: 3})},
		{"face-again", face(journey.FaceView{Left: 2, Said: said(journey.PhraseFaceAgain)}, journey.DoRetake)},
		{"card-guardian", guardian}, {"confirm-guardian", theirs},
		{"checkin-face", check(journey.CheckInView{Way: said(journey.PhraseWayFace), Stands: said(journey.PhraseStandsFace), Next: "2027-05-22"})},
		{"checkin-staff", vouching(check(journey.CheckInView{Way: said(journey.PhraseWayStaff), Stands: said(journey.PhraseStandsLater)}, enough))},
		{"checkin-guardian", check(journey.CheckInView{Way: said(journey.PhraseWayGuardian), With: "王*", Role: said(journey.PhraseRoleGuardian), Stands: said(journey.PhraseStandsLater), Next: "2027-05-22"})},
	}
}
