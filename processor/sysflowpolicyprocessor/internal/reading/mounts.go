package reading

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// putMounts writes a list of mounts into the memory of the one before.
func putMounts(v pcommon.Value, to *[]sysflow.Mount) bool {
	if v.Type() != pcommon.ValueTypeSlice {
		return false
	}
	list, s, ok := (*to)[:0], v.Slice(), true
	for i := range s.Len() {
		var m sysflow.Mount
		ok = putMount(s.At(i), &m) && ok
		list = append(list, m)
	}
	*to = list
	return ok
}

func putMount(v pcommon.Value, to *sysflow.Mount) bool {
	if v.Type() != pcommon.ValueTypeMap {
		return false
	}
	ok := true
	for key, part := range v.Map().All() {
		switch key {
		case "source":
			ok = putText(part, &to.Source) && ok
		case "destination":
			ok = putText(part, &to.Destination) && ok
		case "mode":
			ok = putText(part, &to.Mode) && ok
		case "rw":
			ok = putBool(part, &to.RW) && ok
		case "propagation":
			ok = putText(part, &to.Propagation) && ok
		}
	}
	return ok
}

// digestOf is the digest in the name of an image in a registry: "name@sha256:...". A digest
// may also stand alone.
func digestOf(name string) string {
	if _, digest, ok := strings.Cut(name, "@"); ok {
		return digest
	}
	return name
}
