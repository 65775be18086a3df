package fields

import (
	"math/rand/v2"
	"net/netip"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/sysflowtest"
)

func TestTableOfFields(t *testing.T) {
	seen := make(map[string]bool)
	for _, f := range All() {
		assert.False(t, seen[f.Name], "%s is there twice", f.Name)
		seen[f.Name] = true
		assert.NotEmpty(t, f.Title, f.Name)
		assert.NotEmpty(t, f.Help, f.Name)
		assert.Positive(t, f.Width, f.Name)
		assert.LessOrEqual(t, strings.Count(f.Name, "."), 1, "%s: JSON nests one level deep", f.Name)
		assert.LessOrEqual(t, f.Missing, Empty, "%s: what is missing is null or empty", f.Name)
	}
	for _, names := range [][]string{DefaultNames(), K8sEventNames()} {
		_, err := Select(names)
		assert.NoError(t, err)
	}
}

func TestSelect(t *testing.T) {
	got, err := Select([]string{"proc.pid", " sf.type", "idx"})
	require.NoError(t, err)
	var names []string
	for _, f := range got {
		names = append(names, f.Name)
	}
	assert.Equal(t, []string{"proc.pid", "type", "idx"}, names)

	_, err = Select([]string{"proc.pid", "exe"})
	require.EqualError(t, err, `unknown field "exe" (did you mean proc.exe or pproc.exe?); --list shows all names`)
	_, err = Select([]string{"bogus"})
	require.EqualError(t, err, `unknown field "bogus"; --list shows all names`)
	_, err = Select([]string{"type", "type"})
	require.EqualError(t, err, `field "type" is named twice`)
	_, err = Select([]string{""})
	assert.Error(t, err)
}

// family is a table with a grandparent, a parent and a child in a container.
func family() (*sysflow.Table, sysflow.OID) {
	old, middle, young := sysflow.OID{HPID: 1}, sysflow.OID{CreateTS: 5, HPID: 20}, sysflow.OID{CreateTS: 9, HPID: 300}
	var table sysflow.Table
	for _, rec := range []sysflow.Record{
		&sysflow.Header{Version: 5},
		&sysflow.Container{ID: "c1", Name: "web"},
		&sysflow.Process{OID: old, Exe: "/sbin/init"},
		&sysflow.Process{OID: middle, POID: &old, Exe: "/bin/sh", ExeArgs: "-c x", Env: []string{"A=1", "", "=", "B=2"}},
		&sysflow.Process{OID: young, POID: &middle, Exe: "/usr/bin/cat", ContainerID: "c1"},
		&sysflow.File{OID: sysflow.NewFOID("c1", "/etc/passwd"), Type: sysflow.FileRegular, Path: "/etc/passwd"},
		&sysflow.File{OID: sysflow.NewFOID("c1", "/top"), Type: sysflow.FileUnknown, Path: "/top"},
	} {
		table.Put(rec)
	}
	return &table, young
}

func TestValuesOnDemand(t *testing.T) {
	table, oid := family()
	flow := &sysflow.FileFlow{ProcOID: oid, OpenFlags: sysflow.OpenReadOnly, FileOID: sysflow.NewFOID("c1", "/etc/passwd")}
	top := sysflow.NewFOID("c1", "/top")
	event := &sysflow.FileEvent{ProcOID: oid, FileOID: top, NewFileOID: &flow.FileOID}
	v6 := netip.MustParseAddr("2001:db8::1")
	network := &sysflow.NetworkFlow{ProcOID: oid, SIP: v6, SPort: 40000, DIP: v6, DPort: 443}
	for _, tc := range []struct {
		event sysflow.Record
		field string
		want  string
	}{
		{flow, "proc.name", "cat"},
		{flow, "proc.cmdline", "/usr/bin/cat"},
		{flow, "pproc.cmdline", "/bin/sh -c x"},
		{flow, "pproc.env", "A=1;B=2"},
		{flow, "pproc.name", "sh"},
		{flow, "proc.apid", "300,20,1"},
		{flow, "proc.aname", "/usr/bin/cat,/bin/sh,/sbin/init"},
		{flow, "file.name", "passwd"},
		{flow, "file.directory", "/etc"},
		{flow, "file.is_open_read", "true"},
		{flow, "file.is_open_write", "false"},
		{flow, "net.ip", ""},
		{flow, "container.name", "web"},
		{event, "file.directory", "/"},
		{event, "file.is_open_read", ""},
		{event, "res", "/top, /etc/passwd"},
		{network, "net.ip", "2001:db8::1,2001:db8::1"},
		{network, "net.port", "40000,443"},
		{network, "res", "[2001:db8::1]:40000-[2001:db8::1]:443"},
		{&sysflow.K8sEvent{Message: "{}"}, "proc.apid", ""},
		{&sysflow.K8sEvent{Message: "{}"}, "k8s.msg", "{}"},
	} {
		f, err := Select([]string{tc.field})
		require.NoError(t, err)
		var row Row
		row.Set(table, tc.event)
		assert.Equal(t, tc.want, string(f[0].Value(&row).Append(nil)), "%T %s", tc.event, tc.field)
	}
}

// TestValuesOfVersion6: what traces of other versions lack is empty.
func TestValuesOfVersion6(t *testing.T) {
	table, old := family()
	oid := sysflow.OID{HPID: 77}
	table.Put(&sysflow.Container{
		ID: "c2", Runtime: "podman", ImageDigest: "sha256:1", Labels: map[string]string{"b": "2", "a": "1"},
		Mounts: []sysflow.Mount{{Source: "/srv", Destination: "/data", Mode: "z"}, {Source: "/", Destination: "/host", RW: true}},
	})
	table.Put(&sysflow.Process{OID: oid, ContainerID: "c2", Details: &sysflow.ProcessDetails{
		Comm: "worker", Argv0: "-sh", ExeFlags: sysflow.ExeUpperLayer | sysflow.ExeMemfd, ExeIno: 9, CapEffective: 1 | 1<<21,
		RealUID: 1000, LoginUID: sysflow.UnknownID, LoginUser: "alice", SID: 5, VPID: 1, Namespaces: sysflow.Namespaces{Mnt: 11, UTS: 12},
	}})
	event := &sysflow.FileEvent{
		ProcOID: oid, OpFlags: sysflow.OpChmod, Args: []string{"mode=0777", "x=y z"}, Origin: sysflow.OriginIOUring,
	}
	dup := &sysflow.NetworkEvent{ProcOID: oid, OpFlags: sysflow.OpDup, FD: 1}
	gap := &sysflow.Gap{TS: 1_000_000_000, EndTS: 3_000_000_000, Cause: "ring_buffer_full", Count: 123}
	for _, tc := range []struct {
		event sysflow.Record
		field string
		want  string
	}{
		{event, "ops", "CHMOD"},
		{event, "opflags", "CHMOD"},
		{event, "opflags_bitmap", "137438953472"},
		{event, "args", "mode=0777 x=y z"},
		{event, "origin", "io_uring"},
		{dup, "origin", "syscall"},
		{dup, "file.fd", "1"},
		{&sysflow.NetworkEvent{FD: sysflow.UnknownFD}, "file.fd", ""},
		{event, "proc.comm", "worker"},
		{event, "proc.argv0", "-sh"},
		{event, "proc.exe_flags", "UPPER_LAYER|MEMFD"},
		{event, "proc.exe_ino", "9"},
		{event, "proc.cap_effective", "CAP_CHOWN CAP_SYS_ADMIN"},
		{event, "proc.cap_permitted", ""},
		{event, "proc.ruid", "1000"},
		{event, "proc.loginuid", "-1"},
		{event, "proc.loginuser", "alice"},
		{event, "proc.sid", "5"},
		{event, "proc.vpid", "1"},
		{event, "proc.ns", "mnt=11;uts=12"},
		{event, "container.runtime", "podman"},
		{event, "container.digest", "sha256:1"},
		{event, "container.labels", "a=1;b=2"},
		{event, "container.mounts", "/srv:/data:ro;/:/host:rw"},
		{&sysflow.ProcessEvent{ProcOID: old}, "proc.comm", ""},
		{&sysflow.ProcessEvent{ProcOID: old}, "proc.vpid", ""},
		{&sysflow.ProcessEvent{ProcOID: old}, "proc.ns", ""},
		{&sysflow.ProcessEvent{ProcOID: old}, "container.labels", ""},
		{&sysflow.ProcessEvent{ProcOID: old}, "container.mounts", ""},
		{gap, "type", "GAP"},
		{gap, "res", "ring_buffer_full 123"},
		{gap, "ts", "1970-01-01T00:00:01"},
		{gap, "endts", "1970-01-01T00:00:03"},
		{gap, "gap.cause", "ring_buffer_full"},
		{gap, "gap.count", "123"},
		{gap, "opflags", ""},
		{gap, "proc.pid", ""},
		{event, "gap.count", ""},
	} {
		f, err := Select([]string{tc.field})
		require.NoError(t, err)
		var row Row
		row.Set(table, tc.event)
		assert.Equal(t, tc.want, string(f[0].Value(&row).Append(nil)), "%T %s", tc.event, tc.field)
	}
}

func TestAncestorsInACircleEnd(t *testing.T) {
	a, b := sysflow.OID{HPID: 1}, sysflow.OID{HPID: 2}
	var table sysflow.Table
	table.Put(&sysflow.Process{OID: a, POID: &b})
	table.Put(&sysflow.Process{OID: b, POID: &a})
	var row Row
	row.Set(&table, &sysflow.ProcessEvent{ProcOID: a})
	f, err := Select([]string{"proc.apid"})
	require.NoError(t, err)
	assert.Equal(t, maxAncestors, strings.Count(string(f[0].Value(&row).Append(nil)), ",")+1)
}

// TestReusedRow: nothing of a row is left in the next.
func TestReusedRow(t *testing.T) {
	var table sysflow.Table
	var reused Row
	all := All()
	for _, rec := range sysflowtest.RecordsV6(rand.New(rand.NewPCG(7, 8)), 2000) {
		if table.Put(rec) {
			continue
		}
		var fresh Row
		fresh.Set(&table, rec)
		reused.Set(&table, rec)
		for i := range all {
			want := append([]byte(nil), all[i].Value(&fresh).Append(nil)...)
			require.Equal(t, string(want), string(all[i].Value(&reused).Append(nil)), "%s of %v", all[i].Name, rec.Kind())
		}
	}
}

func TestNothingKnown(t *testing.T) {
	var table sysflow.Table
	var row Row
	for _, rec := range []sysflow.Record{
		&sysflow.ProcessEvent{}, &sysflow.FileEvent{NewFileOID: &sysflow.FOID{}}, &sysflow.NetworkEvent{},
		&sysflow.ProcessFlow{}, &sysflow.FileFlow{}, &sysflow.NetworkFlow{}, &sysflow.K8sEvent{}, &sysflow.Gap{},
	} {
		row.Set(&table, rec)
		for _, f := range All() {
			assert.NotPanics(t, func() { f.Value(&row) }, "%s of %v", f.Name, rec.Kind())
		}
	}
}

func TestContainerThatNothingDescribes(t *testing.T) {
	var table sysflow.Table
	oid := sysflow.OID{HPID: 1}
	table.Put(&sysflow.Process{OID: oid, ContainerID: "c010f5a08549"})
	var row Row
	row.Set(&table, &sysflow.ProcessEvent{ProcOID: oid})
	for _, f := range All() {
		switch f.Name {
		case "container.id":
			assert.Equal(t, "c010f5a08549", string(f.Value(&row).Append(nil)))
		case "container.name", "container.image":
			assert.Equal(t, Empty, f.Value(&row).Kind, f.Name)
		}
	}
}
