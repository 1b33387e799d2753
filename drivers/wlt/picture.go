package wlt

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/bmp"
)

// sideLimit bounds a picture before memory is taken for it. A card's photo is 102×126; a helper may enlarge it.
const sideLimit = 1024

// forms are the pictures that a helper may write, known by their first bytes.
var forms = []struct {
	begin  string
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
}{
	{"BM", bmp.DecodeConfig, bmp.Decode},
	{"\x89PNG", png.DecodeConfig, png.Decode},
	{"\xFF\xD8", jpeg.DecodeConfig, jpeg.Decode},
}

// picture reads what the helper wrote and writes it anew as PNG, so that nothing a helper made up goes any further.
func picture(b []byte) ([]byte, error) {
	for _, f := range forms {
		if !bytes.HasPrefix(b, []byte(f.begin)) {
			continue
		}
		size, err := f.config(bytes.NewReader(b))
		if err != nil {
			return nil, fmt.Errorf("read helper's picture: %w", err)
		}
		if size.Width < 1 || size.Height < 1 || size.Width > sideLimit || size.Height > sideLimit {
			return nil, fmt.Errorf("helper's picture of %d×%d is no card's photo", size.Width, size.Height)
		}
		img, err := f.decode(bytes.NewReader(b))
		if err != nil {
			return nil, fmt.Errorf("read helper's picture: %w", err)
		}
		var out bytes.Buffer
		if err := png.Encode(&out, img); err != nil {
			return nil, fmt.Errorf("write picture: %w", err)
		}
		return out.Bytes(), nil
	}
	return nil, errors.New("helper wrote neither BMP nor PNG nor JPEG")
}
