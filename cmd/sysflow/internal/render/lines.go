package render

import (
	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/fields"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// Lines writes a line of text per row. What is the same for all rows of a kind is
// laid out beforehand, what is the same for all rows of a process is encoded once.
type Lines struct {
	out    buffer
	plans  [sysflow.NumKinds]plan
	encode func(dst []byte, v fields.Value) []byte
	cache  processCache
}

// plan is how a row of some kind is written.
type plan struct {
	segments []segment
	end      string
}

// segment is a run of fields after some text. What depends on the process only is
// encoded once per process; the text is apart from the fields because it differs
// from kind to kind, and they do not.
type segment struct {
	lead   string
	values []value
	scope  fields.Scope
}

// value is a field with what goes before it. What goes before the first of a segment is
// in the segment's lead.
type value struct {
	before string
	get    func(*fields.Row) fields.Value
}

// add appends a field to the plan. parted tells that a field of another scope is
// between this one and the previous, though rows of this kind may not have it: what
// is cached must not depend on the kind.
func (p *plan) add(f *fields.Field, before string, parted bool) {
	n := len(p.segments)
	if parted || n == 0 || p.segments[n-1].scope != f.Scope {
		p.segments = append(p.segments, segment{lead: before, scope: f.Scope})
		before, n = "", n+1
	}
	last := &p.segments[n-1]
	last.values = append(last.values, value{before: before, get: f.Get})
}

// Row implements Renderer.
func (l *Lines) Row(r *fields.Row) error {
	dst, p := l.out.data, &l.plans[r.Kind()]
	cached, miss := l.cache.lookup(r)
	ofProcess := 0 // segments of the process so far
	for i := range p.segments {
		s := &p.segments[i]
		dst = append(dst, s.lead...)
		switch {
		case s.scope != fields.ScopeProcess || cached == nil:
			dst = l.append(dst, s.values, r)
		case miss:
			start := len(dst)
			dst = l.append(dst, s.values, r)
			l.cache.store(cached, dst[start:])
		default:
			dst = append(dst, cached.segments[ofProcess]...)
			ofProcess++
		}
	}
	dst = append(dst, p.end...)
	l.out.data = dst
	return l.out.spill()
}

// Flush implements Renderer.
func (l *Lines) Flush() error { return l.out.flush() }

func (l *Lines) append(dst []byte, values []value, r *fields.Row) []byte {
	for i := range values {
		dst = append(dst, values[i].before...)
		dst = l.encode(dst, values[i].get(r))
	}
	return dst
}
