package sysflowtest

import (
	"fmt"
	"net/netip"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

var (
	processOps = []sysflow.OpFlags{sysflow.OpClone, sysflow.OpExec, sysflow.OpExit, sysflow.OpSetuid}
	fileOps    = []sysflow.OpFlags{
		sysflow.OpMkdir, sysflow.OpRmdir, sysflow.OpUnlink,
		sysflow.OpLink, sysflow.OpSymlink, sysflow.OpRename,
	}
	netFlowOps  = []sysflow.OpFlags{sysflow.OpConnect, sysflow.OpAccept, sysflow.OpReadRecv, sysflow.OpWriteSend, sysflow.OpClose, sysflow.OpTruncate, sysflow.OpShutdown}
	fileFlowOps = []sysflow.OpFlags{sysflow.OpOpen, sysflow.OpReadRecv, sysflow.OpWriteSend, sysflow.OpClose, sysflow.OpTruncate, sysflow.OpMmap, sysflow.OpSetns}
	openFlags   = []sysflow.OpenFlags{0, sysflow.OpenReadOnly, sysflow.OpenReadOnly | sysflow.OpenCloexec, 0x107, 0x1441}
	protos      = []int32{sysflow.ProtoTCP, sysflow.ProtoUDP, sysflow.ProtoICMP, sysflow.ProtoRaw, 132, sysflow.ProtoUnknown}
)

// causes are texts of which some need care in JSON.
var causes = []string{"ring_buffer_full", "", `a "quoted" <cause> & more`, "ünknown\n"}

// results are errors, nothing, a pid, and the extremes of the type.
var results = []int32{0, 0, 0, -1, -2, -13, 4711, 1<<31 - 1, -1 << 31}

func (g *generator) processEvent(p *sysflow.Process) {
	e := &sysflow.ProcessEvent{
		ProcOID: p.OID, TS: g.tick(), TID: p.OID.HPID + g.rng.Int64N(3),
		OpFlags: pick(g.rng, processOps), Ret: pick(g.rng, results),
	}
	if e.OpFlags == sysflow.OpSetuid {
		e.Args = []string{pick(g.rng, users)}
	} else if g.rng.IntN(5) == 0 {
		e.Args = []string{"", "two words", "three"}
	}
	if g.extra() {
		e.OpFlags, e.Args = pick(g.rng, processOpsV6), g.args()
	}
	g.emit(e)
}

func (g *generator) fileEvent(p *sysflow.Process) {
	op := pick(g.rng, fileOps)
	file := g.fileOf(p)
	e := &sysflow.FileEvent{
		ProcOID: p.OID, TID: p.OID.HPID,
		OpFlags: op, FileOID: file.OID, Ret: pick(g.rng, results),
	}
	if op == sysflow.OpLink || op == sysflow.OpSymlink || op == sysflow.OpRename {
		oid := g.file(p.ContainerID).OID
		e.NewFileOID = &oid
	}
	if g.extra() {
		e.OpFlags, e.Args, e.Origin = pick(g.rng, fileOpsV6), g.args(), g.origin()
	}
	e.TS = g.tick()
	g.emit(e)
}

func (g *generator) fileFlow(p *sysflow.Process) {
	file := g.fileOf(p)
	begin, end := g.span()
	g.emit(&sysflow.FileFlow{
		ProcOID: p.OID, TS: begin, TID: p.OID.HPID, OpFlags: g.ops(fileFlowOps),
		OpenFlags: pick(g.rng, openFlags), EndTS: end, FileOID: file.OID,
		FD: g.rng.Int32N(1024) - 1, Counters: g.counters(), Origin: g.origin(),
	})
}

func (g *generator) networkFlow(p *sysflow.Process, v6 bool) {
	begin, end := g.span()
	g.emit(&sysflow.NetworkFlow{
		ProcOID: p.OID, TS: begin, TID: p.OID.HPID, OpFlags: g.ops(netFlowOps), EndTS: end,
		SIP: g.addr(v6), SPort: g.rng.Int32N(1 << 16), DIP: g.addr(v6), DPort: g.rng.Int32N(1 << 16),
		Proto: pick(g.rng, protos), FD: g.rng.Int32N(1024) - 1, Counters: g.counters(), Origin: g.origin(),
	})
}

func (g *generator) networkEvent(p *sysflow.Process, v6 bool) {
	e := &sysflow.NetworkEvent{
		ProcOID: p.OID, TS: g.tick(), TID: p.OID.HPID, OpFlags: pick(g.rng, netFlowOps),
		SIP: g.addr(v6), SPort: g.rng.Int32N(1 << 16), DIP: g.addr(v6), DPort: g.rng.Int32N(1 << 16),
		Proto: pick(g.rng, protos), Ret: pick(g.rng, results), FD: sysflow.UnknownFD,
	}
	if g.extra() {
		e.OpFlags, e.Args, e.Origin, e.FD = pick(g.rng, netOpsV6), g.args(), g.origin(), g.rng.Int32N(5)-1
	}
	g.emit(e)
}

func (g *generator) processFlow(p *sysflow.Process) {
	begin, end := g.span()
	g.emit(&sysflow.ProcessFlow{
		ProcOID: p.OID, TS: begin, OpFlags: sysflow.OpClone | sysflow.OpExit, EndTS: end,
		NumThreadsCloned: g.rng.Int64N(100), NumThreadsExited: g.rng.Int64N(100), NumCloneErrors: g.rng.Int64N(2),
	})
}

func (g *generator) k8sEvent() {
	g.emit(&sysflow.K8sEvent{
		ComponentKind: sysflow.K8sComponent(g.rng.IntN(int(sysflow.K8sUnknown) + 1)),
		Action:        sysflow.K8sAction(g.rng.IntN(int(sysflow.K8sComponentUnknown) + 1)),
		TS:            g.tick(),
		Message:       fmt.Sprintf(`{"kind":"Pod","n":%d}`, g.rng.IntN(1000)),
	})
}

func (g *generator) gap() {
	end := g.tick()
	g.emit(&sysflow.Gap{TS: end - g.rng.Int64N(1_000_000), EndTS: end, Cause: pick(g.rng, causes), Count: g.rng.Int64N(1 << 40)})
}

// span returns the begin and the end of a flow that ends now.
func (g *generator) span() (begin, end int64) {
	end = g.tick()
	return end - g.rng.Int64N(30_000_000_000), end
}

// ops draws one to all of the operations.
func (g *generator) ops(from []sysflow.OpFlags) sysflow.OpFlags {
	f := pick(g.rng, from)
	for range g.rng.IntN(4) {
		f |= pick(g.rng, from)
	}
	if f == sysflow.OpTruncate {
		f |= from[0] // a flow never consists of its end alone
	}
	return f
}

func (g *generator) counters() sysflow.Counters {
	c := sysflow.Counters{NumRRecvOps: g.rng.Int64N(100), NumWSendOps: g.rng.Int64N(1 << 20)}
	c.NumRRecvBytes, c.NumWSendBytes = c.NumRRecvOps*g.rng.Int64N(1<<16), c.NumWSendOps*g.rng.Int64N(1<<32)
	return c
}

func (g *generator) addr(v6 bool) netip.Addr {
	var b [16]byte
	for i := range b {
		b[i] = byte(g.rng.Uint32())
	}
	if !v6 {
		return netip.AddrFrom4([4]byte(b[:4]))
	}
	if g.rng.IntN(4) == 0 {
		return netip.IPv6Loopback()
	}
	b[0] = 0x20
	return netip.AddrFrom16(b)
}
