package main

import (
	"net/netip"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/avro"
)

// day is 2026-03-01T12:00:00Z.
const day = int64(1772366400_000000000)

// scenario is a small trace with all kinds of rows: a shell on the host that
// starts a web server in a container of a pod.
func scenario() []sysflow.Record {
	shell, web := sysflow.OID{CreateTS: day - 5, HPID: 4711}, sysflow.OID{CreateTS: day + 1000, HPID: 4712}
	file := func(container, path string, kind sysflow.FileType) *sysflow.File {
		return &sysflow.File{
			State: sysflow.StateReup, OID: sysflow.NewFOID(container, path), TS: day,
			Type: kind, Path: path, ContainerID: container,
		}
	}
	a, b, conf := file("", "/tmp/a, \"b\"", '?'), file("", "/tmp/größe", '?'), file("c010f5a08549", "/etc/nginx/nginx.conf", 'f')
	client, server := netip.MustParseAddr("192.0.2.7"), netip.MustParseAddr("198.51.100.1")
	v6 := netip.MustParseAddr("2001:db8::1")
	return []sysflow.Record{
		&sysflow.Header{Version: 5, Exporter: "node-1", IP: "192.0.2.1", Filename: "/data/node-1.1772366400.sf"},
		&sysflow.Pod{
			TS: day, ID: "pod-uid", Name: "web-1", NodeName: "node-1", Namespace: "shop", RestartCount: 2,
			HostIP: []int64{16777343}, InternalIP: []int64{16777343, 33554442},
			Services: []sysflow.Service{{
				Name: "web", ID: "svc-uid", Namespace: "shop", ClusterIP: []int64{33554442},
				PortList: []sysflow.Port{{Port: 80, TargetPort: 8080, NodePort: 30080, Proto: "TCP"}},
			}},
		},
		&sysflow.Container{
			ID: "c010f5a08549", Name: "web", Image: "nginx:1.27", ImageID: "sha256:f70734b6", Type: sysflow.ContainerCRI,
			Privileged: true, PodID: "pod-uid",
		},
		&sysflow.Process{
			OID: shell, TS: day, Exe: "/usr/bin/bash", UID: 1000, UserName: "jo", GID: 100, GroupName: "users",
			TTY: true, CWD: "/home/jo/", Env: []string{"LANG=C", "HOME=/home/jo"}, State: sysflow.StateReup,
		},
		&sysflow.Process{
			OID: web, POID: &shell, TS: day, Exe: "/usr/sbin/nginx", ExeArgs: "-g daemon off;", UserName: "root", GroupName: "root",
			ContainerID: "c010f5a08549", Entry: true, CWD: "/",
		},
		a, b, conf,
		&sysflow.ProcessEvent{ProcOID: shell, TS: day + 123_456_789, TID: 4711, OpFlags: sysflow.OpClone, Ret: 4712},
		&sysflow.ProcessEvent{ProcOID: web, TS: day + 124_000_000, TID: 4712, OpFlags: sysflow.OpExec},
		&sysflow.FileFlow{
			ProcOID: web, TS: day + 1_000_000_000, EndTS: day + 1_000_250_000, TID: 4712,
			OpFlags: sysflow.OpOpen | sysflow.OpReadRecv | sysflow.OpClose, OpenFlags: sysflow.OpenReadOnly | sysflow.OpenCloexec,
			FileOID: conf.OID, FD: 3, Counters: sysflow.Counters{NumRRecvOps: 2, NumRRecvBytes: 4096},
		},
		&sysflow.FileEvent{ProcOID: shell, TS: day + 2_000_000_000, TID: 4711, OpFlags: sysflow.OpMkdir, FileOID: a.OID, Ret: -17},
		&sysflow.FileEvent{ProcOID: shell, TS: day + 2_100_000_000, TID: 4711, OpFlags: sysflow.OpRename, FileOID: a.OID, NewFileOID: &b.OID},
		&sysflow.NetworkFlow{
			ProcOID: web, TS: day + 3_000_000_000, EndTS: day + 33_000_000_000, TID: 4713,
			OpFlags: sysflow.OpAccept | sysflow.OpReadRecv | sysflow.OpWriteSend | sysflow.OpTruncate,
			SIP:     client, SPort: 40556, DIP: server, DPort: 80, Proto: sysflow.ProtoTCP, FD: 9,
			Counters: sysflow.Counters{NumRRecvOps: 1, NumRRecvBytes: 80, NumWSendOps: 2, NumWSendBytes: 1 << 33},
		},
		&sysflow.NetworkFlow{
			ProcOID: web, TS: day + 3_500_000_000, EndTS: day + 3_600_000_000, TID: 4713, OpFlags: sysflow.OpConnect | sysflow.OpClose,
			SIP: v6, SPort: 40557, DIP: v6, DPort: 53, Proto: sysflow.ProtoUDP, FD: 10,
		},
		&sysflow.NetworkEvent{
			ProcOID: web, TS: day + 4_000_000_000, TID: 4713, OpFlags: sysflow.OpConnect,
			SIP: client, SPort: 1, DIP: server, DPort: 443, Proto: sysflow.ProtoTCP, Ret: -111,
		},
		&sysflow.ProcessFlow{
			ProcOID: web, TS: day + 5_000_000_000, EndTS: day + 35_000_000_000, OpFlags: sysflow.OpClone | sysflow.OpExit,
			NumThreadsCloned: 8, NumThreadsExited: 7, NumCloneErrors: 1,
		},
		&sysflow.K8sEvent{
			TS: day + 6_000_000_000, ComponentKind: sysflow.K8sPods, Action: sysflow.K8sComponentModified,
			Message: `{"kind":"Pod"}`,
		},
		&sysflow.ProcessEvent{ProcOID: web, TS: day + 7_000_000_000, TID: 4712, OpFlags: sysflow.OpExit, Ret: 256},
		// Of a process that the trace does not describe.
		&sysflow.ProcessEvent{ProcOID: sysflow.OID{HPID: 1}, TS: day + 8_000_000_000, TID: 1, OpFlags: sysflow.OpSetuid, Args: []string{"root"}},
	}
}

// scenarioRows is the number of rows of scenario.
const scenarioRows = 12

// scenarioFile writes the scenario, several times over, and returns the file's path.
func scenarioFile(t *testing.T, times int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "node-1.1772366400.sf")
	f, err := os.Create(path)
	require.NoError(t, err)
	w, err := avro.NewWriter(f, avro.WriterOptions{})
	require.NoError(t, err)
	recs := scenario()
	for range times {
		for _, rec := range recs {
			require.NoError(t, w.Write(rec))
		}
		require.NoError(t, w.Flush())
	}
	require.NoError(t, w.Close())
	require.NoError(t, f.Close())
	return path
}
