package reach

import (
	"strings"
	"sync"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// kinds are those that rules are asked about; flows have several operations.
var kinds = []struct {
	kind sysflow.Kind
	flow bool
}{
	{sysflow.KindProcessEvent, false},
	{sysflow.KindFileEvent, false},
	{sysflow.KindNetworkEvent, false},
	{sysflow.KindProcessFlow, true},
	{sysflow.KindFileFlow, true},
	{sysflow.KindNetworkFlow, true},
	{sysflow.KindK8sEvent, false},
}

// example is a sample with one operation, or of a kind without.
type example struct {
	record *field.Record
	// name is that of the operation among records of the kind: READ of files is RECV of the network.
	name string
}

// examples are those of each of the kinds.
var examples = sync.OnceValue(func() [][]example {
	out := make([][]example, len(kinds))
	for i, k := range kinds {
		ops := k.kind.Operations()
		if ops == 0 {
			out[i] = []example{{record: sample(k.kind, 0)}}
			continue
		}
		for op := sysflow.OpFlags(1); op <= ops; op <<= 1 {
			if ops&op != 0 {
				out[i] = append(out[i], example{sample(k.kind, op), opName(k.kind, op)})
			}
		}
	}
	return out
})

func opName(kind sysflow.Kind, op sysflow.OpFlags) string {
	def, ok := field.Lookup(field.Operations)
	if !ok {
		return op.String()
	}
	var v field.Value
	def.Get(&field.Record{Kind: kind, Ops: op}, field.Arg{}, &v)
	return strings.Join(v.Strs, "|")
}
