package desk

import (
	"testing"
	"testing/synctest"
	"time"

	"yimen/drivers/device"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/view"
)

// named is the config of a hall with another name, to be told apart on the screen.
func (b *bubble) named(name string) *journey.Config {
	return &journey.Config{Hall: view.Hall{Name: name}, Services: []journey.Service{errand{&b.began}},
		Languages: []string{"zh-CN"}, Zone: time.UTC, Idle: journey.DefaultIdle()}
}

func TestANewConfigWaitsForTheEndOfTheVisit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := open(t, &hands{slowCard: true})
		b.enter()
		b.desk.Renew(b.named("first"))
		b.desk.Renew(b.named("second"))
		if v := b.view(); v.Hall.Name != "" || v.Screen != view.ScreenQuestion {
			t.Fatalf("in the middle of a visit: at %s in hall %q", v.Screen, v.Hall.Name)
		}
		b.tap(view.DoFinish, "")
		if v := b.view(); v.Hall.Name != "" {
			t.Error("the last visit's reader still works, and the config is another already")
		}
		b.hands.cards <- device.Card{}
		if v := b.view(); v.Hall.Name != "second" || v.Screen != view.ScreenAttract {
			t.Errorf("after the visit: at %s in hall %q", v.Screen, v.Hall.Name)
		}
		b.hands.slowCard = false
		b.enter()
		if v := b.view(); v.Hall.Name != "second" {
			t.Errorf("the next visit is in hall %q", v.Hall.Name)
		}
		b.stop()
	})
}

func TestANewConfigIsTakenAtOnceWhereNobodyStands(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := open(t, &hands{})
		before := b.view()
		b.tap(view.DoHelp, "")
		b.desk.Renew(b.named("next"))
		if v := b.view(); v.Cover == nil || v.Hall.Name != "" {
			t.Fatal("the help was taken away from under somebody's eyes")
		}
		b.tap(view.DoHelpEnd, "")
		v := b.view()
		if v.Hall.Name != "next" {
			t.Errorf("hall %q", v.Hall.Name)
		}
		if v.Seq <= before.Seq {
			t.Errorf("view %d came after %d", v.Seq, before.Seq)
		}
		b.stop()
	})
}

func TestAFullDiskIsStillKnownUnderANewConfig(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := open(t, &hands{})
		b.hands.full.Store(true)
		time.Sleep(6 * time.Second)
		b.desk.Renew(b.named("next"))
		if v := b.view(); v.Hall.Name != "next" || len(v.Notes) != 1 {
			t.Errorf("hall %q, notes %v", v.Hall.Name, v.Notes)
		}
		b.stop()
	})
}
