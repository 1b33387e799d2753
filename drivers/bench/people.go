package main

import (
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"io"
	"net/http"

	"yimen/drivers/emulator/idcard"
	"yimen/drivers/emulator/portrait"
)

// faceFrame is the size of the face camera's frames: one that every such camera has.
var faceFrame = image.Pt(640, 480)

// nobody stands there until somebody steps before the camera.
const nobody = "nobody"

// people are who may stand before the face camera: what each is to the holder of the card that was laid last.
var people = []sample[func(holder portrait.Person) []*image.Gray]{
	{nobody, "没有人", func(portrait.Person) []*image.Gray { return portrait.Living(faceFrame) }},
	{"holder", "持卡人本人", func(p portrait.Person) []*image.Gray { return portrait.Living(faceFrame, p) }},
	{"stranger", "另一个人", func(p portrait.Person) []*image.Gray { return portrait.Living(faceFrame, p.Stranger()) }},
	{"two", "两个人", func(p portrait.Person) []*image.Gray { return portrait.Living(faceFrame, p, p.Stranger()) }},
	{"print", "持卡人的打印照片（冒充）", func(p portrait.Person) []*image.Gray { return portrait.Printed(faceFrame, p) }},
}

// postPerson has somebody step before the face camera.
func (b *bench) postPerson(r *http.Request) (any, error) {
	var want struct {
		ID string `json:"id"`
	}
	if err := body(r, &want); err != nil {
		return nil, err
	}
	return nil, b.stand(want.ID)
}

// stand returns when the camera sees who stands there now.
func (b *bench) stand(id string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.show(id)
}

// stands is the id of who stands before the face camera.
func (b *bench) stands() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.person
}

// belongs tells whose card was laid; the camera sees another person then, if anybody stands there. b.mu is held.
func (b *bench) belongs(holder portrait.Person) error {
	if holder == b.holder {
		return nil
	}
	b.holder = holder
	if b.person == nobody {
		return nil
	}
	return b.show(b.person)
}

// show has the face camera look at somebody. b.mu is held.
func (b *bench) show(id string) error {
	scene, ok := pick(people, id)
	if !ok {
		return fmt.Errorf("nobody is called %q", id)
	}
	var phases []*image.RGBA
	for _, luma := range scene(b.holder) {
		im := image.NewRGBA(luma.Rect)
		draw.Draw(im, im.Rect, luma, luma.Rect.Min, draw.Src)
		phases = append(phases, im)
	}
	b.person = id
	return b.mirror.Show(phases...)
}

// decodePhoto is the helper that decodes the photos of the bench's cards, as a vendor's decodes those of real ones: the
// 1,024 bytes on in, a PNG on out.
func decodePhoto(in io.Reader, out io.Writer) error {
	photo, err := io.ReadAll(io.LimitReader(in, 4096))
	if err != nil {
		return fmt.Errorf("read photo: %w", err)
	}
	if len(photo) < idcard.PhotoHeader {
		return fmt.Errorf("photo of %d bytes", len(photo))
	}
	who, err := portrait.Parse(string(photo[idcard.PhotoHeader:]))
	if err != nil {
		return err
	}
	return png.Encode(out, who.Photo())
}
