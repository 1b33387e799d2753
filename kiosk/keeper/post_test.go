package keeper

import (
	"encoding/json"
	"testing"

	"yimen/kiosk/letter"
	"yimen/kiosk/outbox"
	"yimen/kiosk/slip/number"
)

func TestALetterIsTheBureausToReadAndItsCodeDoesNotGoUp(t *testing.T) {
	dir := t.TempDir()
	o := open(t, dir, outbox.Config{KeepFree: 1}, dir)
	d := draft(t)
	kept, err := o.Post(t.Context(), letter.Letter{
		Terminal: d.Terminal, Hall: d.Hall, Lang: d.Lang, Pack: d.Pack, Item: d.Item, About: "SJ-150102-0001-20261101-00001-K",
		From: letter.Party{Name: name, Number: idCard, Proof: letter.ByCard}, Record: letter.Supplied{},
	})
	must(t, err)
	for _, secret := range []string{name, idCard, kept.QueryCode} {
		if where := found(t, dir, secret); where != "" {
			t.Errorf("%q can be read in %s", secret, where)
		}
	}
	var m letter.Manifest
	body := o.opened(t, kept.Dossier, func(e *outbox.Entry) ([]byte, error) { return part(e, o.bureau) })
	must(t, json.Unmarshal(body, &m))
	if m.Kind != letter.Supplement || m.Letter != kept.Dossier || m.SlipNo != kept.SlipNo || m.Applicant != name {
		t.Errorf("the bureau reads %s", body)
	}
	if !number.Matches(m.QueryCheck, m.SlipNo, kept.QueryCode) || number.Matches(m.QueryCheck, m.SlipNo, "00000000") {
		t.Errorf("the code of the slip is not checked by %q", m.QueryCheck)
	}
}

func TestAnApplicationCarriesTheCheckOfItsCode(t *testing.T) {
	dir := t.TempDir()
	o := open(t, dir, outbox.Config{KeepFree: 1}, dir)
	kept, err := o.Keep(t.Context(), draft(t))
	must(t, err)
	var m struct {
		SlipNo     string `json:"slip_no"`
		QueryCheck string `json:"query_check"`
	}
	must(t, json.Unmarshal(o.opened(t, kept.Dossier, func(e *outbox.Entry) ([]byte, error) { return part(e, o.bureau) }), &m))
	if !number.Matches(m.QueryCheck, m.SlipNo, kept.QueryCode) {
		t.Errorf("the code of the slip is not checked by %q", m.QueryCheck)
	}
}
