package envelope

import (
	"slices"
	"sync"
)

// Signatories are those whose signature counts, by name. Whoever got a new key has several: what was signed with an
// earlier one stays signed. They may be used from many goroutines.
type Signatories struct {
	mu   sync.RWMutex
	keys map[string][]*Verifier // newest first
}

// NewSignatories makes signatories with one key each.
func NewSignatories(keys map[string]*Verifier) *Signatories {
	s := &Signatories{keys: map[string][]*Verifier{}}
	for name, key := range keys {
		s.Add(name, key)
	}
	return s
}

// Add has a key count as the newest of its holder. One that counts already changes nothing.
func (s *Signatories) Add(name string, key *Verifier) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if slices.ContainsFunc(s.keys[name], func(known *Verifier) bool { return known.ID() == key.ID() }) {
		return
	}
	s.keys[name] = append([]*Verifier{key}, s.keys[name]...)
}

// Newest gives what the holder of a name signs with now.
func (s *Signatories) Newest(name string) (key *Verifier, known bool) {
	all := s.All(name)
	if len(all) == 0 {
		return nil, false
	}
	return all[0], true
}

// All gives everything that the holder of a name ever signed with, the newest first. The caller does not change it.
func (s *Signatories) All(name string) []*Verifier {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.keys[name]
}

// VerifyList is envelope.VerifyList for a list that one of the keys of a name signed.
func (s *Signatories) VerifyList(name string, list, signature []byte) (List, error) {
	err := error(ErrSignature)
	for _, key := range s.All(name) {
		var l List
		if l, err = VerifyList(list, signature, key); err == nil {
			return l, nil
		}
	}
	return List{}, err
}
