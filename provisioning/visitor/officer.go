package visitor

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"time"
)

// Officer works cases at the bureau's desk as a browser would.
type Officer struct {
	desk string // address without the slash at its end
	http http.Client
}

// SignIn lets an officer in at the desk.
func SignIn(ctx context.Context, desk, id, password string) (*Officer, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	o := &Officer{desk: strings.TrimSuffix(desk, "/"), http: http.Client{Jar: jar, Timeout: patience}}
	_, at, err := o.ask(ctx, http.MethodPost, "/cases/sign-in", url.Values{"id": {id}, "password": {password}})
	if err == nil && strings.HasPrefix(at, "/cases/sign-in") {
		err = fmt.Errorf("officer %s was not let in", id)
	}
	return o, err
}

// Case waits until an envelope is filed, and gives the number of its case.
func (o *Officer) Case(ctx context.Context, envelope string) (string, error) {
	for end := time.Now().Add(patience); ; {
		_, at, err := o.ask(ctx, http.MethodGet, "/cases/of/"+envelope, nil)
		if no, ok := strings.CutPrefix(at, "/cases/case/"); err == nil && ok {
			return no, nil
		}
		if time.Now().After(end) {
			return "", fmt.Errorf("envelope %s is in no case: at %s, %w", envelope, at, err)
		}
		if err := sleep(ctx, 100*time.Millisecond); err != nil {
			return "", err
		}
	}
}

// Act takes a step of a case, such as ACCEPTED, with what its form asks for.
func (o *Officer) Act(ctx context.Context, no, step string, fields url.Values) error {
	form := url.Values{"word": {"send"}}
	for name, values := range fields {
		form[name] = values
	}
	page, at, err := o.ask(ctx, http.MethodPost, "/cases/case/"+no+"/act/"+step, form)
	if err == nil && at != "/cases/case/"+no {
		err = fmt.Errorf("step %s of case %s is not taken: %q", step, no, firstWords(tag.ReplaceAllString(page, " ")))
	}
	return err
}

// ask gives a page, and the path on which it stands after redirections.
func (o *Officer) ask(ctx context.Context, method, path string, form url.Values) (page, at string, err error) {
	req, err := http.NewRequestWithContext(ctx, method, o.desk+path, strings.NewReader(form.Encode()))
	if err != nil {
		return "", "", err
	}
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	resp, err := o.http.Do(req)
	if err != nil {
		return "", "", fmt.Errorf("desk: %w", err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return "", "", fmt.Errorf("desk: %w", err)
	}
	if resp.StatusCode != http.StatusOK {
		return string(body), resp.Request.URL.Path, fmt.Errorf("desk: %s: %s: %q", path, resp.Status, firstWords(tag.ReplaceAllString(string(body), " ")))
	}
	return string(body), resp.Request.URL.Path, nil
}
