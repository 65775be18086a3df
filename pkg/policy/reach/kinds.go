package reach

import (
	"strings"
	"sync"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// Operations of events.
const (
	processOps = sysflow.OpClone | sysflow.OpExec | sysflow.OpExit | sysflow.OpSetuid | sysflow.OpSetns |
		sysflow.OpPtrace | sysflow.OpSetgid | sysflow.OpCapset | sysflow.OpChroot | sysflow.OpUnshare | sysflow.OpPrctl | sysflow.OpKill |
		sysflow.OpModule | sysflow.OpBPF | sysflow.OpUserfaultfd | sysflow.OpMount | sysflow.OpUmount | sysflow.OpPivotRoot |
		sysflow.OpMemfdCreate | sysflow.OpPersonality
	fileOps = sysflow.OpOpen | sysflow.OpMkdir | sysflow.OpRmdir | sysflow.OpLink | sysflow.OpUnlink | sysflow.OpSymlink | sysflow.OpRename |
		sysflow.OpChmod | sysflow.OpChown | sysflow.OpFtruncate | sysflow.OpMknod | sysflow.OpSetxattr | sysflow.OpBind | sysflow.OpListen | sysflow.OpConnect
	socketOps = sysflow.OpAccept | sysflow.OpConnect | sysflow.OpReadRecv | sysflow.OpWriteSend | sysflow.OpClose | sysflow.OpShutdown |
		sysflow.OpSocket | sysflow.OpBind | sysflow.OpListen | sysflow.OpDup
)

// kinds lists the operations that records of a kind can have; flows have several.
var kinds = []struct {
	kind sysflow.Kind
	flow bool
	ops  sysflow.OpFlags
}{
	{sysflow.KindProcessEvent, false, processOps},
	{sysflow.KindFileEvent, false, fileOps},
	{sysflow.KindNetworkEvent, false, socketOps},
	{sysflow.KindProcessFlow, true, sysflow.OpClone | sysflow.OpExit},
	{sysflow.KindFileFlow, true, sysflow.OpSetns | sysflow.OpOpen | sysflow.OpAccept | sysflow.OpConnect | sysflow.OpReadRecv | sysflow.OpWriteSend | sysflow.OpClose | sysflow.OpTruncate | sysflow.OpShutdown | sysflow.OpMmap},
	{sysflow.KindNetworkFlow, true, sysflow.OpAccept | sysflow.OpConnect | sysflow.OpReadRecv | sysflow.OpWriteSend | sysflow.OpClose | sysflow.OpTruncate | sysflow.OpShutdown},
	{sysflow.KindK8sEvent, false, 0},
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
		if k.ops == 0 {
			out[i] = []example{{record: sample(k.kind, 0)}}
			continue
		}
		for op := sysflow.OpFlags(1); op <= k.ops; op <<= 1 {
			if k.ops&op != 0 {
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
