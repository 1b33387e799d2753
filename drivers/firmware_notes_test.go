package drivers

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// citation is how a comment, a recording or a model names a heading: firmware-notes/sam-v "Frame", perhaps with more
// headings after a comma.
var citation = regexp.MustCompile(`firmware-notes/([a-z0-9-]+)((?:,?\s*(?://|#)?\s*"[A-Z][^"\n]*")+)`)

func TestEveryHeadingThatIsCitedExists(t *testing.T) {
	headings := map[string]string{} // note -> its text
	cited := 0
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == ".git" || d.Name() == "node_modules") {
			return filepath.SkipDir
		}
		if ext := filepath.Ext(path); ext != ".go" && ext != ".wire" && ext != ".yaml" {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, m := range citation.FindAllStringSubmatch(string(text), -1) {
			note := m[1]
			if _, read := headings[note]; !read {
				b, err := os.ReadFile(filepath.Join("../firmware-notes", note, "README.md"))
				if err != nil {
					t.Errorf("%s cites a note that is not there: %v", path, err)
				}
				headings[note] = "\n" + string(b)
			}
			for _, h := range regexp.MustCompile(`"([^"]*)"`).FindAllStringSubmatch(m[2], -1) {
				cited++
				if !strings.Contains(headings[note], "\n## "+h[1]+"\n") {
					t.Errorf("%s cites firmware-notes/%s %q, which has no such heading", path, note, h[1])
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if cited < 20 {
		t.Errorf("only %d citations found: the search itself is broken", cited)
	}
}
