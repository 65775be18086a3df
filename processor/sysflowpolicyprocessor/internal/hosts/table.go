package hosts

import "container/list"

// Table holds the hosts used last. It must not be used by two goroutines at once.
type Table struct {
	maxHosts, maxProcesses int

	hosts map[string]*list.Element
	order list.List // of *entry, the one used last first

	processes                      int
	evictedHosts, evictedProcesses int64
}

// entry is a host, and what of it is counted.
type entry struct {
	name      string
	host      *Host
	processes int
	evicted   int64
}

// NewTable returns an empty table with a bound of hosts, and of the processes of all of
// them. One host alone may have more processes.
func NewTable(maxHosts, maxProcesses int) *Table {
	return &Table{maxHosts: maxHosts, maxProcesses: maxProcesses, hosts: make(map[string]*list.Element)}
}

// Get returns a host, new if it is not known. It counts as a use. What became of the
// processes of the host used before is taken into account.
func (t *Table) Get(name string) *Host {
	t.count()
	e, known := t.hosts[name]
	if known {
		t.order.MoveToFront(e)
	} else {
		e = t.order.PushFront(&entry{name: name, host: New()})
		t.hosts[name] = e
	}
	for len(t.hosts) > 1 && (len(t.hosts) > t.maxHosts || t.processes > t.maxProcesses) {
		t.evict()
	}
	return e.Value.(*entry).host
}

// count brings the counts up to date. Only the host used last can have changed.
func (t *Table) count() {
	front := t.order.Front()
	if front == nil {
		return
	}
	e := front.Value.(*entry)
	processes, evicted := e.host.processes.Len(), e.host.processes.Evicted()
	t.processes += processes - e.processes
	t.evictedProcesses += evicted - e.evicted
	e.processes, e.evicted = processes, evicted
}

// evict forgets the host that was used least recently.
func (t *Table) evict() {
	last := t.order.Back()
	e := t.order.Remove(last).(*entry)
	delete(t.hosts, e.name)
	t.processes -= e.processes
	t.evictedProcesses += int64(e.processes)
	t.evictedHosts++
}

// Stats say what a table holds and has forgotten for lack of room.
type Stats struct {
	Processes                      int64
	EvictedHosts, EvictedProcesses int64
}

// Stats returns what the table holds and has forgotten.
func (t *Table) Stats() Stats {
	t.count()
	return Stats{Processes: int64(t.processes), EvictedHosts: t.evictedHosts, EvictedProcesses: t.evictedProcesses}
}
