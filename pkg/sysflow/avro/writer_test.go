package avro_test

import (
	"bytes"
	"errors"
	"io"
	"net/netip"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/avro"
)

// TestBlocksCloseAtTheirSize: as upstream's, a block is closed once it has reached 80,000
// plain bytes, so it exceeds them by less than one record.
func TestBlocksCloseAtTheirSize(t *testing.T) {
	data := write(t, avro.WriterOptions{Codec: "null"}, generated(3, 10_000))
	var ends []int
	for end := range blockEnds(t, data) {
		ends = append(ends, end)
	}
	sortInts(ends)
	require.Greater(t, len(ends), 5)
	for i := 1; i < len(ends)-1; i++ { // the last block may be short
		size := ends[i] - ends[i-1] - 16
		assert.GreaterOrEqual(t, size, avro.DefaultBlockSize)
		assert.Less(t, size, avro.DefaultBlockSize+5000)
	}
}

func TestWriterOptionsAreChecked(t *testing.T) {
	for _, opts := range []avro.WriterOptions{{Codec: "gzip"}, {Level: 10}, {Codec: "deflate", Level: -7}, {Version: 4}, {Version: 7}} {
		_, err := avro.NewWriter(io.Discard, opts)
		require.Error(t, err, "%+v", opts)
	}
}

func TestWriterRefusesWhatTheSchemaHasNot(t *testing.T) {
	var buf bytes.Buffer
	w, err := avro.NewWriter(&buf, avro.WriterOptions{})
	require.NoError(t, err)
	good := &sysflow.Process{OID: sysflow.OID{HPID: 1}}
	require.NoError(t, w.Write(good))
	require.ErrorContains(t, w.Write(&sysflow.Process{State: 3}), "state 3 is not in the schema")
	require.ErrorContains(t, w.Write(&sysflow.File{State: 9}), "state 9 is not in the schema")
	require.ErrorContains(t, w.Write(nil), "no record")
	require.NoError(t, w.Write(good))
	require.NoError(t, w.Close())
	got, err := read(&buf)
	require.NoError(t, err)
	require.Equal(t, []sysflow.Record{good, good}, got)
}

// TestWriterMapsWhatItCannotSay lists the documented losses.
func TestWriterMapsWhatItCannotSay(t *testing.T) {
	v4 := netip.MustParseAddr("192.0.2.7")
	for name, tt := range map[string]struct{ in, out sysflow.Record }{
		"container type": {&sysflow.Container{Type: 11}, &sysflow.Container{Type: sysflow.ContainerCustom}},
		"kubernetes": {&sysflow.K8sEvent{ComponentKind: 77, Action: 78}, &sysflow.K8sEvent{
			ComponentKind: sysflow.K8sUnknown, Action: sysflow.K8sComponentUnknown,
		}},
		"not UTF-8":  {&sysflow.File{Path: "/tmp/\xff\xfe!"}, &sysflow.File{Path: "/tmp/\uFFFD!"}},
		"no address": {&sysflow.NetworkFlow{SIP: v4}, &sysflow.NetworkFlow{SIP: v4, DIP: netip.IPv4Unspecified()}},
		"IPv4 in IPv6": {
			&sysflow.NetworkEvent{SIP: netip.MustParseAddr("::ffff:192.0.2.7"), DIP: v4},
			&sysflow.NetworkEvent{SIP: v4, DIP: v4, FD: sysflow.UnknownFD},
		},
		"what version 6 added to events": {
			&sysflow.NetworkEvent{OpFlags: sysflow.OpConnect, SIP: v4, DIP: v4, FD: 3, Args: []string{"a=b"}, Origin: sysflow.OriginIOUring},
			&sysflow.NetworkEvent{OpFlags: sysflow.OpConnect, SIP: v4, DIP: v4, FD: sysflow.UnknownFD},
		},
		"failed open": {
			&sysflow.FileEvent{OpFlags: sysflow.OpOpen, Ret: -2, Args: []string{"flags=RDONLY"}},
			&sysflow.FileEvent{OpFlags: sysflow.OpOpen, Ret: -2},
		},
		"version": {&sysflow.Header{Version: 6}, &sysflow.Header{Version: 5}},
		"details": {
			&sysflow.Process{Details: &sysflow.ProcessDetails{Comm: "x"}}, &sysflow.Process{},
		},
		"no address and IPv6": {
			&sysflow.NetworkFlow{DIP: netip.IPv6Loopback()},
			&sysflow.NetworkFlow{SIP: netip.IPv4Unspecified(), DIP: netip.IPv6Loopback()},
		},
		"empty slices": {&sysflow.Process{Env: []string{}}, &sysflow.Process{}},
		"odd zone": {
			&sysflow.NetworkFlow{SIP: netip.MustParseAddr("fe80::1%]->["), DIP: v4},
			&sysflow.NetworkFlow{SIP: netip.MustParseAddr("fe80::1"), DIP: v4},
		},
		"zone": {
			&sysflow.NetworkFlow{SIP: netip.MustParseAddr("fe80::1%br-12ab"), DIP: v4},
			&sysflow.NetworkFlow{SIP: netip.MustParseAddr("fe80::1%br-12ab"), DIP: v4},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := read(bytes.NewReader(write(t, avro.WriterOptions{}, []sysflow.Record{tt.in})))
			require.NoError(t, err)
			require.Equal(t, []sysflow.Record{tt.out}, got)
		})
	}
}

// fullDisk takes room bytes and then none.
type fullDisk struct {
	bytes.Buffer
	room int
}

var errFull = errors.New("no space left on device")

func (d *fullDisk) Write(p []byte) (int, error) {
	n := min(d.room, len(p))
	d.room -= n
	d.Buffer.Write(p[:n])
	if n < len(p) {
		return n, errFull
	}
	return n, nil
}

// TestWriterGoesOnAfterAFullDisk: wherever the disk runs full, nothing is lost or doubled
// once there is room again.
func TestWriterGoesOnAfterAFullDisk(t *testing.T) {
	recs := generated(2, 120)
	head := len(write(t, avro.WriterOptions{}, nil))
	for room := 0; room < 2000; room += 41 {
		disk := &fullDisk{room: head + room}
		w, err := avro.NewWriter(disk, avro.WriterOptions{BlockSize: 700})
		require.NoError(t, err)
		again := func(err error) bool {
			if err == nil {
				return false
			}
			require.ErrorIs(t, err, errFull)
			disk.room += 333
			return true
		}
		for _, r := range recs {
			for again(w.Write(r)) {
			}
		}
		for again(w.Close()) {
		}
		require.EqualValues(t, disk.Len(), w.Size())
		require.EqualValues(t, len(recs), w.Records())
		got, err := read(disk)
		require.NoError(t, err)
		require.Equal(t, recs, got)
	}
}

// TestSizeCountsWhatIsHeld: rotation by size looks at Size after each record.
func TestSizeCountsWhatIsHeld(t *testing.T) {
	var buf bytes.Buffer
	w, err := avro.NewWriter(&buf, avro.WriterOptions{})
	require.NoError(t, err)
	last := w.Size()
	require.EqualValues(t, buf.Len(), last)
	for _, r := range generated(1, 20) {
		require.NoError(t, w.Write(r))
		require.Greater(t, w.Size(), last)
		last = w.Size()
	}
	require.NoError(t, w.Flush())
	require.EqualValues(t, buf.Len(), w.Size())
	require.NoError(t, w.Flush(), "flushing nothing writes no empty block")
	require.EqualValues(t, buf.Len(), w.Size())
}

func TestLongStrings(t *testing.T) {
	p := &sysflow.Process{ExeArgs: strings.Repeat("x", 3<<20), Env: []string{strings.Repeat("y", 2<<20)}}
	got, err := read(bytes.NewReader(write(t, avro.WriterOptions{}, []sysflow.Record{p, p})))
	require.NoError(t, err)
	require.Equal(t, []sysflow.Record{p, p}, got)
}

// TestVersion5LeavesOutNewOperations: an event that seems to do nothing would be worse than none.
func TestVersion5LeavesOutNewOperations(t *testing.T) {
	v4 := netip.MustParseAddr("192.0.2.7")
	recs := []sysflow.Record{
		&sysflow.Header{Version: 6},
		&sysflow.ProcessEvent{OpFlags: sysflow.OpSetns},
		&sysflow.ProcessEvent{OpFlags: sysflow.OpPtrace},
		&sysflow.ProcessEvent{OpFlags: sysflow.OpMount},
		&sysflow.FileEvent{OpFlags: sysflow.OpRename},
		&sysflow.FileEvent{OpFlags: sysflow.OpChmod},
		&sysflow.NetworkEvent{OpFlags: sysflow.OpConnect, SIP: v4, DIP: v4},
		&sysflow.NetworkEvent{OpFlags: sysflow.OpListen, SIP: v4, DIP: v4},
		&sysflow.NetworkEvent{OpFlags: sysflow.OpBind, SIP: netip.IPv6Loopback(), DIP: v4},
		&sysflow.ProcessEvent{}, // of a foreign trace
	}
	for version, want := range map[int]int64{0: 5, sysflow.SchemaV5: 5, sysflow.SchemaV6: 0} {
		var buf bytes.Buffer
		w, err := avro.NewWriter(&buf, avro.WriterOptions{Version: version})
		require.NoError(t, err)
		for _, rec := range recs {
			require.NoError(t, w.Write(rec))
		}
		require.NoError(t, w.Close())
		assert.Equal(t, want, w.Unwritable())
		assert.Equal(t, int64(len(recs))-want, w.Records())
		got, err := read(&buf)
		require.NoError(t, err)
		assert.Len(t, got, int(w.Records()), "no carrier is left behind")
	}
}
