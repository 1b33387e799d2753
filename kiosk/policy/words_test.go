package policy

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"yimen/kiosk/policy/page"
)

// half finds signs that look thin among Chinese characters; names in braces are filled in and not looked at.
var half = regexp.MustCompile(`[?,!;:()"']`)

var braces = regexp.MustCompile(`\{\w+\}`)

// words calls at with every wording in v and where it stands.
func words(v reflect.Value, path string, at func(path string, t Text)) {
	if t, ok := v.Interface().(Text); ok {
		at(path, t)
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() {
				words(v.Field(i), path+"."+f.Name, at)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			words(v.Index(i), path+"["+name(v.Index(i), i)+"]", at)
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			words(v.MapIndex(k), path+"["+k.String()+"]", at)
		}
	}
}

// name is what a thing of a list is called in its file.
func name(v reflect.Value, i int) string {
	if v.Kind() == reflect.Struct {
		for _, key := range []string{"ID", "Code", "Key", "Fact"} {
			if f := v.FieldByName(key); f.IsValid() && f.String() != "" {
				return f.String()
			}
		}
	}
	return strings.Repeat("i", i+1)
}

func TestEveryWordingStandsInBothLanguagesAndReadsWell(t *testing.T) {
	for _, dir := range shipped(t) {
		_, sheets, _, err := page.ReadFolder[sheet](os.DirFS("packs"), filepath.Base(dir))
		if err != nil {
			t.Fatal(err)
		}
		seen := 0
		for i := range sheets {
			words(reflect.ValueOf(sheets[i]), filepath.Base(dir), func(path string, text Text) {
				if text == nil {
					return
				}
				seen++
				if text["en"] == "" {
					t.Errorf("%s: no English for %q", path, text["zh-CN"])
				}
				if sign := half.FindString(braces.ReplaceAllString(text["zh-CN"], "")); sign != "" {
					t.Errorf("%s: a thin %q in %q", path, sign, text["zh-CN"])
				}
			})
			for _, s := range sheets[i].Slips {
				for _, r := range s.Rows {
					if sign := half.FindString(braces.ReplaceAllString(r.Text+r.Left+r.Right, "")); sign != "" {
						t.Errorf("slip %s: a thin %q in %q", s.ID, sign, r.Text+r.Left+r.Right)
					}
				}
			}
		}
		if seen < 8 {
			t.Errorf("%s: only %d wordings looked at", dir, seen)
		}
	}
}
