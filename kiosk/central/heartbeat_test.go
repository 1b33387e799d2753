package central_test

import (
	"testing"

	"yimen/kiosk/central"
)

func FuzzParseHeartbeat(f *testing.F) {
	f.Add([]byte(`{"format":1,"at":"2026-11-23T09:00:00Z","running":1,"screen":{"name":"attract","resting":true,"age":2},"devices":[],"outbox":{"waiting":0,"bytes":0,"oldest":0,"delivered":0,"quarantined":0},"journal":"","pack":{"id":"","edition":"","digest":"","trouble":false},"events":0,"software":"0000000000000000000000000000000000000000000000000000000000000000","free":1}`))
	f.Add([]byte(`{"format":1}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		h, err := central.ParseHeartbeat(body)
		if err == nil && h.Check() != nil {
			t.Errorf("%q was taken: %v", body, h.Check())
		}
	})
}
