// Command define makes the journal's Go code and its page of documentation out of events.yaml, in the folder it
// is run in.
package main

import (
	"bytes"
	_ "embed"
	"fmt"
	"go/format"
	"os"
	"regexp"
	"strings"
	"text/template"

	"github.com/goccy/go-yaml"
)

//go:embed events.go.tmpl
var codeTemplate string

//go:embed EVENTS.md.tmpl
var pageTemplate string

// definitions is events.yaml.
type definitions struct {
	Events []event `yaml:"events"`
}

type event struct {
	Name   string  `yaml:"name"`
	Says   string  `yaml:"says"`
	Intent bool    `yaml:"intent"`
	Closes string  `yaml:"closes"` // the intent whose number it carries
	Fields []field `yaml:"fields"`
}

// field has either a type or the words it is one of.
type field struct {
	Name  string   `yaml:"name"`
	Type  string   `yaml:"type"`
	OneOf []string `yaml:"one of"`
	Says  string   `yaml:"says"`
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "define:", err)
		os.Exit(1)
	}
}

func run() error {
	b, err := os.ReadFile("events.yaml")
	if err != nil {
		return err
	}
	d, err := read(b)
	if err != nil {
		return fmt.Errorf("events.yaml: %w", err)
	}
	code, err := fill(codeTemplate, d)
	if err != nil {
		return err
	}
	if code, err = format.Source(code); err != nil {
		return err
	}
	page, err := fill(pageTemplate, d)
	if err != nil {
		return err
	}
	if err := os.WriteFile("events.go", code, 0o644); err != nil {
		return err
	}
	return os.WriteFile("EVENTS.md", page, 0o644)
}

var word = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// read reads the definitions and refuses what the journal must not be able to say.
func read(b []byte) (definitions, error) {
	var d definitions
	if err := yaml.NewDecoder(bytes.NewReader(b), yaml.Strict()).Decode(&d); err != nil {
		return d, err
	}
	intents := make(map[string]bool)
	for _, e := range d.Events {
		if !word.MatchString(e.Name) || e.Says == "" {
			return d, fmt.Errorf("event %q: want a name of small letters and what it says", e.Name)
		}
		if e.Closes != "" && !intents[e.Closes] {
			return d, fmt.Errorf("event %s: no intent %s stands before it", e.Name, e.Closes)
		}
		for _, f := range e.Fields {
			if err := f.check(); err != nil {
				return d, fmt.Errorf("event %s: %w", e.Name, err)
			}
		}
		intents[e.Name] = e.Intent
	}
	return d, nil
}

func (f field) check() error {
	if !word.MatchString(f.Name) || f.Name == "intent" || f.Says == "" {
		return fmt.Errorf("field %q: want a name of small letters and what it says", f.Name)
	}
	if len(f.OneOf) > 0 {
		for _, w := range f.OneOf {
			if !word.MatchString(w) {
				return fmt.Errorf("field %s: %q is no word", f.Name, w)
			}
		}
		if f.Type != "" {
			return fmt.Errorf("field %s: has words and a type", f.Name)
		}
		return nil
	}
	if f.Type != "count" && f.Type != "id" {
		return fmt.Errorf("field %s: type %q, want count, id or one of some words", f.Name, f.Type)
	}
	return nil
}

func fill(text string, d definitions) ([]byte, error) {
	t, err := template.New("").Funcs(template.FuncMap{"name": goName, "type": goType, "lower": lowerFirst, "join": strings.Join}).Parse(text)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = t.Execute(&b, d)
	return b.Bytes(), err
}

// goName makes print-ended PrintEnded.
func goName(s string) string {
	var b strings.Builder
	for part := range strings.SplitSeq(s, "-") {
		b.WriteString(strings.ToUpper(part[:1]) + part[1:])
	}
	return b.String()
}

// goType is the Go type of an event's field.
func goType(e event, f field) string {
	switch f.Type {
	case "count":
		return "uint32"
	case "id":
		return "ID"
	}
	return goName(e.Name) + goName(f.Name)
}

func lowerFirst(s string) string { return strings.ToLower(s[:1]) + s[1:] }
