package main

// #cgo LDFLAGS: -lrime
// #include <stdlib.h>
// #include "engine.h"
import "C"

import (
	"errors"
	"path/filepath"
	"runtime"
	"slices"
	"unsafe"

	"yimen/ui/typing/spelling"
)

// shared is where Debian's rime-data packages put dictionaries and their prebuilt tables.
const shared = "/usr/share/rime-data"

// engine is librime with one session for each way. It must be used by the goroutine that opened it.
type engine struct {
	sessions map[spelling.Way]C.RimeSessionId
}

var schemas = map[spelling.Way]string{spelling.Pinyin: "yimen", spelling.Strokes: "strokes"}

// open opens the schemas in a folder that the build prepared (schema/prepare).
func open(folder string) (*engine, error) {
	runtime.LockOSThread()
	dirs := []string{shared, folder, filepath.Join(shared, "build"), filepath.Join(folder, "build")}
	var c [4]*C.char
	for i, d := range dirs {
		c[i] = C.CString(d) // librime keeps them
	}
	C.engine_open(c[0], c[1], c[2], c[3])
	e := &engine{map[spelling.Way]C.RimeSessionId{}}
	for way, schema := range schemas {
		name := C.CString(schema)
		s := C.engine_session(name)
		C.free(unsafe.Pointer(name))
		if s == 0 {
			return nil, errors.New("the schema " + schema + " does not open: was it built, and are Debian's rime-data packages there?")
		}
		e.sessions[way] = s
	}
	return e, nil
}

func (e *engine) close() { C.engine_close() }

// spell types the keys anew, makes the choices that were made, and lists what is left to choose.
func (e *engine) spell(r spelling.Request) spelling.Answer {
	s := e.sessions[r.Way]
	C.engine_clear(s)
	defer C.engine_clear(s)
	simplified(s, true)
	for _, key := range []byte(r.Keys) {
		C.engine_key(s, C.int(key))
	}
	for _, c := range r.Chosen {
		simplified(s, !c.Rare)
		at := slices.Index(candidates(s), c.Text)
		if at < 0 || C.engine_choose(s, C.int(at)) == 0 {
			break // what was chosen is not offered any more: the rest is chosen again
		}
	}
	if done := text(C.engine_commit(s)); done != "" {
		return spelling.Answer{Done: done, Offers: []spelling.Offer{}}
	}
	simplified(s, true)
	a := spelling.Answer{Typing: text(C.engine_typing(s)), Offers: offers(candidates(s), false)}
	if r.Name {
		simplified(s, false)
		a.Offers = merge(a.Offers, offers(candidates(s), true))
	}
	a.Offers = a.Offers[:min(len(a.Offers), spelling.Most)]
	return a
}

// merge mixes what is new in more among all, ten and ten, so that a rare form is never at the end of everything.
func merge(all, more []spelling.Offer) []spelling.Offer {
	known := map[string]bool{}
	for _, o := range all {
		known[o.Text] = true
	}
	more = slices.DeleteFunc(more, func(o spelling.Offer) bool { return known[o.Text] })
	var mixed []spelling.Offer
	for len(all)+len(more) > 0 {
		for _, from := range []*[]spelling.Offer{&all, &more} {
			n := min(10, len(*from))
			mixed = append(mixed, (*from)[:n]...)
			*from = (*from)[n:]
		}
	}
	return mixed
}

func offers(texts []string, rare bool) []spelling.Offer {
	all := make([]spelling.Offer, len(texts))
	for i, t := range texts {
		all[i] = spelling.Offer{Text: t, Rare: rare}
	}
	return all
}

func simplified(s C.RimeSessionId, on bool) {
	value := C.int(0)
	if on {
		value = 1
	}
	C.engine_simplify(s, value)
}

// looked is how many candidates are looked at: yan and yang together have 400.
const looked = 600

// candidates are what librime offers now, at most so many.
func candidates(s C.RimeSessionId) []string {
	var texts [looked]*C.char
	n := int(C.engine_candidates(s, &texts[0], looked))
	all := make([]string, n)
	for i := range all {
		all[i] = text(texts[i])
	}
	return all
}

// text takes a C string over; empty for none.
func text(c *C.char) string {
	if c == nil {
		return ""
	}
	defer C.free(unsafe.Pointer(c))
	return C.GoString(c)
}
