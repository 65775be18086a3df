package main

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestDoctor examines this very host.
func TestDoctor(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("loading BPF programs needs root")
	}
	r := finish(t, command(t, "doctor"))
	assert.Empty(t, r.stderr)
	quiet := finish(t, command(t, "doctor", "-q"))
	assert.Equal(t, result{status: r.status}, quiet)

	j := finish(t, command(t, "doctor", "-o", "json"))
	assert.Equal(t, r.status, j.status)
	var doc struct {
		OK     bool
		Checks []struct{ Name, Detail string }
	}
	require.NoError(t, json.Unmarshal([]byte(j.stdout), &doc))
	assert.Equal(t, r.status == 0, doc.OK)
	require.NotEmpty(t, doc.Checks)
	for _, c := range doc.Checks {
		assert.Contains(t, r.stdout, c.Name)
		assert.NotEmpty(t, c.Detail, c.Name)
	}

	if r.status == 0 {
		assert.Contains(t, r.stdout, "\nLive capture is possible on this host.\n")
		return
	}
	assert.Contains(t, r.stdout, "\nLive capture is not possible here")
	assert.Empty(t, os.Getenv("SYSFLOW_TEST_PRIVILEGED"), "live capture was to be tested:\n%s", r.stdout)
}
