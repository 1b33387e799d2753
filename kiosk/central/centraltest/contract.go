package centraltest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// Contract holds traffic against openapi.yaml.
type Contract struct {
	routes []route
	mu     sync.Mutex
	seen   map[string]bool
}

type route struct {
	name string // as the contract writes it
	path *regexp.Regexp
	item *openapi3.PathItem
}

// LoadContract reads openapi.yaml, which must be sound itself.
func LoadContract(t testing.TB, file string) *Contract {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromFile(file)
	if err != nil {
		t.Fatalf("load contract: %v", err)
	}
	if err := doc.Validate(context.Background()); err != nil {
		t.Fatalf("contract is not OpenAPI: %v", err)
	}
	c := &Contract{seen: map[string]bool{}}
	variable := regexp.MustCompile(`\\\{(\w+)\\\}`)
	for path, item := range doc.Paths.Map() {
		pattern := variable.ReplaceAllString(regexp.QuoteMeta(path), `(?P<$1>[^/]+)`)
		c.routes = append(c.routes, route{path, regexp.MustCompile("^" + pattern + "$"), item})
	}
	return c
}

// Operations lists the ids of the contract's operations whose path begins with one of paths.
func (c *Contract) Operations(paths ...string) []string {
	var ids []string
	for _, r := range c.routes {
		if !slices.ContainsFunc(paths, func(path string) bool { return strings.HasPrefix(r.name, path) }) {
			continue
		}
		for _, op := range r.item.Operations() {
			ids = append(ids, op.OperationID)
		}
	}
	slices.Sort(ids)
	return ids
}

// Seen tells whether an operation was answered with this status.
func (c *Contract) Seen(operation string, status int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.seen[operation+" "+strconv.Itoa(status)]
}

// Watch passes requests on to central and reports every request that was granted though the contract does not know
// it, and every answer that the contract does not promise.
func (c *Contract) Watch(t testing.TB, central http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked := &keptBody{ReadCloser: r.Body}
		r.Body = asked
		answer := &keptAnswer{ResponseWriter: w, status: http.StatusOK}
		central.ServeHTTP(answer, r)
		if err := c.check(r, asked.body.Bytes(), answer); err != nil {
			t.Errorf("%s %s → %d breaks the contract: %v", r.Method, r.URL.Path, answer.status, err)
		}
	})
}

func (c *Contract) check(r *http.Request, asked []byte, answer *keptAnswer) error {
	for _, known := range c.routes {
		values := known.path.FindStringSubmatch(r.URL.Path)
		if values == nil {
			continue
		}
		op := known.item.GetOperation(r.Method)
		if op == nil {
			break
		}
		c.mu.Lock()
		c.seen[op.OperationID+" "+strconv.Itoa(answer.status)] = true
		c.mu.Unlock()
		if answer.status < 400 {
			parameters := append(slices.Clone(known.item.Parameters), op.Parameters...)
			if err := checkRequest(r, asked, op, parameters, known.path, values); err != nil {
				return fmt.Errorf("request: %w", err)
			}
		}
		return checkAnswer(r, op, answer)
	}
	if answer.status >= 300 && answer.status < 500 {
		return nil
	}
	return fmt.Errorf("no such route")
}

func checkRequest(r *http.Request, body []byte, op *openapi3.Operation, parameters openapi3.Parameters, path *regexp.Regexp, values []string) error {
	known := map[string]bool{}
	for _, ref := range parameters {
		p := ref.Value
		var value string
		switch p.In {
		case "path":
			value = values[path.SubexpIndex(p.Name)]
		case "query":
			value, known[p.Name] = r.URL.Query().Get(p.Name), true
		case "header":
			value = r.Header.Get(p.Name)
		}
		if value == "" {
			if p.Required {
				return fmt.Errorf("%s %s is required", p.In, p.Name)
			}
			continue
		}
		if err := visitText(p.Schema.Value, value); err != nil {
			return fmt.Errorf("%s %s: %w", p.In, p.Name, err)
		}
	}
	for name := range (url.Values)(r.URL.Query()) {
		if !known[name] {
			return fmt.Errorf("query %s is unknown", name)
		}
	}
	if op.RequestBody == nil {
		if len(body) > 0 {
			return fmt.Errorf("%d bytes of body, none expected", len(body))
		}
		return nil
	}
	return visitBody(op.RequestBody.Value.Content, r.Header.Get("Content-Type"), body)
}

func checkAnswer(r *http.Request, op *openapi3.Operation, answer *keptAnswer) error {
	promised := op.Responses.Value(strconv.Itoa(answer.status))
	if promised == nil {
		return fmt.Errorf("status is not in the contract")
	}
	for name, h := range promised.Value.Headers {
		value := answer.Header().Get(name)
		if value == "" && h.Value.Required {
			return fmt.Errorf("header %s is missing", name)
		}
		if err := visitText(h.Value.Schema.Value, value); err != nil {
			return fmt.Errorf("header %s: %w", name, err)
		}
	}
	if r.Method == http.MethodHead || len(promised.Value.Content) == 0 {
		return nil
	}
	return visitBody(promised.Value.Content, answer.Header().Get("Content-Type"), answer.body.Bytes())
}

func visitText(schema *openapi3.Schema, text string) error {
	if schema.Type.Is("integer") {
		n, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return err
		}
		return schema.VisitJSON(n)
	}
	return schema.VisitJSON(text)
}

func visitBody(content openapi3.Content, header string, body []byte) error {
	media, _, err := mime.ParseMediaType(header)
	if err != nil {
		return fmt.Errorf("content type %q: %w", header, err)
	}
	want := content[media]
	switch {
	case want == nil:
		return fmt.Errorf("content type %s is not in the contract", media)
	case strings.HasSuffix(media, "json"):
		var value any
		if err := json.Unmarshal(body, &value); err != nil {
			return fmt.Errorf("body: %w", err)
		}
		return want.Schema.Value.VisitJSON(value)
	case media == "text/plain":
		return want.Schema.Value.VisitJSON(string(body))
	}
	return nil
}

// keptBody remembers what was read of a request.
type keptBody struct {
	io.ReadCloser
	body bytes.Buffer
}

func (k *keptBody) Read(b []byte) (int, error) {
	n, err := k.ReadCloser.Read(b)
	k.body.Write(b[:n])
	return n, err
}

// keptAnswer remembers what was answered.
type keptAnswer struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

func (k *keptAnswer) WriteHeader(status int) {
	k.status = status
	k.ResponseWriter.WriteHeader(status)
}

func (k *keptAnswer) Write(b []byte) (int, error) {
	k.body.Write(b)
	return k.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (k *keptAnswer) Unwrap() http.ResponseWriter { return k.ResponseWriter }
