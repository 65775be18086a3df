package capture

import (
	"bytes"
	"path"
	"strings"
)

// pathOf puts together a path from its components as the kernel side sends them: last
// one first, each ended by a NUL. No component is the root.
func pathOf(components []byte) string {
	if len(components) == 0 {
		return "/"
	}
	var buf [512]byte
	out := buf[:0]
	for end := len(components) - 1; end >= 0; {
		start := bytes.LastIndexByte(components[:end], 0) + 1
		out = append(out, '/')
		out = append(out, components[start:end]...)
		end = start - 1
	}
	return string(out)
}

// nameOf makes a name that a system call got absolute. A relative one is joined to base,
// unless that was not open: then it stays relative, and an empty one empty.
func nameOf(base []byte, baseOpen bool, name string) string {
	switch {
	case strings.HasPrefix(name, "/"):
		return path.Clean(name)
	case baseOpen:
		return path.Join(pathOf(base), name)
	case name == "":
		return ""
	}
	return path.Clean(name)
}

// linkTarget makes the target of a symbolic link absolute: it is relative to the
// directory that the link is in.
func linkTarget(link, target string) string {
	if strings.HasPrefix(target, "/") || target == "" {
		return target
	}
	return path.Join(path.Dir(link), target)
}
