package camera

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"strconv"
	"strings"
	"time"

	"yimen/drivers/device"
)

// partLimit bounds one part of a stream (firmware-notes/mjpeg-http "Known troubles").
const partLimit = 16 << 20

// splitter takes the pictures out of a motion JPEG stream (firmware-notes/mjpeg-http "Stream"). It keeps one buffer for all
// of them.
type splitter struct {
	r     *bufio.Reader
	token string // the boundary without its dashes
	delim []byte // the boundary line as this server writes it, without its end
	part  []byte
	// broken counts the pictures left out since the last whole one.
	broken int
}

// newSplitter reads a body of the given Content-Type. An error wraps device.ErrProtocol.
func newSplitter(r io.Reader, contentType string) (*splitter, error) {
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil || !strings.HasPrefix(kind, "multipart/") {
		return nil, fmt.Errorf("content type %q is no stream: %w", contentType, device.ErrProtocol)
	}
	token := strings.Trim(params["boundary"], "-")
	if token == "" {
		return nil, fmt.Errorf("content type %q names no boundary: %w", contentType, device.ErrProtocol)
	}
	return &splitter{r: bufio.NewReaderSize(r, 64<<10), token: token}, nil
}

// next gives the next whole picture and when its first byte came. Broken and oversized pictures are left out. The picture
// is valid until the next call. The error is that of the stream.
func (s *splitter) next() (jpeg []byte, at time.Time, err error) {
	for {
		length, err := s.head()
		if err != nil {
			return nil, time.Time{}, err
		}
		if _, err := s.r.Peek(1); err != nil { // the head may come long before the picture
			return nil, time.Time{}, err
		}
		at := time.Now()
		if length > 0 {
			err = s.counted(length)
		} else {
			err = s.delimited()
		}
		if err != nil {
			return nil, time.Time{}, err
		}
		if jpeg, whole := picture(s.part); whole {
			s.broken = 0
			return jpeg, at, nil
		}
		s.broken++
	}
}

// head skips to a boundary and reads the part's headers. length is 0 where none, or none that can be, is given.
func (s *splitter) head() (length int, err error) {
	for {
		line, err := s.line()
		if err != nil {
			return 0, err
		}
		if s.isBoundary(line) {
			s.delim = append(s.delim[:0], line...)
			break
		}
	}
	for {
		line, err := s.line()
		if err != nil || len(line) == 0 {
			return length, err
		}
		name, value, _ := bytes.Cut(line, []byte{':'})
		if len(name) == len("Content-Length") && bytes.EqualFold(name, []byte("Content-Length")) {
			length = 0
			if n, err := strconv.ParseUint(string(bytes.TrimSpace(value)), 10, 31); err == nil && n <= partLimit {
				length = int(n)
			}
		}
	}
}

// line gives a line without its end. Of one longer than the reader's buffer only a piece is given.
func (s *splitter) line() ([]byte, error) {
	b, err := s.r.ReadSlice('\n')
	if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
		return nil, err
	}
	return bytes.TrimRight(b, "\r\n"), nil
}

// isBoundary allows for servers that give the name with or without its dashes.
func (s *splitter) isBoundary(line []byte) bool {
	return bytes.HasPrefix(line, []byte("--")) && string(bytes.Trim(line, "- ")) == s.token
}

func (s *splitter) counted(length int) error {
	if cap(s.part) < length {
		s.part = make([]byte, length)
	}
	s.part = s.part[:length]
	_, err := io.ReadFull(s.r, s.part)
	return err
}

// delimited reads up to the next boundary, which is left in the reader.
func (s *splitter) delimited() error {
	s.part = s.part[:0]
	for oversized := false; ; {
		b, err := s.r.ReadSlice('\n')
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return err
		}
		if oversized = oversized || len(s.part)+len(b) > partLimit; oversized {
			s.part = s.part[:0]
		} else {
			s.part = append(s.part, b...)
		}
		if err != nil {
			continue
		}
		if ahead, err := s.r.Peek(len(s.delim)); err != nil {
			return err
		} else if bytes.Equal(ahead, s.delim) {
			return nil
		}
	}
}

// picture takes line ends and padding off the end, and tells whether the rest begins and ends like a JPEG
// (firmware-notes/mjpeg-http "Frames").
func picture(part []byte) (jpeg []byte, whole bool) {
	jpeg = bytes.TrimRight(part, "\r\n\x00")
	return jpeg, bytes.HasPrefix(jpeg, []byte{0xFF, 0xD8}) && bytes.HasSuffix(jpeg, []byte{0xFF, 0xD9})
}
