package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestDefinitionsCannotMakeRoomForText(t *testing.T) {
	event := func(rest string) string { return "events:\n  - {name: a-thing, says: It happened., " + rest + "}\n" }
	for name, text := range map[string]string{
		"a field of text":              event("fields: [{name: who, type: text, says: a name}]"),
		"a field of a Go type":         event("fields: [{name: who, type: string, says: a name}]"),
		"a field without a type":       event("fields: [{name: who, says: a name}]"),
		"a field with words and type":  event("fields: [{name: who, type: count, one of: [me], says: a name}]"),
		"a word that is none":          event("fields: [{name: who, one of: ['me, you'], says: a name}]"),
		"a field without a meaning":    event("fields: [{name: who, type: id}]"),
		"a field of another's name":    event("fields: [{name: intent, type: count, says: a number}]"),
		"an unknown key":               event("text: free"),
		"an outcome without an intent": event("closes: nothing"),
		"a name that is no word":       "events:\n  - {name: 'A thing', says: It happened.}\n",
	} {
		if d, err := read([]byte(text)); err == nil {
			t.Errorf("%s is taken: %+v", name, d)
		}
	}
	if _, err := read([]byte(event("fields: [{name: many, type: count, says: how many}]"))); err != nil {
		t.Errorf("a sound one is refused: %v", err)
	}
}

// TestEveryEventIsDocumented: the page in the repository has each event of events.yaml, and each of its fields.
func TestEveryEventIsDocumented(t *testing.T) {
	b, err := os.ReadFile(filepath.Join("..", "events.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	d, err := read(b)
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join("..", "EVENTS.md"))
	if err != nil {
		t.Fatal(err)
	}
	want, err := fill(pageTemplate, d)
	if err != nil || string(want) != string(page) {
		t.Errorf("EVENTS.md is out of date (%v): go generate ./kiosk/journal", err)
	}
	for _, e := range d.Events {
		_, section, found := strings.Cut(string(page), "\n## "+e.Name+"\n")
		section, _, _ = strings.Cut(section, "\n## ")
		for _, f := range e.Fields {
			found = found && strings.Contains(section, "| `"+f.Name+"` |")
		}
		if !found {
			t.Errorf("%s or one of its fields is not documented", e.Name)
		}
	}
}
