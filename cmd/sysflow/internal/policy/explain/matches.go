package explain

import (
	"fmt"
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/expr"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// matches lists the kinds of records, and their operations, that can match. What depends on
// more than those counts as possible, so the list may be too long but lacks nothing.
func matches(b *strings.Builder, conditions []*expr.Bound) {
	for i, c := range conditions {
		title := "Can match"
		if len(conditions) > 1 {
			title = fmt.Sprintf("Can match step %d", i+1)
		}
		fmt.Fprintf(b, "\n%s:\n", title)
		lines := possible(c.Expr)
		if len(lines) == 0 {
			lines = []string{"nothing"}
		}
		for _, l := range lines {
			fmt.Fprintf(b, "  %s\n", l)
		}
	}
}

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

// operationsOf lists the operations that records of a kind can have; flows have several.
var operationsOf = []struct {
	kind  sysflow.Kind
	title string
	flow  bool
	ops   sysflow.OpFlags
}{
	{sysflow.KindProcessEvent, "PE process event", false, processOps},
	{sysflow.KindFileEvent, "FE file event", false, fileOps},
	{sysflow.KindNetworkEvent, "NE network event", false, socketOps},
	{sysflow.KindProcessFlow, "PF process flow", true, sysflow.OpClone | sysflow.OpExit},
	{sysflow.KindFileFlow, "FF file flow", true, sysflow.OpSetns | sysflow.OpOpen | sysflow.OpAccept | sysflow.OpConnect | sysflow.OpReadRecv | sysflow.OpWriteSend | sysflow.OpClose | sysflow.OpTruncate | sysflow.OpShutdown | sysflow.OpMmap},
	{sysflow.KindNetworkFlow, "NF network flow", true, sysflow.OpAccept | sysflow.OpConnect | sysflow.OpReadRecv | sysflow.OpWriteSend | sysflow.OpClose | sysflow.OpTruncate | sysflow.OpShutdown},
	{sysflow.KindK8sEvent, "KE Kubernetes event", false, 0},
}

func possible(e expr.Expr) []string {
	j := newJudge(e)
	var out []string
	for _, k := range operationsOf {
		if k.ops == 0 {
			if j.can(sample(k.kind, 0)) {
				out = append(out, k.title)
			}
			continue
		}
		var names []string
		all := true
		for op := sysflow.OpFlags(1); op <= k.ops; op <<= 1 {
			switch {
			case k.ops&op == 0:
			case j.can(sample(k.kind, op)):
				names = append(names, opName(k.kind, op))
			default:
				all = false
			}
		}
		switch {
		case all:
			out = append(out, k.title+": any operation")
		case len(names) > 0:
			out = append(out, k.title+": "+strings.Join(names, ", "))
		case k.flow && j.can(sample(k.kind, k.ops)):
			out = append(out, k.title+": several operations together")
		}
	}
	return out
}

// opName returns the operation's name among records of a kind: READ of files is RECV of the network.
func opName(kind sysflow.Kind, op sysflow.OpFlags) string {
	def, ok := field.Lookup("sf.opflags")
	if !ok {
		return op.String()
	}
	var v field.Value
	def.Get(&field.Record{Kind: kind, Ops: op}, field.Arg{}, &v)
	return strings.Join(v.Strs, "|")
}
