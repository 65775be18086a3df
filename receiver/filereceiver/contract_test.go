package filereceiver

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pipeline"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/collector/receiver/receivertest"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/receiver/filereceiver/internal/metadata"
)

// TestConsumeContract checks that no record is lost or doubled whatever the pipeline
// answers. The records' thread ids serve as the ids that the check asks for.
func TestConsumeContract(t *testing.T) {
	dir := t.TempDir()
	cfg := config(dir)
	cfg.Mode, cfg.SettleTime = ModeFollow, 0
	receivertest.CheckConsumeContract(receivertest.CheckConsumeContractParams{
		T:             t,
		Factory:       receiver.NewFactory(metadata.Type, createDefaultConfig, receiver.WithLogs(createWithIDs, metadata.LogsStability)),
		Signal:        pipeline.SignalLogs,
		Config:        cfg,
		Generator:     &traceGenerator{tb: t, dir: dir},
		GenerateCount: 40,
	})
}

// createWithIDs creates the receiver in front of a consumer that adds the check's ids.
func createWithIDs(ctx context.Context, set receiver.Settings, cfg component.Config, next consumer.Logs) (receiver.Logs, error) {
	withIDs, err := consumer.NewLogs(func(ctx context.Context, ld plog.Logs) error {
		for _, rl := range ld.ResourceLogs().All() {
			for _, lr := range rl.ScopeLogs().At(0).LogRecords().All() {
				id := lr.EventName()
				if tid, ok := lr.Attributes().Get("thread.id"); ok {
					id = strconv.FormatInt(tid.Int(), 10)
				}
				lr.Attributes().PutStr(receivertest.UniqueIDAttrName, id)
			}
		}
		return next.ConsumeLogs(ctx, ld)
	})
	if err != nil {
		return nil, err
	}
	return createLogs(ctx, set, cfg, withIDs)
}

// traceGenerator writes a trace of one event at each call.
type traceGenerator struct {
	tb   testing.TB
	dir  string
	mu   sync.Mutex
	next int
}

func (*traceGenerator) Start() {}

// Stop leaves nothing to the next scenario.
func (g *traceGenerator) Stop() {
	files, err := filepath.Glob(filepath.Join(g.dir, "*"))
	require.NoError(g.tb, err)
	for _, path := range files {
		require.NoError(g.tb, os.Remove(path))
	}
}

func (g *traceGenerator) Generate() []receivertest.UniqueIDAttrVal {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.next++
	tid := int64(g.next)
	oid := sysflow.OID{CreateTS: 1, HPID: tid}
	writeTrace(g.tb, filepath.Join(g.dir, fmt.Sprintf("node.%d.sf", 1_700_000_000+g.next)), []sysflow.Record{
		&sysflow.Process{OID: oid, TS: 1, Exe: "/bin/true"},
		&sysflow.ProcessEvent{ProcOID: oid, TS: 2, TID: tid, OpFlags: sysflow.OpExec},
	})
	return []receivertest.UniqueIDAttrVal{receivertest.UniqueIDAttrVal(strconv.FormatInt(tid, 10))}
}
