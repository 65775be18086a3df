package field

import "github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"

// The inode numbers of the first namespaces are the same on every Linux (include/uapi/linux/nsfs.h,
// before that include/linux/proc_ns.h). Those of the network differ.
const (
	firstIPCNamespace = 0xEFFFFFFF
	firstPIDNamespace = 0xEFFFFFFC
)

// falcoSharedNamespaces are the namespaces that a container shares with its host.
func falcoSharedNamespaces() []*Def {
	g := group{Falco, ScopeProcess}
	const note = noteV6 + "; by the namespaces of the process, not as the container was asked for"
	in := func(namespace func(*sysflow.Namespaces) int64, first int64) func(*Record) (is, known bool) {
		return func(r *Record) (is, known bool) {
			ns := r.namespaces()
			if ns == nil || namespace(ns) == 0 {
				return false, false
			}
			return namespace(ns) == first, true
		}
	}
	return []*Def{
		g.truth("container.host_pid", "whether it shares the host's pid namespace",
			in(func(ns *sysflow.Namespaces) int64 { return ns.PID }, firstPIDNamespace)).about(note),
		g.truth("container.host_ipc", "whether it shares the host's IPC namespace",
			in(func(ns *sysflow.Namespaces) int64 { return ns.IPC }, firstIPCNamespace)).about(note),
		g.truth("container.host_network", "whether it shares the host's network", func(r *Record) (is, known bool) {
			ns := r.namespaces()
			if ns == nil || ns.Net == 0 {
				return false, false
			}
			for a, i := r.Process, 0; a != nil && i < MaxAncestors; a, i = a.Parent, i+1 {
				if a.ContainerID == "" && a.Details != nil && a.Details.Namespaces.Net != 0 {
					return a.Details.Namespaces.Net == ns.Net, true
				}
			}
			return false, false
		}).about(note + "; known where an ancestor outside of the container is"),
	}
}

// namespaces are those of a process in a container.
func (r *Record) namespaces() *sysflow.Namespaces {
	if r.Process == nil || r.Process.Details == nil || r.Process.ContainerID == "" {
		return nil
	}
	return &r.Process.Details.Namespaces
}
