package version

import (
	"bytes"
	"runtime/debug"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestDescribe(t *testing.T) {
	info := &debug.BuildInfo{
		Main: debug.Module{Version: "v1.2.3"},
		Settings: []debug.BuildSetting{
			{Key: "vcs.revision", Value: "0123456789abcdef0123"},
			{Key: "vcs.modified", Value: "true"},
		},
	}
	assert.Contains(t, describe(info, true), "sysflow v1.2.3 0123456789ab (modified), go")
	assert.Contains(t, describe(nil, false), "sysflow (unknown), go")
}

func TestCommand(t *testing.T) {
	cmd := NewCommand()
	var out bytes.Buffer
	cmd.SetOut(&out)
	cmd.SetArgs(nil)
	require.NoError(t, cmd.Execute())
	assert.Contains(t, out.String(), "sysflow ")
	cmd.SetArgs([]string{"surplus"})
	cmd.SilenceUsage, cmd.SilenceErrors = true, true
	assert.Error(t, cmd.Execute())
}
