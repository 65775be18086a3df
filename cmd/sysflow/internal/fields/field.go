package fields

import (
	"fmt"
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/text"
)

// Scope tells what the value of a field depends on, so that it may be computed
// once for many rows.
type Scope uint8

// ScopeEvent: on the event or flow itself. ScopeProcess: only on the header, the
// process, its parent, its container and its pod.
const (
	ScopeEvent Scope = iota
	ScopeProcess
)

// Field is one thing that can be said about a row.
type Field struct {
	// Name is how the field is asked for and named in JSON, "proc.exe".
	Name string
	// Title heads the field's column in a table; Width is the column's usual width.
	Title string
	Width int
	// KeepStart keeps the beginning of a value that is too long for a table, else its end.
	KeepStart bool
	// Help is the meaning in a line.
	Help  string
	Scope Scope
	// OnDemand fields are printed when asked for by name, but are not part of "all".
	OnDemand bool
	// Kinds are the kinds of rows that can have a value, no kind meaning all. For others
	// the value is Missing.
	Kinds   Kinds
	Missing Kind
	// Get returns the value for a row of one of Kinds.
	Get func(r *Row) Value
	// Style is how a table on a terminal shows the value; nil leaves that to the table.
	Style func(r *Row) text.Style
}

// Value returns the value for any row.
func (f *Field) Value(r *Row) Value {
	if !f.Applies(r.kind) {
		return Value{Kind: f.Missing}
	}
	return f.Get(r)
}

// Applies reports whether rows of a kind can have a value.
func (f *Field) Applies(k sysflow.Kind) bool { return f.Kinds == 0 || f.Kinds&of(k) != 0 }

// Kinds is a set of record kinds.
type Kinds uint16

func of(kinds ...sysflow.Kind) Kinds {
	var set Kinds
	for _, k := range kinds {
		set |= 1 << k
	}
	return set
}

// Sets of kinds that fields have in common.
var (
	onlyPF   = of(sysflow.KindProcessFlow)
	onlyFF   = of(sysflow.KindFileFlow)
	onlyFE   = of(sysflow.KindFileEvent)
	onlyNE   = of(sysflow.KindNetworkEvent)
	onlyKE   = of(sysflow.KindK8sEvent)
	onlyGap  = of(sysflow.KindGap)
	onFiles  = onlyFF | onlyFE
	onNet    = of(sysflow.KindNetworkFlow, sysflow.KindNetworkEvent)
	counting = of(sysflow.KindNetworkFlow, sysflow.KindFileFlow)
	flows    = counting | onlyPF
	lasting  = flows | onlyGap
	results  = of(sysflow.KindProcessEvent, sysflow.KindFileEvent, sysflow.KindNetworkEvent)
	threaded = results | counting
	acting   = threaded | onlyPF
	sourced  = onFiles | onNet
)

// All returns every field, those of "all" in the order of sysprint's JSON.
func All() []Field {
	groups := [][]Field{
		recordFields(), operationFields(), processFields(), detailFields(), parentFields(), fileFields(), networkFields(),
		resourceFields(), flowFields(), containerFields(), containerDetailFields(), podFields(), nodeFields(), k8sFields(),
		gapFields(),
	}
	var all []Field
	for _, g := range groups {
		all = append(all, g...)
	}
	return all
}

// Complete returns the fields that sysprint prints when all are asked for.
func Complete() []Field {
	var out []Field
	for _, f := range All() {
		if !f.OnDemand {
			out = append(out, f)
		}
	}
	return out
}

// DefaultNames are the columns of a table when nothing else is asked for.
func DefaultNames() []string {
	return []string{
		"ts_uts", "type", "proc.exe", "proc.args", "pproc.pid", "proc.pid", "proc.tid",
		"opflags", "res", "flow.rbytes", "flow.wbytes", "container.id",
	}
}

// K8sEventNames are the columns that suit Kubernetes events.
func K8sEventNames() []string {
	return []string{"ts_uts", "type", "k8s.action", "k8s.kind", "k8s.msg"}
}

// Select returns the named fields in the order of names. Names may have sfql's
// prefix "sf.".
func Select(names []string) ([]Field, error) {
	byName := make(map[string]Field)
	for _, f := range All() {
		byName[f.Name] = f
	}
	out := make([]Field, 0, len(names))
	seen := make(map[string]bool, len(names))
	for _, n := range names {
		name := strings.TrimPrefix(strings.TrimSpace(n), "sf.")
		f, ok := byName[name]
		switch {
		case !ok:
			return nil, fmt.Errorf("unknown field %q%s; --list shows all names", name, suggestion(name))
		case seen[name]:
			return nil, fmt.Errorf("field %q is named twice", name)
		}
		seen[name] = true
		out = append(out, f)
	}
	return out, nil
}

// suggestion names the fields that end alike, since a forgotten prefix ("exe" for
// "proc.exe") is the usual mistake.
func suggestion(name string) string {
	last := name[strings.LastIndexByte(name, '.')+1:]
	var like []string
	for _, f := range All() {
		if last != "" && strings.HasSuffix(f.Name, "."+last) {
			like = append(like, f.Name)
		}
	}
	if len(like) == 0 {
		return ""
	}
	return " (did you mean " + strings.Join(like, " or ") + "?)"
}
