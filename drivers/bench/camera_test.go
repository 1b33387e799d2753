package main

import (
	"fmt"
	"image/jpeg"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"testing"
)

// manyFrames is more than can be on their way when the desk changes.
const manyFrames = 500

func TestPageLaidOnThePanelIsSeenInTheStream(t *testing.T) {
	r := start(t)
	a, err := http.Get(r.Stream)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	_, params, err := mime.ParseMediaType(a.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	parts := multipart.NewReader(a.Body, params["boundary"])
	bright := func() bool {
		p, err := parts.NextRawPart()
		if err != nil {
			t.Fatal(err)
		}
		im, err := jpeg.Decode(p)
		if err != nil {
			t.Fatal(err)
		}
		red, _, _, _ := im.At(160, 215).RGBA() // the blank lower part of a page
		return red > 0x8000
	}
	if bright() {
		t.Error("the empty desk is bright")
	}
	for _, p := range pages {
		r.must("POST", "api/page", fmt.Sprintf(`{"id":%q}`, p.ID))
		for i := 0; !bright(); i++ {
			if i > manyFrames {
				t.Fatalf("page %s is not seen", p.ID)
			}
		}
	}
	if s := r.must("GET", "api/state", ""); s["page"] != pages[len(pages)-1].ID || s["corners"] == nil {
		t.Errorf("state %v", s)
	}
	r.must("DELETE", "api/page", "")
	for i := 0; bright(); i++ {
		if i > manyFrames {
			t.Fatal("the page does not go")
		}
	}
	r.must("POST", "api/unplug", `{"device":"doccam"}`)
	for i := 0; ; i++ {
		p, err := parts.NextRawPart()
		if err == nil {
			_, err = io.Copy(io.Discard, p)
		}
		if err != nil {
			break
		}
		if i > manyFrames {
			t.Fatal("the stream goes on without its cable")
		}
	}
	if a, err := http.Get(r.Stream); err != nil || a.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("unplugged camera: %v, %v", a, err)
	}
}
