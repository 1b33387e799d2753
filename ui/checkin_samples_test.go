package ui

import (
	"yimen/kiosk/journey/view"
	"yimen/kiosk/policy"
)

// checkinSamples lists the screens of 签到 in their states.
func checkinSamples() []sample {
	of := func(screen view.Screen, part string, now int, offers ...view.Do) view.View {
		v := base(screen, part, now, offers...)
		v.Service, v.Progress.Of = both("签到", "Check in"), 4
		return v
	}
	said := func(id string) view.Phrase { return view.Phrase{ID: id} }
	way := func(id, icon, phrase string) view.Way {
		return view.Way{ID: id, Icon: icon, Said: said(phrase)}
	}
	ways := of(view.ScreenWays, view.PhrasePartWays, 1, view.DoChoose, view.DoBack)
	who := both("本区人户分离、失能半失能、精神障碍的在保对象，每半年签到一次。街道没有通知过您，就不用签。", "Those who live away from their registered place, cannot care for themselves or have a mental disorder check in every six months. If nobody told you, you need not.")
	ways.Ways = &view.Ways{Who: who, Ways: []view.Way{way("s", "desk", view.PhraseWayStaff), way("f", "face", view.PhraseWayFace), way("g", "people", view.PhraseWayGuardian), way("h", "hands", view.PhraseWayAssisted)}}
	three := ways
	three.Ways = &view.Ways{Who: who, Ways: []view.Way{ways.Ways.Ways[0], ways.Ways.Ways[2], ways.Ways.Ways[3]}, Not: []view.Phrase{said(view.PhraseNoFace)}}

	consent := of(view.ScreenConsent, view.PhrasePartIdentify, 2, view.DoNext, view.DoRefuse, view.DoBack)
	consent.Document = &view.Document{ID: "face_consent", Version: "1", Title: "您愿意刷脸吗？", Digest: "sha256:33", Paragraphs: []string{
		"愿意的话：摄像头看您几秒钟，拿您的脸和身份证上的照片比一比，看是不是同一个人。", "只在这台机器里比，比完照片马上删掉，不上传、不保存。只记下“比过了、像不像、几点钟”。",
		"不愿意也一样签到：改由工作人员看一眼身份证，效果完全相同，也不会再问您。", "同意以后也能随时反悔：按“不刷了”，或者以后到新城区民政局撤回。电话：0471-0000000。"}}

	face := func(f view.Face, offers ...view.Do) view.View {
		v := of(view.ScreenFace, view.PhrasePartIdentify, 2, append(offers, view.DoRefuse, view.DoBack)...)
		v.Face = &f
		return v
	}
	guardian := of(view.ScreenCard, view.PhrasePartIdentify, 2, view.DoBack)
	guardian.Card = &view.Card{Whose: said(view.PhraseCardOfGuardian)}
	guardian.Notes = []view.Note{{Kind: view.NoteNews, Phrase: said(view.PhraseCheckInChild)}}
	theirs := of(view.ScreenConfirm, view.PhrasePartIdentify, 2, view.DoBack, view.DoNext, view.DoRetake)
	theirs.Card = &view.Card{Whose: said(view.PhraseCardOfGuardian), Name: "王试样", Sex: said(view.PhraseSexMale), Ethnic: "01", Birth: "1980-**-**", Address: "内蒙古自治区********", Number: "440*************14", ValidTo: "2040-01-01"}

	check := func(c view.CheckIn, notes ...view.Note) view.View {
		v := of(view.ScreenCheckIn, view.PhrasePartCheckIn, 3, view.DoSubmit, view.DoBack, view.DoEdit)
		c.Name, c.Number = "王𠮷䶮㛃𬭎", "990*************1X"
		c.Late = both("来晚了也不要紧，照样能签。不会因为没签到就停发救助；工作人员只会打电话问问，或者上门看看您。", "Late is fine: you can still check in. Aid is never stopped for a missed check-in; staff only phone or come to see how you are.")
		if c.Aid == nil {
			c.Aid = both("不印", "Do not print it")
		}
		v.CheckIn, v.Notes = &c, notes
		return v
	}
	vouching := func(v view.View) view.View {
		v.Offers = append(v.Offers, view.DoStaff)
		return v
	}
	aid := of(view.ScreenQuestion, view.PhrasePartCheckIn, 3, view.DoBack, view.DoAnswer)
	aid.Question = &view.Question{Key: "checkin_category", Input: policy.InputChoice, Must: true, Now: 1, Of: 1, Value: "none", Known: "given", Section: both("签到", "Check in"),
		Title: both("凭条上要印救助类别吗？", "Print the kind of aid on the slip?"), Help: both("不印也一样有效。凭条可能被别人看到。", "It counts the same without. Others may see the slip."),
		Options: []policy.Option{
			{Code: "none", Title: both("不印", "Do not print it")}, {Code: "dibao", Title: both("最低生活保障（低保）", "Subsistence allowance")},
			{Code: "tekun", Title: both("特困人员救助供养", "Support for persons in extreme hardship")}, {Code: "dibao_edge", Title: both("低保边缘家庭", "Marginal household")},
			{Code: "rigid_hardship", Title: both("刚性支出困难家庭", "Hardship from rigid expenditure")},
		}}
	done := of(view.ScreenSlip, view.PhrasePartSlip, 4, view.DoFinish)
	done.Slip = &view.Slip{Number: "SJ-150102-0001-20261122-00001-6", QueryCode: "12345678", Kept: true, Delivered: true, Print: "printed", CheckIn: true}
	waiting := done
	waiting.Slip = &view.Slip{Number: "SJ-150102-0001-20261122-00001-6", QueryCode: "12345678", Kept: true, Print: "printed", CheckIn: true}
	saving := of(view.ScreenSending, view.PhrasePartSlip, 4)
	saving.Slip = &view.Slip{CheckIn: true}
	enough := view.Note{Kind: view.NoteNews, Phrase: said(view.PhraseFaceEnough)}
	return []sample{
		{"ways", ways}, {"ways-no-face", three}, {"consent", consent},
		{"face-live", face(view.Face{Live: true, Left: 3})},
		{"face-again", face(view.Face{Left: 2, Said: said(view.PhraseFaceAgain)}, view.DoRetake)},
		{"card-guardian", guardian}, {"confirm-guardian", theirs},
		{"checkin-face", check(view.CheckIn{Way: said(view.PhraseWayFace), Stands: said(view.PhraseStandsFace), Next: "2027-05-22"})},
		{"checkin-staff", vouching(check(view.CheckIn{Way: said(view.PhraseWayStaff), Stands: said(view.PhraseStandsLater)}, enough))},
		{"checkin-aid", aid}, {"checkin-saving", saving}, {"checkin-delivered", done}, {"checkin-waiting", waiting},
		{"checkin-guardian", check(view.CheckIn{Way: said(view.PhraseWayGuardian), With: "王*", Role: said(view.PhraseRoleGuardian), Stands: said(view.PhraseStandsLater), Next: "2027-05-22",
			Aid: both("特困人员救助供养", "Support for persons in extreme hardship")})},
	}
}
