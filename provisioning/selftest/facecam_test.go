package selftest

import (
	"slices"
	"testing"
	"time"

	"yimen/drivers"
	"yimen/drivers/device"
)

func TestTheFaceCameraIsTriedToo(t *testing.T) {
	for url, want := range map[string]string{"": "frame", "http://127.0.0.1:1/": "gone"} {
		s := newSite(t)
		eye := *s.cfg.DocCam
		if url != "" {
			eye.URL = url
		}
		s.cfg.FaceCam = &drivers.FaceCam{DocCam: eye}
		report, _ := s.run(30 * time.Second)
		i := slices.IndexFunc(report.Results, func(r Result) bool { return r.Device == device.FaceCam })
		if i < 0 || report.Results[i].Remark != want || len(report.Results) != 6 {
			t.Errorf("%q: %+v", url, report.Results)
		}
	}
}
