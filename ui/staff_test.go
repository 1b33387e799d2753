package ui

import (
	"slices"
	"testing"
)

// TestAnywhereBeginsButTheStaffsButton: the invitation takes touches anywhere on the first screen; the staff's way in lies
// above it, and takes its own alone.
func TestAnywhereBeginsButTheStaffsButton(t *testing.T) {
	tab := browse(t)
	all := staffSamples()
	url := serve(t, newStage(t, all[slices.IndexFunc(all, func(s sample) bool { return s.name == "attract-staff" })].view))
	for _, p := range panels() {
		open(t, tab, url, p)
		until(t, tab, `document.querySelector(".entrance") !== null`)
		hit := ask[[]string](t, tab, `(() => {
			const box = document.querySelector(".entrance").getBoundingClientRect(), at = (x, y) => document.elementFromPoint(x, y)?.closest("[data-do]")?.dataset.do ?? "";
			return [at(box.x + box.width / 2, box.y + box.height / 2), at(box.x + 20, box.y + 12), at(box.right + 40, box.y + box.height / 2), at(innerWidth / 2, innerHeight * .9), at(30, innerHeight / 2)];
		})()`)
		if !slices.Equal(hit, []string{"staff", "staff", "start", "start", "start"}) {
			t.Errorf("%s: touches hit %v", p.name, hit)
		}
	}
}
