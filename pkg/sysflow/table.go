package sysflow

import "github.com/otelcol-sysflow/otelcol-sysflow/internal/recent"

// Table resolves the ids in a stream of records: processes by OID, files by FOID,
// containers and pods by id. Its memory is bounded: of each kind it keeps at least
// the recent.DefaultLimit entities used last, and forgets older ones. The zero value is
// ready to use.
type Table struct {
	header     *Header
	processes  recent.Map[OID, *Process]
	files      recent.Map[FOID, *File]
	containers recent.Map[string, *Container]
	pods       recent.Map[string, *Pod]
}

// Put remembers an entity and reports whether rec was one. A Header starts a new
// trace and makes the table forget everything before it. The table keeps rec, so
// the caller must not change it afterwards.
func (t *Table) Put(rec Record) bool {
	switch r := rec.(type) {
	case *Header:
		*t = Table{header: r}
	case *Container:
		t.containers.Put(r.ID, r)
	case *Process:
		t.processes.Put(r.OID, r)
	case *File:
		t.files.Put(r.OID, r)
	case *Pod:
		t.pods.Put(r.ID, r)
	default:
		return false
	}
	return true
}

// Header returns the last header, nil before the first.
func (t *Table) Header() *Header { return t.header }

// Process returns the latest description of a process, nil when unknown.
func (t *Table) Process(id OID) *Process { return found(t.processes.Get(id)) }

// Parent returns the latest description of p's parent, nil when unknown.
func (t *Table) Parent(p *Process) *Process {
	if p == nil || p.POID == nil {
		return nil
	}
	return found(t.processes.Get(*p.POID))
}

// File returns a file, nil when unknown.
func (t *Table) File(id FOID) *File { return found(t.files.Get(id)) }

// Container returns a container, nil when unknown or when id is empty.
func (t *Table) Container(id string) *Container {
	if id == "" {
		return nil
	}
	return found(t.containers.Get(id))
}

// Pod returns a pod, nil when unknown or when id is empty.
func (t *Table) Pod(id string) *Pod {
	if id == "" {
		return nil
	}
	return found(t.pods.Get(id))
}

// found drops the second result of a look-up: what is unknown is nil.
func found[T any](v *T, _ bool) *T { return v }
