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
	for _, rec := range sysflowtest.Records(rand.New(rand.NewPCG(7, 7)), 3000) {
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
		r.Ops, r.TS, r.TID, r.Ret, r.HasRet = e.OpFlags, e.TS, e.TID, e.Ret, true
	case *sysflow.FileFlow:
		r.Ops, r.TS, r.EndTS, r.TID, r.FD, r.OpenFlags, r.Counters = e.OpFlags, e.TS, e.EndTS, e.TID, e.FD, e.OpenFlags, e.Counters
	case *sysflow.NetworkEvent:
		r.Ops, r.TS, r.TID, r.Ret, r.HasRet = e.OpFlags, e.TS, e.TID, e.Ret, true
		r.SIP, r.SPort, r.DIP, r.DPort, r.Proto = e.SIP, e.SPort, e.DIP, e.DPort, e.Proto
	case *sysflow.NetworkFlow:
		r.Ops, r.TS, r.EndTS, r.TID, r.FD, r.Counters = e.OpFlags, e.TS, e.EndTS, e.TID, e.FD, e.Counters
		r.SIP, r.SPort, r.DIP, r.DPort, r.Proto = e.SIP, e.SPort, e.DIP, e.DPort, e.Proto
	case *sysflow.K8sEvent:
		r.TS, r.K8sKind, r.K8sAction, r.K8sMessage = e.TS, e.ComponentKind, e.Action, e.Message
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
		"sysflow.type": "FE", "sysflow.op_flags": int64(1) << 40, "sysflow.ops": "NONSENSE", "thread.id": "7",
		"sysflow.fd": 2.5, "file.path": 7, "sysflow.file.type": "#x", "sysflow.file.oid": "zz", "sysflow.args": "a",
		"source.address": "here", "sysflow.ret": "0", "network.transport": "quic", "sysflow.k8s.kind": "x",
		"sysflow.raw": "no map",
	}))
	want := blank
	want.Kind = sysflow.KindFileEvent
	var r Records
	_, ok := r.Read(lr)
	require.True(t, ok)
	assert.Equal(t, want, r.Record)
	assert.EqualValues(t, 12, r.Ignored, "all but the type, and a protocol that SysFlow does not tell")
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
	}))
	assert.EqualValues(t, 9, res.Ignored, "all but the region")
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
	for _, rec := range sysflowtest.Records(rand.New(rand.NewPCG(3, 3)), 500) {
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
	for _, rec := range sysflowtest.Records(rand.New(rand.NewPCG(3, 3)), 10_000) {
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
		"k8s.pod.uid": "p", "k8s.pod.name": "web-1", "k8s.pod.label.app": "web",
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
