package explain

import (
	"fmt"
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/expr"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/reach"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// matches lists the kinds of records, and their operations, that can match.
func matches(b *strings.Builder, conditions []*expr.Bound) {
	for i, c := range conditions {
		title := "Can match"
		if len(conditions) > 1 {
			title = fmt.Sprintf("Can match step %d", i+1)
		}
		fmt.Fprintf(b, "\n%s:\n", title)
		kinds := reach.Of(c.Expr)
		if len(kinds) == 0 {
			b.WriteString("  nothing\n")
		}
		for _, k := range kinds {
			fmt.Fprintf(b, "  %s%s\n", titles[k.Kind], operations(k))
		}
	}
}

var titles = map[sysflow.Kind]string{
	sysflow.KindProcessEvent: "PE process event",
	sysflow.KindFileEvent:    "FE file event",
	sysflow.KindNetworkEvent: "NE network event",
	sysflow.KindProcessFlow:  "PF process flow",
	sysflow.KindFileFlow:     "FF file flow",
	sysflow.KindNetworkFlow:  "NF network flow",
	sysflow.KindK8sEvent:     "KE Kubernetes event",
}

func operations(k reach.Reach) string {
	switch {
	case k.Any && len(k.Ops) == 0:
		return ""
	case k.Any:
		return ": any operation"
	case len(k.Ops) > 0:
		return ": " + strings.Join(k.Ops, ", ")
	case k.None:
		return ": without an operation"
	}
	return ": several operations together"
}
