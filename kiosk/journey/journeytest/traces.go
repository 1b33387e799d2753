package journeytest

import (
	"reflect"
	"slices"
	"strings"

	"yimen/kiosk/journey"
	"yimen/kiosk/policy"
)

// Traces gives those of the secrets that can be reached from a value, unexported fields included: as text, in a text or in
// bytes. What a terminal is told once and for all, its configuration and its policy pack, is not looked into.
func Traces(of any, secrets []string) []string {
	s := search{secrets: secrets, seen: map[visited]bool{}}
	s.value(reflect.ValueOf(of))
	return s.found
}

type search struct {
	secrets, found []string
	seen           map[visited]bool
}

type visited struct {
	at uintptr
	of reflect.Type
}

func (s *search) value(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		s.text(v.String())
	case reflect.Pointer:
		if v.IsNil() || v.Type() == reflect.TypeFor[*policy.Pack]() || v.Type() == reflect.TypeFor[*journey.Config]() || s.been(v) {
			return
		}
		s.value(v.Elem())
	case reflect.Interface:
		s.value(v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			s.value(v.Field(i))
		}
	case reflect.Slice, reflect.Array:
		if v.Type().Elem().Kind() == reflect.Uint8 && v.Kind() == reflect.Slice {
			s.text(string(v.Bytes()))
			return
		}
		for i := range v.Len() {
			s.value(v.Index(i))
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			s.value(k)
			s.value(v.MapIndex(k))
		}
	}
}

func (s *search) been(v reflect.Value) bool {
	at := visited{v.Pointer(), v.Type()}
	before := s.seen[at]
	s.seen[at] = true
	return before
}

func (s *search) text(text string) {
	for _, secret := range s.secrets {
		if strings.Contains(text, secret) && !slices.Contains(s.found, secret) {
			s.found = append(s.found, secret)
		}
	}
}
