package status

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"yimen/kiosk/central"
	"yimen/provisioning/hub/fleet"
	"yimen/provisioning/hub/fleet/alarm"
)

// pageView is everything that the page shows.
type pageView struct {
	Now            string
	Totals         []total
	Heard, Waiting chart
	Rows           []row
	Told           []telling
}

type total struct{ ID, Number string }

// row is one terminal.
type row struct {
	Light    string // well, wrong, down
	Name     string
	Heard    string
	Screen   string
	Devices  []string // those that call for somebody; empty when all is well
	Outbox   []string
	Journal  string
	Pack     string
	Trouble  bool // the newest pack was not accepted
	Software string
	Clock    string
	Alarms   []string
	Past     chart
}

type telling struct{ At, Terminal, What, Phase, Light, Detail string }

// lights of a terminal, the most pressing first: its rows come in this order.
var lights = []string{"down", "wrong", "well"}

func lightOf(w alarm.Watch) string {
	wrong := w.Wrong()
	switch {
	case slices.Contains(wrong, alarm.Down):
		return "down"
	case len(wrong) > 0:
		return "wrong"
	}
	return "well"
}

// viewOf makes the page of what the fleet knows.
func (p *Page) viewOf(all []fleet.Terminal, past map[string][]fleet.Point, told []fleet.Telling, now time.Time) pageView {
	v := pageView{Now: p.words.say("now", "time", now.In(p.zone).Format("2006-01-02 15:04:05"))}
	count := map[string]int{}
	waiting := 0
	for _, t := range all {
		r := p.row(t, now)
		r.Past = barsOf(waitingIn(past[t.Name]), now, true)
		count[r.Light]++
		waiting += t.Beat.Outbox.Waiting
		v.Rows = append(v.Rows, r)
	}
	slices.SortStableFunc(v.Rows, func(a, b row) int { return slices.Index(lights, a.Light) - slices.Index(lights, b.Light) })
	for _, one := range []struct {
		id string
		n  int
	}{{"terminals", len(all)}, {"well", count["well"]}, {"wrong", count["wrong"]}, {"down", count["down"]}, {"waiting", waiting}} {
		v.Totals = append(v.Totals, total{one.id, strconv.Itoa(one.n)})
	}
	heard, sum := together(past)
	v.Heard, v.Waiting = barsOf(heard, now, false), barsOf(sum, now, false)
	for _, t := range told {
		v.Told = append(v.Told, telling{
			At: t.At.In(p.zone).Format("01-02 15:04"), Terminal: t.Terminal, What: p.words.say("alarm." + string(t.Kind)), Phase: p.words.say("phase." + string(t.Phase)),
			Light: string(t.Phase), Detail: t.Detail,
		})
	}
	return v
}

func (p *Page) row(t fleet.Terminal, now time.Time) row {
	r := row{
		Light: lightOf(t.Watch), Name: t.Name, Heard: p.words.say("ago", "span", p.words.span(now.Sub(t.Received))), Screen: p.screen(t.Beat.Screen),
		Devices: p.devices(t.Beat.Devices), Outbox: p.outbox(t.Beat.Outbox), Pack: t.Beat.Pack.Edition, Trouble: t.Beat.Pack.Trouble,
		Software: t.Beat.Software[:min(8, len(t.Beat.Software))], Clock: p.clock(t.Skew()),
	}
	if r.Software == "" {
		r.Software = p.words.say("software.unknown")
	}
	if r.Light == "down" {
		r.Screen = p.words.say("screen.unknown", "state", r.Screen)
	}
	no, sum, _ := strings.Cut(t.Beat.Journal, ":")
	r.Journal = strings.TrimSpace(no + " " + sum[:min(8, len(sum))])
	for _, kind := range t.Watch.Wrong() {
		r.Alarms = append(r.Alarms, p.words.say("alarm."+string(kind)))
	}
	return r
}

func (p *Page) screen(s central.ScreenState) string {
	switch {
	case s.Name == "maintenance":
		return p.words.say("screen.locked")
	case s.Name == "starting":
		return p.words.say("screen.starting")
	case s.Resting:
		return p.words.say("screen.resting")
	}
	return p.words.say("screen.visit", "age", p.words.span(time.Duration(s.Age)*time.Second))
}

// devices names those of which there is something to say.
func (p *Page) devices(all []central.DeviceState) []string {
	var lines []string
	for _, d := range all {
		var what []string
		if d.State != "online" && d.State != "deviceBusy" {
			what = append(what, p.words.say("state."+d.State))
		}
		if slices.Contains([]string{"low", "out", "jammed"}, d.Paper) {
			what = append(what, p.words.say("paper."+d.Paper))
		}
		if d.Media == "jammed" {
			what = append(what, p.words.say("media.jammed"))
		}
		if len(what) > 0 {
			lines = append(lines, p.words.say("device."+d.ID)+" "+strings.Join(what, " "))
		}
	}
	return lines
}

func (p *Page) outbox(o central.OutboxState) []string {
	lines := []string{p.words.say("outbox.none")}
	if o.Waiting > 0 {
		lines[0] = p.words.say("outbox.some", "waiting", strconv.Itoa(o.Waiting), "oldest", p.words.span(time.Duration(o.Oldest)*time.Second))
	}
	if o.Quarantined > 0 {
		lines = append(lines, p.words.say("outbox.aside", "aside", strconv.Itoa(o.Quarantined)))
	}
	return lines
}

// skewTold is from when on a clock's difference is worth a word: below it is the line's own time.
const skewTold = 5 * time.Second

func (p *Page) clock(skew time.Duration) string {
	switch {
	case skew >= skewTold:
		return p.words.say("clock.ahead", "skew", p.words.span(skew))
	case skew <= -skewTold:
		return p.words.say("clock.behind", "skew", p.words.span(-skew))
	}
	return p.words.say("clock.well")
}
