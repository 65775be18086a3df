package sysflowconsoleexporter

import (
	"context"
	"net/netip"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otelcol-sysflow/otelcol-sysflow/exporter/sysflowconsoleexporter/internal/metadatatest"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/plogs"
)

// subject is a started exporter that prints to out. It has no queue unless the test
// asks for one, so ConsumeLogs returns what became of the batch.
type subject struct {
	exporter.Logs
	tel *componenttest.Telemetry
}

func startExporter(tb testing.TB, out *os.File, changes ...func(*Config)) *subject {
	tb.Helper()
	cfg := defaultsWith(synchronous)
	for _, change := range changes {
		change(cfg)
	}
	require.NoError(tb, cfg.Validate())
	tel := componenttest.NewTelemetry()
	exp, err := newConsoleExporter(cfg, tel.NewTelemetrySettings())
	require.NoError(tb, err)
	exp.out, exp.location = out, time.UTC
	logs, err := exp.wrap(context.Background(), metadatatest.NewSettings(tel))
	require.NoError(tb, err)
	require.NoError(tb, logs.Start(context.Background(), componenttest.NewNopHost()))
	return &subject{Logs: logs, tel: tel}
}

func (s *subject) shutdown(tb testing.TB) {
	tb.Helper()
	require.NoError(tb, s.Shutdown(context.Background()))
	require.NoError(tb, s.tel.Shutdown(context.Background()))
}

// tempFile returns a file, and what is in it by then.
func tempFile(tb testing.TB) (*os.File, func() string) {
	tb.Helper()
	f, err := os.Create(filepath.Join(tb.TempDir(), "out"))
	require.NoError(tb, err)
	tb.Cleanup(func() { require.NoError(tb, f.Close()) })
	return f, func() string {
		b, err := os.ReadFile(f.Name())
		require.NoError(tb, err)
		return string(b)
	}
}

// noon is 2026-03-01T12:00:00.123456789Z.
const noon = int64(1772366400_123456789)

// scenario is a shell in a container that fetches a file.
func scenario() plog.Logs {
	shell := sysflow.OID{CreateTS: noon - 1e9, HPID: 4711}
	curl := sysflow.OID{CreateTS: noon, HPID: 4712}
	file := func(path string) *sysflow.File {
		return &sysflow.File{OID: sysflow.NewFOID("c010f5a08549", path), Type: sysflow.FileRegular, Path: path, ContainerID: "c010f5a08549"}
	}
	process := func(id sysflow.OID, parent *sysflow.OID, exe, args string) *sysflow.Process {
		return &sysflow.Process{OID: id, POID: parent, TS: id.CreateTS, Exe: exe, ExeArgs: args, ContainerID: "c010f5a08549"}
	}
	hosts, part, whole := file("/etc/hosts"), file("/srv/www/index.html.part"), file("/srv/www/index.html")
	at := func(ms int64) int64 { return noon + ms*1_000_000 }
	return encode(
		&sysflow.Header{Version: 5, Exporter: "node-7"},
		&sysflow.Container{ID: "c010f5a08549", Name: "web"},
		process(shell, nil, "/bin/bash", ""),
		&sysflow.ProcessEvent{ProcOID: shell, TS: at(0), TID: 4711, OpFlags: sysflow.OpClone, Ret: 4712},
		process(curl, &shell, "/usr/bin/curl", "-o index.html.part http://192.0.2.80/"),
		&sysflow.ProcessEvent{ProcOID: curl, TS: at(1), TID: 4712, OpFlags: sysflow.OpExec},
		hosts,
		&sysflow.FileFlow{
			ProcOID: curl, TS: at(2), EndTS: at(2) + 45_600, TID: 4712, FileOID: hosts.OID, FD: 3,
			OpFlags:  sysflow.OpOpen | sysflow.OpReadRecv | sysflow.OpClose,
			Counters: sysflow.Counters{NumRRecvOps: 2, NumRRecvBytes: 174},
		},
		&sysflow.NetworkFlow{
			ProcOID: curl, TS: at(3), EndTS: at(19), TID: 4712, FD: 5, Proto: sysflow.ProtoTCP,
			SIP: netip.MustParseAddr("192.0.2.7"), SPort: 40556, DIP: netip.MustParseAddr("192.0.2.80"), DPort: 80,
			OpFlags:  sysflow.OpConnect | sysflow.OpWriteSend | sysflow.OpReadRecv | sysflow.OpClose,
			Counters: sysflow.Counters{NumRRecvOps: 4, NumRRecvBytes: 48_213, NumWSendOps: 1, NumWSendBytes: 81},
		},
		&sysflow.ProcessEvent{ProcOID: curl, TS: at(20), TID: 4712, OpFlags: sysflow.OpExit, Ret: 0},
		part,
		whole,
		&sysflow.FileEvent{ProcOID: shell, TS: at(24), TID: 4711, OpFlags: sysflow.OpRename, FileOID: part.OID, NewFileOID: &whole.OID},
		&sysflow.FileEvent{ProcOID: shell, TS: at(25), TID: 4711, OpFlags: sysflow.OpUnlink, FileOID: hosts.OID, Ret: -13},
	)
}

func encode(recs ...sysflow.Record) plog.Logs {
	enc := plogs.NewEncoder(plogs.EncoderOptions{})
	for _, r := range recs {
		enc.Add(r)
	}
	return enc.Take()
}
