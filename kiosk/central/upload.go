package central

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"

	"yimen/kiosk/envelope"
)

// stalls is how many pieces in a row may bring nothing before uploadPart leaves the rest to a later Deliver.
const stalls = 2

// uploadPart sends one part from offset on, by tus 1.0: creation, then a PATCH for each piece. After a cut it asks
// how far central is and goes on from there, as long as something moves.
func (c *Client) uploadPart(ctx context.Context, p Parcel, part envelope.ListPart, offset int64) error {
	size := part.Size
	upload := FilesPath + UploadID(p.ID(), part.No)
	if offset == 0 {
		if err := c.createUpload(ctx, p.ID(), part); err != nil {
			return fmt.Errorf("create upload: %w", err)
		}
	}
	for tries := 0; offset < size; {
		kept, err := c.sendPiece(ctx, p, part, offset, min(c.piece, size-offset))
		if err == nil {
			offset, tries = kept, 0
			continue
		}
		if ctx.Err() != nil {
			return err
		}
		kept, headErr := c.uploadOffset(ctx, upload, size)
		if headErr != nil {
			return err // the first trouble says more than its echo
		}
		if kept <= offset {
			if tries++; tries >= stalls {
				return err
			}
		}
		c.log.InfoContext(ctx, "upload resumed", "envelope", p.ID(), "part", part.No, "offset", kept, "after", err)
		offset = kept
	}
	return nil
}

// createUpload makes sure that the upload exists. What it holds already stays.
func (c *Client) createUpload(ctx context.Context, id string, part envelope.ListPart) error {
	r, err := c.request(ctx, http.MethodPost, FilesPath, nil)
	if err != nil {
		return err
	}
	r.Header.Set("Tus-Resumable", TusVersion)
	r.Header.Set("Upload-Length", strconv.FormatInt(part.Size, 10))
	r.Header.Set("Upload-Metadata", "envelope "+base64Of(id)+",part "+base64Of(strconv.Itoa(part.No)))
	return c.bare(r, http.StatusCreated, nil)
}

// sendPiece sends size bytes of a part from offset on, and gives the offset that central acknowledged.
func (c *Client) sendPiece(ctx context.Context, p Parcel, part envelope.ListPart, offset, size int64) (int64, error) {
	// Each request has a reader of its own: the transport may still be reading after an early answer.
	open := func() (io.ReadCloser, error) { return openPiece(p, part, offset, size) }
	body, err := open()
	if err != nil {
		return 0, err
	}
	r, err := c.request(ctx, http.MethodPatch, FilesPath+UploadID(p.ID(), part.No), body)
	if err != nil {
		return 0, errors.Join(err, body.Close())
	}
	r.ContentLength, r.GetBody = size, open
	r.Header.Set("Tus-Resumable", TusVersion)
	r.Header.Set("Content-Type", MediaPiece)
	r.Header.Set("Upload-Offset", strconv.FormatInt(offset, 10))
	kept := offset
	err = c.bare(r, http.StatusNoContent, func(h http.Header) error {
		kept, err = offsetIn(h, offset+size)
		if err == nil && kept <= offset {
			err = fmt.Errorf("%w: a piece was taken and the offset stayed", ErrNotCentral)
		}
		return err
	})
	return kept, err
}

// piece is a stretch of a part.
type piece struct {
	io.Reader
	io.Closer
}

func openPiece(p Parcel, part envelope.ListPart, offset, size int64) (io.ReadCloser, error) {
	body, total, err := p.Part(part.No)
	if err != nil {
		return nil, err
	}
	if total != part.Size {
		return nil, errors.Join(fmt.Errorf("%w: %d bytes here, %d in the list", ErrRefused, total, part.Size), body.Close())
	}
	if _, err := body.Seek(offset, io.SeekStart); err != nil {
		return nil, errors.Join(fmt.Errorf("seek: %w", err), body.Close())
	}
	return piece{io.LimitReader(body, size), body}, nil
}

// uploadOffset asks how many bytes of an upload are kept.
func (c *Client) uploadOffset(ctx context.Context, upload string, size int64) (int64, error) {
	r, err := c.request(ctx, http.MethodHead, upload, nil)
	if err != nil {
		return 0, err
	}
	r.Header.Set("Tus-Resumable", TusVersion)
	var kept int64
	err = c.bare(r, http.StatusOK, func(h http.Header) error {
		kept, err = offsetIn(h, size)
		return err
	})
	return kept, err
}

// bare sends a request whose answer is all in the status and the headers. Every tus answer says so in
// Tus-Resumable; one that does not is somebody else's.
func (c *Client) bare(r *http.Request, want int, read func(http.Header) error) error {
	answer, err := c.http.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != want || answer.Header.Get("Tus-Resumable") != TusVersion {
		return refusal(answer)
	}
	if read == nil {
		return nil
	}
	return read(answer.Header)
}

func offsetIn(h http.Header, limit int64) (int64, error) {
	n, err := strconv.ParseInt(h.Get("Upload-Offset"), 10, 64)
	if err != nil || n < 0 || n > limit {
		return 0, fmt.Errorf("%w: upload offset %q", ErrNotCentral, h.Get("Upload-Offset"))
	}
	return n, nil
}

func base64Of(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
