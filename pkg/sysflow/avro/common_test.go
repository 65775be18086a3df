package avro_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
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

// findTrace returns the path of one of upstream's traces.
func findTrace(name string) (string, error) {
	dir := os.Getenv("SYSFLOW_TRACES")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "..", "shared", "traces")
	}
	path := filepath.Join(dir, "sf", name)
	_, err := os.Stat(path)
	return path, err
}

// tracePath is findTrace for tests that need the trace.
func tracePath(t testing.TB, name string) string {
	t.Helper()
	path, err := findTrace(name)
	if err != nil {
		t.Skipf("no upstream traces here (set SYSFLOW_TRACES): %v", err)
	}
	return path
}

// ipv6Path is the documented path of the file that carries an IPv6 flow.
func ipv6Path(src, dst netip.Addr, sport, dport, proto int32) string {
	names := map[int32]string{6: "tcp", 17: "udp", 1: "icmp", 254: "raw"}
	name, ok := names[proto]
	if !ok {
		name = strconv.Itoa(int(proto))
	}
	return fmt.Sprintf("[%v]:%d->[%v]:%d/%s", src, sport, dst, dport, name)
}
