package progress

import (
	"yimen/kiosk/household"
	"yimen/kiosk/inquiry"
	"yimen/kiosk/journey"
	"yimen/kiosk/slip"
)

// The pack's slips of this service.
const (
	copySlip   = "copy"       // a document's copy (副本)
	stageSlip  = "progress"   // how the case stood when it was asked
	supplySlip = "supplement" // 补正凭条
)

const slipLang = "zh-CN" // a slip is an office's paper

// printCopy prints the document that is being read, as a copy that says so.
func (s *told) printCopy(c *journey.Course, e journey.Event) []journey.Effect {
	p, ok := s.copied()
	if !ok {
		return nil
	}
	f := place(c, e)
	f.Paragraphs = p.Paragraphs
	f.More = map[string]string{"paper_title": p.Title, "paper_no": p.No, "issued": date(c, p.Issued)}
	return s.paper.Print(c, copySlip, f)
}

// printStage prints how the case stands.
func (s *told) printStage(c *journey.Course, e journey.Event) []journey.Effect {
	k, ok := s.shown()
	if !ok {
		return nil
	}
	f := place(c, e)
	f.SlipNo, f.Item, f.ItemCode = k.SlipNo, k.ItemName.In(slipLang), k.Item
	f.ReceivedAt = k.Submitted.In(c.Zone)
	f.Paragraphs = []string{k.Stage.Plain.In(slipLang)}
	if remedy := k.Remedy.In(slipLang); remedy != "" {
		f.Paragraphs = append(f.Paragraphs, remedy)
	}
	f.Materials = missing(k)
	f.More = map[string]string{"stage": k.Stage.Name.In(slipLang), "since": date(c, household.DateOf(k.Stage.Since.In(c.Zone))), "due": date(c, k.Due)}
	return s.paper.Print(c, stageSlip, f)
}

// missing lists what the case still lacks.
func missing(k *inquiry.Case) (list []slip.Material) {
	for _, m := range k.Missing {
		if !m.Sent {
			list = append(list, slip.Material{Name: m.Name.In(slipLang), Mark: slip.Bring})
		}
	}
	return list
}

// place is what every slip tells of where and when it was printed.
func place(c *journey.Course, e journey.Event) slip.Facts {
	return slip.Facts{Terminal: c.Terminal, Hall: c.Hall.Name, Example: c.Hall.Example, PrintedAt: e.At.In(c.Zone), PrintNo: 1}
}

// date writes a day in words; a dash for none.
func date(c *journey.Course, d household.Date) string {
	if d == 0 {
		return "—"
	}
	return c.Pack.ShowDate(d, slipLang)
}
