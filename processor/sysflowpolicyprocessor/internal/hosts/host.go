// Package hosts remembers of each host what its records refer to: processes with their
// ancestors, containers and pods.
package hosts

import (
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otelcol-sysflow/otelcol-sysflow/internal/recent"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/lineage"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/plogs"
	"github.com/otelcol-sysflow/otelcol-sysflow/processor/sysflowpolicyprocessor/internal/reading"
)

// entityLimit is how many containers and pods of a host are remembered at least; a host
// runs a few hundred at most.
const entityLimit = 1024

// Host is what is known of one host. It must not be used by two goroutines at once.
type Host struct {
	node       *field.Node
	processes  *lineage.Table
	containers *recent.Map[string, *sysflow.Container]
	pods       *recent.Map[string, *sysflow.Pod]
}

// New returns a host of which nothing is known.
func New() *Host {
	return &Host{
		node:       &field.Node{},
		processes:  lineage.NewTable(0),
		containers: recent.New[string, *sysflow.Container](entityLimit),
		pods:       recent.New[string, *sysflow.Pod](entityLimit),
	}
}

// Node returns the host and trace as the resource describes it.
func (h *Host) Node(res *reading.Resource) *field.Node {
	if *h.node != res.Node {
		node := res.Node
		h.node = &node
	}
	return h.node
}

// Process returns the process that the resource describes, nil if it describes none.
func (h *Host) Process(res *reading.Resource) *field.Process {
	if !res.HasOID && !res.HasProcess {
		return nil
	}
	pod := h.pod(res)
	container := h.container(res)
	node := h.Node(res)
	if !res.HasOID { // cannot be told from others, so it is nobody's parent
		return &field.Process{Process: res.NewProcess(nil), Container: container, Pod: pod, Node: node}
	}
	p := h.processes.Get(res.Process.OID)
	if p == nil {
		return h.processes.Put(res.NewProcess(nil), container, pod, node)
	}
	if !res.HasProcess || p.Container == container && p.Pod == pod && p.Node == node && p.Equal(&res.Process) {
		return p // known as it is, or nothing but the id is said
	}
	return h.processes.Put(res.NewProcess(&p.Process), container, pod, node)
}

// container returns the container of the resource, nil if nothing but its id is known.
func (h *Host) container(res *reading.Resource) *sysflow.Container {
	id := res.Container.ID
	if id == "" {
		return nil
	}
	c, known := h.containers.Get(id)
	if !res.HasContainer || known && res.SameContainer(c) {
		return c
	}
	c = res.NewContainer()
	h.containers.Put(id, c)
	return c
}

// pod returns the pod of the resource, nil if nothing but its id is known.
func (h *Host) pod(res *reading.Resource) *sysflow.Pod {
	id := res.Pod.ID
	if id == "" {
		return nil
	}
	p, known := h.pods.Get(id)
	if !res.HasPod() || known && res.SamePod(p) {
		return p
	}
	p = res.NewPod(p)
	h.pods.Put(id, p)
	return p
}

// DescribePod takes over a pod that travels as a record of its own, which has more
// properties than the resources of its processes. All other entities are described there.
func (h *Host) DescribePod(rl plog.ResourceLogs, lr plog.LogRecord) {
	ld := plog.NewLogs()
	single := ld.ResourceLogs().AppendEmpty()
	rl.Resource().CopyTo(single.Resource())
	lr.CopyTo(single.ScopeLogs().AppendEmpty().LogRecords().AppendEmpty())
	// The decoder returns no error of its own.
	_ = plogs.NewDecoder().Decode(ld, func(o *plogs.Observation) error {
		if o.Pod != nil && o.Pod.ID != "" {
			h.pods.Put(o.Pod.ID, o.Pod)
		}
		return nil
	})
}
