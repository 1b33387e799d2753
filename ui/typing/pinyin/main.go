// Command pinyin spells for the terminal's screen: it reads one spelling.Request a line and writes one spelling.Answer a
// line, until its input ends. Its argument is the folder of its schemas. It is a process of its own because librime is
// not ours and must not be asked from two threads; it writes no file.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"yimen/ui/typing/spelling"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: pinyin FOLDER")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "pinyin:", err)
		os.Exit(1)
	}
}

func run(folder string, in io.Reader, out io.Writer) error {
	e, err := open(folder)
	if err != nil {
		return err
	}
	defer e.close()
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		var r spelling.Request
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil || !r.Valid() {
			return spelling.ErrRequest
		}
		if err := json.NewEncoder(out).Encode(e.spell(r)); err != nil {
			return fmt.Errorf("answer: %w", err)
		}
	}
	return lines.Err()
}
