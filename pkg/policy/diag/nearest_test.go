package diag

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestNearest(t *testing.T) {
	names := []string{
		"proc.name", "proc.pname", "proc.exe", "proc.exepath", "sf.proc.name", "and", "or",
		"container.image.repository", "spawned_process",
	}
	for name, want := range map[string]string{
		"proc.nmae":            "proc.name",
		"proc.nam":             "proc.name",
		"PROC.NAME":            "proc.name",
		"Proc.Nam":             "proc.name",
		"proc.pnam":            "proc.pname",
		"sf.poc.name":          "sf.proc.name",
		"srf.proc.name":        "sf.proc.name",
		"amd":                  "and",
		"od":                   "or",
		"AND":                  "and",
		"spawnd_prcess":        "spawned_process",
		"container.image.repo": "container.image.repository",
		"x":                    "",
		"":                     "",
		"proc":                 "",
		"entirely different":   "",
		"proc.name":            "proc.pname", // a known name is not suggested for itself
	} {
		assert.Equal(t, want, Nearest(name, slices.Values(names)), name)
	}
	assert.Empty(t, Nearest("a", slices.Values([]string{"a"})))
}

func TestNearestIsDeterministic(t *testing.T) {
	names := []string{"cat", "bat", "rat"}
	assert.Equal(t, "bat", Nearest("hat", slices.Values(names)))
	slices.Reverse(names)
	assert.Equal(t, "bat", Nearest("hat", slices.Values(names)))
}

func FuzzNearest(f *testing.F) {
	f.Add("proc.nmae", "proc.name")
	f.Fuzz(func(t *testing.T, name, candidate string) {
		got := Nearest(name, slices.Values([]string{candidate}))
		assert.True(t, got == "" || got == candidate)
	})
}
