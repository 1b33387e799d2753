package store_test

import (
	"errors"
	"testing"

	"yimen/provisioning/hub/store"
	"yimen/provisioning/hub/store/storetest"
)

func TestStoreConforms(t *testing.T) {
	storetest.Conform(t, func(t *testing.T) func() storetest.Store {
		dir := t.TempDir()
		return func() storetest.Store {
			s, err := store.Open(t.Context(), dir)
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
	})
}

func TestOneProcessHasTheStore(t *testing.T) {
	dir := t.TempDir()
	first, err := store.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	if _, err := store.Open(t.Context(), dir); !errors.Is(err, store.ErrInUse) {
		t.Errorf("got %v, want %v", err, store.ErrInUse)
	}
}
