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
		{OpRename | OpUserfaultfd | OpMount, "RENAME|USERFAULTFD|MOUNT"},
		{OpSocket | OpBind | OpListen | OpDup, "SOCKET|BIND|LISTEN|DUP"},
		{OpRename | 1<<31 | 1<<62, "RENAME|0x4000000080000000"},
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

// TestOpNumbers: the numbers are in traces, so they never change. Each has a name of its own.
func TestOpNumbers(t *testing.T) {
	for name, bit := range map[string]int{
		"CLONE": 0, "RENAME": 20, "PTRACE": 21, "SETGID": 22, "USERFAULTFD": 30, "MOUNT": 32, "PERSONALITY": 36,
		"CHMOD": 37, "SETXATTR": 41, "SOCKET": 42, "DUP": 45,
	} {
		got, err := ParseOpFlags(name)
		require.NoError(t, err)
		assert.Equal(t, OpFlags(1)<<bit, got, name)
	}
	seen := map[string]bool{}
	for _, name := range (OpDup<<1 - 1).Names() {
		assert.NotEmpty(t, name)
		assert.False(t, seen[name], name)
		seen[name] = true
	}
	assert.Contains(t, seen, "0x80000000", "bit 31 is in neither field")
}

func TestOriginText(t *testing.T) {
	for _, tt := range []struct {
		origin Origin
		text   string
	}{
		{OriginSyscall, "syscall"},
		{OriginIOUring, "io_uring"},
		{OriginSyscall | OriginIOUring, "syscall|io_uring"},
		{OriginIOUring | 1<<8, "io_uring|0x100"},
	} {
		assert.Equal(t, tt.text, tt.origin.String())
		got, err := ParseOrigin(tt.text)
		require.NoError(t, err)
		assert.Equal(t, tt.origin, got)
	}
	assert.Equal(t, "syscall", Origin(0).String())
	_, err := ParseOrigin("syscall|pigeon")
	assert.EqualError(t, err, `unknown origin "pigeon"`)
}

func TestExeFlagsText(t *testing.T) {
	assert.Empty(t, ExeFlags(0).String())
	assert.Equal(t, "WRITABLE|UPPER_LAYER", (ExeWritable | ExeUpperLayer).String())
	assert.Equal(t, "LOWER_LAYER|MEMFD|0x10", (ExeLowerLayer | ExeMemfd | 1<<4).String())
	flags, err := ParseExeFlags("lower_layer|MEMFD|0x10")
	require.NoError(t, err)
	assert.Equal(t, ExeLowerLayer|ExeMemfd|1<<4, flags)
	_, err = ParseExeFlags("NEW")
	require.EqualError(t, err, `unknown flag of an executable "NEW"`)
	assert.Equal(t, []string{"WRITABLE", "UPPER_LAYER", "LOWER_LAYER", "MEMFD"}, ExeFlagNames())
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
