package sysflow

// tableGeneration is how many entities of a kind a generation of a Table holds.
const tableGeneration = 1 << 16

// Table resolves the ids in a stream of records: processes by OID, files by FOID,
// containers and pods by id. Its memory is bounded: of each kind it keeps at least
// the tableGeneration entities used last, and forgets older ones. The zero
// value is ready to use.
type Table struct {
	header     *Header
	processes  generations[OID, *Process]
	files      generations[FOID, *File]
	containers generations[string, *Container]
	pods       generations[string, *Pod]
}

// Put remembers an entity and reports whether rec was one. A Header starts a new
// trace and makes the table forget everything before it. The table keeps rec, so
// the caller must not change it afterwards.
func (t *Table) Put(rec Record) bool {
	switch r := rec.(type) {
	case *Header:
		*t = Table{header: r}
	case *Container:
		t.containers.put(r.ID, r)
	case *Process:
		t.processes.put(r.OID, r)
	case *File:
		t.files.put(r.OID, r)
	case *Pod:
		t.pods.put(r.ID, r)
	default:
		return false
	}
	return true
}

// Header returns the last header, nil before the first.
func (t *Table) Header() *Header { return t.header }

// Process returns the latest description of a process, nil when unknown.
func (t *Table) Process(id OID) *Process { return t.processes.get(id) }

// Parent returns the latest description of p's parent, nil when unknown.
func (t *Table) Parent(p *Process) *Process {
	if p == nil || p.POID == nil {
		return nil
	}
	return t.processes.get(*p.POID)
}

// File returns a file, nil when unknown.
func (t *Table) File(id FOID) *File { return t.files.get(id) }

// Container returns a container, nil when unknown or when id is empty.
func (t *Table) Container(id string) *Container {
	if id == "" {
		return nil
	}
	return t.containers.get(id)
}

// Pod returns a pod, nil when unknown or when id is empty.
func (t *Table) Pod(id string) *Pod {
	if id == "" {
		return nil
	}
	return t.pods.get(id)
}

// generations is a map that forgets what was not used lately: when the young
// generation is full, it becomes the old one and the previous old one is dropped.
type generations[K comparable, V any] struct {
	young, old map[K]V
}

func (g *generations[K, V]) put(k K, v V) {
	if g.young == nil {
		g.young = make(map[K]V)
	}
	if len(g.young) >= tableGeneration {
		if _, there := g.young[k]; !there {
			g.old, g.young = g.young, make(map[K]V)
		}
	}
	g.young[k] = v
}

func (g *generations[K, V]) get(k K) V {
	if v, ok := g.young[k]; ok {
		return v
	}
	v, ok := g.old[k]
	if ok {
		g.put(k, v)
	}
	return v
}
