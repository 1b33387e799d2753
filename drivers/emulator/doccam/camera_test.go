package doccam

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"io"
	"math"
	"mime"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"testing"

	"yimen/drivers/emulator"
)

// small keeps tests quick; the bench's frames are 2592 by 1944.
var small = image.Pt(640, 480)

func newCamera(t *testing.T) *Camera {
	t.Helper()
	c, err := New(small, 100)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// watch opens the stream as any client of net/http would.
func watch(t *testing.T, c *Camera) *multipart.Reader {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(c.ServeStream))
	r, err := s.Client().Get(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Body.Close(); s.CloseClientConnections(); s.Close() })
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/x-mixed-replace" {
		t.Fatalf("content type %q, %v", kind, err)
	}
	return multipart.NewReader(r.Body, params["boundary"])
}

func nextPart(t *testing.T, r *multipart.Reader) (*multipart.Part, []byte) {
	t.Helper()
	p, err := r.NextRawPart()
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(p)
	if err != nil {
		t.Fatal(err)
	}
	return p, b
}

func set(t *testing.T, c *Camera, f emulator.Fault) {
	t.Helper()
	if err := c.Faults.Set(f, emulator.UntilOff); err != nil {
		t.Fatal(err)
	}
}

func TestStreamIsMultipartOfWholePictures(t *testing.T) {
	r := watch(t, newCamera(t))
	var before []byte
	for range 4 {
		p, b := nextPart(t, r)
		if p.Header.Get("Content-Type") != "image/jpeg" || p.Header.Get("Content-Length") != "" {
			t.Errorf("header %v", p.Header)
		}
		im, err := jpeg.Decode(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		if im.Bounds().Size() != small {
			t.Errorf("picture of %v", im.Bounds().Size())
		}
		if bytes.Equal(b, before) {
			t.Error("two pictures in a row are the same")
		}
		before = b
	}
}

func TestPictureEndsWithoutWaitingForTheNext(t *testing.T) {
	c, err := New(small, 1)
	if err != nil {
		t.Fatal(err)
	}
	p := watch(t, c)
	part, _ := p.NextRawPart()
	whole := make(chan bool, 1)
	go func() { _, err := io.ReadAll(part); whole <- err == nil }()
	set(t, c, Stalled) // no second picture will ever come
	if !<-whole {
		t.Error("the first picture does not end")
	}
}

func TestLengthIsGivenByModelsThatGiveIt(t *testing.T) {
	c := newCamera(t)
	set(t, c, ContentLength)
	r := watch(t, c)
	for range 2 {
		if p, b := nextPart(t, r); p.Header.Get("Content-Length") == "" || len(b) == 0 {
			t.Errorf("header %v", p.Header)
		}
	}
}

func TestTablesCanBeMissing(t *testing.T) {
	c := newCamera(t)
	set(t, c, NoTables)
	_, b := nextPart(t, watch(t, c))
	if bytes.Contains(b, []byte{0xFF, 0xC4}) {
		t.Error("the tables are there")
	}
	if _, err := jpeg.Decode(bytes.NewReader(b)); err == nil {
		t.Error("image/jpeg decodes a picture without tables: the quirk is gone")
	}
}

func TestTruncatedPictureDoesNotEndTheStream(t *testing.T) {
	c := newCamera(t)
	if err := c.Faults.Set(Truncated, 1); err != nil {
		t.Fatal(err)
	}
	r := watch(t, c)
	if _, b := nextPart(t, r); decodes(b) {
		t.Error("the truncated picture is whole")
	}
	if _, b := nextPart(t, r); !decodes(b) {
		t.Error("the picture after it is not whole")
	}
}

func decodes(b []byte) bool { _, err := jpeg.Decode(bytes.NewReader(b)); return err == nil }

func TestCutStreamEndsInMidPicture(t *testing.T) {
	c := newCamera(t)
	r := watch(t, c)
	nextPart(t, r)
	set(t, c, Cut)
	for range 3 {
		p, err := r.NextRawPart()
		if err != nil {
			return
		}
		if _, err := io.ReadAll(p); err != nil {
			return
		}
	}
	t.Error("the stream goes on")
}

func TestFrozenPictureStaysTheSame(t *testing.T) {
	c := newCamera(t)
	set(t, c, Frozen)
	r := watch(t, c)
	_, first := nextPart(t, r)
	for range 3 {
		if _, b := nextPart(t, r); !bytes.Equal(b, first) {
			t.Error("the picture changes")
		}
	}
}

// quarters is a page with a colour in each quarter.
func quarters() image.Image {
	im := image.NewRGBA(image.Rect(0, 0, 210, 297))
	for y := range 297 {
		for x := range 210 {
			im.Set(x, y, quarter(x >= 105, y >= 148))
		}
	}
	return im
}

func quarter(right, low bool) color.RGBA {
	c := color.RGBA{40, 40, 200, 255}
	if right {
		c.R = 220
	}
	if low {
		c.G = 220
	}
	return c
}

func TestPageLiesWhereItsCornersAreSaidToBe(t *testing.T) {
	for _, pose := range []Pose{LaidByHand, {Fill: 0.8}, {Turn: 1, Angle: -7, Keystone: 0.1, Fill: 0.7}, {Turn: 2, Fill: 0.5}, {Turn: 3, Angle: 12, Fill: 0.6}} {
		c := newCamera(t)
		if err := c.Lay(quarters(), pose); err != nil {
			t.Fatal(err)
		}
		im, err := jpeg.Decode(bytes.NewReader(c.frame(0)))
		if err != nil {
			t.Fatal(err)
		}
		corners, ok := c.Corners()
		if !ok {
			t.Fatal("no corners")
		}
		centre := image.Point{}
		for _, p := range corners {
			centre = centre.Add(p.Div(4))
		}
		for i, p := range corners { // clockwise from the page's own top left
			want := quarter(i == 1 || i == 2, i >= 2)
			inside, outside := between(p, centre, 0.15), between(p, centre, -0.15)
			if got := im.At(inside.X, inside.Y); far(got, want) {
				t.Errorf("pose %+v, corner %d: %v within, want %v", pose, i, got, want)
			}
			if got := im.At(outside.X, outside.Y); outside.In(im.Bounds()) && far(got, color.RGBA{56, 62, 70, 255}) {
				t.Errorf("pose %+v, corner %d: %v beyond, want the desk", pose, i, got)
			}
		}
	}
}

func TestPoseTurnsClockwiseAndNarrowsTheFarEdge(t *testing.T) {
	for turn, want := range []string{"top left", "top right", "bottom right", "bottom left"} {
		own := Pose{Turn: turn, Fill: 0.9}.corners(small, 210, 297)[0] // the page's own top left
		where := map[bool]string{true: "top", false: "bottom"}[own[1] < 240] + " " + map[bool]string{true: "left", false: "right"}[own[0] < 320]
		if where != want {
			t.Errorf("after %d quarter turns the page's top left is %s, want %s", turn, where, want)
		}
	}
	q := Pose{Keystone: 0.1, Fill: 0.9}.corners(small, 210, 297)
	if far, near := q[1][0]-q[0][0], q[2][0]-q[3][0]; math.Abs(far/near-0.95/1.05) > 0.001 {
		t.Errorf("the far edge is %.3f of the near one", far/near)
	}
}

func between(p, q image.Point, share float64) image.Point {
	return image.Pt(p.X+int(math.Round(float64(q.X-p.X)*share)), p.Y+int(math.Round(float64(q.Y-p.Y)*share)))
}

// far reports whether two colours differ by more than lens, noise and compression explain.
func far(a, b color.Color) bool {
	ar, ag, ab, _ := a.RGBA()
	br, bg, bb, _ := b.RGBA()
	for _, d := range []int{int(ar>>8) - int(br>>8), int(ag>>8) - int(bg>>8), int(ab>>8) - int(bb>>8)} {
		if d > 40 || d < -40 {
			return true
		}
	}
	return false
}

func TestTakenPageIsGone(t *testing.T) {
	c := newCamera(t)
	if err := c.Lay(quarters(), LaidByHand); err != nil {
		t.Fatal(err)
	}
	if err := c.Take(); err != nil {
		t.Fatal(err)
	}
	im, err := jpeg.Decode(bytes.NewReader(c.frame(0)))
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := c.Corners(); ok || far(im.At(320, 240), color.RGBA{56, 62, 70, 255}) {
		t.Errorf("the middle of the empty desk is %v", im.At(320, 240))
	}
}

func TestImpossiblePoseIsRefused(t *testing.T) {
	c := newCamera(t)
	for _, p := range []Pose{{}, {Turn: -1, Fill: 1}, {Fill: 9}, {Fill: math.NaN()}, {Fill: 0.5, Keystone: 3}} {
		if err := c.Lay(quarters(), p); err == nil {
			t.Errorf("%+v was laid", p)
		}
	}
}

func TestPageShowsItsTextAndSeal(t *testing.T) {
	typeface, err := emulator.LoadTypeface(emulator.NotoCollection)
	if err != nil {
		t.Fatal(err)
	}
	p := Page{Title: "诊断证明书", Lines: []string{"姓名 王𠮷䶮"}, Table: [][]string{{"甲", "乙"}}, Foot: []string{"某医院"}, Seal: "专用章"}
	im, err := p.Draw(typeface)
	if err != nil {
		t.Fatal(err)
	}
	dark, red := 0, 0
	for y := range pageHeight {
		for x := range pageWidth {
			switch c := im.RGBAAt(x, y); {
			case c.R < 90:
				dark++
			case c.R > 180 && c.G < 80:
				red++
			}
		}
	}
	if dark < 5000 || red < 5000 {
		t.Errorf("%d dark and %d red pixels", dark, red)
	}
}

// TestBadPosesAreSeen: less light, a page beside the middle, another beside it, fingers over its right edge.
func TestBadPosesAreSeen(t *testing.T) {
	white := image.NewRGBA(image.Rect(0, 0, 200, 300))
	draw.Draw(white, white.Rect, image.White, image.Point{}, draw.Src)
	frame := image.Pt(400, 400)
	at := func(p Pose, x, y int) color.RGBA {
		im, _ := photograph(frame, white, p)
		return im.RGBAAt(x, y)
	}
	if full, dim := at(Pose{Fill: .8}, 200, 200), at(Pose{Fill: .8, Light: .25}, 200, 200); dim.G > full.G/3 {
		t.Errorf("a quarter of the light gives %v instead of %v", dim, full)
	}
	if beside := at(Pose{Fill: .5, Right: .25}, 310, 200); beside.G < 200 {
		t.Errorf("the page is not right of the middle: %v", beside)
	}
	if beside := at(Pose{Fill: .6, Right: -.2, Second: true}, 304, 200); beside.G < 200 {
		t.Errorf("no second sheet lies right of the first: %v", beside)
	}
	edge := [2]int{200 + 106 - 4, 200 + 15} // near the right edge, below its middle
	if bare, hand := at(Pose{Fill: .8}, edge[0], edge[1]), at(Pose{Fill: .8, Hand: true}, edge[0], edge[1]); bare.B < 200 || hand.B > 150 {
		t.Errorf("where fingers lie is %v, without them %v", hand, bare)
	}
}
