package plogs

import (
	"net/netip"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// edges are streams that a generator hardly comes up with.
func edges() map[string][]sysflow.Record {
	oid := sysflow.OID{CreateTS: 0, HPID: 7}
	child := sysflow.OID{CreateTS: 5, HPID: 8}
	foid := func(path string) sysflow.FOID { return sysflow.NewFOID("", path) }
	process := func(state sysflow.ObjectState, ts int64, exe string) *sysflow.Process {
		return &sysflow.Process{State: state, OID: oid, TS: ts, Exe: exe, UID: sysflow.UnknownID, GID: sysflow.UnknownID}
	}
	file := func(ts int64) *sysflow.File {
		return &sysflow.File{State: sysflow.StateReup, OID: foid("/a"), TS: ts, Type: sysflow.FileUnknown, Path: "/a"}
	}
	header := &sysflow.Header{Version: 5, Exporter: "node"}
	flow := func(ts int64, path string) *sysflow.FileFlow {
		return &sysflow.FileFlow{ProcOID: oid, TS: ts, EndTS: ts, FileOID: foid(path), FD: -1}
	}
	exec := &sysflow.ProcessEvent{ProcOID: oid, TS: 20, OpFlags: sysflow.OpExec}
	return map[string][]sysflow.Record{
		"nothing":      nil,
		"header alone": {header},
		"empty header": {&sysflow.Header{}},
		"entities alone": {
			header, &sysflow.Pod{}, &sysflow.Container{}, &sysflow.Process{}, &sysflow.File{},
		},
		"dangling everything": {
			header,
			&sysflow.Process{OID: oid, POID: &child, ContainerID: "gone"},
			flow(10, "/gone"),
			&sysflow.FileEvent{ProcOID: child, TS: 11, FileOID: foid("/gone"), NewFileOID: new(foid("/new"))},
			&sysflow.Container{ID: "c", PodID: "gone"},
		},
		"late entities": {
			header, exec, process(sysflow.StateReup, 21, "/bin/sh"), exec,
			flow(22, "/a"), file(22), flow(23, "/a"),
		},
		"versions of a process": {
			header,
			process(sysflow.StateCreated, 1, "/bin/sh"), exec,
			process(sysflow.StateModified, 2, "/bin/a"),
			process(sysflow.StateModified, 3, "/bin/b"),
			process(sysflow.StateModified, 3, ""), exec,
			process(sysflow.StateModified, 4, "/bin/c"),
		},
		"versions of a file": {
			header, process(sysflow.StateReup, 1, "x"),
			file(1), flow(2, "/a"), file(3), file(4), flow(4, "/a"), file(5), flow(5, "/a"),
		},
		"versions of a container": {
			header,
			&sysflow.Container{ID: "c", Name: "incomplete", Image: "incomplete:incomplete"},
			&sysflow.Process{OID: oid, ContainerID: "c"}, exec,
			&sysflow.Container{ID: "c", Name: "web", Image: "alpine:latest:latest"}, exec,
			&sysflow.Container{ID: "d", Image: "registry:5000/app@sha256:aa"},
			&sysflow.Container{ID: "e", Image: "registry:5000/app"},
			&sysflow.Container{ID: "f", Image: "app:", Type: 200},
		},
		"files with foreign ids": {
			header, process(sysflow.StateReup, 1, "x"),
			&sysflow.File{State: sysflow.StateReup, OID: sysflow.FOID{1}, TS: 2, Type: sysflow.FileUnknown},
			&sysflow.File{State: sysflow.StateCreated, OID: sysflow.FOID{2}, TS: 3, Path: "/p", ContainerID: "c"},
			&sysflow.File{State: sysflow.StateModified, OID: sysflow.FOID{3}, TS: 4, Type: -5, Path: "/p", ContainerID: "c"},
			&sysflow.FileEvent{ProcOID: oid, TS: 5, FileOID: sysflow.FOID{1}, NewFileOID: &sysflow.FOID{2}},
			&sysflow.FileEvent{ProcOID: oid, TS: 6, FileOID: sysflow.FOID{3}, NewFileOID: &sysflow.FOID{1}},
			&sysflow.FileEvent{ProcOID: oid, TS: 7, FileOID: sysflow.FOID{2}, NewFileOID: &sysflow.FOID{3}},
		},
		"texts that are no UTF-8": {
			header,
			&sysflow.Process{
				OID: oid, Exe: "/bin/\xff", ExeArgs: " a  b\xfe", UserName: "\xc0",
				CWD: "/\xf0/", Env: []string{"A=\xff", "B=ü"},
			},
			&sysflow.File{OID: foid("/\xff"), Path: "/\xff"},
			flow(9, "/\xff"), flow(10, "/\xff"),
			&sysflow.ProcessEvent{ProcOID: oid, TS: 11, Args: []string{"", "\xff", "ok"}},
		},
		"pods and files with texts that are no UTF-8": {
			header,
			&sysflow.Pod{
				ID: "p\xff", Name: "\xfe", NodeName: "\xc0", Namespace: "\xf0",
				Labels:    map[string]string{"a\xff": "1", "a\xfe": "2", "a\uFFFD": "3", "b": "\xff", "c": ""},
				Selectors: map[string]string{"\xff": "x", "\xfe": "\xff", "": ""},
				Services: []sysflow.Service{{
					Name: "\xff", ID: "s\xfe", Namespace: "ok", PortList: []sysflow.Port{{Port: 1, Proto: "T\xff"}},
				}},
			},
			&sysflow.Pod{ID: "q", Labels: map[string]string{"\xff": ""}, Selectors: map[string]string{"a": "\xff"}},
			&sysflow.Container{ID: "c\xff", PodID: "p\xff", Image: "i\xff:t\xfe", ImageID: "\xff"},
			&sysflow.Process{OID: oid, ContainerID: "c\xff"},
			&sysflow.File{OID: sysflow.NewFOID("d\xff", "/a"), Path: "/a", ContainerID: "d\xff"},
			&sysflow.FileFlow{ProcOID: oid, TS: 9, FileOID: sysflow.NewFOID("d\xff", "/a"), FD: -1},
			&sysflow.K8sEvent{TS: 10, Message: "\xff"},
		},
		"argument oddities": {
			header,
			&sysflow.Process{OID: oid, Exe: "/bin/a b", ExeArgs: " "},
			&sysflow.Process{OID: oid, Exe: "", ExeArgs: " x"},
			&sysflow.Process{OID: oid, Exe: "/bin/", ExeArgs: "/bin/ /bin/"},
			&sysflow.Process{OID: oid, Exe: " ", ExeArgs: ""},
		},
		"times out of order": {
			header, process(sysflow.StateReup, 1<<62, "x"),
			exec, &sysflow.ProcessFlow{ProcOID: oid, TS: 1 << 62, EndTS: -1}, exec,
			&sysflow.ProcessEvent{ProcOID: oid, TS: 1<<63 - 1}, exec,
			&sysflow.ProcessEvent{ProcOID: oid, TS: -1 << 63}, exec,
		},
		"addresses": {
			header, process(sysflow.StateReup, 1, "x"),
			&sysflow.NetworkFlow{ProcOID: oid, TS: 2, SIP: netip.MustParseAddr("::ffff:1.2.3.4"), DIP: netip.MustParseAddr("1.2.3.4")},
			&sysflow.NetworkFlow{ProcOID: oid, TS: 3, SIP: netip.MustParseAddr("fe80::1%eth0"), DIP: netip.MustParseAddr("::")},
			&sysflow.NetworkEvent{ProcOID: oid, TS: 4, Proto: sysflow.ProtoUnknown, DPort: -1},
			&sysflow.NetworkEvent{ProcOID: oid, TS: 5, SIP: netip.IPv4Unspecified(), Proto: 255, OpFlags: 1<<30 | 1},
		},
		"details of processes": {
			header,
			&sysflow.Process{OID: oid, Details: &sysflow.ProcessDetails{}}, exec,
			&sysflow.Process{OID: oid}, exec,
			&sysflow.Process{OID: oid, Details: sysflow.NewProcessDetails()}, exec,
			&sysflow.Process{OID: child, Details: &sysflow.ProcessDetails{
				Comm: "\xff", Argv0: "-\xfe", LoginUser: "\xc0", ExeFlags: -1, CapEffective: -1 << 63, RealUID: -2,
				SID: 1, PGID: -1, Namespaces: sysflow.Namespaces{Cgroup: 1, UTS: 1<<63 - 1},
			}},
		},
		"details of containers": {
			header,
			&sysflow.Container{ID: "c", Runtime: "podman"},
			&sysflow.Container{ID: "d", Image: "registry:5000/app:1", ImageDigest: "sha256:aa", Mounts: []sysflow.Mount{{}, {RW: true}}},
			&sysflow.Container{ID: "e", Image: "app@sha256:aa", ImageDigest: "sha256:aa"},
			&sysflow.Container{ID: "f", Image: ":1", ImageDigest: "app@sha256:aa", Mounts: []sysflow.Mount{{Source: "/\xff", Mode: "ro"}}},
			&sysflow.Container{ID: "g", Image: "@", ImageDigest: "@"},
			&sysflow.Container{ID: "h", Labels: map[string]string{"": "", "a\xff": "1", "a\xfe": "\xff", "b": "2"}},
			&sysflow.Container{ID: "i\xff", Image: "i\xff:t", ImageDigest: "d\xfe"},
			&sysflow.Process{OID: oid, ContainerID: "h"}, exec,
			&sysflow.Container{ID: "h", Labels: map[string]string{"b": "2"}}, exec,
		},
		"gaps": {
			header, process(sysflow.StateReup, 1, "x"), exec,
			&sysflow.Gap{}, &sysflow.Gap{TS: 30, EndTS: 40, Cause: "\xff", Count: -1}, exec,
		},
		"operations and origins of version 6": {
			header, process(sysflow.StateReup, 1, "x"),
			&sysflow.ProcessEvent{ProcOID: oid, TS: 2, OpFlags: sysflow.OpMount, Args: []string{"a=\xff"}},
			&sysflow.NetworkEvent{ProcOID: oid, TS: 3, OpFlags: sysflow.OpDup, Args: []string{""}, Origin: sysflow.OriginSyscall},
			&sysflow.NetworkEvent{ProcOID: oid, TS: 4, OpFlags: -1, FD: sysflow.UnknownFD, Origin: 1 << 30},
			file(5), &sysflow.FileEvent{ProcOID: oid, TS: 5, OpFlags: sysflow.OpChmod, FileOID: foid("/a"), Args: []string{"mode=0777"}, Origin: -1},
			&sysflow.NetworkFlow{ProcOID: oid, TS: 6, Origin: sysflow.OriginSyscall | sysflow.OriginIOUring},
		},
		"enums without symbol": {
			header, &sysflow.Process{OID: oid, State: 9}, exec,
			&sysflow.K8sEvent{ComponentKind: 77, Action: 88, TS: 4},
			&sysflow.Pod{ID: "p", HostIP: []int64{-1, 1 << 40, 1<<32 - 1}, Labels: map[string]string{"": "x"}},
		},
	}
}

func TestRoundTripEdges(t *testing.T) {
	for name, recs := range edges() {
		for _, size := range batchSizes {
			for carrier, carry := range carriers {
				t.Run(name+"/"+carrier, func(t *testing.T) {
					got := roundTrip(t, recs, size, carry)
					lost, extra := difference(recs, got)
					assert.Empty(t, lost, "batches of %d", size)
					assert.Empty(t, extra, "batches of %d", size)
				})
			}
		}
	}
}

// The order of one process outlives times that run backwards, and batches that no
// longer have observed timestamps.
func TestOrderOfAProcess(t *testing.T) {
	for name, recs := range edges() {
		e := NewEncoder(EncoderOptions{})
		for _, rec := range recs {
			e.Add(rec)
		}
		ld := e.Take()
		for _, lr := range records(ld) {
			lr.record.SetObservedTimestamp(0)
		}
		var got []sysflow.Record
		require.NoError(t, NewDecoder().Decode(ld, func(o *Observation) error {
			if o.Event != nil {
				got = append(got, sysflow.Clone(o.Event))
			}
			return nil
		}))
		assert.Equal(t, byProcess(recs), byProcess(got), name)
	}
}

func byProcess(recs []sysflow.Record) map[int64][]string {
	out := make(map[int64][]string)
	for _, rec := range recs {
		switch r := rec.(type) {
		case *sysflow.ProcessEvent:
			out[r.ProcOID.HPID] = append(out[r.ProcOID.HPID], text(r))
		case *sysflow.ProcessFlow:
			out[r.ProcOID.HPID] = append(out[r.ProcOID.HPID], text(r))
		case *sysflow.FileFlow:
			out[r.ProcOID.HPID] = append(out[r.ProcOID.HPID], text(r))
		}
	}
	return out
}

// The records of two hosts that a gateway put into one batch are not interleaved.
func TestHostsAreNotMixed(t *testing.T) {
	var merged plog.Logs
	for i, host := range []string{"a", "b", "a"} {
		e := NewEncoder(EncoderOptions{})
		e.Add(&sysflow.Header{Exporter: host})
		e.Take() // the header has travelled before
		for ts := range int64(3) {
			e.Add(&sysflow.ProcessEvent{ProcOID: sysflow.OID{HPID: ts}, TS: 10 + 3*int64(i) + ts})
		}
		ld := e.Take()
		if i == 0 {
			merged = ld
		} else {
			ld.ResourceLogs().MoveAndAppendTo(merged.ResourceLogs())
		}
	}
	var hosts []string
	require.NoError(t, NewDecoder().Decode(merged, func(o *Observation) error {
		hosts = append(hosts, o.Header.Exporter)
		return nil
	}))
	assert.Len(t, slices.Compact(hosts), 2)
}

func TestAncestorsTravelFirst(t *testing.T) {
	oid := func(pid int64) sysflow.OID { return sysflow.OID{HPID: pid} }
	e := NewEncoder(EncoderOptions{})
	for pid := int64(1); pid < 5; pid++ {
		p := &sysflow.Process{OID: oid(pid)}
		if pid > 1 {
			p.POID = new(oid(pid - 1))
		}
		e.Add(p)
	}
	assert.Equal(t, 4, e.Len())
	e.Add(&sysflow.ProcessEvent{ProcOID: oid(4), TS: 1})
	assert.Equal(t, 4, e.Len(), "the event carries its process")
	var pids []int64
	require.NoError(t, NewDecoder().Decode(e.Take(), func(o *Observation) error {
		pids = append(pids, o.Process.OID.HPID)
		return nil
	}))
	assert.Equal(t, []int64{1, 2, 3, 4}, pids)
}
