package explain

import (
	"net/netip"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// sample returns a record of a kind that has every value that records of its kind can have.
func sample(kind sysflow.Kind, ops sysflow.OpFlags) *field.Record {
	node := &field.Node{Name: "x", IP: "192.0.2.1", SchemaVersion: 1, TraceFile: "x"}
	r := &field.Record{Kind: kind, Ops: ops, TS: 1, TID: 1, FD: -1, Proto: sysflow.ProtoUnknown, Node: node}
	if kind == sysflow.KindK8sEvent {
		r.K8sKind, r.K8sAction, r.K8sMessage = sysflow.K8sPods, sysflow.K8sComponentAdded, `{"x":1}`
		return r
	}
	parent := process(node, nil)
	r.Process = process(node, process(node, parent))
	switch kind {
	case sysflow.KindProcessEvent, sysflow.KindFileEvent, sysflow.KindNetworkEvent:
		r.HasRet, r.Args = true, []string{"x"}
	default:
		r.EndTS = 2
		r.Counters = sysflow.Counters{NumRRecvOps: 1, NumWSendOps: 1, NumRRecvBytes: 1, NumWSendBytes: 1}
	}
	const path = "/x/x.x"
	switch kind {
	case sysflow.KindFileEvent:
		r.File, r.NewFile = field.File{Path: path, Type: 'f'}, field.File{Path: path, Type: 'f'}
	case sysflow.KindFileFlow:
		r.File, r.FD, r.OpenFlags = field.File{Path: path, Type: 'f'}, 3, sysflow.OpenReadWrite
	case sysflow.KindNetworkEvent, sysflow.KindNetworkFlow:
		addr := netip.MustParseAddr("192.0.2.1")
		r.SIP, r.DIP, r.SPort, r.DPort, r.Proto, r.FD = addr, addr, 1, 1, sysflow.ProtoTCP, 3
	}
	return r
}

func process(node *field.Node, parent *field.Process) *field.Process {
	return &field.Process{
		Process: sysflow.Process{
			OID: sysflow.OID{CreateTS: 1, HPID: 1}, POID: &sysflow.OID{CreateTS: 1, HPID: 1}, Exe: "/x/x", ExeArgs: "x", UID: 1, UserName: "x",
			GID: 1, GroupName: "x", ContainerID: "x", CWD: "/x/", Env: []string{"x=x"}, TTY: true, Entry: true,
		},
		Parent: parent, Node: node, Pod: &sysflow.Pod{ID: "x", Name: "x", NodeName: "x", Namespace: "x"},
		Container: &sysflow.Container{ID: "x", Name: "x", Image: "x/x:x", ImageID: "x", PodID: "x"},
	}
}
