package sysflowpolicyprocessor

import (
	"context"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/collector/processor/processortest"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/plogs"
	"github.com/otelcol-sysflow/otelcol-sysflow/processor/sysflowpolicyprocessor/internal/metadata"
)

const second = int64(1e9)

// t0 is when things begin in tests.
const t0 = 1_700_000_000 * second

var (
	nginxOID = sysflow.OID{CreateTS: t0 - 100*second, HPID: 10}
	shellOID = sysflow.OID{CreateTS: t0, HPID: 11}
)

// entities are a host with a web server in a container that started a shell.
func entities(host string) []sysflow.Record {
	return []sysflow.Record{
		&sysflow.Header{Version: sysflow.SchemaVersion, Exporter: host, IP: "192.0.2.1"},
		&sysflow.Container{ID: "c0ffee", Name: "web", Image: "nginx:1.25"},
		&sysflow.Process{OID: nginxOID, TS: t0, Exe: "/usr/sbin/nginx", ContainerID: "c0ffee", UserName: "www"},
		&sysflow.Process{
			OID: shellOID, POID: &nginxOID, TS: t0, Exe: "/bin/sh", ExeArgs: "-c id", ContainerID: "c0ffee", UserName: "www",
		},
	}
}

// childOnly are the entities without the web server.
func childOnly(host string) []sysflow.Record { return slices.Delete(entities(host), 2, 3) }

// exec is the start of the shell.
func exec(at int64) sysflow.Record {
	return &sysflow.ProcessEvent{ProcOID: shellOID, TS: at, TID: shellOID.HPID, OpFlags: sysflow.OpExec}
}

// opened is a file that the process read for a second.
func opened(oid sysflow.OID, path string, at int64) []sysflow.Record {
	id := sysflow.NewFOID("c0ffee", path)
	return []sysflow.Record{
		&sysflow.File{OID: id, Type: sysflow.FileRegular, Path: path, ContainerID: "c0ffee", TS: at},
		&sysflow.FileFlow{
			ProcOID: oid, TS: at, EndTS: at + second, TID: oid.HPID, FD: 3, FileOID: id, OpenFlags: sysflow.OpenReadOnly,
			OpFlags: sysflow.OpOpen | sysflow.OpReadRecv | sysflow.OpClose, Counters: sysflow.Counters{NumRRecvOps: 1, NumRRecvBytes: 9},
		},
	}
}

// connected is a connection of the shell.
func connected(at int64) sysflow.Record {
	return &sysflow.NetworkFlow{
		ProcOID: shellOID, TS: at, EndTS: at + second, TID: shellOID.HPID, FD: 4, OpFlags: sysflow.OpConnect | sysflow.OpWriteSend,
		SIP: netip.MustParseAddr("10.0.0.1"), SPort: 40000, DIP: netip.MustParseAddr("203.0.113.7"), DPort: 4444, Proto: sysflow.ProtoTCP,
	}
}

// story is what the entities did: one drop, one record that matches two rules, one that
// matches one, one that completes a sequence, one that matches none.
func story(host string) []sysflow.Record {
	return slices.Concat(
		entities(host),
		opened(nginxOID, "/proc/1/stat", t0+second),
		[]sysflow.Record{exec(t0 + 2*second)},
		opened(shellOID, "/etc/shadow", t0+3*second),
		[]sysflow.Record{connected(t0 + 4*second)},
		opened(shellOID, "/tmp/x", t0+5*second),
	)
}

// encode turns records into logs.
func encode(recs []sysflow.Record) plog.Logs {
	enc := plogs.NewEncoder(plogs.EncoderOptions{})
	for _, rec := range recs {
		enc.Add(rec)
	}
	return enc.Take()
}

// foreignLogs are not SysFlow.
func foreignLogs() plog.Logs {
	ld := plog.NewLogs()
	ld.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty().Body().SetStr("hello")
	return ld
}

// config is the default configuration with the rules of testdata, changed.
func config(change ...func(*Config)) *Config {
	cfg := createDefaultConfig().(*Config)
	cfg.Policies = []string{filepath.Join("testdata", "rules.yaml")}
	cfg.Reload.Enabled = false
	for _, f := range change {
		f(cfg)
	}
	return cfg
}

func in(mode Mode) func(*Config) { return func(c *Config) { c.Mode = mode } }

// started is a running processor, and what comes out of it.
func started(tb testing.TB, cfg *Config, set ...processor.Settings) (processor.Logs, *consumertest.LogsSink) {
	tb.Helper()
	settings := processortest.NewNopSettings(metadata.Type)
	if len(set) > 0 {
		settings = set[0]
	}
	sink := &consumertest.LogsSink{}
	p, err := NewFactory().CreateLogs(tb.Context(), settings, cfg, sink)
	require.NoError(tb, err)
	require.NoError(tb, p.Start(tb.Context(), componenttest.NewNopHost()))
	tb.Cleanup(func() { require.NoError(tb, p.Shutdown(context.Background())) })
	return p, sink
}

// allRecords returns all log records that came out.
func allRecords(sink *consumertest.LogsSink) []plog.LogRecord {
	var out []plog.LogRecord
	for _, ld := range sink.AllLogs() {
		for _, rl := range ld.ResourceLogs().All() {
			for _, sl := range rl.ScopeLogs().All() {
				for _, lr := range sl.LogRecords().All() {
					out = append(out, lr)
				}
			}
		}
	}
	return out
}

// alertNames returns the rules of the alerts that came out.
func alertNames(sink *consumertest.LogsSink) []string {
	out := []string{}
	for _, lr := range allRecords(sink) {
		if lr.EventName() == plogs.AlertEvent {
			out = append(out, text(lr.Attributes(), plogs.KeyRuleName))
		}
	}
	return out
}

func text(m pcommon.Map, key string) string {
	v, ok := m.Get(key)
	if !ok {
		return ""
	}
	return v.AsString()
}

// writeFile puts a rule file in place as editors do.
func writeFile(tb testing.TB, path, content string) {
	tb.Helper()
	require.NoError(tb, os.WriteFile(path+"~", []byte(content), 0o600))
	require.NoError(tb, os.Rename(path+"~", path))
}

func readFile(tb testing.TB, path string) string {
	tb.Helper()
	data, err := os.ReadFile(path)
	require.NoError(tb, err)
	return string(data)
}

// entitiesOf is how many log records describe entities once the records are logs.
func entitiesOf(recs []sysflow.Record) int64 {
	var n int64
	for _, rl := range encode(recs).ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			for _, lr := range sl.LogRecords().All() {
				kind, _ := sysflow.ParseKind(text(lr.Attributes(), plogs.KeyType))
				if kind.IsEntity() {
					n++
				}
			}
		}
	}
	return n
}
