package flow

import "github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"

// container holds the files seen inside of a container, or on the host.
type container struct {
	id    string
	files map[string]*file
	// users counts files and processes.
	users int
}

// file is an entry of the file table: a path inside a container.
type file struct {
	ctr  *container
	path string
	typ  sysflow.FileType
	ts   int64
	// rec is what was last written about the file, nil when it never was, and seq
	// the number of that record. The path is hashed for the first record only.
	rec *sysflow.File
	seq uint64
	// flows counts the open flows of the file; only without any it is in
	// Builder.unused.
	flows  int
	unused link[file]
}

// setContainer makes p a process of another container.
func (b *Builder) setContainer(p *process, id string) {
	if p.ctr != nil && p.ctr.id == id {
		return
	}
	c := b.containers[id]
	if c == nil {
		c = &container{id: id, files: make(map[string]*file)}
		b.containers[id] = c
	}
	c.users++
	if p.ctr != nil {
		b.releaseContainer(p.ctr)
	}
	p.ctr = c
}

func (b *Builder) releaseContainer(c *container) {
	c.users--
	if c.users == 0 {
		delete(b.containers, c.id)
	}
}

// file returns a file as recently used, and adds it when it is new.
func (b *Builder) file(p *process, path string, ts int64) *file {
	f := p.ctr.files[path]
	if f == nil {
		f = &file{ctr: p.ctr, path: path, typ: sysflow.FileUnknown, ts: ts}
		f.unused.owner = f
		p.ctr.files[path] = f
		p.ctr.users++
		b.numFiles++
		b.limitFiles()
	}
	if f.flows == 0 {
		b.unused.add(&f.unused)
	}
	return f
}

// setType notes what is known of a file's type; it does not forget what was known.
func (f *file) setType(t sysflow.FileType) {
	if t != 0 && t != sysflow.FileUnknown {
		f.typ = t
	}
}

func (b *Builder) openFile(f *file) {
	f.flows++
	f.unused.unlink()
}

func (b *Builder) closeFile(f *file) {
	f.flows--
	if f.flows == 0 {
		b.unused.add(&f.unused)
		b.limitFiles()
	}
}

// limitFiles forgets the files that were not used for the longest time when there
// are too many.
func (b *Builder) limitFiles() {
	for b.cfg.MaxFiles > 0 && b.unused.len > b.cfg.MaxFiles {
		f := b.unused.head()
		f.unused.unlink()
		delete(f.ctr.files, f.path)
		b.releaseContainer(f.ctr)
		b.numFiles--
		b.stats.EvictedFiles++
	}
}

// announceFile writes a file in the given state, unless it has been written as it is.
func (b *Builder) announceFile(f *file, state sysflow.ObjectState) {
	known := f.rec != nil && f.rec.Type == f.typ
	if known && (b.cfg.MaxFiles <= 0 || b.fileSeq-f.seq < uint64(b.cfg.MaxFiles)) {
		return
	}
	rec := &sysflow.File{
		State:       state,
		TS:          f.ts,
		Type:        f.typ,
		Path:        f.path,
		ContainerID: f.ctr.id,
	}
	if f.rec == nil {
		rec.OID = sysflow.NewFOID(f.ctr.id, f.path)
	} else {
		rec.OID = f.rec.OID
	}
	b.fileSeq++
	f.rec, f.seq = rec, b.fileSeq
	b.emit(rec)
}
