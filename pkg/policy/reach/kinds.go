package reach

import (
	"strings"
	"sync"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/expr"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// class is a set of records: those of a kind, of file flows those whose files are sockets and
// those whose are not. Together with the operations that is all that field.Def.ByKind allows
// fields to depend on, so one record stands for all that have both in common.
type class struct {
	kind sysflow.Kind
	file sysflow.FileType
}

// classes hold every record that rules are asked about.
var classes = []class{
	{kind: sysflow.KindProcessEvent},
	{kind: sysflow.KindFileEvent},
	{kind: sysflow.KindNetworkEvent},
	{kind: sysflow.KindProcessFlow},
	{sysflow.KindFileFlow, sysflow.FileRegular},
	{sysflow.KindFileFlow, sysflow.FileUnix},
	{kind: sysflow.KindNetworkFlow},
	{kind: sysflow.KindK8sEvent},
}

// record returns one of the class of which nothing else is known.
func (c class) record(ops sysflow.OpFlags) *field.Record {
	return &field.Record{
		Kind: c.kind, Ops: ops, FD: sysflow.UnknownFD, Proto: sysflow.ProtoUnknown, File: field.File{Type: c.file}, Node: &field.Node{},
	}
}

// decides reports whether a value is the same for all records of the class with these operations, and
// so that of record: because it depends on no more, or records of the kind have not got what it
// depends on. It holds by how fields are defined, whatever values they have.
func (c class) decides(s *expr.Source, ops sysflow.OpFlags) bool {
	for _, f := range s.Fields {
		if !f.ByKind && f.Domain.Has(c.kind, ops) && c.has(f.Scope) {
			return false
		}
	}
	return true
}

// has reports whether records of the class have what a value depends on, see field.Record.
func (c class) has(scope field.Scope) bool {
	switch scope {
	case field.ScopeProcess:
		return c.kind != sysflow.KindK8sEvent
	case field.ScopeFile:
		return c.kind == sysflow.KindFileEvent || c.kind == sysflow.KindFileFlow
	case field.ScopeNewFile:
		return c.kind == sysflow.KindFileEvent
	}
	return true
}

// example is a record of a class with one operation, or without.
type example struct {
	record *field.Record
	// name is that of the operation among records of the kind: READ of files is RECV of the network.
	name string
}

// examples are those of each of the classes.
var examples = sync.OnceValue(func() [][]example {
	out := make([][]example, len(classes))
	for i, c := range classes {
		ops := c.kind.Operations()
		if ops == 0 || c.kind.IsFlow() {
			out[i] = append(out[i], example{record: c.record(0)})
		}
		for op := sysflow.OpFlags(1); op <= ops; op <<= 1 {
			if ops&op != 0 {
				out[i] = append(out[i], example{c.record(op), opName(c.record(op))})
			}
		}
	}
	return out
})

func opName(r *field.Record) string {
	def, ok := field.Lookup(field.Operations)
	if !ok {
		return r.Ops.String()
	}
	var v field.Value
	def.Get(r, field.Arg{}, &v)
	return strings.Join(v.Strs, "|")
}
