package input

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestByAge(t *testing.T) {
	oldestFirst := []string{
		"trace",
		"node9.1700000000.sf",
		"node10.1700000000_001.sf",
		"node9.1700000001.sf",
		"node10.1700000002.sf",
		"1700000003",
	}
	names := slices.Clone(oldestFirst)
	slices.Reverse(names)
	slices.SortFunc(names, byAge)
	// within the same second the name decides
	assert.ElementsMatch(t, oldestFirst[1:3], names[1:3])
	assert.Equal(t, oldestFirst[3:], names[3:])
	assert.Equal(t, "trace", names[0])
}
