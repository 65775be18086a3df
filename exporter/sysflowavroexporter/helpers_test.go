package sysflowavroexporter

import (
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/exporter/exporterhelper"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	"github.com/otelcol-sysflow/otelcol-sysflow/exporter/sysflowavroexporter/internal/metadatatest"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/plogs"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/sysflowtest"
)

// subject is an exporter under test. Without queue and retries, ConsumeLogs returns
// what became of the batch.
type subject struct {
	exporter.Logs
	dir string
	tel *componenttest.Telemetry
}

func direct(cfg *Config) {
	cfg.QueueConfig = configoptional.None[exporterhelper.QueueBatchConfig]()
	cfg.BackOffConfig.Enabled = false
}

// startExporter starts an exporter that the test shuts down.
func startExporter(t testing.TB, dir string, changes ...func(*Config)) *subject {
	t.Helper()
	cfg := createDefaultConfig().(*Config)
	cfg.Directory = dir
	direct(cfg)
	for _, change := range changes {
		change(cfg)
	}
	require.NoError(t, cfg.Validate())
	tel := componenttest.NewTelemetry()
	exp, err := NewFactory().CreateLogs(context.Background(), metadatatest.NewSettings(tel), cfg)
	require.NoError(t, err)
	require.NoError(t, exp.Start(context.Background(), componenttest.NewNopHost()))
	return &subject{Logs: exp, dir: dir, tel: tel}
}

func (s *subject) consume(t testing.TB, batches ...plog.Logs) {
	t.Helper()
	for _, ld := range batches {
		if !s.Capabilities().MutatesData {
			ld.MarkReadOnly()
		}
		require.NoError(t, s.ConsumeLogs(context.Background(), ld))
	}
}

func (s *subject) shutdown(t testing.TB) {
	t.Helper()
	require.NoError(t, s.Shutdown(context.Background()))
}

// records generates a trace.
func records(seed uint64, n int) []sysflow.Record {
	return sysflowtest.Records(rand.New(rand.NewPCG(seed, 0)), n)
}

// lasting generates a trace without exits: in the generated ones exited processes go on
// and have children, which no ledger needs to remember.
func lasting(n int) []sysflow.Record {
	return slices.DeleteFunc(records(1, n), func(r sysflow.Record) bool {
		pe, ok := r.(*sysflow.ProcessEvent)
		return ok && pe.OpFlags == sysflow.OpExit
	})
}

// encode turns records into batches of about size log records.
func encode(recs []sysflow.Record, size int) []plog.Logs {
	var batches []plog.Logs
	enc := plogs.NewEncoder(plogs.EncoderOptions{})
	for _, r := range recs {
		enc.Add(r)
		if enc.Len() >= size {
			batches = append(batches, enc.Take())
		}
	}
	if enc.Len() > 0 {
		batches = append(batches, enc.Take())
	}
	return batches
}

// names lists a directory.
func names(t testing.TB, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

// readDir reads all files of a directory in the order of their names. There must
// not be any incomplete one.
func readDir(t testing.TB, dir string) []sysflow.Record {
	t.Helper()
	var out []sysflow.Record
	for _, name := range names(t, dir) {
		require.False(t, strings.HasSuffix(name, tmpSuffix), name)
		out = append(out, sysflowtest.ReadFile(t, filepath.Join(dir, name))...)
	}
	return out
}

// observed is an event with everything that a reader of the trace can know about it.
type observed struct {
	Event         sysflow.Record
	Process       *sysflow.Process
	Ancestors     []sysflow.OID
	File, NewFile *sysflow.File
	Container     *sysflow.Container
	Pod           *sysflow.Pod
}

// observe resolves the entities of all events. States are left out: an entity that is
// written again comes as REUP.
func observe(recs []sysflow.Record) []observed {
	out := observeExactly(recs)
	for i := range out {
		out[i].forgetStates()
	}
	return out
}

// observeExactly keeps states.
func observeExactly(recs []sysflow.Record) []observed {
	var out []observed
	var table sysflow.Table
	for _, rec := range recs {
		if table.Put(rec) {
			continue
		}
		o := observed{Event: rec}
		switch r := rec.(type) {
		case *sysflow.ProcessEvent:
			o.of(&table, r.ProcOID)
		case *sysflow.ProcessFlow:
			o.of(&table, r.ProcOID)
		case *sysflow.NetworkEvent:
			o.of(&table, r.ProcOID)
		case *sysflow.NetworkFlow:
			o.of(&table, r.ProcOID)
		case *sysflow.FileFlow:
			o.of(&table, r.ProcOID)
			o.File = table.File(r.FileOID)
		case *sysflow.FileEvent:
			o.of(&table, r.ProcOID)
			o.File = table.File(r.FileOID)
			if r.NewFileOID != nil {
				o.NewFile = table.File(*r.NewFileOID)
			}
		}
		out = append(out, o)
	}
	return out
}

func (o *observed) of(table *sysflow.Table, id sysflow.OID) {
	p := table.Process(id)
	for a := table.Parent(p); a != nil && len(o.Ancestors) < 100; a = table.Parent(a) {
		o.Ancestors = append(o.Ancestors, a.OID)
	}
	if p != nil {
		o.Process = p
		o.Container = table.Container(p.ContainerID)
	}
	if o.Container != nil {
		o.Pod = table.Pod(o.Container.PodID)
	}
}

func (o *observed) forgetStates() {
	if o.Process != nil {
		p := *o.Process
		p.State = sysflow.StateReup
		o.Process = &p
	}
	o.File, o.NewFile = stateless(o.File), stateless(o.NewFile)
}

// sameEvents shows only the first difference.
func sameEvents(t testing.TB, want, got []observed) {
	t.Helper()
	for i := range min(len(want), len(got)) {
		require.Equal(t, want[i], got[i], "event %d", i)
	}
	require.Len(t, got, len(want))
}

func stateless(f *sysflow.File) *sysflow.File {
	if f == nil {
		return nil
	}
	c := *f
	c.State = sysflow.StateReup
	return &c
}

// newExporterAt makes an exporter without starting it.
func newExporterAt(t *testing.T, dir string, change func(*Config)) *avroExporter {
	t.Helper()
	cfg := createDefaultConfig().(*Config)
	cfg.Directory = dir
	change(cfg)
	exp, err := newAvroExporter(cfg, componenttest.NewNopTelemetrySettings())
	require.NoError(t, err)
	return exp
}

// sum adds up the data points of a counter, 0 before the first.
func sum(exp *subject, name string) int64 {
	m, err := exp.tel.GetMetric(name)
	if err != nil {
		return 0
	}
	var n int64
	for _, dp := range m.Data.(metricdata.Sum[int64]).DataPoints {
		n += dp.Value
	}
	return n
}

// eventCount returns how many log records are events or flows.
func eventCount(ld plog.Logs) int {
	n := 0
	for _, rl := range ld.ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			for _, lr := range sl.LogRecords().All() {
				if v, ok := lr.Attributes().Get(plogs.KeyType); ok {
					if kind, ok := sysflow.ParseKind(v.Str()); ok && !kind.IsEntity() {
						n++
					}
				}
			}
		}
	}
	return n
}
