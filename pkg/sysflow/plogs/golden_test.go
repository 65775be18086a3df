package plogs

import (
	"net/netip"
	"path/filepath"
	"testing"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/golden"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/pdatatest/plogtest"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// scenario is a shell in a container that runs curl, which writes a file.
func scenario() []sysflow.Record {
	const start = 1_700_000_000_000_000_000
	init := &sysflow.Process{
		State: sysflow.StateReup, OID: sysflow.OID{CreateTS: 0, HPID: 1}, TS: start, Exe: "/sbin/init",
		UserName: "root", GroupName: "root", Entry: true, CWD: "/",
	}
	shell := &sysflow.Process{
		State: sysflow.StateCreated, OID: sysflow.OID{CreateTS: start - 5, HPID: 4711}, POID: &init.OID, TS: start,
		Exe: "/bin/sh", UserName: "root", GroupName: "root", TTY: true, ContainerID: "a1b2c3d4e5f6", CWD: "/root/",
	}
	curl := *shell
	curl.State, curl.TS = sysflow.StateModified, start+10
	curl.Exe, curl.ExeArgs = "/usr/bin/curl", "-o index.html http://[2001:db8::1]/"
	file := func(path string) *sysflow.File {
		return &sysflow.File{
			State: sysflow.StateReup, OID: sysflow.NewFOID("a1b2c3d4e5f6", path), TS: start + 20,
			Type: sysflow.FileRegular, Path: path, ContainerID: "a1b2c3d4e5f6",
		}
	}
	part, done := file("/root/index.html.part"), file("/root/index.html")
	done.State, done.Type = sysflow.StateCreated, sysflow.FileUnknown
	oid := shell.OID
	return []sysflow.Record{
		&sysflow.Header{Version: 5, Exporter: "node-1", IP: "192.0.2.7"},
		&sysflow.Pod{
			TS: start, ID: "0b1e", Name: "web-0", NodeName: "node-1", Namespace: "shop",
			InternalIP: []int64{16777343}, Labels: map[string]string{"app": "web"},
			Services: []sysflow.Service{{Name: "web", PortList: []sysflow.Port{{Port: 80, TargetPort: 8080, Proto: "TCP"}}}},
		},
		&sysflow.Container{
			ID: "a1b2c3d4e5f6", Name: "web", Image: "registry.example/web:1.2", ImageID: "sha256:77",
			Type: sysflow.ContainerContainerd, PodID: "0b1e",
		},
		init, shell,
		&sysflow.ProcessEvent{ProcOID: oid, TS: start, TID: 4711, OpFlags: sysflow.OpClone},
		&curl,
		&sysflow.ProcessEvent{ProcOID: oid, TS: start + 10, TID: 4711, OpFlags: sysflow.OpExec},
		part,
		&sysflow.NetworkFlow{
			ProcOID: oid, TS: start + 30, EndTS: start + 90, TID: 4711, OpFlags: sysflow.OpConnect | sysflow.OpReadRecv | sysflow.OpWriteSend,
			SIP: netip.MustParseAddr("2001:db8::2"), SPort: 40556, DIP: netip.MustParseAddr("2001:db8::1"), DPort: 80,
			Proto: sysflow.ProtoTCP, FD: 3, Counters: sysflow.Counters{NumRRecvOps: 2, NumRRecvBytes: 900, NumWSendOps: 1, NumWSendBytes: 80},
		},
		&sysflow.FileFlow{
			ProcOID: oid, TS: start + 20, EndTS: start + 95, TID: 4711, OpFlags: sysflow.OpOpen | sysflow.OpWriteSend | sysflow.OpClose,
			OpenFlags: 0x107, FileOID: part.OID, FD: 4, Counters: sysflow.Counters{NumWSendOps: 1, NumWSendBytes: 820},
		},
		done,
		&sysflow.FileEvent{ProcOID: oid, TS: start + 96, TID: 4711, OpFlags: sysflow.OpRename, FileOID: part.OID, NewFileOID: &done.OID},
		&sysflow.ProcessFlow{ProcOID: oid, TS: start, EndTS: start + 97, OpFlags: sysflow.OpClone, NumThreadsCloned: 1},
		&sysflow.ProcessEvent{ProcOID: oid, TS: start + 98, TID: 4711, OpFlags: sysflow.OpExit, Ret: 256},
		&sysflow.K8sEvent{ComponentKind: sysflow.K8sPods, Action: sysflow.K8sComponentDeleted, TS: start + 99, Message: `{"kind":"Pod"}`},
	}
}

func TestGolden(t *testing.T) {
	e := NewEncoder(EncoderOptions{Version: "1.2.3"})
	for _, rec := range scenario() {
		e.Add(rec)
	}
	got := e.Take()
	path := filepath.Join("testdata", "scenario.yaml")
	want, err := golden.ReadLogs(path)
	require.NoError(t, err, "golden.WriteLogs(t, path, got) writes it anew")
	require.NoError(t, plogtest.CompareLogs(want, got))
}
