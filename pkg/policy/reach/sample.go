package reach

import (
	"net/netip"
	"strings"
	"sync"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// sample returns a record of a kind that has every value that records of its kind can have.
func sample(kind sysflow.Kind, ops sysflow.OpFlags) *field.Record {
	node := &field.Node{Name: "x", IP: "192.0.2.1", SchemaVersion: 1, TraceFile: "x"}
	r := &field.Record{Kind: kind, Ops: ops, TS: 1, TID: 1, FD: sysflow.UnknownFD, Proto: sysflow.ProtoUnknown, Node: node}
	if kind == sysflow.KindK8sEvent {
		r.K8sKind, r.K8sAction, r.K8sMessage = sysflow.K8sPods, sysflow.K8sComponentAdded, `{"x":1}`
		return r
	}
	parent := process(node, nil)
	r.Process = process(node, process(node, parent))
	switch kind {
	case sysflow.KindProcessEvent, sysflow.KindFileEvent, sysflow.KindNetworkEvent:
		r.HasRet, r.Args = true, arguments()
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

// arguments returns one of each name that fields ask for.
var arguments = sync.OnceValue(func() []string {
	list := []string{"1"} // the user of SETUID
	for _, d := range field.All() {
		if name, ok := strings.CutPrefix(d.Name, "evt.arg."); ok && d.Answer != field.Unanswerable {
			list = append(list, name+"=1")
		}
	}
	return list
})

func process(node *field.Node, parent *field.Process) *field.Process {
	return &field.Process{
		Process: sysflow.Process{
			OID: sysflow.OID{CreateTS: 1, HPID: 1}, POID: &sysflow.OID{CreateTS: 1, HPID: 1}, Exe: "/x/x", ExeArgs: "x", UID: 1, UserName: "x",
			GID: 1, GroupName: "x", ContainerID: "x", CWD: "/x/", TTY: true, Entry: true,
			Env: []string{"x=x", "KUBERNETES_SERVICE_HOST=192.0.2.1"},
			Details: &sysflow.ProcessDetails{
				Comm: "x", Argv0: "x", ExeFlags: sysflow.ExeWritable | sysflow.ExeUpperLayer, ExeIno: 1, ExeCTime: 2, ExeMTime: 1,
				CapPermitted: 1, CapEffective: 1, CapInheritable: 1, RealUID: 1, SavedUID: 1, RealGID: 1, SavedGID: 1, LoginUID: 1, LoginUser: "x",
				SID: 1, PGID: 1, VPID: 1, VSID: 1, VPGID: 1, Namespaces: sysflow.Namespaces{Cgroup: 1, IPC: 1, Mnt: 1, Net: 1, PID: 1, User: 1, UTS: 1},
			},
		},
		Parent: parent, Node: node, Pod: &sysflow.Pod{ID: "x", Name: "x", NodeName: "x", Namespace: "x"},
		Container: &sysflow.Container{
			ID: "x", Name: "x", Image: "x/x:x", ImageID: "x", PodID: "x",
			Runtime: "podman", ImageDigest: "x", Labels: map[string]string{"x": "x"}, Mounts: []sysflow.Mount{{Source: "/x", Destination: "/x", Mode: "x", Propagation: "x"}},
		},
	}
}
