package avro_test

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/avro"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/sysflowtest"
)

// generated returns the same n records for the same seed.
func generated(seed uint64, n int) []sysflow.Record {
	return sysflowtest.Records(rand.New(rand.NewPCG(seed, 1)), n)
}

// write returns the records as a container file.
func write(t testing.TB, opts avro.WriterOptions, recs []sysflow.Record) []byte {
	t.Helper()
	var buf bytes.Buffer
	w, err := avro.NewWriter(&buf, opts)
	require.NoError(t, err)
	for _, r := range recs {
		require.NoError(t, w.Write(r))
	}
	require.NoError(t, w.Close())
	require.Equal(t, int64(buf.Len()), w.Size())
	require.Equal(t, int64(len(recs)), w.Records())
	return buf.Bytes()
}

// read returns copies of all records up to the error, which is nil at the clean end.
func read(r io.Reader) ([]sysflow.Record, error) {
	return readAs(r, "test.sf")
}

func readAs(r io.Reader, name string) ([]sysflow.Record, error) {
	in, err := avro.NewReader(r, avro.ReaderOptions{Name: name})
	if err != nil {
		return nil, err
	}
	var out []sysflow.Record
	for {
		rec, err := in.Next()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return out, err
		}
		out = append(out, clone(rec))
	}
}

// clone copies the records that the reader reuses.
func clone(rec sysflow.Record) sysflow.Record {
	switch r := rec.(type) {
	case *sysflow.ProcessEvent:
		c := *r
		c.Args = append([]string(nil), r.Args...)
		return &c
	case *sysflow.NetworkFlow:
		c := *r
		return &c
	case *sysflow.FileFlow:
		c := *r
		return &c
	case *sysflow.FileEvent:
		c := *r
		if r.NewFileOID != nil {
			oid := *r.NewFileOID
			c.NewFileOID = &oid
		}
		return &c
	case *sysflow.NetworkEvent:
		c := *r
		return &c
	case *sysflow.ProcessFlow:
		c := *r
		return &c
	case *sysflow.K8sEvent:
		c := *r
		return &c
	}
	return rec
}

// tracePath returns the path of one of upstream's traces, and skips without them.
func tracePath(t testing.TB, name string) string {
	t.Helper()
	dir := os.Getenv("SYSFLOW_TRACES")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "..", "shared", "traces")
	}
	path := filepath.Join(dir, "sf", name)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("no upstream traces here (set SYSFLOW_TRACES): %v", err)
	}
	return path
}
