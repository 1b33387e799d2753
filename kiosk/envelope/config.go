package envelope

import "fmt"

// Config is how a terminal seals. Its keys must fit: a suite that it has no keys for, or a closed kind that it knows
// no desk for, is told at the start.
type Config struct {
	Suite  Suite    `yaml:"suite"`
	Closed []string `yaml:"closed"` // kinds of envelope that the street's own desk must not read
}

// Validate returns an error that begins with the wrong key.
func (c Config) Validate() error {
	if err := c.Suite.Known(); err != nil {
		return fmt.Errorf("suite: %w", err)
	}
	for _, kind := range c.Closed {
		if !kindPattern.MatchString(kind) {
			return fmt.Errorf("closed: kind %q: want lower-case words", kind)
		}
	}
	return nil
}
