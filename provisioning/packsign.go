package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/theupdateframework/go-tuf/v2/metadata"

	"yimen/kiosk/inbox"
	"yimen/kiosk/policy"
	"yimen/provisioning/repository"
)

const day = 24 * time.Hour

// newKey draws a signer's or a publisher's key: provisioning pack new-key FILE.
func newKey(args []string, out io.Writer) error {
	flags := flag.NewFlagSet("pack new-key", flag.ContinueOnError)
	if err := parse(flags, args, out); err != nil {
		return err
	}
	if flags.NArg() != 1 {
		return usageError{"want new-key FILE"}
	}
	file := flags.Arg(0)
	if err := repository.NewKey(file); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "made %s: it stays with its owner; give %s away\n", file, file+repository.Public)
	return err
}

// elect names who may sign: provisioning pack elect -online FILE.pub REPOSITORY SIGNER.pub SIGNER.pub…
func elect(args []string, out io.Writer) error {
	flags := flag.NewFlagSet("pack elect", flag.ContinueOnError)
	online := flags.String("online", "", "public key of whoever publishes")
	days := flags.Int("days", 3*365, "days until signers must be elected again")
	if err := parse(flags, args, out); err != nil {
		return err
	}
	if *online == "" || flags.NArg() < 1+inbox.Signers {
		return usageError{"want elect -online FILE.pub REPOSITORY SIGNER.pub SIGNER.pub..."}
	}
	publisher, err := repository.ReadPublic(*online)
	if err != nil {
		return err
	}
	var signers []*metadata.Key
	for _, file := range flags.Args()[1:] {
		k, err := repository.ReadPublic(file)
		if err != nil {
			return err
		}
		signers = append(signers, k)
	}
	if err := repository.At(flags.Arg(0)).Elect(signers, publisher, in(*days)); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "staged: %d signers, of whom %d must sign\n", len(signers), inbox.Signers)
	return err
}

// signPacks approves editions: provisioning pack sign -key FILE REPOSITORY PACK…
func signPacks(args []string, out io.Writer) error {
	flags := flag.NewFlagSet("pack sign", flag.ContinueOnError)
	file := flags.String("key", "", "the signer's key")
	days := flags.Int("days", 365, "days until the editions must be signed again, if nobody has signed them yet")
	if err := parse(flags, args, out); err != nil {
		return err
	}
	if *file == "" || flags.NArg() < 1 {
		return usageError{"want sign -key FILE REPOSITORY PACK..."}
	}
	key, err := repository.ReadKey(*file)
	if err != nil {
		return err
	}
	var copies []repository.Copy
	for _, dir := range flags.Args()[1:] {
		pack, err := policy.Load(dir)
		if err != nil {
			return err
		}
		c := repository.Copy{ID: pack.ID}
		if c.Archive, err = archive(dir, pack.ID); err != nil {
			return err
		}
		if _, err := fmt.Fprintf(out, "%s edition %s %s\n", pack.ID, pack.Edition, pack.Digest); err != nil {
			return err
		}
		copies = append(copies, c)
	}
	if err := repository.At(flags.Arg(0)).Approve(key, copies, in(*days)); err != nil {
		return err
	}
	_, err = fmt.Fprintln(out, "signed")
	return err
}

// archive packs a folder up with the national edition beside it.
func archive(dir, id string) ([]byte, error) {
	whole, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("archive pack: %w", err)
	}
	root, err := os.OpenRoot(filepath.Dir(whole))
	if err != nil {
		return nil, fmt.Errorf("archive pack: %w", err)
	}
	defer root.Close()
	return inbox.Archive(root.FS(), id)
}

// publish brings what two have signed to the hub: provisioning pack publish -key FILE -to HUB REPOSITORY.
func publish(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("pack publish", flag.ContinueOnError)
	file := flags.String("key", "", "the publisher's key")
	to := flags.String("to", "", "folder that the hub offers (hub intake -packs)")
	days := flags.Int("days", 7, "days until terminals want to hear again what is newest")
	if err := parse(flags, args, out); err != nil {
		return err
	}
	if *file == "" || *to == "" || flags.NArg() != 1 {
		return usageError{"want publish -key FILE -to HUB REPOSITORY"}
	}
	key, err := repository.ReadKey(*file)
	if err != nil {
		return err
	}
	packs, err := repository.At(flags.Arg(0)).Publish(ctx, key, *to, time.Now(), in(*days))
	for _, p := range packs {
		if _, err := fmt.Fprintf(out, "in force: %s edition %s %s\n", p.ID, p.Edition, p.Digest); err != nil {
			return err
		}
	}
	return err
}

// verifyPack looks at a repository as a terminal would: provisioning pack verify -root FILE REPOSITORY PACK-ID.
func verifyPack(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("pack verify", flag.ContinueOnError)
	file := flags.String("root", "", "the root that the terminal was given")
	if err := parse(flags, args, out); err != nil {
		return err
	}
	if *file == "" || flags.NArg() != 2 {
		return usageError{"want verify -root FILE REPOSITORY PACK-ID"}
	}
	root, err := os.ReadFile(*file)
	if err != nil {
		return fmt.Errorf("trusted root: %w", err)
	}
	p, err := inbox.Verify(ctx, root, inbox.Folder(flags.Arg(0)), flags.Arg(1), time.Now())
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s edition %s %s\n", p.ID, p.Edition, p.Digest)
	return err
}

func in(days int) time.Time { return time.Now().Add(time.Duration(days) * day) }
