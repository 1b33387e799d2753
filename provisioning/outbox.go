package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"text/tabwriter"

	"yimen/kiosk/outbox"
	"yimen/provisioning/config"
	"yimen/provisioning/selftest"
)

// queued tells what a terminal has not delivered, or puts back what was set aside: provisioning outbox
// [-config FILE] [list | put-back ID... | put-back all]. The daemon is asked, so it must run.
func queued(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("outbox", flag.ContinueOnError)
	file := flags.String("config", "/etc/yimen/terminal.yaml", "the terminal's config `file`")
	if err := parse(flags, args, out); err != nil {
		return err
	}
	what := flags.Arg(0)
	if what != "" && what != "list" && (what != "put-back" || flags.NArg() < 2) {
		return usageError{"want [-config FILE] list, put-back ID..., or put-back all"}
	}
	cfg, err := config.Read(*file)
	if err != nil {
		return err
	}
	if what == "put-back" {
		return putBack(ctx, cfg.Data, flags.Args()[1:], out)
	}
	return listQueued(ctx, cfg.Data, out)
}

// listQueued shows every entry that is not delivered, with its cause on a line of its own.
func listQueued(ctx context.Context, data string, out io.Writer) error {
	list, err := undelivered(ctx, data)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, e := range list {
		fmt.Fprintf(table, "%s\t%s\t%s\t%d kB\tsince %s\t%d tries\n", e.ID, e.State, e.Kind, e.Size/1000, e.PutAt.Local().Format("2006-01-02 15:04"), e.Attempts)
		if e.Problem != "" {
			fmt.Fprintf(table, "  %s\n", e.Problem)
		}
	}
	fmt.Fprintf(table, "%d not delivered\n", len(list))
	return table.Flush()
}

// undelivered is what the daemon has not delivered.
func undelivered(ctx context.Context, data string) (list []outbox.Summary, err error) {
	answer, err := askOutbox(ctx, data, outbox.ListPath, nil, http.StatusOK)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if err := json.NewDecoder(answer.Body).Decode(&list); err != nil {
		return nil, fmt.Errorf("the daemon's answer: %w", err)
	}
	return list, nil
}

// putBack lets entries be sent again. It tries all of them; "all" is whatever is aside, as after a terminal was unknown to
// central for a while.
func putBack(ctx context.Context, data string, ids []string, out io.Writer) error {
	if slices.Equal(ids, []string{"all"}) {
		list, err := undelivered(ctx, data)
		if err != nil {
			return err
		}
		ids = nil
		for _, e := range list {
			if e.State == outbox.Quarantined {
				ids = append(ids, e.ID)
			}
		}
	}
	var failed error
	for _, id := range ids {
		answer, err := askOutbox(ctx, data, outbox.PutBackPath, url.Values{"id": {id}}, http.StatusNoContent)
		if err != nil {
			failed = errors.Join(failed, err)
			continue
		}
		answer.Body.Close()
		fmt.Fprintf(out, "%s waits again\n", id)
	}
	return failed
}

// askOutbox asks the daemon; the caller closes the answer. A status other than want is an error in the daemon's words.
func askOutbox(ctx context.Context, data, path string, query url.Values, want int) (*http.Response, error) {
	answer, err := selftest.Post(ctx, data, path, query)
	if err != nil || answer.StatusCode == want {
		return answer, err
	}
	why, err := io.ReadAll(io.LimitReader(answer.Body, 1<<10))
	return nil, errors.Join(fmt.Errorf("ask the daemon: %s", strings.TrimSpace(string(why))), err, answer.Body.Close())
}
