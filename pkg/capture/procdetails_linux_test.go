//go:build amd64 || arm64

package capture

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/flow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

func TestParseDetails(t *testing.T) {
	for _, tt := range []struct {
		name, status string
		want         sysflow.ProcessDetails
	}{
		{
			"ids", "Uid:\t1\t2\t3\t4\nGid:\t5\t6\t4294967294\t8\n",
			sysflow.ProcessDetails{RealUID: 1, SavedUID: 3, RealGID: 5, SavedGID: -2},
		},
		{
			"pids", "NSpid:\t4711\t12\nNSpgid:\t4710\t11\nNSsid:\t4709\t0\n",
			sysflow.ProcessDetails{VPID: 12, PGID: 4710, VPGID: 11, SID: 4709},
		},
		{
			"capabilities", "CapInh:\t0000000000000001\nCapPrm:\t000001ffffffffff\nCapEff:\t8000000000000000\n",
			sysflow.ProcessDetails{CapInheritable: 1, CapPermitted: 1<<41 - 1, CapEffective: -1 << 63},
		},
		{"too short", "Uid:\t1\nGid:\nNSpid:\nCapEff:\nUid", sysflow.ProcessDetails{RealUID: -1, SavedUID: -1}},
		{"no numbers", "NSpid:\tx\nCapEff:\tx\nNSsid:\t99999999999\n", sysflow.ProcessDetails{SID: 1<<31 - 1, VSID: 1<<31 - 1}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var d sysflow.ProcessDetails
			parseDetails([]byte(tt.status), &d)
			assert.Equal(t, tt.want, d)
		})
	}
}

func TestParseNamespace(t *testing.T) {
	for link, want := range map[string]int64{
		"net:[4026531840]": 4026531840, "net:[]": 0, "net": 0, "": 0, "net:[x]": 0, "net:[-1]": 0,
	} {
		assert.Equal(t, want, parseNamespace(link), link)
	}
}

func TestMayWrite(t *testing.T) {
	root := sysflow.ProcessDetails{CapEffective: 1<<41 - 1}
	root.Namespaces.User = initUserNS
	other := root
	other.Namespaces.User = 4026532000
	for _, tt := range []struct {
		name     string
		mode     uint32
		uid, gid int32
		details  sysflow.ProcessDetails
		want     bool
	}{
		{"owner", 0o500, 10, 0, sysflow.ProcessDetails{}, true},
		{"group", 0o570, 11, 20, sysflow.ProcessDetails{}, true},
		{"group that may not", 0o757, 11, 20, sysflow.ProcessDetails{}, false},
		{"anybody", 0o557, 11, 21, sysflow.ProcessDetails{}, true},
		{"nobody else", 0o775, 11, 21, sysflow.ProcessDetails{}, false},
		{"by capability", 0o500, 0, 0, root, true},
		{"by capability in another user namespace", 0o500, 0, 0, other, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			st := unix.Stat_t{Mode: tt.mode, Uid: 10, Gid: 20}
			assert.Equal(t, tt.want, mayWrite(&st, &flow.ProcessInfo{UID: tt.uid, GID: tt.gid}, &tt.details))
		})
	}
}

// TestDetailsOfSelf: the real /proc has the form that is expected.
func TestDetailsOfSelf(t *testing.T) {
	info, ok := hostProc.describe(int32(os.Getpid()), 0, bootOffset())
	require.True(t, ok)
	d := info.Details
	require.NotNil(t, d)
	assert.Equal(t, os.Args[0], d.Argv0)
	assert.NotEmpty(t, d.Comm)
	assert.EqualValues(t, os.Getuid(), d.RealUID)
	assert.EqualValues(t, os.Getgid(), d.RealGID)
	sid, err := unix.Getsid(0)
	require.NoError(t, err)
	assert.EqualValues(t, os.Getpid(), d.VPID)
	assert.EqualValues(t, unix.Getpgrp(), d.VPGID)
	assert.EqualValues(t, sid, d.VSID)
	exe, err := os.Stat("/proc/self/exe")
	require.NoError(t, err)
	assert.Equal(t, exe.ModTime().UnixNano(), d.ExeMTime)
	assert.NotZero(t, d.ExeIno)
	assert.Equal(t, sysflow.ExeWritable, d.ExeFlags, "the tests' user has built it")
	for name, inode := range map[string]int64{"net": d.Namespaces.Net, "user": d.Namespaces.User, "cgroup": d.Namespaces.Cgroup} {
		var st unix.Stat_t
		require.NoError(t, unix.Stat("/proc/self/ns/"+name, &st))
		assert.EqualValues(t, st.Ino, inode, name)
	}
}
