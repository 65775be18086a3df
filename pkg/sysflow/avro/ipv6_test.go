package avro_test

import (
	"bytes"
	"fmt"
	"net/netip"
	"testing"

	hamba "github.com/hamba/avro/v2"
	"github.com/hamba/avro/v2/ocf"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/avro"
)

func ipv6Flow(host uint16, proc sysflow.OID) *sysflow.NetworkFlow {
	return &sysflow.NetworkFlow{
		ProcOID: proc, TS: 1, TID: 2, OpFlags: sysflow.OpConnect, EndTS: 3,
		SIP: netip.IPv6Loopback(), SPort: 40556, DIP: netip.MustParseAddr(fmt.Sprintf("2001:db8::%x", host)), DPort: 8080,
		Proto: sysflow.ProtoTCP, FD: 3, Counters: sysflow.Counters{NumRRecvOps: 1, NumWSendOps: 2, NumRRecvBytes: 3, NumWSendBytes: 4},
	}
}

// carriers returns what other readers see: the files of type '6' in a trace.
func carriers(t *testing.T, data []byte) (out []object) {
	t.Helper()
	dec, err := ocf.NewDecoder(bytes.NewReader(data), ocf.WithDecoderSchemaCache(&hamba.SchemaCache{}))
	require.NoError(t, err)
	for dec.HasNext() {
		var rec struct {
			Rec object `avro:"rec"`
		}
		require.NoError(t, dec.Decode(&rec))
		if f, ok := rec.Rec["sysflow.entity.File"].(object); ok && f["restype"] == int('6') {
			out = append(out, f)
		}
	}
	return out
}

func TestIPv6Carrier(t *testing.T) {
	proc := &sysflow.Process{OID: sysflow.OID{CreateTS: 5, HPID: 6}, ContainerID: "c010f5a08549"}
	host := sysflow.OID{HPID: 7}
	data := write(t, avro.WriterOptions{}, []sysflow.Record{
		&sysflow.Header{Version: 5}, proc, ipv6Flow(1, proc.OID), ipv6Flow(1, proc.OID), ipv6Flow(1, host),
	})
	files := carriers(t, data)
	require.Len(t, files, 2, "one file for equal flows of a container")
	const path = "[::1]:40556->[2001:db8::1]:8080/tcp"
	for i, container := range []string{"c010f5a08549", ""} {
		assert.Equal(t, path, files[i]["path"])
		assert.Equal(t, [20]byte(sysflow.NewFOID(container, path)), files[i]["oid"])
		assert.Equal(t, optional(container), files[i]["containerId"])
		assert.Equal(t, "REUP", files[i]["state"])
		assert.Equal(t, int64(1), files[i]["ts"])
	}
}

// TestIPv6ManyPeers: the writer forgets carriers and repeats them, the reader never
// forgets one that the writer relies on.
func TestIPv6ManyPeers(t *testing.T) {
	recs := []sysflow.Record{&sysflow.Header{Version: 5}}
	for round := range 3 {
		for host := range 20_000 {
			recs = append(recs, ipv6Flow(uint16(host), sysflow.OID{HPID: int64(round)}))
			if host%7 == 0 {
				recs = append(recs, ipv6Flow(uint16(max(0, host-4000)), sysflow.OID{}))
			}
		}
	}
	got, err := read(bytes.NewReader(write(t, avro.WriterOptions{Codec: "null"}, recs)))
	require.NoError(t, err)
	require.Len(t, got, len(recs))
	for i := range recs {
		require.Equal(t, recs[i], got[i])
	}
}

// TestOnlyOurCarriersAreTurnedBack: files and flows that merely look alike stay.
func TestOnlyOurCarriersAreTurnedBack(t *testing.T) {
	file := func(path string) *sysflow.File {
		return &sysflow.File{OID: sysflow.NewFOID("", path), Type: sysflow.FileIPv6, Path: path}
	}
	carrier := file("[::1]:1->[::2]:2/tcp")
	foreign := file("[::3]:1->[::4]:2/tcp")
	foreign.OID[0]++
	regular := file("[::5]:1->[::6]:2/tcp")
	regular.Type = sysflow.FileRegular
	other := carrier.OID
	recs := []sysflow.Record{foreign, regular}
	for _, path := range []string{
		"", "[::1]:1->[::2]:2/tcp/", "[::1]:01->[::2]:2/tcp", "[::1]:1->[::2]:2", "[::1]->[::2]/tcp", "::1:1->[::2]:2/tcp",
		"1.2.3.4:1->1.2.3.5:2/tcp", // has a letter of its own
		"[::1]:1->[::2]:2/6", "[0::1]:1->[::2]:2/tcp", "[::1]:1->[::2]:99999999999/tcp", "[192.0.2.1]:1->[::1]:2/tcp",
	} {
		recs = append(recs, file(path))
	}
	recs = append(recs,
		&sysflow.FileFlow{FileOID: foreign.OID},
		&sysflow.FileFlow{FileOID: regular.OID},
		&sysflow.FileFlow{FileOID: carrier.OID, OpenFlags: 1},
		&sysflow.FileEvent{FileOID: carrier.OID, NewFileOID: &other},
	)
	got, err := read(bytes.NewReader(write(t, avro.WriterOptions{}, append([]sysflow.Record{ipv6Flow(9, sysflow.OID{}), carrier}, recs...))))
	require.NoError(t, err)
	require.Equal(t, recs, got[1:])
}
