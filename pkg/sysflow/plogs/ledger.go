package plogs

import (
	"slices"

	"github.com/otelcol-sysflow/otelcol-sysflow/internal/recent"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// ledgerGeneration bounds how many entities of each kind a Ledger remembers.
const ledgerGeneration = 1 << 15

// maxAncestors bounds the walk to the root of the process tree.
const maxAncestors = 1024

// Ledger writes observations as a stream of records in which every record is preceded
// by the entities it refers to, in every file anew: header, pod, container, ancestors
// from the root, process, files, event. It remembers what the current file holds and
// how the entities of earlier files looked. It must not be used by two goroutines at
// once, and wants the observations of one host: each change of header begins anew.
type Ledger struct {
	// file numbers the files; an entity is in the current file if its entry says so.
	file       uint64
	header     *sysflow.Header
	headerFile uint64
	pods       *recent.Map[string, *entry[*sysflow.Pod]]
	containers *recent.Map[string, *entry[*sysflow.Container]]
	processes  *recent.Map[sysflow.OID, *entry[*sysflow.Process]]
	files      *recent.Map[sysflow.FOID, *entry[*sysflow.File]]
}

// entry is an entity as it was last written, and the file that holds it.
type entry[T any] struct {
	entity T
	file   uint64
	exited bool
}

// NewLedger returns a ledger at the beginning of its first file.
func NewLedger() *Ledger {
	l := &Ledger{file: 1}
	l.forget()
	return l
}

func (l *Ledger) forget() {
	l.pods = recent.New[string, *entry[*sysflow.Pod]](ledgerGeneration)
	l.containers = recent.New[string, *entry[*sysflow.Container]](ledgerGeneration)
	l.processes = recent.New[sysflow.OID, *entry[*sysflow.Process]](ledgerGeneration)
	l.files = recent.New[sysflow.FOID, *entry[*sysflow.File]](ledgerGeneration)
}

// NewFile begins a file. Everything that is needed will be written again; processes and
// files that an earlier file held come as REUP. Processes that have exited and left no
// children are forgotten, and so are files that the last two trace files did not need.
func (l *Ledger) NewFile() {
	l.evict()
	l.file++
}

// Write writes the entities that the current file lacks and then the event of o. What
// was not written because of an error counts as not written.
func (l *Ledger) Write(o *Observation, write func(sysflow.Record) error) error {
	if err := l.putHeader(o, write); err != nil {
		return err
	}
	if err := l.putContainer(o.Pod, o.Container, write); err != nil {
		return err
	}
	if o.Process != nil {
		if err := l.putProcess(o.Process, write); err != nil {
			return err
		}
	}
	for _, f := range []*sysflow.File{o.File, o.NewFile} {
		if f == nil {
			continue
		}
		if err := l.putFile(f, write); err != nil {
			return err
		}
	}
	if o.Event == nil {
		return nil
	}
	l.noteExit(o.Event)
	return write(o.Event)
}

// putHeader writes the header where a file or a trace begins.
func (l *Ledger) putHeader(o *Observation, write func(sysflow.Record) error) error {
	changed := o.Header != nil && (l.header == nil || *l.header != *o.Header)
	written := l.headerFile == l.file
	if written && !changed && !o.startsTrace() {
		return nil
	}
	h := o.Header
	if h == nil {
		h = l.header
	}
	if h == nil {
		h = &sysflow.Header{Version: sysflow.SchemaVersion}
	}
	if err := write(h); err != nil {
		return err
	}
	if l.header != nil && (changed || written) {
		l.forget()
	}
	l.header, l.headerFile = h, l.file
	return nil
}

func (l *Ledger) putContainer(p *sysflow.Pod, c *sysflow.Container, write func(sysflow.Record) error) error {
	if p != nil {
		e, known := l.pods.Get(p.ID)
		if !known || e.file != l.file || !equalPods(e.entity, p) {
			if err := write(p); err != nil {
				return err
			}
			l.pods.Put(p.ID, &entry[*sysflow.Pod]{entity: p, file: l.file})
		}
	}
	if c == nil {
		return nil
	}
	e, known := l.containers.Get(c.ID)
	if known && e.file == l.file && e.entity.Equal(c) {
		return nil
	}
	if err := write(c); err != nil {
		return err
	}
	l.containers.Put(c.ID, &entry[*sysflow.Container]{entity: c, file: l.file})
	return nil
}

// putProcess writes a process, after its ancestors, unless the file holds it as it is.
func (l *Ledger) putProcess(p *sysflow.Process, write func(sysflow.Record) error) error {
	e, known := l.processes.Get(p.OID)
	if known && e.file == l.file && equalProcesses(e.entity, p) {
		return nil
	}
	if !known || e.file != l.file {
		if err := l.putAncestors(p, write); err != nil {
			return err
		}
	}
	if known && e.file != l.file && equalProcesses(e.entity, p) {
		return l.reupProcess(e, write)
	}
	if err := write(p); err != nil {
		return err
	}
	l.processes.Put(p.OID, &entry[*sysflow.Process]{entity: p, file: l.file})
	return nil
}

// putAncestors writes the ancestors that the file lacks, the eldest first.
func (l *Ledger) putAncestors(p *sysflow.Process, write func(sysflow.Record) error) error {
	var chain []*entry[*sysflow.Process]
	for p.POID != nil && len(chain) < maxAncestors {
		e, known := l.processes.Get(*p.POID)
		if !known || e.file == l.file || slices.Contains(chain, e) {
			break
		}
		chain = append(chain, e)
		p = e.entity
	}
	for _, e := range slices.Backward(chain) {
		if err := l.reupProcess(e, write); err != nil {
			return err
		}
	}
	return nil
}

// reupProcess writes a process of an earlier file again, after its container.
func (l *Ledger) reupProcess(e *entry[*sysflow.Process], write func(sysflow.Record) error) error {
	if c, known := l.containers.Get(e.entity.ContainerID); known && c.file != l.file {
		var pod *sysflow.Pod
		if k, ok := l.pods.Get(c.entity.PodID); ok {
			pod = k.entity
		}
		if err := l.putContainer(pod, c.entity, write); err != nil {
			return err
		}
	}
	again := *e.entity
	again.State = sysflow.StateReup
	if err := write(&again); err != nil {
		return err
	}
	e.file = l.file
	return nil
}

func (l *Ledger) putFile(f *sysflow.File, write func(sysflow.Record) error) error {
	e, known := l.files.Get(f.OID)
	same := known && *e.entity == *f
	if same && e.file == l.file {
		return nil
	}
	rec := f
	if same {
		again := *f
		again.State = sysflow.StateReup
		rec = &again
	}
	if err := write(rec); err != nil {
		return err
	}
	l.files.Put(f.OID, &entry[*sysflow.File]{entity: f, file: l.file})
	return nil
}
