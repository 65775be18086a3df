package version

import (
	"bytes"
	"runtime/debug"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestNoted(t *testing.T) {
	info := &debug.BuildInfo{
		Main: debug.Module{Version: "v1.2.3"},
		Settings: []debug.BuildSetting{
			{Key: "vcs.revision", Value: "0123456789abcdef0123"},
			{Key: "vcs.modified", Value: "true"},
		},
	}
	assert.Equal(t, "v1.2.3 0123456789ab (modified)", noted(info, true))
	assert.Equal(t, "(unknown)", noted(nil, false))
}

func TestDescribe(t *testing.T) {
	assert.Regexp(t, `^sysflow v1\.2\.3-4-gabcdef, go\S+ \w+/\w+$`, Describe("v1.2.3-4-gabcdef"))
	assert.Regexp(t, `^sysflow \S.*, go\S+ \w+/\w+$`, Describe(""))
}

func TestCommand(t *testing.T) {
	cmd := NewCommand("v9.8.7")
	var out bytes.Buffer
	cmd.SetOut(&out)
	cmd.SetArgs(nil)
	require.NoError(t, cmd.Execute())
	assert.Equal(t, Describe("v9.8.7")+"\n", out.String())
	cmd.SetArgs([]string{"surplus"})
	cmd.SilenceUsage, cmd.SilenceErrors = true, true
	assert.Error(t, cmd.Execute())
}
