package avro_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/netip"
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
		out = append(out, sysflowtest.Clone(rec))
	}
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
