package render

import (
	"io"
	"slices"
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/fields"
	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/jsontext"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// JSON writes one object per line.
type JSON struct {
	out   buffer
	plans [sysflow.NumKinds]plan
	cache processCache
}

// plan is how a row of some kind is written.
type plan struct {
	segments []segment
	end      string
}

// segment is a run of members of the object after some text. What depends on the
// process only is encoded once per process; the text is apart from the members
// because it differs from kind to kind, and they do not.
type segment struct {
	lead    string
	members []member
	scope   fields.Scope
}

// member is a field with what goes before its value: braces, name, colon. That of the
// first of a segment is in the segment's lead.
type member struct {
	before string
	get    func(*fields.Row) fields.Value
}

// NewJSON returns a renderer of the fields. When nested, "proc.pid" is the member
// "pid" of an object "proc", else it is a member of that very name.
func NewJSON(w io.Writer, selected []fields.Field, nested bool) *JSON {
	j := &JSON{out: buffer{w: w}}
	for k := range j.plans {
		j.plans[k] = newPlan(sysflow.Kind(k), selected, nested) //nolint:gosec // few kinds
	}
	return j
}

func newPlan(kind sysflow.Kind, selected []fields.Field, nested bool) plan {
	var p plan
	text, separator, group := "{", "", ""
	if nested {
		selected = grouped(selected)
	}
	for i := range selected {
		f := &selected[i]
		name, g := f.Name, ""
		if prefix, rest, found := strings.Cut(f.Name, "."); nested && found {
			name, g = rest, prefix
		}
		if g != group {
			if group != "" {
				text, separator = text+"}", ","
			}
			if g != "" {
				text, separator = text+separator+quote(g)+":{", ""
			}
			group = g
		}
		text += separator + quote(name) + ":"
		separator = ","
		if !f.Applies(kind) {
			text += string(appendJSON(nil, fields.Value{Kind: f.Missing}))
			continue
		}
		// What is cached must not depend on the kind, so that any field of the event
		// parts two segments, even one that rows of this kind do not have.
		p.add(f, text, i == 0 || f.Scope != selected[i-1].Scope)
		text = ""
	}
	if group != "" {
		text += "}"
	}
	p.end = text + "}\n"
	return p
}

func (p *plan) add(f *fields.Field, before string, parted bool) {
	n := len(p.segments)
	if parted || n == 0 || p.segments[n-1].scope != f.Scope {
		p.segments = append(p.segments, segment{lead: before, scope: f.Scope})
		before, n = "", n+1
	}
	last := &p.segments[n-1]
	last.members = append(last.members, member{before: before, get: f.Get})
}

// grouped moves fields of the same object together, at the place of the first.
func grouped(selected []fields.Field) []fields.Field {
	first := make(map[string]int)
	rank := make(map[string]int, len(selected))
	for i, f := range selected {
		prefix, _, found := strings.Cut(f.Name, ".")
		if !found {
			rank[f.Name] = i
			continue
		}
		if _, ok := first[prefix]; !ok {
			first[prefix] = i
		}
		rank[f.Name] = first[prefix]
	}
	out := slices.Clone(selected)
	slices.SortStableFunc(out, func(a, b fields.Field) int { return rank[a.Name] - rank[b.Name] })
	return out
}

// Row implements Renderer.
func (j *JSON) Row(r *fields.Row) error {
	dst, p := j.out.data, &j.plans[r.Kind()]
	cached, miss := j.cache.lookup(r)
	ofProcess := 0 // segments of the process so far
	for i := range p.segments {
		s := &p.segments[i]
		dst = append(dst, s.lead...)
		switch {
		case s.scope != fields.ScopeProcess || cached == nil:
			dst = s.append(dst, r)
		case miss:
			start := len(dst)
			dst = s.append(dst, r)
			j.cache.store(cached, dst[start:])
		default:
			dst = append(dst, cached.segments[ofProcess]...)
			ofProcess++
		}
	}
	j.out.data = append(dst, p.end...)
	return j.out.spill()
}

// Flush implements Renderer.
func (j *JSON) Flush() error { return j.out.flush() }

func (s *segment) append(dst []byte, r *fields.Row) []byte {
	for i := range s.members {
		dst = append(dst, s.members[i].before...)
		dst = appendJSON(dst, s.members[i].get(r))
	}
	return dst
}

func appendJSON(dst []byte, v fields.Value) []byte {
	switch v.Kind {
	case fields.Null:
		return append(dst, "null"...)
	case fields.Empty:
		return append(dst, `""`...)
	case fields.String:
		return jsontext.AppendString(dst, v.Str)
	case fields.Text:
		return jsontext.AppendString(dst, v.Raw)
	default:
		return v.Append(dst)
	}
}

func quote(s string) string { return string(jsontext.AppendString(nil, s)) }
