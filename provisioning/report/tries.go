package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"time"

	"yimen/drivers/device"
	"yimen/provisioning/selftest"
)

// triesFile holds what came of each device's last test, in the daemon's data folder.
const triesFile = "tries.json"

// Tries reads what came of each device's last test; nothing where none was kept.
func Tries(data string) (map[device.ID]Tried, error) {
	tries := map[device.ID]Tried{}
	b, err := os.ReadFile(filepath.Join(data, triesFile))
	if errors.Is(err, fs.ErrNotExist) {
		return tries, nil
	}
	if err == nil {
		err = json.Unmarshal(b, &tries)
	}
	if err != nil {
		return map[device.ID]Tried{}, fmt.Errorf("last tests: %w", err)
	}
	return tries, nil
}

// KeepTries adds the results of a self-test to what is kept: a device that was not tried keeps its last one.
func KeepTries(data string, at time.Time, r selftest.Report) error {
	tries, err := Tries(data)
	if err != nil {
		tries = map[device.ID]Tried{} // a damaged file is replaced by what is known now
	}
	before := maps.Clone(tries)
	for _, result := range r.Results {
		if result.Device == selftest.PacksArrive || result.Remark == selftest.NothingCame { // nobody brought a card: that is no test
			continue
		}
		result.Args = nil // what a card said, masked or not, was for whoever stood there
		tries[result.Device] = Tried{At: at.UTC().Truncate(time.Second), Result: result}
	}
	if len(tries) == 0 || maps.EqualFunc(before, tries, func(a, b Tried) bool { return a.At.Equal(b.At) }) {
		return nil
	}
	b, err := json.Marshal(tries)
	if err != nil {
		return fmt.Errorf("keep tests: %w", err)
	}
	file := filepath.Join(data, triesFile)
	if err := os.WriteFile(file+".new", b, 0o600); err != nil {
		return fmt.Errorf("keep tests: %w", err)
	}
	if err := os.Rename(file+".new", file); err != nil { // a report; no power cut makes it worth a flush
		return fmt.Errorf("keep tests: %w", err)
	}
	return nil
}
