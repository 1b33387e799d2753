// Package enrol makes a terminal known to central: by a one-time code its own keys are certified, and before a
// certificate ends it asks for the next one by itself.
package enrol

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"yimen/kiosk/central"
	"yimen/kiosk/central/enrolcode"
	"yimen/provisioning/identity"
)

// What may stand in the way of an enrolment, by what the technician does.
var (
	// ErrHall: whoever answers is not the hall that gave out the code. Nothing was told to it.
	ErrHall = errors.New("whoever answers there is not the hub that the code is for")
	// ErrCode: the hub does not take the code. Have a new one made.
	ErrCode = errors.New("the hub does not take this code")
)

// greeting is how a terminal without a certificate is let in: it names the enrolment, and what it then speaks.
var greeting = []string{central.EnrolProtocol, "http/1.1"}

const patience = 30 * time.Second // for each of the two questions

// Enrol makes a terminal's keys, has the hub at address (https://host[:port]) certify them by a one-time code, and
// puts all that a terminal has into the folder dir, which must not hold anything yet. The keys are made here and go
// nowhere. If want names a terminal, the code must be for it. The terminal's name comes back.
func Enrol(ctx context.Context, address, text, want, dir string) (terminal string, err error) {
	code, err := enrolcode.Parse(text)
	if err != nil {
		return "", err
	}
	hub, err := url.Parse(address)
	if err != nil || hub.Scheme != "https" || hub.Host == "" || strings.Trim(hub.Path, "/") != "" {
		return "", fmt.Errorf("hub %q: want https://host[:port]", address)
	}
	hub.Path = ""
	if files, err := os.ReadDir(dir); len(files) > 0 || err != nil && !errors.Is(err, os.ErrNotExist) {
		return "", fmt.Errorf("terminal's folder: %s is already in use", dir) // before the code is spent
	}
	card, err := cardOf(ctx, hub, code)
	if err != nil {
		return "", err
	}
	device, err := identity.NewDevice()
	if err != nil {
		return "", err
	}
	chain, err := certify(ctx, hub, code, card, device)
	if err != nil {
		return "", err
	}
	terminal, err = device.Settle(dir, card, chain)
	if err == nil && want != "" && terminal != want {
		return "", errors.Join(fmt.Errorf("the code is for terminal %s, not %s: have one made for %s", terminal, want, want), os.RemoveAll(dir))
	}
	return terminal, err
}

// cardOf fetches the hall's card from a hub that is not known yet, and believes it by the fingerprint in the code.
func cardOf(ctx context.Context, hub *url.URL, code enrolcode.Code) (identity.Card, error) {
	// Nothing is told on this connection, and what comes is believed by its own signature.
	strange := &tls.Config{MinVersion: tls.VersionTLS13, NextProtos: greeting, InsecureSkipVerify: true}
	signed, err := exchange(ctx, strange, http.MethodGet, hub.String()+central.CardPath, nil, http.StatusOK)
	if err != nil {
		return identity.Card{}, fmt.Errorf("ask for the hall's card: %w", err)
	}
	card, err := identity.OpenCard(signed)
	if err != nil {
		return identity.Card{}, fmt.Errorf("%w: %w", ErrHall, err)
	}
	if !code.IsOf(card.Fingerprint()) {
		return identity.Card{}, fmt.Errorf("%w: its authority is %x", ErrHall, card.Fingerprint())
	}
	return card, nil
}

// certify tells the code to a hub that the hall's authority certified.
func certify(ctx context.Context, hub *url.URL, code enrolcode.Code, card identity.Card, device *identity.Device) ([]byte, error) {
	request, err := device.Request()
	if err != nil {
		return nil, err
	}
	signing, err := device.Signing.Verifier().MarshalPEM()
	if err != nil {
		return nil, fmt.Errorf("terminal's signing key: %w", err)
	}
	body, err := json.Marshal(central.Enrolment{Code: code.Told(), Request: request, Signing: signing})
	if err != nil {
		return nil, fmt.Errorf("ask for a certificate: %w", err)
	}
	known := &tls.Config{MinVersion: tls.VersionTLS13, NextProtos: greeting, RootCAs: card.Roots(),
		VerifyConnection: func(s tls.ConnectionState) error {
			if role, name, err := identity.Peer(&s); err != nil || role != identity.RoleHub {
				return fmt.Errorf("%w: it is %s %s", ErrHall, role, name)
			}
			return nil
		}}
	answer, err := exchange(ctx, known, http.MethodPost, hub.String()+central.EnrolmentPath, body, http.StatusCreated)
	var problem *central.Problem
	if errors.As(err, &problem) && problem.Code == central.CodeForbidden {
		err = fmt.Errorf("%w: %w", ErrCode, err)
	}
	if err != nil {
		return nil, fmt.Errorf("ask for a certificate: %w", err)
	}
	var got central.Certificate
	if err := json.Unmarshal(answer, &got); err != nil {
		return nil, fmt.Errorf("ask for a certificate: %w", err)
	}
	return got.Chain, nil
}

// exchange asks once, on a connection of its own.
func exchange(ctx context.Context, by *tls.Config, method, address string, body []byte, want int) ([]byte, error) {
	ctx, stop := context.WithTimeout(ctx, patience)
	defer stop()
	r, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	client := http.Client{
		Transport:     &http.Transport{TLSClientConfig: by, DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	answer, err := client.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, identity.MaxCard))
	if err != nil {
		return nil, err
	}
	if answer.StatusCode == want {
		return text, nil
	}
	problem := &central.Problem{}
	if json.Unmarshal(text, problem) == nil && problem.Code != "" {
		return nil, problem
	}
	return nil, fmt.Errorf("%w: status %d", central.ErrNotCentral, answer.StatusCode)
}
