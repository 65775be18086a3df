package reading

import (
	"math/rand/v2"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/plogs"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/sysflowtest"
)

// records yields every log record with its resource.
func records(ld plog.Logs, yield func(rl plog.ResourceLogs, lr plog.LogRecord)) {
	for _, rl := range ld.ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			for _, lr := range sl.LogRecords().All() {
				yield(rl, lr)
			}
		}
	}
}

// single returns logs with one record only.
func single(rl plog.ResourceLogs, lr plog.LogRecord) plog.Logs {
	ld := plog.NewLogs()
	out := ld.ResourceLogs().AppendEmpty()
	rl.Resource().CopyTo(out.Resource())
	lr.CopyTo(out.ScopeLogs().AppendEmpty().LogRecords().AppendEmpty())
	return ld
}

// TestReadsWhatTheDecoderReads compares with the decoder that turns logs into traces.
func TestReadsWhatTheDecoderReads(t *testing.T) {
	enc := plogs.NewEncoder(plogs.EncoderOptions{})
	for _, rec := range sysflowtest.RecordsV6(rand.New(rand.NewPCG(7, 7)), 3000) {
		enc.Add(rec)
	}
	var r Records
	var res Resource
	seen := make(map[sysflow.Kind]int)
	records(enc.Take(), func(rl plog.ResourceLogs, lr plog.LogRecord) {
		kind, ok := r.Read(lr)
		require.True(t, ok)
		seen[kind]++
		res.Read(rl.Resource().Attributes())
		err := plogs.NewDecoder().Decode(single(rl, lr), func(o *plogs.Observation) error {
			checkResource(t, o, &res)
			if o.Event != nil {
				require.Equal(t, o.Event.Kind(), kind)
				assert.Equal(t, expected(o), r.Record)
			}
			return nil
		})
		require.NoError(t, err)
	})
	assert.Len(t, seen, sysflow.NumKinds)
	assert.Zero(t, r.Ignored)
	assert.Zero(t, res.Ignored)
}

// checkResource compares the entities of a resource.
func checkResource(t *testing.T, o *plogs.Observation, res *Resource) {
	t.Helper()
	if h := o.Header; h != nil {
		assert.Equal(t, field.Node{Name: h.Exporter, IP: h.IP, SchemaVersion: h.Version, TraceFile: h.Filename}, res.Node)
	}
	if o.Process != nil {
		require.True(t, res.HasProcess && res.HasOID)
		assert.Equal(t, *o.Process, res.NewProcess(nil))
		assert.Equal(t, *o.Process, res.NewProcess(o.Process))
		assert.True(t, res.Process.Equal(o.Process))
	}
	if o.Container != nil {
		require.True(t, res.HasContainer)
		assert.Equal(t, o.Container, res.NewContainer())
		assert.True(t, res.SameContainer(o.Container))
	}
	if p := o.Pod; p != nil && res.HasPod() {
		assert.True(t, res.SamePod(p))
		assert.Equal(t, p, res.NewPod(p))
	}
}

// expected is the record that rules should see.
func expected(o *plogs.Observation) field.Record {
	r := blank
	r.Kind = o.Event.Kind()
	if f := o.File; f != nil {
		r.File = fileOf(f)
	}
	if f := o.NewFile; f != nil {
		r.NewFile = fileOf(f)
	}
	switch e := o.Event.(type) {
	case *sysflow.ProcessEvent:
		r.Ops, r.TS, r.TID, r.Ret, r.HasRet, r.Args = e.OpFlags, e.TS, e.TID, e.Ret, true, e.Args
	case *sysflow.ProcessFlow:
		r.Ops, r.TS, r.EndTS = e.OpFlags, e.TS, e.EndTS
	case *sysflow.FileEvent:
		r.Ops, r.TS, r.TID, r.Ret, r.HasRet, r.Args, r.Origin = e.OpFlags, e.TS, e.TID, e.Ret, true, e.Args, e.Origin
	case *sysflow.FileFlow:
		r.Ops, r.TS, r.EndTS, r.TID, r.FD, r.OpenFlags, r.Counters = e.OpFlags, e.TS, e.EndTS, e.TID, e.FD, e.OpenFlags, e.Counters
		r.Origin = e.Origin
	case *sysflow.NetworkEvent:
		r.Ops, r.TS, r.TID, r.Ret, r.HasRet, r.Args, r.Origin = e.OpFlags, e.TS, e.TID, e.Ret, true, e.Args, e.Origin
		r.SIP, r.SPort, r.DIP, r.DPort, r.Proto, r.FD = e.SIP, e.SPort, e.DIP, e.DPort, e.Proto, e.FD
	case *sysflow.NetworkFlow:
		r.Ops, r.TS, r.EndTS, r.TID, r.FD, r.Counters, r.Origin = e.OpFlags, e.TS, e.EndTS, e.TID, e.FD, e.Counters, e.Origin
		r.SIP, r.SPort, r.DIP, r.DPort, r.Proto = e.SIP, e.SPort, e.DIP, e.DPort, e.Proto
	case *sysflow.K8sEvent:
		r.TS, r.K8sKind, r.K8sAction, r.K8sMessage = e.TS, e.ComponentKind, e.Action, e.Message
	case *sysflow.Gap:
		r.TS, r.EndTS = e.TS, e.EndTS
	}
	return r
}

// fileOf is a file as rules see it: with its id only where that is not the usual one.
func fileOf(f *sysflow.File) field.File {
	out := field.File{Path: f.Path, Type: f.Type}
	if f.Path == "" && f.Type == sysflow.FileUnknown {
		out.Type = 0 // nothing is known of it
	}
	if f.OID != sysflow.NewFOID(f.ContainerID, f.Path) {
		out.OID = &f.OID
	}
	return out
}

// TestStandardAttributes reads what a sender may leave away that has only the attributes
// of the semantic conventions and the names of the operations.
func TestStandardAttributes(t *testing.T) {
	lr := plog.NewLogRecord()
	lr.SetObservedTimestamp(5)
	require.NoError(t, lr.Attributes().FromRaw(map[string]any{
		"sysflow.type": "NF", "sysflow.ops": "CONNECT|SEND", "network.transport": "TCP",
		"source.address": "10.0.0.1", "source.port": 1000, "destination.address": "2001:db8::1", "destination.port": 443,
	}))
	want := blank
	want.Kind, want.Ops, want.TS = sysflow.KindNetworkFlow, sysflow.OpConnect|sysflow.OpWriteSend, 5
	want.SIP, want.SPort = netip.MustParseAddr("10.0.0.1"), 1000
	want.DIP, want.DPort, want.Proto = netip.MustParseAddr("2001:db8::1"), 443, sysflow.ProtoTCP
	var r Records
	_, ok := r.Read(lr)
	require.True(t, ok)
	assert.Equal(t, want, r.Record)
}

// Sockets of both versions name peers of version 4 this way; rules do not.
func TestMappedAddresses(t *testing.T) {
	lr := plog.NewLogRecord()
	lr.Attributes().PutStr("sysflow.type", "NF")
	lr.Attributes().PutStr("source.address", "::ffff:10.0.0.1")
	lr.Attributes().PutStr("destination.address", "::ffff:c000:201")
	var r Records
	_, ok := r.Read(lr)
	require.True(t, ok)
	assert.Equal(t, netip.MustParseAddr("10.0.0.1"), r.Record.SIP)
	assert.Equal(t, netip.MustParseAddr("192.0.2.1"), r.Record.DIP)
}

func TestBadValuesAreMissing(t *testing.T) {
	lr := plog.NewLogRecord()
	require.NoError(t, lr.Attributes().FromRaw(map[string]any{
		"sysflow.type": "FE", "sysflow.op_flags": "1", "sysflow.ops": "NONSENSE", "thread.id": "7",
		"sysflow.fd": 2.5, "file.path": 7, "sysflow.file.type": "#x", "sysflow.file.oid": "zz", "sysflow.args": "a",
		"source.address": "here", "sysflow.ret": "0", "network.transport": "quic", "sysflow.k8s.kind": "x",
		"sysflow.raw": "no map", "sysflow.origin": "pigeon",
	}))
	want := blank
	want.Kind = sysflow.KindFileEvent
	var r Records
	_, ok := r.Read(lr)
	require.True(t, ok)
	assert.Equal(t, want, r.Record)
	assert.EqualValues(t, 13, r.Ignored, "all but the type, and a protocol that SysFlow does not tell")
}

// What other agents send is counted where rules cannot read it, not what is no part of SysFlow.
func TestIgnored(t *testing.T) {
	tests := map[string]struct {
		attrs map[string]any
		want  int64
	}{
		"nothing":              {map[string]any{"file.path": "", "thread.id": 0, "sysflow.args": []any{}, "source.port": 1}, 0},
		"not of SysFlow":       {map[string]any{"http.route": 7, "destination.domain": true}, 0},
		"port as text":         {map[string]any{"source.port": "443"}, 1},
		"operations as a list": {map[string]any{"sysflow.ops": []any{"OPEN"}}, 1},
		"operations known":     {map[string]any{"sysflow.ops": []any{"OPEN"}, "sysflow.op_flags": 1}, 0},
		"transport":            {map[string]any{"network.transport": 6}, 1},
		"a number in a list":   {map[string]any{"sysflow.args": []any{"a", 7}}, 1},
		"exact bytes":          {map[string]any{"sysflow.raw": map[string]any{"file.path": 7}}, 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			lr := plog.NewLogRecord()
			require.NoError(t, lr.Attributes().FromRaw(tt.attrs))
			var r Records
			r.Read(lr)
			require.Zero(t, r.Ignored, "no record of SysFlow")
			lr.Attributes().PutStr("sysflow.type", "FF")
			r.Read(lr)
			assert.Equal(t, tt.want, r.Ignored)
		})
	}
}

func TestIgnoredOfResources(t *testing.T) {
	var res Resource
	res.Read(attributes(t, map[string]any{
		"host.name": 7, "host.ip": "192.0.2.1", "process.pid": "7", "process.parent_pid": "1", "process.creation.time": "today",
		"container.id": 1, "sysflow.container.type": "x", "k8s.pod.name": false, "sysflow.raw": 1, "cloud.region": 7,
		"process.vpid": "7", "sysflow.process.comm": 1, "sysflow.process.ns.pid": "x", "sysflow.process.ns.none": "x", "sysflow.container.mounts": []any{"x"},
		"container.runtime.name": 7, "sysflow.process.cap.effective": "x",
	}))
	assert.EqualValues(t, 15, res.Ignored, "all but the region and a namespace that there is not")
	assert.Nil(t, res.Process.Details)
	assert.False(t, res.HasOID, "all processes of this sender would be one")
	assert.Nil(t, res.Process.POID)
}

func TestExactBytes(t *testing.T) {
	lr := plog.NewLogRecord()
	lr.Attributes().PutStr("sysflow.type", "FF")
	lr.Attributes().PutStr("file.path", "/tmp/\uFFFD")
	lr.Attributes().PutEmptyMap("sysflow.raw").PutEmptyBytes("file.path").FromRaw([]byte("/tmp/\xff"))
	var r Records
	_, ok := r.Read(lr)
	require.True(t, ok)
	assert.Equal(t, "/tmp/\xff", r.Record.File.Path)
}

func TestForeign(t *testing.T) {
	var r Records
	for _, typ := range []string{"", "XX", "ff"} {
		lr := plog.NewLogRecord()
		lr.Attributes().PutStr("sysflow.type", typ)
		_, ok := r.Read(lr)
		assert.False(t, ok, typ)
	}
	_, ok := r.Read(plog.NewLogRecord())
	assert.False(t, ok)
}

func TestReadingDoesNotAllocate(t *testing.T) {
	enc := plogs.NewEncoder(plogs.EncoderOptions{})
	for _, rec := range sysflowtest.RecordsV6(rand.New(rand.NewPCG(3, 3)), 500) {
		enc.Add(rec)
	}
	ld := enc.Take()
	var r Records
	var res Resource
	read := func() {
		for _, rl := range ld.ResourceLogs().All() {
			res.Read(rl.Resource().Attributes())
		}
		records(ld, func(_ plog.ResourceLogs, lr plog.LogRecord) { r.Read(lr) })
	}
	read()
	assert.Zero(t, testing.AllocsPerRun(10, read))
}

func BenchmarkRead(b *testing.B) {
	enc := plogs.NewEncoder(plogs.EncoderOptions{})
	for _, rec := range sysflowtest.RecordsV6(rand.New(rand.NewPCG(3, 3)), 10_000) {
		enc.Add(rec)
	}
	ld := enc.Take()
	n := ld.LogRecordCount()
	var r Records
	b.ReportAllocs()
	for b.Loop() {
		records(ld, func(_ plog.ResourceLogs, lr plog.LogRecord) { r.Read(lr) })
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/record")
}

func attributes(t *testing.T, raw map[string]any) pcommon.Map {
	t.Helper()
	m := pcommon.NewMap()
	require.NoError(t, m.FromRaw(raw))
	return m
}

func TestForeignProcess(t *testing.T) {
	var res Resource
	res.Read(attributes(t, map[string]any{
		"host.name": "n", "process.pid": 7, "process.creation.time": "2024-01-02T03:04:05.000000006Z",
		"process.executable.name": "curl", "process.command_args": []any{"curl", "-s", "http://x"}, "process.owner": "root",
		"process.interactive": "yes", "container.id": "c", "k8s.pod.uid": "p", "service.name": "x",
	}))
	want := sysflow.Process{
		OID: sysflow.OID{HPID: 7, CreateTS: 1704164645000000006}, State: sysflow.StateReup, Exe: "curl", ExeArgs: "-s http://x",
		UserName: "root", UID: sysflow.UnknownID, GID: sysflow.UnknownID, ContainerID: "c",
	}
	assert.Equal(t, want, res.NewProcess(nil))
	assert.True(t, res.HasOID && res.HasProcess)
	assert.False(t, res.HasContainer || res.HasPod())
	assert.Equal(t, field.Node{Name: "n"}, res.Node)
}

func TestArguments(t *testing.T) {
	tests := []struct{ exe, line, want string }{
		{"/bin/sh", "/bin/sh -c id", "-c id"},
		{"/bin/sh", "/bin/sh", ""},
		{"/bin/sh", "/bin/shell -c", "-c"},
		{"", "sh -c", "sh -c"},
		{"/bin/sh", "sh -c id", "-c id"},
		{"/bin/sh", "sh", ""},
	}
	for _, tt := range tests {
		assert.Equal(t, tt.want, arguments(tt.exe, tt.line), tt.line)
	}
}

func TestDifferences(t *testing.T) {
	base := map[string]any{
		"process.pid": 7, "process.parent_pid": 1, "process.executable.path": "/bin/sh", "sysflow.process.env": []any{"A=b"},
		"container.id": "c", "container.image.name": "web", "container.image.tags": []any{"1"}, "sysflow.container.privileged": false,
		"k8s.pod.uid": "p", "k8s.pod.name": "web-1", "k8s.pod.label.app": "web", "container.label.app": "web",
		"sysflow.process.comm": "sh", "process.vpid": 1,
		"sysflow.container.mounts": []any{map[string]any{"source": "/a", "destination": "/b", "mode": "ro", "rw": true, "propagation": "rprivate"}},
	}
	var res Resource
	res.Read(attributes(t, base))
	p, c, k := res.NewProcess(nil), res.NewContainer(), res.NewPod(nil)
	tests := map[string]struct {
		value           any
		proc, cont, pod bool
	}{
		"process.parent_pid":           {value: 2, proc: true},
		"process.executable.path":      {value: "/bin/bash", proc: true},
		"sysflow.process.env":          {value: []any{"A=c"}, proc: true},
		"process.interactive":          {value: true, proc: true},
		"container.id":                 {value: "d", proc: true, cont: true},
		"container.image.name":         {value: "db", cont: true},
		"container.image.tags":         {value: []any{"2"}, cont: true},
		"sysflow.container.privileged": {value: true, cont: true},
		"sysflow.container.mounts":     {value: []any{map[string]any{"source": "/a"}}, cont: true},
		"container.label.app":          {value: "db", cont: true},
		"container.label.tier":         {value: "front", cont: true},
		"container.runtime.name":       {value: "podman", cont: true},
		"container.image.repo_digests": {value: []any{"web@sha256:1"}, cont: true},
		"sysflow.process.comm":         {value: "bash", proc: true},
		"process.vpid":                 {value: 2, proc: true},
		"sysflow.process.ns.net":       {value: 2, proc: true},
		"k8s.pod.name":                 {value: "web-2", pod: true},
		"k8s.pod.label.app":            {value: "db", pod: true},
		"k8s.pod.label.tier":           {value: "front", pod: true},
		"sysflow.process.state":        {value: "MODIFIED"},
	}
	for key, tt := range tests {
		t.Run(key, func(t *testing.T) {
			m := attributes(t, base)
			require.NoError(t, m.PutEmpty(key).FromRaw(tt.value))
			res.Read(m)
			assert.Equal(t, !tt.proc, res.Process.Equal(&p), "process")
			assert.Equal(t, !tt.cont, res.SameContainer(c), "container")
			assert.Equal(t, !tt.pod, res.SamePod(k), "pod")
		})
	}
}

// TestDetails reads what version 6 says of processes and containers.
func TestDetails(t *testing.T) {
	var res Resource
	res.Read(attributes(t, map[string]any{
		"process.pid": 7, "sysflow.process.comm": "sh", "process.command": "-sh", "sysflow.process.executable.flags": 10,
		"sysflow.process.executable.inode": 11, "sysflow.process.executable.ctime": 12, "sysflow.process.executable.mtime": 13,
		"sysflow.process.cap.permitted": 14, "sysflow.process.cap.effective": 15, "sysflow.process.cap.inheritable": 16,
		"process.real_user.id": 17, "process.saved_user.id": 18, "sysflow.process.real_group.id": 19, "sysflow.process.saved_group.id": 20,
		"sysflow.process.login_user.id": 21, "sysflow.process.login_user.name": "alice", "process.session_leader.pid": 22, "process.group_leader.pid": 23,
		"process.vpid": 24, "sysflow.process.vsid": 25, "sysflow.process.vpgid": 26,
		"sysflow.process.ns.cgroup": 27, "sysflow.process.ns.ipc": 28, "sysflow.process.ns.mnt": 29, "sysflow.process.ns.net": 30,
		"sysflow.process.ns.pid": 31, "sysflow.process.ns.user": 32, "sysflow.process.ns.uts": 33,
		"container.id": "c", "container.runtime.name": "podman", "container.image.repo_digests": []any{"web@sha256:1"}, "container.label.app": "web",
		"sysflow.container.mounts": []any{map[string]any{"source": "/a", "destination": "/b", "mode": "ro", "rw": true, "propagation": "rprivate"}},
	}))
	p := res.NewProcess(nil)
	assert.Equal(t, &sysflow.ProcessDetails{
		Comm: "sh", Argv0: "-sh", ExeFlags: sysflow.ExeUpperLayer | sysflow.ExeMemfd, ExeIno: 11, ExeCTime: 12, ExeMTime: 13,
		CapPermitted: 14, CapEffective: 15, CapInheritable: 16, RealUID: 17, SavedUID: 18, RealGID: 19, SavedGID: 20, LoginUID: 21, LoginUser: "alice",
		SID: 22, PGID: 23, VPID: 24, VSID: 25, VPGID: 26,
		Namespaces: sysflow.Namespaces{Cgroup: 27, IPC: 28, Mnt: 29, Net: 30, PID: 31, User: 32, UTS: 33},
	}, p.Details)
	assert.True(t, res.HasProcess)
	assert.Zero(t, res.Ignored)
	assert.Equal(t, &sysflow.Container{
		ID: "c", Runtime: "podman", ImageDigest: "sha256:1", Labels: map[string]string{"app": "web"},
		Mounts: []sysflow.Mount{{Source: "/a", Destination: "/b", Mode: "ro", RW: true, Propagation: "rprivate"}},
	}, res.NewContainer())
	assert.Same(t, p.Details, res.NewProcess(&p).Details, "what is known is kept")

	res.Read(attributes(t, map[string]any{"process.pid": 7, "sysflow.process.comm": "sh"}))
	assert.Equal(t, sysflow.ProcessDetails{
		Comm: "sh", RealUID: sysflow.UnknownID, SavedUID: sysflow.UnknownID, RealGID: sysflow.UnknownID, SavedGID: sysflow.UnknownID, LoginUID: sysflow.UnknownID,
	}, *res.NewProcess(nil).Details, "ids are not root's for want of others")
	assert.Equal(t, "sh", p.Details.Comm, "nothing is shared with the next resource")
	assert.Equal(t, int32(21), p.Details.LoginUID, "nothing is shared with the next resource")
	res.Read(attributes(t, map[string]any{"process.pid": 7}))
	assert.Nil(t, res.NewProcess(nil).Details)
}

// TestEventsOfVersion6 reads arguments and origin, and what is derived from them.
func TestEventsOfVersion6(t *testing.T) {
	lr := plog.NewLogRecord()
	require.NoError(t, lr.Attributes().FromRaw(map[string]any{
		"sysflow.args": []any{"name=../x", "flags=O_WRONLY|O_TRUNC"}, "sysflow.op_flags": int64(sysflow.OpOpen), "sysflow.type": "FE",
		"sysflow.origin": "syscall|io_uring", "sysflow.ret": -2, "file.path": "/x",
	}))
	want := blank
	want.Kind, want.Ops, want.Ret, want.HasRet = sysflow.KindFileEvent, sysflow.OpOpen, -2, true
	want.Args, want.OpenFlags = []string{"name=../x", "flags=O_WRONLY|O_TRUNC"}, sysflow.OpenWriteOnly|sysflow.OpenTrunc
	want.Origin, want.File = sysflow.OriginSyscall|sysflow.OriginIOUring, field.File{Path: "/x", Type: sysflow.FileUnknown}
	var r Records
	_, ok := r.Read(lr)
	require.True(t, ok)
	assert.Equal(t, want, r.Record)
	assert.Zero(t, r.Ignored)
	for text, origin := range map[string]sysflow.Origin{"io_uring": sysflow.OriginIOUring, "syscall": sysflow.OriginSyscall, "IO_URING,syscall": 3} {
		lr.Attributes().PutStr("sysflow.origin", text)
		r.Read(lr)
		assert.Equal(t, origin, r.Record.Origin, text)
	}
}
