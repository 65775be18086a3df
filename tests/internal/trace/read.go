package trace

import (
	"bufio"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/plogs"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/sysflowtest"
)

// maxLine is the longest line of OTLP JSON that is read: a batch.
const maxLine = 256 << 20

// Files lists the complete traces in a folder and fails if one is not complete.
func Files(t testing.TB, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.sf"))
	require.NoError(t, err)
	require.NotEmpty(t, files, "traces in %s", dir)
	left, err := filepath.Glob(filepath.Join(dir, "*.tmp"))
	require.NoError(t, err)
	require.Empty(t, left, "unfinished traces in %s", dir)
	return files
}

// ReadAvro hands every record of a trace to fn; events and flows may be kept only
// until it returns.
func ReadAvro(t testing.TB, path string, fn func(sysflow.Record)) {
	t.Helper()
	sysflowtest.Each(t, path, func(rec sysflow.Record) bool {
		fn(rec)
		return true
	})
}

// ReadJSON hands every batch of a file of OTLP JSON lines to fn.
func ReadJSON(t testing.TB, path string, fn func(plog.Logs)) {
	t.Helper()
	file, err := os.Open(path)
	require.NoError(t, err)
	defer func() { _ = file.Close() }()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, maxLine)
	for lines.Scan() {
		ld, err := (&plog.JSONUnmarshaler{}).UnmarshalLogs(lines.Bytes())
		require.NoError(t, err)
		fn(ld)
	}
	require.NoError(t, lines.Err())
}

// Decode hands the records of a batch of logs to fn, entities first.
func Decode(t testing.TB, d *plogs.Decoder, ld plog.Logs, fn func(sysflow.Record)) {
	t.Helper()
	err := d.Decode(ld, func(o *plogs.Observation) error {
		if o.Container != nil {
			fn(o.Container)
		}
		if o.Process != nil {
			fn(o.Process)
		}
		for _, f := range []*sysflow.File{o.File, o.NewFile} {
			if f != nil {
				fn(f)
			}
		}
		if o.Event != nil {
			fn(o.Event)
		}
		return nil
	})
	require.NoError(t, err)
}
