// Package report is a terminal's readiness report: its software, clock, disk, certificate, rules, queue and journal, and each
// device with what it says of itself and what came of its last test. The same findings go on paper, on the screen while the
// terminal is locked, and to central. There is nothing about a resident in it.
package report

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"yimen/drivers/device"
	"yimen/provisioning/selftest"
)

// Facts is what was found, before anybody judges it.
type Facts struct {
	Terminal, Hall string
	At             time.Time // in the hall's zone
	Locked         bool      // by a technician: no visit can begin
	Software       Software
	Clock          bool          // whether the network keeps it
	Skew           time.Duration // how far it is ahead of central's; 0 if that is not known
	Disk           Disk
	Certificate    time.Time // until when central believes this terminal; zero if it could not be read
	Pack           string    // edition in force
	PackTrouble    error     // why the newest edition is not; nil when all is well
	Waiting        int       // envelopes that central has not signed for
	Quarantined    int       // envelopes that it never will, until somebody has looked
	Oldest         time.Time // when the oldest waiting one was kept; zero if none waits
	Head           string    // of the journal: number:digest
	Devices        map[device.ID]device.Status
	Contacts       map[device.Contact]device.ContactState
	Tried          map[device.ID]Tried
}

// Tried is what came of a device's last test.
type Tried struct {
	At     time.Time       `json:"at"`
	Result selftest.Result `json:"result"`
}

// Item is one finding.
type Item struct {
	ID      string            `json:"id"` // a device's, or software, clock, disk, certificate, packs, queue, journal, a contact's, lock
	Outcome selftest.Outcome  `json:"outcome"`
	Remark  string            `json:"remark"` // a phrase of words.yaml
	Args    map[string]string `json:"args,omitempty"`
	Cause   string            `json:"cause,omitempty"` // for technicians
	Tried   *Tried            `json:"tried,omitempty"` // a device's last test
}

// Report is the whole.
type Report struct {
	Terminal string    `json:"terminal"`
	Hall     string    `json:"hall,omitempty"`
	At       time.Time `json:"at"`
	Ready    bool      `json:"ready"` // nothing failed
	Items    []Item    `json:"items"`
}

// When something is told before it is too late.
const (
	certificateSoon = 30 * 24 * time.Hour
	skewed          = 2 * time.Minute
	queueOld        = 24 * time.Hour
	diskScarce      = 2 << 30   // bytes
	diskFull        = 512 << 20 // bytes; the outbox declines at 256 MiB
)

// Of judges what was found. Devices stand in the order of their names, so that two reports can be laid side by side.
func Of(f Facts) Report {
	r := Report{Terminal: f.Terminal, Hall: f.Hall, At: f.At, Ready: true}
	r.add(f.software(), f.clock(), f.disk(), f.certificate(), f.pack(), f.queue())
	no, digest, _ := strings.Cut(f.Head, ":")
	r.add(Item{ID: "journal", Outcome: selftest.Passed, Remark: "journal", Args: map[string]string{"no": no, "digest": digest}})
	ids := make([]device.ID, 0, len(f.Devices))
	for id := range f.Devices {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		r.add(f.device(id))
	}
	for _, c := range device.Contacts() {
		if state, has := f.Contacts[c]; has {
			r.add(contact(c, state))
		}
	}
	if f.Locked {
		r.add(Item{ID: "lock", Outcome: selftest.Unsure, Remark: "locked"})
	}
	return r
}

func (r *Report) add(items ...Item) {
	for _, i := range items {
		r.Ready = r.Ready && i.Outcome != selftest.Failed
		r.Items = append(r.Items, i)
	}
}

func (f *Facts) software() Item {
	i := Item{ID: "software", Outcome: selftest.Passed, Remark: "software", Args: map[string]string{"version": f.Software.Version, "digest": f.Software.Digest}}
	if f.Software.Digest == "" {
		i.Outcome, i.Remark = selftest.Unsure, "software-unknown"
	}
	return i
}

func (f *Facts) clock() Item {
	i := Item{ID: "clock", Outcome: selftest.Passed, Remark: "clock", Args: map[string]string{"now": f.At.Format("2006-01-02 15:04")}}
	switch {
	case f.Skew.Abs() >= skewed:
		i.Outcome, i.Remark = selftest.Failed, "clock-ahead"
		if f.Skew < 0 {
			i.Remark = "clock-behind"
		}
		i.Args["minutes"] = strconv.FormatInt(int64(f.Skew.Abs()/time.Minute), 10)
	case !f.Clock:
		i.Outcome, i.Remark = selftest.Unsure, "clock-alone"
	}
	return i
}

func (f *Facts) disk() Item {
	i := Item{ID: "disk", Outcome: selftest.Passed, Remark: "disk", Args: map[string]string{"free": gib(f.Disk.Free), "total": gib(f.Disk.Total)}}
	switch {
	case f.Disk.Total == 0:
		i.Outcome, i.Remark = selftest.Failed, "disk-unknown"
	case f.Disk.Free < diskFull:
		i.Outcome, i.Remark = selftest.Failed, "disk-full"
	case f.Disk.Free < diskScarce:
		i.Outcome, i.Remark = selftest.Unsure, "disk-scarce"
	case f.Disk.Unchecked:
		i.Outcome, i.Remark = selftest.Unsure, "disk-unchecked"
	}
	return i
}

// gib is a number of bytes in GiB with one digit.
func gib(bytes int64) string { return strconv.FormatFloat(float64(bytes)/(1<<30), 'f', 1, 64) }

func (f *Facts) certificate() Item {
	i := Item{ID: "certificate", Outcome: selftest.Passed, Remark: "certificate", Args: map[string]string{"until": f.Certificate.In(f.At.Location()).Format(time.DateOnly)}}
	switch left := f.Certificate.Sub(f.At); {
	case f.Certificate.IsZero():
		i.Outcome, i.Remark = selftest.Failed, "certificate-unknown"
	case left <= 0:
		i.Outcome, i.Remark = selftest.Failed, "certificate-over"
	case left < certificateSoon:
		i.Outcome, i.Remark = selftest.Unsure, "certificate-soon"
	}
	return i
}

func (f *Facts) pack() Item {
	i := Item{ID: "packs", Outcome: selftest.Passed, Remark: "packs", Args: map[string]string{"edition": f.Pack}}
	if f.PackTrouble != nil {
		i.Outcome, i.Remark, i.Cause = selftest.Unsure, "packs-old", f.PackTrouble.Error()
	}
	return i
}

func (f *Facts) queue() Item {
	i := Item{ID: "queue", Outcome: selftest.Passed, Remark: "queue", Args: map[string]string{"waiting": strconv.Itoa(f.Waiting), "quarantined": strconv.Itoa(f.Quarantined)}}
	switch {
	case f.Quarantined > 0:
		i.Outcome, i.Remark = selftest.Failed, "queue-quarantined"
	case !f.Oldest.IsZero() && f.At.Sub(f.Oldest) > queueOld:
		i.Outcome, i.Remark = selftest.Failed, "queue-old"
		i.Args["oldest"] = f.Oldest.In(f.At.Location()).Format("2006-01-02 15:04")
	}
	return i
}

// contact judges a switch of the case. The door is open while a technician works; the other never is.
func contact(c device.Contact, state device.ContactState) Item {
	i := Item{ID: string(c), Outcome: selftest.Passed, Remark: "contact-closed"}
	switch {
	case state == device.ContactUnknown:
		i.Outcome, i.Remark = selftest.Unsure, "contact-unknown"
	case state == device.ContactOpened && c == device.TamperSensor:
		i.Outcome, i.Remark = selftest.Failed, "contact-forced"
	case state == device.ContactOpened:
		i.Outcome, i.Remark = selftest.Unsure, "contact-open"
	}
	return i
}

// device judges one device: what it says of itself now counts for more than what came of its last test.
func (f *Facts) device(id device.ID) Item {
	now, i := f.Devices[id], Item{ID: string(id), Outcome: selftest.Passed, Remark: "device-passed"}
	tried, was := f.Tried[id]
	if was {
		i.Tried, i.Args = &tried, map[string]string{"at": tried.At.In(f.At.Location()).Format("01-02 15:04")}
	}
	switch {
	case !now.Ready():
		i.Outcome, i.Remark = selftest.Failed, "device-away"
		if now.Cause != nil {
			i.Cause = now.Cause.Error()
		}
	case !was:
		i.Outcome, i.Remark = selftest.Unsure, "device-untried"
	case tried.Result.Outcome == selftest.Failed:
		i.Outcome, i.Remark = selftest.Failed, "device-failed"
	case tried.Result.Outcome == selftest.Unsure:
		i.Outcome, i.Remark = selftest.Unsure, "device-unsure"
	}
	return i
}
