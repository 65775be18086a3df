package interop

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	hamba "github.com/hamba/avro/v2"
	"github.com/hamba/avro/v2/ocf"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/avro"
	"github.com/otelcol-sysflow/otelcol-sysflow/tests/internal/collector"
	"github.com/otelcol-sysflow/otelcol-sysflow/tests/internal/scenario"
	"github.com/otelcol-sysflow/otelcol-sysflow/tests/internal/trace"
)

const config = `
receivers:
  sysflow:
exporters:
  sysflow_avro:
    directory: traces
service:
  pipelines:
    logs:
      receivers: [sysflow]
      exporters: [sysflow_avro]
`

// TestLiveTrace records a trace with something of every kind and reads it with others.
func TestLiveTrace(t *testing.T) {
	collector.NeedCapture(t)
	file := record(t)
	var kinds [sysflow.NumKinds]int
	total, events := 0, 0
	// the file as it is, that is, with IPv6 flows as file flows
	for name, n := range genericKinds(t, file) {
		kind, ok := kindOf[name]
		require.True(t, ok, "record %s", name)
		kinds[kind] += n
		total += n
		if !kind.IsEntity() {
			events += n
		}
	}
	for _, k := range []sysflow.Kind{
		sysflow.KindProcess, sysflow.KindFile, sysflow.KindProcessEvent, sysflow.KindNetworkFlow,
		sysflow.KindFileFlow, sysflow.KindFileEvent, sysflow.KindProcessFlow,
	} {
		assert.NotZero(t, kinds[k], "records of kind %v", k)
	}
	assert.Equal(t, 1, kinds[sysflow.KindHeader])
	t.Logf("%d records, by kind %v", total, kinds)

	t.Run("own reader", func(t *testing.T) {
		n := 0
		trace.ReadAvro(t, file, func(rec sysflow.Record) {
			if f, ok := rec.(*sysflow.File); ok && f.Type == sysflow.FileIPv6 {
				t.Errorf("file %q is left of an IPv6 flow", f.Path)
			}
			if !rec.Kind().IsEntity() {
				n++
			}
		})
		assert.Equal(t, events, n)
	})
	t.Run("sysprint", func(t *testing.T) {
		sysprint := os.Getenv("SYSFLOW_SYSPRINT")
		if sysprint == "" {
			t.Skip("SYSFLOW_SYSPRINT does not name the sysprint of sysflow-tools 0.6.1")
		}
		rows := run(t, sysprint, "-o", "json", file)
		assert.Len(t, rows, events)
		for _, row := range rows {
			var fields map[string]any
			require.NoError(t, json.Unmarshal(row, &fields))
			require.NotEmpty(t, fields["type"])
		}
	})
	t.Run("avrocat", func(t *testing.T) {
		avrocat, err := exec.LookPath("avrocat")
		if err != nil {
			t.Skip("avrocat (Debian package avro-bin) is not installed")
		}
		assert.Len(t, run(t, avrocat, file), total)
	})
}

// record captures the scenario to a trace.
func record(t *testing.T) string {
	t.Helper()
	program := scenario.Build(t, filepath.Join("..", "scenario"), "scenario")
	c := collector.Start(t, config)
	scenario.Execute(t, program)
	c.Stop(t) // which must wait for what has already happened
	files := trace.Files(t, filepath.Join(c.Dir, "traces"))
	require.Len(t, files, 1)
	return files[0]
}

// kindOf maps the names of the schema.
var kindOf = map[string]sysflow.Kind{
	"sysflow.entity.SFHeader":    sysflow.KindHeader,
	"sysflow.entity.Container":   sysflow.KindContainer,
	"sysflow.entity.Process":     sysflow.KindProcess,
	"sysflow.entity.File":        sysflow.KindFile,
	"sysflow.event.ProcessEvent": sysflow.KindProcessEvent,
	"sysflow.flow.NetworkFlow":   sysflow.KindNetworkFlow,
	"sysflow.flow.FileFlow":      sysflow.KindFileFlow,
	"sysflow.event.FileEvent":    sysflow.KindFileEvent,
	"sysflow.flow.ProcessFlow":   sysflow.KindProcessFlow,
}

// genericKinds reads the trace with nothing but the schema of version 5 and counts the
// records by name.
func genericKinds(t *testing.T, file string) map[string]int {
	t.Helper()
	f, err := os.Open(file)
	require.NoError(t, err)
	defer func() { _ = f.Close() }()
	dec, err := ocf.NewDecoder(f, ocf.WithDecoderSchemaCache(&hamba.SchemaCache{}))
	require.NoError(t, err)
	assert.Equal(t, avro.SchemaV5, string(dec.Metadata()["avro.schema"]))
	kinds := make(map[string]int)
	for dec.HasNext() {
		var rec map[string]any
		require.NoError(t, dec.Decode(&rec))
		body, ok := rec["rec"].(map[string]any)
		require.True(t, ok, "%v", rec)
		require.Len(t, body, 1)
		for name := range body {
			kinds[name]++
		}
	}
	require.NoError(t, dec.Error())
	return kinds
}

// run runs a reader, which must not complain, and returns its lines of output.
func run(t *testing.T, name string, args ...string) [][]byte {
	t.Helper()
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	require.NoError(t, cmd.Run(), stderr.String())
	require.Empty(t, stderr.String())
	return bytes.Split(bytes.TrimSpace(stdout.Bytes()), []byte("\n"))
}
