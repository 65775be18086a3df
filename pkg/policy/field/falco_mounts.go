package field

import (
	"strconv"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// falcoMounts are the mounts of containers. One is asked for by its number or by a path that
// may be a pattern: of the source, or for container.mount.source of the destination.
func falcoMounts() []*Def {
	g := group{Falco, ScopeProcess}
	source := func(m *sysflow.Mount) string { return m.Source }
	dest := func(m *sysflow.Mount) string { return m.Destination }
	one := func(name, desc string, by, get func(*sysflow.Mount) string) *Def {
		return g.keyed(name, desc+", by number or pattern", func(r *Record, key string) (string, bool) {
			m := r.mount(key, by)
			if m == nil {
				return "", false
			}
			return get(m), true
		}).note(noteV6)
	}
	whole := g.def("container.mount", "a mount by number or source: source, destination, mode, whether it is writable and propagation, with colons between them", String,
		func(r *Record, arg Arg, v *Value) {
			if m := r.mount(arg.Key, source); m != nil {
				v.Buf = appendMount(v.Buf[:0], m)
				v.setText(string(v.Buf))
			}
		}).arg(RequiredKey).note(noteV6)
	return []*Def{
		g.built("container.mounts", "mounts of the container like container.mount, with commas between them", func(b []byte, r *Record) []byte {
			c := r.container()
			for i := 0; c != nil && i < len(c.Mounts); i++ {
				if i > 0 {
					b = append(b, ',')
				}
				b = appendMount(b, &c.Mounts[i])
			}
			return b
		}).note(noteV6),
		whole,
		one("container.mount.source", "source of the mount at a destination", dest, source),
		one("container.mount.dest", "destination of the mount of a source", source, dest),
		one("container.mount.mode", "mode of the mount of a source", source, func(m *sysflow.Mount) string { return m.Mode }),
		one("container.mount.rdwr", "whether the mount of a source is writable", source, func(m *sysflow.Mount) string { return strconv.FormatBool(m.RW) }),
		one("container.mount.propagation", "propagation of the mount of a source", source, func(m *sysflow.Mount) string { return m.Propagation }),
	}
}

// mount is that with a number, or the first one of which a path matches a pattern.
func (r *Record) mount(key string, path func(*sysflow.Mount) string) *sysflow.Mount {
	c := r.container()
	if c == nil {
		return nil
	}
	if n, ok := ordinal(key); ok {
		if n < len(c.Mounts) {
			return &c.Mounts[n]
		}
		return nil
	}
	for i := range c.Mounts {
		if fits(key, path(&c.Mounts[i])) {
			return &c.Mounts[i]
		}
	}
	return nil
}

func appendMount(b []byte, m *sysflow.Mount) []byte {
	b = append(append(b, m.Source...), ':')
	b = append(append(b, m.Destination...), ':')
	b = append(append(b, m.Mode...), ':')
	b = append(strconv.AppendBool(b, m.RW), ':')
	return append(b, m.Propagation...)
}

// fits reports whether a text is like a pattern with * for any text and ? for any byte, which
// is what fnmatch makes of paths in libs.
func fits(pattern, text string) bool {
	// Where the last * stands, and how much of the text it has taken.
	star, taken := -1, 0
	p, t := 0, 0
	for t < len(text) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, taken = p, t
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == text[t]):
			p++
			t++
		case star >= 0:
			taken++
			p, t = star+1, taken
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == '*' {
		p++
	}
	return p == len(pattern)
}
