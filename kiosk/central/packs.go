package central

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
)

// PacksPath is where the repository of policy packs begins, and PackArchivesPath where its archives do.
const (
	PacksPath        = "/v1/packs/"
	PackArchivesPath = PacksPath + "targets/"
)

// ReleasesPath is where the repository of the software's releases begins, and ReleaseArchivesPath where its archives do.
const (
	ReleasesPath        = "/v1/releases/"
	ReleaseArchivesPath = ReleasesPath + "targets/"
)

// Media types of a repository's files.
const (
	MediaMetadata = "application/json"
	MediaArchive  = "application/x-tar"
)

// PackFile gives one file of the repository of policy packs, such as timestamp.json, read only up to limit bytes.
// Nothing of it is verified. Its error wraps fs.ErrNotExist exactly when central says that there is no such file.
// For a terminal.
func (c *Client) PackFile(ctx context.Context, name string, limit int64) ([]byte, error) {
	return c.file(ctx, PacksPath, name, limit)
}

// ReleaseFile does the same for one file of the repository of the software's releases.
func (c *Client) ReleaseFile(ctx context.Context, name string, limit int64) ([]byte, error) {
	return c.file(ctx, ReleasesPath, name, limit)
}

// file fetches one file of a repository that begins at path.
func (c *Client) file(ctx context.Context, path, name string, limit int64) ([]byte, error) {
	if !fs.ValidPath(name) {
		return nil, fmt.Errorf("fetch %q: not a file's name", name)
	}
	r, err := c.request(ctx, http.MethodGet, path+name, nil)
	if err != nil {
		return nil, err
	}
	answer, err := c.http.Do(r)
	if err != nil {
		return nil, fmt.Errorf("fetch %s: %w", path+name, err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK || !hasMedia(answer, MediaMetadata) && !hasMedia(answer, MediaArchive) {
		err := refusal(answer)
		var problem *Problem
		if errors.As(err, &problem) && problem.Code == CodeNotFound {
			err = fmt.Errorf("%w: %w", fs.ErrNotExist, err)
		}
		return nil, fmt.Errorf("fetch %s: %w", path+name, err)
	}
	data, err := readAtMost(answer.Body, limit)
	if err != nil {
		return nil, fmt.Errorf("fetch %s: %w", path+name, err)
	}
	return data, nil
}
