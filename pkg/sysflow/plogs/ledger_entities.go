package plogs

import (
	"maps"
	"slices"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// noteExit remembers that a process ended. Where threads end with events of their own,
// only that of the main thread counts.
func (l *Ledger) noteExit(event sysflow.Record) {
	pe, ok := event.(*sysflow.ProcessEvent)
	if !ok || pe.OpFlags&sysflow.OpExit == 0 || pe.TID != pe.ProcOID.HPID {
		return
	}
	if e, known := l.processes.Get(pe.ProcOID); known {
		e.exited = true
	}
}

// evict forgets what the next file will hardly need.
func (l *Ledger) evict() {
	l.files.DeleteFunc(func(_ sysflow.FOID, e *entry[*sysflow.File]) bool { return e.file+1 < l.file })
	l.evictExited()
}

// evictExited forgets exited processes without children, and then their parents if
// these have exited too, up to the root.
func (l *Ledger) evictExited() {
	children := make(map[sysflow.OID]int)
	var exited []sysflow.OID
	for id, e := range l.processes.All() {
		if e.entity.POID != nil {
			children[*e.entity.POID]++
		}
		if e.exited {
			exited = append(exited, id)
		}
	}
	for _, id := range exited {
		for {
			e, known := l.processes.Peek(id)
			if !known || !e.exited || children[id] > 0 {
				break
			}
			l.processes.Delete(id)
			if e.entity.POID == nil {
				break
			}
			id = *e.entity.POID
			children[id]--
		}
	}
}

func equalProcesses(a, b *sysflow.Process) bool {
	return a == b || a.State == b.State && a.TS == b.TS && a.Equal(b)
}

func equalPods(a, b *sysflow.Pod) bool {
	if a == b {
		return true
	}
	return a.TS == b.TS && a.ID == b.ID && a.Name == b.Name && a.NodeName == b.NodeName &&
		a.Namespace == b.Namespace && a.RestartCount == b.RestartCount &&
		slices.Equal(a.HostIP, b.HostIP) && slices.Equal(a.InternalIP, b.InternalIP) &&
		maps.Equal(a.Labels, b.Labels) && maps.Equal(a.Selectors, b.Selectors) &&
		slices.EqualFunc(a.Services, b.Services, equalServices)
}

func equalServices(a, b sysflow.Service) bool {
	return a.Name == b.Name && a.ID == b.ID && a.Namespace == b.Namespace &&
		slices.Equal(a.PortList, b.PortList) && slices.Equal(a.ClusterIP, b.ClusterIP)
}
