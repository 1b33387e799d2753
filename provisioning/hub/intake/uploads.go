package intake

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	tus "github.com/tus/tusd/v2/pkg/handler"
	"github.com/tus/tusd/v2/pkg/memorylocker"
	quiet "golang.org/x/exp/slog"

	"yimen/kiosk/central"
	"yimen/kiosk/envelope"
	"yimen/provisioning/hub/door"
)

// uploads serves tus 1.0 for parts. What tusd knows of an upload is made from the list: its id, its size, and how
// many bytes are kept. Whether the peer may touch it is settled before tusd hears of the request.
func (in *Intake) uploads() (door.Serve, error) {
	composer := tus.NewStoreComposer()
	composer.UseCore(uploadStore{in})
	memorylocker.New().UseIn(composer)
	server, err := tus.NewHandler(tus.Config{
		StoreComposer: composer, BasePath: central.FilesPath, MaxSize: envelope.MaxPartSize,
		DisableDownload: true, DisableTermination: true, DisableConcatenation: true,
		Cors: &tus.CorsConfig{Disable: true},
		// It would log every request; refusals and troubles are logged by this package.
		Logger:                  quiet.New(quiet.NewTextHandler(io.Discard, nil)),
		PreUploadCreateCallback: nameUpload,
	})
	if err != nil {
		return nil, fmt.Errorf("serve uploads: %w", err)
	}
	stripped := http.StripPrefix(central.FilesPath, server)
	return func(w http.ResponseWriter, r *http.Request, from door.Caller) error {
		if err := in.mayUpload(r, from); err != nil {
			return err
		}
		told := &toldStatus{ResponseWriter: w}
		stripped.ServeHTTP(told, r)
		if told.status >= http.StatusBadRequest {
			in.log.WarnContext(r.Context(), "upload refused", "peer", from.Name, "method", r.Method, "path", r.URL.Path, "status", told.status)
		}
		return nil
	}, nil
}

// toldStatus remembers which status tusd answered with.
type toldStatus struct {
	http.ResponseWriter
	status int
}

func (t *toldStatus) WriteHeader(status int) {
	t.status = status
	t.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach the connection: tusd sets its deadlines.
func (t *toldStatus) Unwrap() http.ResponseWriter { return t.ResponseWriter }

// mayUpload checks that the request is about a part of an envelope that the terminal registered itself.
func (in *Intake) mayUpload(r *http.Request, from door.Caller) error {
	if r.Header.Get("X-HTTP-Method-Override") != "" {
		return door.Malformed("a method is what it is")
	}
	upload := strings.TrimPrefix(r.URL.Path, central.FilesPath)
	if upload == "" {
		return in.mayCreate(r, from)
	}
	id, no, ok := central.ParseUploadID(upload)
	if !ok {
		return ErrNotFound
	}
	_, list, err := in.owned(r.Context(), id, from)
	if err == nil && no >= len(list.Parts) {
		err = ErrNotFound
	}
	return err
}

func (in *Intake) mayCreate(r *http.Request, from door.Caller) error {
	if r.Method != http.MethodPost {
		return door.Malformed("an upload is created by POST")
	}
	// A piece in this request would be taken for the upload's next bytes, wherever the upload stands by now.
	if r.ContentLength != 0 {
		return door.Malformed("an upload is created without a body")
	}
	id, no, ok := uploadIn(tus.ParseMetadataHeader(r.Header.Get("Upload-Metadata")))
	if !ok {
		return door.Malformed("upload metadata names no envelope and part")
	}
	_, list, err := in.owned(r.Context(), id, from)
	if err != nil {
		return err
	}
	if no >= len(list.Parts) {
		return door.Malformed("the list has no such part")
	}
	if r.Header.Get("Upload-Length") != strconv.FormatInt(list.Parts[no].Size, 10) {
		return door.Malformed("upload length is not the list's")
	}
	return nil
}

func uploadIn(meta tus.MetaData) (id string, no int, ok bool) {
	return central.ParseUploadID(meta["envelope"] + "." + meta["part"])
}

// nameUpload gives a new upload the name that the contract has for it.
func nameUpload(hook tus.HookEvent) (tus.HTTPResponse, tus.FileInfoChanges, error) {
	id, no, ok := uploadIn(hook.Upload.MetaData)
	if !ok {
		return tus.HTTPResponse{}, tus.FileInfoChanges{}, tus.ErrUploadRejectedByServer
	}
	return tus.HTTPResponse{}, tus.FileInfoChanges{ID: central.UploadID(id, no)}, nil
}

// uploadStore shows the kept parts to tusd.
type uploadStore struct{ in *Intake }

// NewUpload makes the part, or finds it as it is: a creation whose answer got lost is asked again.
func (s uploadStore) NewUpload(ctx context.Context, info tus.FileInfo) (tus.Upload, error) {
	id, no, ok := central.ParseUploadID(info.ID)
	if !ok {
		return nil, tus.ErrUploadRejectedByServer
	}
	if err := s.in.parts.Create(ctx, id, no); err != nil {
		return nil, s.in.tusError(ctx, "create part", info.ID, err)
	}
	return s.GetUpload(ctx, info.ID)
}

// GetUpload implements tus.DataStore.
func (s uploadStore) GetUpload(ctx context.Context, upload string) (tus.Upload, error) {
	id, no, ok := central.ParseUploadID(upload)
	if !ok {
		return nil, tus.ErrNotFound
	}
	e, err := s.in.envelopes.Find(ctx, id)
	if err != nil {
		return nil, s.in.tusError(ctx, "find envelope", upload, err)
	}
	list, err := envelope.ParseList(e.List)
	if err != nil {
		return nil, s.in.tusError(ctx, "kept list", upload, err)
	}
	if no >= len(list.Parts) {
		return nil, tus.ErrNotFound
	}
	kept, err := s.in.parts.Size(ctx, id, no)
	if err != nil {
		return nil, s.in.tusError(ctx, "size of part", upload, err)
	}
	size := list.Parts[no].Size
	return &upPart{in: s.in, envelope: id, no: no, suite: list.Suite, info: tus.FileInfo{ID: upload, Size: size, Offset: min(kept, size)}}, nil
}

// upPart is one part on its way up.
type upPart struct {
	in       *Intake
	envelope string
	no       int
	suite    envelope.Suite
	info     tus.FileInfo
}

// WriteChunk implements tus.Upload: when it returns, the bytes are kept durably, and only then does tusd answer.
func (p *upPart) WriteChunk(ctx context.Context, offset int64, src io.Reader) (int64, error) {
	n, err := p.in.append(ctx, p, offset, src)
	p.info.Offset += n
	if err != nil {
		return n, p.in.tusError(ctx, "append to part", p.info.ID, err)
	}
	return n, nil
}

// append adds a piece to a part and to the part's tally.
func (in *Intake) append(ctx context.Context, p *upPart, offset int64, src io.Reader) (int64, error) {
	t := in.tallies.take(p.info.ID, offset, p.suite)
	if t == nil {
		return in.parts.Append(ctx, p.envelope, p.no, offset, src)
	}
	n, err := in.parts.Append(ctx, p.envelope, p.no, offset, &digesting{from: src, into: t})
	if t.size == offset+n {
		in.tallies.put(p.info.ID, t)
	}
	return n, err
}

// GetInfo implements tus.Upload.
func (p *upPart) GetInfo(context.Context) (tus.FileInfo, error) { return p.info, nil }

// GetReader implements tus.Upload. Downloads go by the contract's own path.
func (p *upPart) GetReader(ctx context.Context) (io.ReadCloser, error) {
	return p.in.parts.Open(ctx, p.envelope, p.no)
}

// FinishUpload implements tus.Upload. A part that is all here proves nothing yet; the receipt does.
func (p *upPart) FinishUpload(context.Context) error { return nil }

// tusError turns a store's trouble into tusd's words and logs what the peer is not told.
func (in *Intake) tusError(ctx context.Context, doing, upload string, err error) error {
	switch {
	case errors.Is(err, ErrNotFound):
		return tus.ErrNotFound
	case errors.Is(err, ErrOffset):
		return tus.ErrMismatchOffset
	}
	in.log.ErrorContext(ctx, doing, "upload", upload, "error", err)
	if errors.Is(err, ErrFull) {
		return tus.NewError("ERR_FULL", ErrFull.Error(), http.StatusInsufficientStorage)
	}
	return tus.NewError("ERR_INTERNAL", "trouble on our side", http.StatusInternalServerError)
}
