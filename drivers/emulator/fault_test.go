package emulator

import "testing"

func TestFaultsAreCountedAndNamed(t *testing.T) {
	s := NewFaults("a", "b")
	told := 0
	s.OnChange = func(Fault, int) { told++ }
	for f, times := range map[Fault]int{"a": 2, "b": UntilOff} {
		if err := s.Set(f, times); err != nil {
			t.Fatal(err)
		}
	}
	for i, want := range []bool{true, true, false} {
		if s.On("a") != want || s.Take("a") != want || !s.Take("b") {
			t.Errorf("time %d: a happens %v, want %v; b happens always", i, !want, want)
		}
	}
	if a := s.Active(); len(a) != 1 || a[0] != "b" || told != 2 {
		t.Errorf("on: %v, told %d times", a, told)
	}
	if s.Set("c", 1) == nil || s.Set("a", -2) == nil {
		t.Error("nonsense was accepted")
	}
}
