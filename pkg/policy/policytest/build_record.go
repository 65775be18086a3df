package policytest

import (
	"math/bits"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

const (
	// unixOps are of sockets with a path.
	unixOps = sysflow.OpBind | sysflow.OpListen | sysflow.OpConnect
	// socketOps are of sockets that have no flow.
	socketOps = sysflow.OpSocket | sysflow.OpBind | sysflow.OpListen | sysflow.OpDup
)

// nameOps are of names and nothing else.
var nameOps = sysflow.KindFileEvent.Operations() &^ (sysflow.OpOpen | unixOps)

// traits say what a kind of record consists of. Each record may have the keys kind, op,
// process, at and tid besides.
type traits struct {
	needs, may []string
}

var traitsOf = map[sysflow.Kind]traits{
	sysflow.KindProcessEvent: {may: []string{"ret", "args"}},
	sysflow.KindProcessFlow:  {may: []string{"duration"}},
	sysflow.KindFileEvent:    {needs: []string{"file"}, may: []string{"ret", "type", "args", "origin"}},
	sysflow.KindFileFlow: {
		needs: []string{"file"},
		may:   []string{"duration", "fd", "type", "open_flags", "rbytes", "wbytes", "rops", "wops", "origin"},
	},
	sysflow.KindNetworkEvent: {needs: []string{"net"}, may: []string{"ret", "fd", "args", "origin"}},
	sysflow.KindNetworkFlow: {
		needs: []string{"net"},
		may:   []string{"duration", "fd", "rbytes", "wbytes", "rops", "wops", "origin"},
	},
	sysflow.KindK8sEvent: {needs: []string{"k8s"}},
}

// kindOf returns the kind that is given, or else follows from what the record has.
func (r *recordSpec) kindOf() sysflow.Kind {
	switch {
	case r.kind != nil:
		return *r.kind
	case r.given["k8s"] != nil:
		return sysflow.KindK8sEvent
	case r.file != nil && (r.ops == sysflow.OpBind || r.ops == sysflow.OpListen || r.ops == sysflow.OpConnect && r.ret < 0):
		return sysflow.KindFileEvent
	case r.ops&socketOps != 0, r.net != nil && r.ops == sysflow.OpConnect && r.ret < 0:
		return sysflow.KindNetworkEvent
	case r.net != nil:
		return sysflow.KindNetworkFlow
	case r.ops&nameOps != 0, r.ops == sysflow.OpOpen && r.ret < 0:
		return sysflow.KindFileEvent
	case r.file != nil || r.ops&^sysflow.KindProcessEvent.Operations() != 0:
		return sysflow.KindFileFlow
	default:
		return sysflow.KindProcessEvent
	}
}

// record adds an event or flow, and the files that it needs.
func (b *builder) record(r *recordSpec, ts int64) {
	kind := r.kindOf()
	if r.wrong || !b.check(r, kind) {
		return
	}
	b.lines = append(b.lines, r.at.Line)
	if kind == sysflow.KindK8sEvent {
		b.out = append(b.out, &sysflow.K8sEvent{ComponentKind: r.k8s.kind, Action: r.k8s.action, TS: ts, Message: r.k8s.message})
		return
	}
	spec := b.processes[r.process.Value]
	if spec == nil {
		b.add(r.process, didYouMean(r.process.Value, b.processes), "there is no process %q", r.process.Value)
		return
	}
	p := spec.record
	if p == nil {
		return // its error is known
	}
	if rec := b.event(r, kind, p, ts); rec != nil {
		b.out = append(b.out, rec)
	}
}

// check reports whether the record has what its kind needs and nothing else.
func (b *builder) check(r *recordSpec, kind sysflow.Kind) bool {
	before := len(b.findings)
	b.checkKeys(r, kind)
	b.checkOps(r, kind)
	return len(b.findings) == before
}

func (b *builder) checkKeys(r *recordSpec, kind sysflow.Kind) {
	t := traitsOf[kind]
	needs, may := t.needs, append([]string{"kind", "at"}, t.may...)
	if kind != sysflow.KindK8sEvent {
		needs, may = append([]string{"op", "process"}, needs...), append(may, "tid")
	}
	if r.ops == sysflow.OpSocket {
		needs, may = needs[:2], append(may, "net") // it has no address yet
	}
	if kind == sysflow.KindFileEvent && r.ops&sysflow.TwoNames != 0 {
		needs = append(needs, "new_file")
	}
	allowed := make(map[string]bool)
	for _, key := range may {
		allowed[key] = true
	}
	for _, key := range needs {
		allowed[key] = true
		if r.given[key] == nil {
			b.add(r.at, "", "a record of kind %s needs the key %q", kind, key)
		}
	}
	for _, key := range keysOf(r.given) {
		if !allowed[key] {
			b.add(r.given[key], "", "a record of kind %s has no %q", kind, key)
		}
	}
}

func (b *builder) checkOps(r *recordSpec, kind sysflow.Kind) {
	if r.ops == 0 {
		return // none is given, which checkKeys knows
	}
	if r.net != nil && !r.net.dest.IsValid() && r.ops&(sysflow.OpBind|sysflow.OpListen) == 0 {
		b.add(r.net.at, netHint, "net: %q is no connection", r.net.at.Value)
	}
	switch wrong := r.ops &^ kind.Operations(); {
	case kind == sysflow.KindK8sEvent: // which checkKeys knows
	case wrong != 0:
		b.add(r.opNode, "", "a record of kind %s cannot have the operation %s", kind, wrong)
	case !kind.IsFlow() && bits.OnesCount64(uint64(r.ops)) != 1:
		b.add(r.opNode, "write a record for each", "a record of kind %s has one operation, not %s", kind, r.ops)
	}
}

// event makes the record of the process p.
func (b *builder) event(r *recordSpec, kind sysflow.Kind, p *sysflow.Process, ts int64) sysflow.Record {
	tid, end := value(r.tid, p.OID.HPID), ts+int64(r.duration)
	switch kind {
	case sysflow.KindProcessEvent:
		return &sysflow.ProcessEvent{ProcOID: p.OID, TS: ts, TID: tid, OpFlags: r.ops, Args: r.args, Ret: r.ret}
	case sysflow.KindProcessFlow:
		return &sysflow.ProcessFlow{
			ProcOID: p.OID, TS: ts, EndTS: end, OpFlags: r.ops,
			NumThreadsCloned: flag(r.ops&sysflow.OpClone != 0), NumThreadsExited: flag(r.ops&sysflow.OpExit != 0),
		}
	case sysflow.KindFileEvent:
		ev := &sysflow.FileEvent{
			ProcOID: p.OID, TS: ts, TID: tid, OpFlags: r.ops, Ret: r.ret, FileOID: b.file(r, p, *r.file, ts),
			Args: r.args, Origin: r.origin,
		}
		if r.newFile != nil {
			id := b.file(r, p, *r.newFile, ts)
			ev.NewFileOID = &id
		}
		return ev
	case sysflow.KindFileFlow:
		return &sysflow.FileFlow{
			ProcOID: p.OID, TS: ts, EndTS: end, TID: tid, OpFlags: r.ops, OpenFlags: value(r.openFlags, r.impliedFlags()),
			FileOID: b.file(r, p, *r.file, ts), FD: r.fd, Counters: r.counters(), Origin: r.origin,
		}
	case sysflow.KindNetworkEvent:
		t := value(r.net, tuple{proto: sysflow.ProtoUnknown})
		return &sysflow.NetworkEvent{
			ProcOID: p.OID, TS: ts, TID: tid, OpFlags: r.ops, Ret: r.ret, Proto: t.proto,
			SIP: t.source.Addr(), SPort: int32(t.source.Port()), DIP: t.dest.Addr(), DPort: int32(t.dest.Port()),
			FD: r.fd, Args: r.args, Origin: r.origin,
		}
	default:
		t := r.net
		return &sysflow.NetworkFlow{
			ProcOID: p.OID, TS: ts, EndTS: end, TID: tid, OpFlags: r.ops, FD: r.fd, Proto: t.proto, Counters: r.counters(),
			SIP: t.source.Addr(), SPort: int32(t.source.Port()), DIP: t.dest.Addr(), DPort: int32(t.dest.Port()),
			Origin: r.origin,
		}
	}
}

// file returns the id of a file as p sees it, after adding the file if it is new.
func (b *builder) file(r *recordSpec, p *sysflow.Process, path string, ts int64) sysflow.FOID {
	kind := sysflow.FileRegular
	if r.ops&(sysflow.OpMkdir|sysflow.OpRmdir) != 0 {
		kind = sysflow.FileDirectory
	}
	if r.ops&(unixOps|sysflow.OpAccept) != 0 {
		kind = sysflow.FileUnix
	}
	kind = value(r.fileType, kind)
	id := sysflow.NewFOID(p.ContainerID, path)
	if b.files[id] != kind {
		b.files[id] = kind
		b.out = append(b.out, &sysflow.File{State: sysflow.StateReup, OID: id, TS: ts, Type: kind, Path: path, ContainerID: p.ContainerID})
	}
	return id
}

// impliedFlags are the open flags that the operations need.
func (r *recordSpec) impliedFlags() sysflow.OpenFlags {
	read, write := r.ops&sysflow.OpReadRecv != 0, r.ops&sysflow.OpWriteSend != 0
	switch {
	case r.ops&sysflow.OpOpen == 0:
		return 0
	case read && write:
		return sysflow.OpenReadWrite
	case write:
		return sysflow.OpenWriteOnly
	default:
		return sysflow.OpenReadOnly
	}
}

// counters has at least one operation where the operations say so.
func (r *recordSpec) counters() sysflow.Counters {
	c := r.Counters
	c.NumRRecvOps = value(r.rops, flag(r.ops&sysflow.OpReadRecv != 0))
	c.NumWSendOps = value(r.wops, flag(r.ops&sysflow.OpWriteSend != 0))
	return c
}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
