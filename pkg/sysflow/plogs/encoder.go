package plogs

import (
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otelcol-sysflow/otelcol-sysflow/internal/recent"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// ScopeName is the name of the instrumentation scope of the logs.
const ScopeName = "github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/plogs"

// EncoderOptions configures an Encoder.
type EncoderOptions struct {
	// Version is the version in the instrumentation scope, none when empty.
	Version string
}

// Encoder turns a stream of SysFlow records into batches of OpenTelemetry logs.
// Entities are remembered until an event needs them; every event and flow becomes a
// log record under the resource that describes its process. It must not be used by
// two goroutines at once.
type Encoder struct {
	version string
	table   sysflow.Table
	// odd holds the files whose id is not the hash of their container and path.
	odd     sysflow.Table
	pending pending
	clock   clock
	addrs   *recent.Map[addrKey, string]
	ops     map[sysflow.OpFlags]string

	// The current batch.
	logs   plog.Logs
	count  int
	groups map[sysflow.OID]*group
	last   *group
	host   *group
}

// group is a resource of the current batch.
type group struct {
	oid            sysflow.OID
	container, pod string // ids, empty if there is none
	records        plog.LogRecordSlice
}

// NewEncoder returns an encoder without any entities.
func NewEncoder(opts EncoderOptions) *Encoder {
	return &Encoder{
		version: opts.Version,
		pending: newPending(),
		addrs:   recent.New[addrKey, string](addressGeneration),
		ops:     make(map[sysflow.OpFlags]string),
		logs:    plog.NewLogs(),
		groups:  make(map[sysflow.OID]*group),
	}
}

// Add encodes a record. Entities are kept and must not be changed afterwards, events
// and flows may be reused by the caller. An entity that says nothing new is dropped.
func (e *Encoder) Add(rec sysflow.Record) {
	switch r := rec.(type) {
	case *sysflow.FileFlow:
		e.addFileFlow(r)
	case *sysflow.NetworkFlow:
		e.addNetworkFlow(r)
	case *sysflow.ProcessEvent:
		e.addProcessEvent(r)
	case *sysflow.FileEvent:
		e.addFileEvent(r)
	case *sysflow.NetworkEvent:
		e.addNetworkEvent(r)
	case *sysflow.ProcessFlow:
		e.addProcessFlow(r)
	case *sysflow.K8sEvent:
		e.addK8sEvent(r)
	case *sysflow.Gap:
		e.addGap(r)
	case *sysflow.File:
		e.addFile(r)
	case *sysflow.Process:
		e.addProcess(r)
	case *sysflow.Container:
		e.addContainer(r)
	case *sysflow.Pod:
		e.addPod(r)
	case *sysflow.Header:
		e.addHeader(r)
	}
}

// Len returns the number of log records that Take would hand over now.
func (e *Encoder) Len() int { return e.count + e.pending.len() }

// Take hands over the current batch and starts a new one. Entities that came since
// the last Take and that no event carries become records of their own.
func (e *Encoder) Take() plog.Logs {
	e.flushPending()
	out := e.logs
	e.logs, e.count = plog.NewLogs(), 0
	e.host = nil
	e.forgetGroups()
	return out
}

// processGroup returns the resource of a process, as the process is described now.
func (e *Encoder) processGroup(oid sysflow.OID) *group {
	if e.last != nil && e.last.oid == oid {
		return e.last
	}
	g := e.groups[oid]
	if g == nil {
		g = e.openGroup(oid)
		e.groups[oid] = g
	}
	e.last = g
	return g
}

// openGroup starts a resource and marks the entities that it describes as carried.
func (e *Encoder) openGroup(oid sysflow.OID) *group {
	p := e.table.Process(oid)
	var c *sysflow.Container
	g := &group{oid: oid}
	if p != nil {
		c = e.table.Container(p.ContainerID)
		g.container = p.ContainerID
		e.pending.remove(p)
		e.flushAncestors(p)
	}
	if c != nil {
		g.pod = c.PodID
		e.pending.remove(c)
	}
	rl := e.appendResource(g)
	m := rl.Resource().Attributes()
	n := processAttributes
	if p != nil && p.Details != nil {
		n += extraAttributes
	}
	m.EnsureCapacity(n)
	putHeader(m, e.table.Header())
	putOID(m, oid)
	if p != nil {
		putProcess(m, p)
		putContainer(m, p.ContainerID, c)
	}
	if c != nil {
		putPod(m, c.PodID, e.table.Pod(c.PodID))
	}
	return g
}

// hostGroup returns the resource of what belongs to no process.
func (e *Encoder) hostGroup() *group {
	if e.host == nil {
		e.host = &group{}
		putHeader(e.appendResource(e.host).Resource().Attributes(), e.table.Header())
	}
	return e.host
}

func (e *Encoder) appendResource(g *group) plog.ResourceLogs {
	rl := e.logs.ResourceLogs().AppendEmpty()
	rl.SetSchemaUrl(SchemaURL)
	sl := rl.ScopeLogs().AppendEmpty()
	sl.Scope().SetName(ScopeName)
	sl.Scope().SetVersion(e.version)
	g.records = sl.LogRecords()
	return rl
}

// forgetGroups makes later events open resources of their own.
func (e *Encoder) forgetGroups() {
	clear(e.groups)
	e.last = nil
}

// forgetGroupsIf does so where what the resource says is out of date.
func (e *Encoder) forgetGroupsIf(outdated func(*group) bool) {
	for oid, g := range e.groups {
		if outdated(g) {
			delete(e.groups, oid)
		}
	}
	e.last = nil
}
