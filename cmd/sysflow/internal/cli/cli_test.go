package cli

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestFinish(t *testing.T) {
	for _, tc := range []struct {
		name   string
		err    error
		status int
		stderr string
	}{
		{"fine", nil, StatusOK, ""},
		{"closed pipe", &os.PathError{Op: "write", Path: "|1", Err: syscall.EPIPE}, StatusOK, ""},
		{"reported", fmt.Errorf("x: %w", ErrReported), StatusError, ""},
		{"usage", Usagef("unknown %q", "x"), StatusUsage, "sysflow print: unknown \"x\"\nTry 'sysflow print --help'.\n"},
		{"other", errors.New("disk full"), StatusError, "sysflow print: disk full\n"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var stderr bytes.Buffer
			assert.Equal(t, tc.status, Finish(tc.err, "sysflow print", &stderr))
			assert.Equal(t, tc.stderr, stderr.String())
		})
	}
}

func TestColor(t *testing.T) {
	for flag, want := range map[string]bool{"auto": false, "always": true, "never": false} {
		c, err := ParseColor(flag)
		require.NoError(t, err)
		assert.Equal(t, want, c.For(&bytes.Buffer{}), flag)
	}
	_, err := ParseColor("blue")
	var usage *UsageError
	require.ErrorAs(t, err, &usage)
}
