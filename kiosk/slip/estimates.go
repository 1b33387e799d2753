package slip

import (
	"maps"

	"yimen/drivers/device"
	"yimen/kiosk/policy"
)

// estimateRows gives the rows at the head of rows that repeat together for each estimate.
func estimateRows(rows []policy.SlipRow) []policy.SlipRow {
	n := 0
	for n < len(rows) && (rows[n].Each == "estimate" || rows[n].Each == "line") {
		n++
	}
	return rows[:n]
}

// estimates writes block once for each estimate, and its line rows once for each line of the working.
func (w writer) estimates(block []policy.SlipRow, values map[string]string, list []Estimate) (out []device.Row, err error) {
	for _, e := range list {
		set := maps.Clone(values)
		set["programme"], set["verdict"], set["digest"] = e.Programme, e.Verdict, e.Digest
		for _, row := range block {
			lines := []string{""}
			if row.Each == "line" {
				lines = e.Lines
			}
			for _, set["line"] = range lines {
				printed, err := w.row(row, set)
				if err != nil {
					return nil, err
				}
				out = append(out, printed)
			}
		}
	}
	return out, nil
}
