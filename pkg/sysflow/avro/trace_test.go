package avro_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/internal/sharedtest"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/avro"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/sysflowtest"
)

// upstreamTraces are the traces that upstream recorded and how many records of each kind
// they hold.
var upstreamTraces = []struct {
	name    string
	version int64
	kinds   map[sysflow.Kind]int
}{
	{"alpine.v5.sf", 5, kinds(1, 8, 5, 8, 0, 16, 0)},
	{"tcp-client-server.v5.sf", 5, kinds(0, 10, 2, 4, 2, 4, 0)},
	{"files.v5.sf", 5, kinds(0, 7, 12, 2, 0, 6, 13)},
	{"setuid.v5.sf", 5, kinds(0, 6, 2, 10, 0, 2, 0)},
	{"nginx.v1001.sf", 1001, kinds(2, 6, 32, 2, 6, 42, 5)},
	{"nodejs.v1000.sf", 1000, kinds(17, 101, 129, 180, 767, 1268, 1)},
	{"express-attack.v1000.sf", 1000, kinds(1, 143, 926, 234, 86, 6002, 3)},
}

func kinds(c, p, f, pe, nf, ff, fe int) map[sysflow.Kind]int {
	all := map[sysflow.Kind]int{
		sysflow.KindHeader: 1, sysflow.KindContainer: c, sysflow.KindProcess: p, sysflow.KindFile: f,
		sysflow.KindProcessEvent: pe, sysflow.KindNetworkFlow: nf, sysflow.KindFileFlow: ff, sysflow.KindFileEvent: fe,
	}
	for k, n := range all {
		if n == 0 {
			delete(all, k)
		}
	}
	return all
}

func TestUpstreamTraces(t *testing.T) {
	for _, tr := range upstreamTraces {
		t.Run(tr.name, func(t *testing.T) {
			recs := sysflowtest.ReadFile(t, sharedtest.Trace(t, "sf/"+tr.name))
			got := map[sysflow.Kind]int{}
			for _, r := range recs {
				got[r.Kind()]++
			}
			assert.Equal(t, tr.kinds, got)
			assert.Equal(t, tr.version, recs[0].(*sysflow.Header).Version)
			checkInvariants(t, recs)
		})
	}
}

// checkInvariants checks what holds for every trace of upstream.
func checkInvariants(t *testing.T, recs []sysflow.Record) {
	t.Helper()
	var table sysflow.Table
	processes := map[sysflow.OID]bool{}
	for i, r := range recs {
		require.Equal(t, i == 0, r.Kind() == sysflow.KindHeader, "record %d", i)
		table.Put(r)
		switch r := r.(type) {
		case *sysflow.Process:
			processes[r.OID] = true
		case *sysflow.File:
			require.Equal(t, sysflow.NewFOID(r.ContainerID, r.Path), r.OID, "record %d", i)
		case *sysflow.FileFlow:
			require.True(t, processes[r.ProcOID], "record %d", i)
			require.NotNil(t, table.File(r.FileOID), "record %d", i)
			require.NotZero(t, r.OpFlags&^sysflow.OpTruncate, "record %d", i)
		case *sysflow.FileEvent:
			require.True(t, processes[r.ProcOID], "record %d", i)
			require.NotNil(t, table.File(r.FileOID), "record %d", i)
			require.Len(t, r.OpFlags.Names(), 1, "record %d", i)
		case *sysflow.ProcessEvent:
			require.True(t, processes[r.ProcOID], "record %d", i)
			require.Len(t, r.OpFlags.Names(), 1, "record %d", i)
		case *sysflow.NetworkFlow:
			require.True(t, processes[r.ProcOID], "record %d", i)
			require.NotZero(t, r.OpFlags&^sysflow.OpTruncate, "record %d", i)
		}
	}
}

// TestWriterHeaderIsUpstreams compares all of the file header but the sync marker.
func TestWriterHeaderIsUpstreams(t *testing.T) {
	theirs, err := os.ReadFile(sharedtest.Trace(t, "sf/files.v5.sf"))
	require.NoError(t, err)
	ours := write(t, avro.WriterOptions{}, nil)
	head := len(ours) - 16
	assert.Equal(t, string(theirs[:head]), string(ours[:head]))
}
