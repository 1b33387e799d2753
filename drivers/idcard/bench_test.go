package idcard

import (
	"net"
	"testing"
	"time"
)

// BenchmarkCardReadAgainstWireTime reads a card behind a line of 115200 baud and prints how much longer that took than its
// bytes need on the wire, both ways.
func BenchmarkCardReadAgainstWireTime(b *testing.B) {
	const perByte = time.Second * 10 / 115200
	whole := base(b, "citizen.wire")
	var wire time.Duration
	var passed time.Time // when the bytes so far are through
	pass := func(n int) {
		wire += time.Duration(n) * perByte
		passed = passed.Add(time.Duration(n) * perByte)
		time.Sleep(time.Until(passed))
	}
	m := &module{}
	m.spoil = func(m *module, c net.Conn, cmd command) bool {
		passed = time.Now()
		pass(10)
		answer := m.answer(cmd)
		for len(answer) > 0 {
			n := min(len(answer), 32)
			pass(n)
			c.Write(answer[:n])
			answer = answer[n:]
		}
		return true
	}
	host, dev := net.Pipe()
	defer host.Close()
	go m.serve(dev)
	s := &session{Reader: New(pipe{}, Config{}, quiet()), link: link{conn: host}}
	var spent time.Duration
	for b.Loop() {
		m.with(func() { m.lay(whole) })
		s.selected = false
		begin := time.Now()
		if present, err := s.find(); !present || err != nil {
			b.Fatalf("%v, %v", present, err)
		}
		if _, err := s.read(); err != nil {
			b.Fatal(err)
		}
		spent += time.Since(begin)
	}
	b.ReportMetric(float64(spent)/float64(wire), "×wire-time")
}
