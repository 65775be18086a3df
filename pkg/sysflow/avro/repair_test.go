package avro_test

import (
	"bytes"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/avro"
)

// repair writes data to a file, repairs it, and returns what is left.
func repair(t *testing.T, data []byte) ([]byte, avro.RepairResult, error) {
	t.Helper()
	path := tempFile(t, data)
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	require.NoError(t, err)
	defer f.Close()
	res, repairErr := avro.Repair(f)
	left, err := os.ReadFile(path)
	require.NoError(t, err)
	return left, res, repairErr
}

// TestRepairAnywhere cuts a file at many places; the offsets hit every part of a block.
func TestRepairAnywhere(t *testing.T) {
	recs := generated(1, 80)
	data := write(t, avro.WriterOptions{BlockSize: 1000}, recs)
	ends := blockEnds(t, data)
	first := len(data)
	for end := range ends {
		first = min(first, end)
	}
	for cut := first; cut <= len(data); cut += 61 {
		left, res, err := repair(t, data[:cut])
		require.NoError(t, err)
		got, err := read(bytes.NewReader(left))
		require.NoError(t, err)
		want := lastBefore(ends, cut)
		require.Len(t, got, want)
		require.EqualValues(t, want, res.Records)
		require.EqualValues(t, cut-len(left), res.Removed)
		require.Contains(t, ends, len(left))
	}
}

func TestRepairResult(t *testing.T) {
	ok, bad := block{2, header(5) + header(5), ""}, block{1, header(5), "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"}
	whole := file(avro.SchemaV5, "null", ok, ok)
	for name, tt := range map[string]struct {
		data []byte
		want avro.RepairResult
		left int
	}{
		"sound":        {whole, avro.RepairResult{Records: 4, Blocks: 2}, len(whole)},
		"no block":     {file(avro.SchemaV5, "null"), avro.RepairResult{}, len(file(avro.SchemaV5, "null"))},
		"zeroes":       {append(bytes.Clone(whole), make([]byte, 4096)...), avro.RepairResult{Records: 4, Blocks: 2, Removed: 4096}, len(whole)},
		"bad sync":     {file(avro.SchemaV5, "null", ok, ok, bad), avro.RepairResult{Records: 4, Blocks: 2, Removed: 23}, len(whole)},
		"zeroed block": {file(avro.SchemaV5, "null", ok, ok, block{5, "\x00\x00\x00", ""}), avro.RepairResult{Records: 4, Blocks: 2, Removed: 21}, len(whole)},
	} {
		t.Run(name, func(t *testing.T) {
			left, got, err := repair(t, tt.data)
			require.NoError(t, err)
			assert.Equal(t, tt.want, got)
			assert.Len(t, left, tt.left)
			again, got, err := repair(t, left)
			require.NoError(t, err)
			assert.Zero(t, got.Removed)
			assert.Equal(t, left, again)
		})
	}
}

// TestRepairLeavesForeignFilesAlone: nothing is cut where cutting cannot help.
func TestRepairLeavesForeignFilesAlone(t *testing.T) {
	for name, tt := range map[string]struct {
		data  []byte
		cause error
	}{
		"text":           {[]byte("not a trace"), avro.ErrNotContainer},
		"cut header":     {file(avro.SchemaV5, "null")[:100], avro.ErrTruncated},
		"foreign schema": {file(`"string"`, "null", block{1, "\x02a", ""}), avro.ErrSchema},
		"unknown branch": {file(avro.SchemaV5, "null", block{1, "\x18", ""}), avro.ErrUnknownBranch},
	} {
		t.Run(name, func(t *testing.T) {
			left, got, err := repair(t, tt.data)
			require.ErrorIs(t, err, tt.cause)
			assert.Equal(t, tt.data, left)
			assert.Zero(t, got)
		})
	}
}
