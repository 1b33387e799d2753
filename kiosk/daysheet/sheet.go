package daysheet

import (
	_ "embed"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"yimen/drivers/device"
	"yimen/kiosk/journal"
)

//go:embed words.yaml
var wordFile []byte

// Queue is what waits for central.
type Queue struct {
	Waiting, Quarantined int
	Oldest               time.Time // when the oldest waiting dossier was put; zero if none waits
}

// Sheet is all that a day sheet tells.
type Sheet struct {
	Terminal, Hall string    // Hall may be empty: the terminal's number says it
	PrintedAt      time.Time // in the hall's zone
	Day            *Day
	Queue          Queue
	Open           []journal.Record // intents without an outcome
	Head           journal.Head
}

// mostOpen is how many open intents are listed one by one.
const mostOpen = 10

// Slip lays the sheet out for the printer.
func (s Sheet) Slip() (device.Slip, error) {
	var words map[string]string
	if err := yaml.Unmarshal(wordFile, &words); err != nil {
		return device.Slip{}, fmt.Errorf("day sheet's words: %w", err)
	}
	l := layout{words: words}
	l.add(device.Text{Text: words["title"], Align: device.Centre, Size: 2, Bold: true})
	if s.Hall != "" {
		l.add(device.Text{Text: s.Hall, Align: device.Centre, Size: 1})
	}
	l.pair("day", s.Day.Begins.Format("2006-01-02"))
	l.pair("terminal", s.Terminal)
	l.pair("printed-at", s.PrintedAt.Format("2006-01-02 15:04:05"))
	l.add(device.Rule{})
	l.day(s.Day)
	l.add(device.Rule{})
	l.queue(s.Queue)
	l.open(s.Open)
	l.add(device.Rule{})
	l.head(s.Head)
	l.add(device.Feed{Lines: 2})
	return device.Slip{Rows: l.rows}, nil
}

// layout collects rows.
type layout struct {
	words map[string]string
	rows  []device.Row
}

func (l *layout) add(rows ...device.Row) { l.rows = append(l.rows, rows...) }

func (l *layout) pair(word, value string) {
	l.add(device.Columns{Left: l.words[word], Right: value})
}

// count is a pair that stands out when it calls for somebody and is not 0.
func (l *layout) count(word string, n uint, alarming bool) {
	l.add(device.Columns{Left: l.words[word], Right: strconv.FormatUint(uint64(n), 10), Bold: alarming && n > 0})
}

func (l *layout) day(d *Day) {
	l.count("kept", d.Kept, false)
	l.count("delivered", d.Delivered, false)
	l.count("not-kept", d.NotKept, true)
	l.count("slips", d.Printed, false)
	l.count("slips-unconfirmed", d.Unconfirmed, true)
	l.count("slips-failed", d.Failed, true)
	l.count("slips-unknown", d.Unknown, true)
	if d.Unknown > 0 {
		l.add(device.Text{Text: l.words["slips-unknown-says"], Size: 1})
	}
	l.count("copied", d.Copied, false)
	l.count("staff", d.Staff, false)
	l.count("starts", d.Starts, false)
	l.count("sudden", d.Sudden, true)
}

func (l *layout) queue(q Queue) {
	l.count("waiting", uint(q.Waiting), false)
	if !q.Oldest.IsZero() {
		l.pair("oldest", q.Oldest.Format("01-02 15:04"))
	}
	l.count("quarantined", uint(q.Quarantined), true)
}

func (l *layout) open(open []journal.Record) {
	l.count("open", uint(len(open)), true)
	for _, r := range open[:min(len(open), mostOpen)] {
		l.add(device.Columns{Left: "  #" + strconv.FormatUint(uint64(r.No), 10), Right: l.words["is."+r.Is]})
	}
}

// head shows the head for eyes, in groups of eight digits, and as a code that a scanner reads back.
func (l *layout) head(h journal.Head) {
	l.add(device.Text{Text: strings.ReplaceAll(l.words["head"], "{no}", strconv.FormatUint(uint64(h.No), 10)), Size: 1})
	digits := hex.EncodeToString(h.Sum[:])
	for len(digits) > 0 {
		l.add(device.Text{Text: digits[:8] + " " + digits[8:16] + " " + digits[16:24] + " " + digits[24:32], Align: device.Centre, Size: 1})
		digits = digits[32:]
	}
	l.add(device.QR{Data: h.String(), Dots: 240}, device.Text{Text: l.words["keep"], Size: 1}, device.Text{Text: l.words["signature"], Size: 1})
}
