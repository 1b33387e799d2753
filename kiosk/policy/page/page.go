// Package page reads one file of a policy pack strictly: YAML into plain structs, every value with the line it
// stands on, and all faults of the file in one go.
package page

import (
	"encoding"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// Limits for a file, which may come from anywhere until its pack's signature is checked. The parser's time grows
// with the square of what it must tell apart, so marks and lines are counted before it starts; at these limits
// the worst files take it about a second.
const (
	MaxBytes = 128 << 10
	maxMarks = 16_000 // line ends and characters that mean something to YAML
	maxDepth = 24     // of nesting
)

// Fault is one thing wrong with a pack: where, what, and what to do about it.
type Fault struct {
	File string
	Line int
	Text string
}

func (f *Fault) Error() string { return fmt.Sprintf("%s:%d: %s", f.File, f.Line, f.Text) }

// Page is one file of a pack: which line each value stands on, and what is wrong with it.
type Page struct {
	File   string
	Faults []error // each a *Fault

	lines map[string]int // by path such as params[2].periods[0].unit
}

func (p *Page) fault(line int, format string, args ...any) {
	p.Faults = append(p.Faults, &Fault{p.File, line, fmt.Sprintf(format, args...)})
}

// At reports a fault at the value under path, or at the nearest thing around it that stands in the file.
func (p *Page) At(path, format string, args ...any) {
	for around := path; ; {
		if line, ok := p.lines[around]; ok {
			p.fault(line, format, args...)
			return
		}
		i := strings.LastIndexAny(around, ".[")
		if i < 0 {
			p.fault(1, format, args...)
			return
		}
		around = around[:i]
	}
}

// Read decodes YAML into the struct that into points at, by its yaml tags. It is strict: an unknown or
// repeated key, a value of another kind, an anchor or a second document are faults, and all faults of a file
// are found in one go. Text is never guessed from a number: code: 0101 must be written in quotes. Scalars that
// are encoding.TextUnmarshalers read their own word.
func (p *Page) Read(data []byte, into any) {
	p.lines = map[string]int{}
	if len(data) > MaxBytes {
		p.fault(1, "file of %d bytes: at most %d", len(data), MaxBytes)
		return
	}
	if n := marks(data); n > maxMarks {
		p.fault(1, "file with %d marks and lines: at most %d: spread it over several files", n, maxMarks)
		return
	}
	if line := tooDeep(data); line > 0 {
		p.fault(line, "nested deeper than %d: no pack needs that", maxDepth)
		return
	}
	f, err := parser.ParseBytes(data, 0)
	if err != nil {
		p.syntax(err)
		return
	}
	if len(f.Docs) != 1 || f.Docs[0].Body == nil {
		p.fault(1, "want exactly one document in a file")
		return
	}
	p.value(f.Docs[0].Body, reflect.ValueOf(into).Elem(), "")
}

func (p *Page) syntax(err error) {
	var at interface{ GetToken() *token.Token }
	if errors.As(err, &at) && at.GetToken() != nil {
		text, _, _ := strings.Cut(err.Error(), "\n")
		p.fault(at.GetToken().Position.Line, "not YAML: %s", text)
		return
	}
	p.fault(1, "not YAML: %v", err)
}

// marks counts what makes a parser's work.
func marks(data []byte) (n int) {
	for _, c := range data {
		if strings.IndexByte("\n\r:,[]{}&*!|>'\"%@`#?-", c) >= 0 {
			n++
		}
	}
	return n
}

// tooDeep gives the line on which brackets or indentation go deeper than any pack needs, before the parser's
// recursion does.
func tooDeep(data []byte) int {
	line, indent, depth, fresh := 1, 0, 0, true
	for _, c := range data {
		switch {
		case c == '\n':
			line, indent, fresh = line+1, 0, true
			continue
		case fresh && (c == ' ' || c == '-' || c == '?'):
			indent++
		case c == '[' || c == '{':
			depth++
			fresh = false
		case (c == ']' || c == '}') && depth > 0:
			depth--
			fresh = false
		default:
			fresh = false
		}
		if depth > maxDepth || fresh && indent > 4*maxDepth {
			return line
		}
	}
	return 0
}

func lineOf(n ast.Node) int {
	if t := n.GetToken(); t != nil && t.Position != nil {
		return t.Position.Line
	}
	return 1
}

func (p *Page) value(n ast.Node, v reflect.Value, path string) {
	p.lines[path] = lineOf(n)
	switch n.(type) {
	case *ast.AnchorNode, *ast.AliasNode, *ast.MergeKeyNode, *ast.TagNode:
		p.fault(lineOf(n), "%s: anchors, aliases, merges and tags have no place in a pack: write it out", path)
		return
	case *ast.NullNode:
		p.fault(lineOf(n), "%s is empty: give it a value or leave the key out", path)
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		p.mapping(n, path, func(key string, line int, child ast.Node) {
			field, ok := fieldOf(v, key)
			if !ok {
				p.fault(line, "%s: unknown key %q; known: %s", path, key, strings.Join(keysOf(v.Type()), ", "))
				return
			}
			p.value(child, field, join(path, key))
			p.lines[join(path, key)] = line
		})
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		p.mapping(n, path, func(key string, _ int, child ast.Node) {
			e := reflect.New(v.Type().Elem()).Elem()
			p.value(child, e, join(path, key))
			v.SetMapIndex(reflect.ValueOf(key).Convert(v.Type().Key()), e)
		})
	case reflect.Slice:
		p.sequence(n, v, path)
	default:
		p.scalar(n, v, path)
	}
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

func (p *Page) mapping(n ast.Node, path string, each func(key string, line int, child ast.Node)) {
	var pairs []*ast.MappingValueNode
	switch n := n.(type) {
	case *ast.MappingNode:
		pairs = n.Values
	case *ast.MappingValueNode:
		pairs = []*ast.MappingValueNode{n}
	default:
		p.fault(lineOf(n), "%s: want keys and values, found %s", path, n.Type())
		return
	}
	seen := map[string]bool{}
	for _, pair := range pairs {
		key, line := pair.Key.GetToken().Value, pair.Key.GetToken().Position.Line
		if seen[key] {
			p.fault(line, "%s: key %q stands here twice", path, key)
			continue
		}
		seen[key] = true
		each(key, line, pair.Value)
	}
}

func (p *Page) sequence(n ast.Node, v reflect.Value, path string) {
	list, ok := n.(*ast.SequenceNode)
	if !ok {
		p.fault(lineOf(n), "%s: want a list, found %s", path, n.Type())
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(list.Values), len(list.Values)))
	for i, child := range list.Values {
		p.value(child, v.Index(i), fmt.Sprintf("%s[%d]", path, i))
	}
}

func (p *Page) scalar(n ast.Node, v reflect.Value, path string) {
	line, word := lineOf(n), strings.TrimSpace(n.GetToken().Value)
	if own, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
		if err := own.UnmarshalText([]byte(word)); err != nil {
			p.fault(line, "%s: %v", path, err)
		}
		return
	}
	switch v.Kind() {
	case reflect.String:
		switch n := n.(type) {
		case *ast.StringNode:
			v.SetString(n.Value)
		case *ast.LiteralNode:
			v.SetString(strings.TrimRight(n.Value.Value, "\n"))
		default:
			p.fault(line, "%s: want text, found %q: put it in quotes", path, word)
		}
	case reflect.Bool:
		b, ok := n.(*ast.BoolNode)
		if !ok {
			p.fault(line, "%s: want true or false, found %q", path, word)
			return
		}
		v.SetBool(b.Value)
	case reflect.Int, reflect.Int64:
		i, err := strconv.ParseInt(word, 10, 64)
		if _, ok := n.(*ast.IntegerNode); !ok || err != nil {
			p.fault(line, "%s: want a whole number, found %q", path, word)
			return
		}
		v.SetInt(i)
	}
}

func fieldOf(v reflect.Value, key string) (reflect.Value, bool) {
	for i := range v.NumField() {
		if tag := v.Type().Field(i).Tag.Get("yaml"); tag == key && key != "" {
			return v.Field(i), true
		}
	}
	return reflect.Value{}, false
}

func keysOf(t reflect.Type) (keys []string) {
	for i := range t.NumField() {
		if tag := t.Field(i).Tag.Get("yaml"); tag != "" {
			keys = append(keys, tag)
		}
	}
	return keys
}
