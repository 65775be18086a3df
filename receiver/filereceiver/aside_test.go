package filereceiver

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"

	"github.com/otelcol-sysflow/otelcol-sysflow/receiver/filereceiver/internal/metadatatest"
)

// assertSum checks a counter without attributes.
func assertSum(t *testing.T, want int64, m metricdata.Metrics) {
	t.Helper()
	points := m.Data.(metricdata.Sum[int64]).DataPoints
	require.Len(t, points, 1)
	assert.Equal(t, want, points[0].Value)
}

func TestBadFiles(t *testing.T) {
	good := generate(1, 1000)
	whole := encodeTrace(t, good)
	for name, tt := range map[string]struct {
		data    []byte
		reason  string
		partial bool // some records come before the fault
	}{
		"truncated":     {data: whole[:len(whole)-100], reason: "truncated", partial: true},
		"corrupt block": {data: corrupt(whole), reason: "corrupt_block", partial: true},
		"not avro":      {data: []byte("these are not the bytes of a trace, not at all"), reason: "not_container"},
		"other schema":  {data: foreign(), reason: "schema"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, quarantine := range []bool{false, true} {
				dir := t.TempDir()
				bad, fine := filepath.Join(dir, "node.1.sf"), filepath.Join(dir, "node.2.sf")
				require.NoError(t, os.WriteFile(bad, tt.data, 0o600))
				writeTrace(t, fine, good)
				cfg := config(dir)
				cfg.DeleteAfterRead = true
				if quarantine {
					cfg.QuarantineDirectory = filepath.Join(dir, "bad")
				}
				next := &sink{}
				e := replayAll(t, cfg, next, nopHost())

				got, want := next.events(t), eventsOf(good)
				require.GreaterOrEqual(t, len(got), len(want))
				before := len(got) - len(want)
				assert.Equal(t, tt.partial, before > 0, "records before the fault")
				assertEvents(t, want[:before], got[:before], "whole blocks before the fault are delivered")
				assertEvents(t, want, got[before:], "the next file is not affected")

				metadatatest.AssertEqualSysflowReplayFilesFailed(t, e.telemetry, []metricdata.DataPoint[int64]{
					{Value: 1, Attributes: attribute.NewSet(attribute.String("error.type", tt.reason))},
				}, metricdatatest.IgnoreTimestamp())
				logged := e.observed.FilterMessageSnippet("cannot be read to its end").All()
				require.Len(t, logged, 1)
				assert.Equal(t, bad, logged[0].ContextMap()["path"])
				assert.NoFileExists(t, fine, "a good file is deleted")
				if quarantine {
					assert.NoFileExists(t, bad)
					assert.FileExists(t, filepath.Join(dir, "bad", "node.1.sf"))
				} else {
					assert.FileExists(t, bad, "a bad file is kept")
				}
			}
		})
	}
}

// foreign is a container file of numbers.
func foreign() []byte {
	b := binary.AppendVarint([]byte("Obj\x01"), 1)
	for _, s := range []string{"avro.schema", `"long"`} {
		b = append(binary.AppendVarint(b, int64(len(s))), s...)
	}
	return append(append(b, 0), "0123456789abcdef"...)
}

// corrupt damages the sync marker of the last block.
func corrupt(data []byte) []byte {
	data = bytes.Clone(data)
	data[len(data)-1] ^= 0xff
	return data
}

func TestBadFileIsReportedOnce(t *testing.T) {
	path := tracePath(t)
	whole := encodeTrace(t, generate(1, 1000))
	require.NoError(t, os.WriteFile(path, whole[:len(whole)-100], 0o600))
	cfg := config(path)
	host := storageHost(t, cfg)
	next := &sink{}
	first := replayAll(t, cfg, next, host)
	require.NoError(t, first.Shutdown(t.Context()))
	assert.Equal(t, 1, first.observed.FilterMessageSnippet("cannot be read").Len())

	again := &sink{}
	second := replayAll(t, cfg, again, host)
	require.NoError(t, second.Shutdown(t.Context()))
	assert.Empty(t, again.logs)
	assert.Zero(t, second.observed.FilterMessageSnippet("cannot be read").Len())

	// The missing bytes come late, but they come.
	require.NoError(t, os.WriteFile(path, whole, 0o600))
	replayAll(t, cfg, again, host)
	assertEvents(t, eventsOf(generate(1, 1000)), append(next.events(t), again.events(t)...))
}

func TestDeleteAfterRead(t *testing.T) {
	path := tracePath(t)
	records := generate(1, 1000)
	writeTrace(t, path, records)
	cfg := config(path)
	cfg.DeleteAfterRead = true
	there := true
	next := &sink{refuse: func(int, plog.Logs) error {
		_, err := os.Stat(path)
		there = there && err == nil
		return nil
	}}
	e := replayAll(t, cfg, next, storageHost(t, cfg))
	assert.True(t, there, "deleted before everything was delivered")
	assert.NoFileExists(t, path)
	assertEvents(t, eventsOf(records), next.events(t))
	require.NoError(t, e.Shutdown(t.Context()))
	assert.Empty(t, e.positions.known, "nothing is kept of a deleted file")
	assert.Empty(t, e.positions.lastSeen)
}

func TestMoveInto(t *testing.T) {
	dir, target := t.TempDir(), t.TempDir()
	for _, want := range []string{"a.sf", "a.sf.1", "a.sf.2"} {
		path := filepath.Join(dir, "a.sf")
		require.NoError(t, os.WriteFile(path, []byte(want), 0o600))
		got, err := moveInto(target, path)
		require.NoError(t, err)
		assert.Equal(t, filepath.Join(target, want), got)
		data, err := os.ReadFile(got)
		require.NoError(t, err)
		assert.Equal(t, want, string(data))
		assert.NoFileExists(t, path)
	}
	_, err := moveInto(target, filepath.Join(dir, "none"))
	require.ErrorIs(t, err, os.ErrNotExist)
}

func TestCopyFile(t *testing.T) {
	dir := t.TempDir()
	from, to := filepath.Join(dir, "from"), filepath.Join(dir, "to")
	require.NoError(t, os.WriteFile(from, []byte("data"), 0o600))
	require.NoError(t, copyFile(from, to))
	data, err := os.ReadFile(to)
	require.NoError(t, err)
	assert.Equal(t, "data", string(data))
	info, err := os.Stat(to)
	require.NoError(t, err)
	assert.EqualValues(t, 0o600, info.Mode().Perm(), "what only the owner could read stays so")
	require.ErrorIs(t, copyFile(from, to), os.ErrExist, "nothing is overwritten")
	require.ErrorIs(t, copyFile(filepath.Join(dir, "none"), filepath.Join(dir, "x")), os.ErrNotExist)
}
