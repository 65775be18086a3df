package sysflow

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestOpFlagsText(t *testing.T) {
	for _, tt := range []struct {
		flags OpFlags
		text  string
	}{
		{0, ""},
		{OpClone, "CLONE"},
		{OpOpen | OpReadRecv | OpWriteSend | OpClose, "OPEN|READ_RECV|WRITE_SEND|CLOSE"},
		{OpRename, "RENAME"},
		{OpRename | 1<<25, "RENAME|0x2000000"},
	} {
		assert.Equal(t, tt.text, tt.flags.String())
		got, err := ParseOpFlags(tt.text)
		require.NoError(t, err)
		assert.Equal(t, tt.flags, got)
	}
	for text, want := range map[string]OpFlags{
		"read,write":   OpReadRecv | OpWriteSend,
		"RECV | SEND":  OpReadRecv | OpWriteSend,
		"open , CLOSE": OpOpen | OpClose,
	} {
		got, err := ParseOpFlags(text)
		require.NoError(t, err)
		assert.Equal(t, want, got, text)
	}
	_, err := ParseOpFlags("OPEN|FLY")
	assert.EqualError(t, err, `unknown operation "FLY"`)
}

func TestOpenFlagsText(t *testing.T) {
	for _, tt := range []struct {
		flags OpenFlags
		text  string
	}{
		{0, ""},
		{OpenReadOnly | OpenCloexec, "RDONLY|CLOEXEC"},
		{OpenReadWrite | OpenCreate | OpenTrunc, "RDWR|CREAT|TRUNC"},
		{OpenWriteOnly | OpenLowerLayer, "WRONLY|LOWER_LAYER"},
	} {
		assert.Equal(t, tt.text, tt.flags.String())
		got, err := ParseOpenFlags(tt.text)
		require.NoError(t, err)
		assert.Equal(t, tt.flags, got)
	}
	_, err := ParseOpenFlags("O_RDONLY")
	assert.EqualError(t, err, `unknown open flag "O_RDONLY"`)
}

// The combinations that sysflow-semantics lists from real traces, and each single flag.
func TestOpenFlagsFromLinux(t *testing.T) {
	for _, tt := range []struct {
		linux uint64
		want  OpenFlags
	}{
		{0, OpenReadOnly},
		{0o2000000, 0x1001},                            // O_RDONLY|O_CLOEXEC
		{0o2 | 0o100 | 0o1000, 0x107},                  // fopen "w+"
		{0o4000 | linuxODirectory | 0o2000000, 0x1441}, // opendir
		{0o1 | 0o2000, OpenWriteOnly | OpenAppend},
		{0o3, OpenReadOnly}, // neither read nor write may be meant, SysFlow calls it read
		{0o200, OpenReadOnly | OpenExcl},
		{0o10000, OpenReadOnly | OpenDsync},
		{0o4010000, OpenReadOnly | OpenSync | OpenDsync},
		{linuxODirect, OpenReadOnly | OpenDirect},
		{linuxOLargefile, OpenReadOnly | OpenLargefile},
		{0o20000000 | linuxODirectory, OpenReadOnly | OpenDirectory | OpenTmpfile},
	} {
		assert.Equal(t, tt.want, OpenFlagsFromLinux(tt.linux), "%#o", tt.linux)
	}
	assert.True(t, OpenReadWrite.CanRead() && OpenReadWrite.CanWrite())
	assert.True(t, OpenReadOnly.CanRead() && !OpenReadOnly.CanWrite())
	assert.True(t, !OpenWriteOnly.CanRead() && OpenWriteOnly.CanWrite())
}

// FuzzParseFlags: what parses prints, and parses again to the same.
func FuzzParseFlags(f *testing.F) {
	f.Add("OPEN|READ_RECV")
	f.Add("RDWR,0x4000")
	f.Add("|, 0xffffffff")
	f.Fuzz(func(t *testing.T, s string) {
		if ops, err := ParseOpFlags(s); err == nil {
			again, err := ParseOpFlags(ops.String())
			require.NoError(t, err)
			require.Equal(t, ops, again)
		}
		if flags, err := ParseOpenFlags(s); err == nil {
			again, err := ParseOpenFlags(flags.String())
			require.NoError(t, err)
			require.Equal(t, flags, again)
		}
	})
}
