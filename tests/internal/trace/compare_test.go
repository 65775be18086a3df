package trace

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

const second = int64(1e9)

func TestCompare(t *testing.T) {
	want := []Line{
		{PID: 1, Text: "a", From: second, Until: 2 * second},
		{PID: 1, Text: "a", From: 3 * second, Until: 3 * second},
		{PID: 2, Text: "b", Or: []string{"c"}},
	}
	got := []Line{
		{PID: 1, Text: "a", From: second},
		{PID: 1, Text: "a", From: 3 * second},
		{PID: 2, Text: "c"},
	}
	assert.Empty(t, Compare(want, got))
	assert.Equal(t, []string{"missing:     pid 2 b   ()"}, Compare(want, got[:2]))
	assert.Equal(t, []string{"unexplained: pid 1 a"}, Compare(want[1:], got))
	got[1].From += second
	assert.Equal(t, []string{"time:        pid 1 a: its start is 1s off"}, Compare(want, got))
}

// TestFoldJoinsParts checks that a flow in three records is one line, and that the one
// after its end is another.
func TestFoldJoinsParts(t *testing.T) {
	oid := sysflow.OID{CreateTS: 1, HPID: 7}
	file := &sysflow.File{OID: sysflow.NewFOID("", "/f"), Type: sysflow.FileRegular, Path: "/f"}
	flow := func(from, until int64, ops sysflow.OpFlags, n int64) *sysflow.FileFlow {
		return &sysflow.FileFlow{
			ProcOID: oid, TS: from, TID: 7, OpFlags: ops, EndTS: until, FileOID: file.OID, FD: 3,
			Counters: sysflow.Counters{NumWSendOps: n, NumWSendBytes: 10 * n},
		}
	}
	var f Folder
	for _, rec := range []sysflow.Record{
		&sysflow.Header{}, &sysflow.Process{OID: oid}, file,
		flow(1, 2, sysflow.OpOpen|sysflow.OpWriteSend, 1),
		flow(2, 3, sysflow.OpWriteSend, 2),
		flow(3, 4, sysflow.OpClose, 0),
		flow(5, 6, sysflow.OpWriteSend|sysflow.OpClose, 4),
	} {
		f.Add(rec)
	}
	lines := f.Lines()
	assert.Empty(t, f.Problems)
	if assert.Len(t, lines, 2) {
		assert.Equal(t, `FF tid=7 fd=3 f "/f" OPEN|WRITE_SEND|CLOSE open= r=0/0 w=3/30`, lines[0].Text)
		assert.Equal(t, `FF tid=7 fd=3 f "/f" WRITE_SEND|CLOSE open= r=0/0 w=4/40`, lines[1].Text)
	}
}

func TestFoldFindsBreaches(t *testing.T) {
	var f Folder
	oid := sysflow.OID{CreateTS: 1, HPID: 7}
	f.Add(&sysflow.Header{})
	f.Add(&sysflow.ProcessEvent{ProcOID: oid})
	f.Add(&sysflow.Process{OID: oid})
	f.Add(&sysflow.File{Path: "/f"})
	f.Add(&sysflow.FileEvent{ProcOID: oid})
	f.Add(&sysflow.NetworkFlow{ProcOID: oid, OpFlags: sysflow.OpTruncate, SIP: netip.IPv4Unspecified(), DIP: netip.IPv4Unspecified()})
	f.Add(&sysflow.NetworkEvent{})
	assert.Len(t, f.Problems, 4)
}
