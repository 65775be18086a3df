package capture

import (
	"strconv"
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// idMap tells which ids a user namespace has for the host's. nil maps every id to itself.
type idMap []idRange

type idRange struct {
	inside, outside, count uint32
}

// maxRanges is how many the kernel allows, see user_namespaces(7).
const maxRanges = 340

// parseIDMap parses /proc/PID/uid_map or gid_map.
func parseIDMap(text string) idMap {
	m := idMap{}
	for line := range strings.Lines(text) {
		f := strings.Fields(line)
		if len(f) != 3 || len(m) == maxRanges {
			continue
		}
		var v [3]uint32
		ok := true
		for i := range f {
			n, err := strconv.ParseUint(f[i], 10, 32)
			v[i], ok = uint32(n), ok && err == nil
		}
		if ok {
			m = append(m, idRange{v[0], v[1], v[2]})
		}
	}
	return m
}

// inside returns what an id of the host is called in the namespace, sysflow.UnknownID when it is
// not mapped. Ids are bit patterns, as in SysFlow.
func (m idMap) inside(id int32) int32 {
	if m == nil {
		return id
	}
	for _, r := range m {
		if d := uint32(id) - r.outside; uint32(id) >= r.outside && d < r.count {
			return int32(r.inside + d)
		}
	}
	return sysflow.UnknownID
}
