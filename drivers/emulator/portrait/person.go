package portrait

import (
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"image"
	"strings"
)

// Person is somebody whom nobody knows: what tells one drawn face from another.
type Person struct {
	Tone uint8   `json:"tone"` // see Face
	Skin float64 `json:"skin"`
}

// complexions are lumas of lit skin.
var complexions = [...]float64{160, 175, 190, 205}

// Of gives the person to a name or number; the same each time.
func Of(name string) Person {
	h := fnv.New32a()
	h.Write([]byte(name))
	sum := h.Sum32()
	return Person{Tone: uint8(sum), Skin: complexions[sum>>8%uint32(len(complexions))]}
}

// Stranger is somebody who is not like p: each feature is on its other side, and the skin is of another luma.
func (p Person) Stranger() Person { return Person{Tone: ^p.Tone, Skin: 125} }

// at is the person's face in a picture.
func (p Person) at(x, y, size float64) Face {
	return Face{X: x, Y: y, Size: size, Skin: p.Skin, Tone: p.Tone}
}

// Size of a card's photo in pixels (firmware-notes/sam-v "Photo").
const (
	photoWidth  = 102
	photoHeight = 126
)

// Photo is the person's photo as a card has it.
func (p Person) Photo() *image.Gray {
	return Scene{Width: photoWidth, Height: photoHeight, Wall: 230, Blur: .8, Faces: []Face{p.at(51, 52, 84)}}.Draw()
}

// mark begins what stands in a photo's bytes in place of a picture that nobody here can encode.
const mark = "portrait:"

// ErrNobody: the bytes of a photo do not say whom it shows.
var ErrNobody = errors.New("no portrait in this photo")

// String is what Parse reads.
func (p Person) String() string {
	b, _ := json.Marshal(p) // a struct of two numbers always can be
	return mark + string(b)
}

// Parse finds the person in the bytes of a photo, which end in anything. Errors are ErrNobody, or wrap it.
func Parse(photo string) (Person, error) {
	var p Person
	said, ours := strings.CutPrefix(photo, mark)
	fields, _, whole := strings.Cut(said, "}")
	if !ours || !whole {
		return p, ErrNobody
	}
	if err := json.Unmarshal([]byte(fields+"}"), &p); err != nil {
		return p, fmt.Errorf("%w: %w", ErrNobody, err)
	}
	return p, nil
}
