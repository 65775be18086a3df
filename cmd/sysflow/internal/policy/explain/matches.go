package explain

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/engine"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/expr"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// matches lists the kinds of records, and their operations, that can match. What depends on
// more than those counts as possible, so the list may be too long but lacks nothing.
func matches(b *strings.Builder, r *policy.Rule) {
	for i, c := range r.Conditions {
		title := "Can match"
		if len(r.Conditions) > 1 {
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

// operationsOf lists the operations that records of a kind can have; flows have several.
var operationsOf = []struct {
	kind  sysflow.Kind
	title string
	flow  bool
	ops   sysflow.OpFlags
}{
	{sysflow.KindProcessEvent, "PE process event", false, sysflow.OpClone | sysflow.OpExec | sysflow.OpExit | sysflow.OpSetuid | sysflow.OpSetns},
	{sysflow.KindFileEvent, "FE file event", false, sysflow.OpMkdir | sysflow.OpRmdir | sysflow.OpLink | sysflow.OpUnlink | sysflow.OpSymlink | sysflow.OpRename},
	{sysflow.KindNetworkEvent, "NE network event", false, sysflow.OpAccept | sysflow.OpConnect | sysflow.OpReadRecv | sysflow.OpWriteSend | sysflow.OpClose | sysflow.OpShutdown},
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
				names = append(names, op.String())
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

// judge decides what kind and operations alone decide about a condition.
type judge struct {
	expr  expr.Expr
	atoms map[string]int
	// engine answers each atom on its own.
	engine *engine.Engine
	list   []*expr.Atom
}

func newJudge(e expr.Expr) *judge {
	j := &judge{expr: e, atoms: make(map[string]int)}
	j.collect(e)
	var p engine.Program
	for _, a := range j.list {
		p.Rules = append(p.Rules, a)
	}
	j.engine = engine.New(p, engine.Options{})
	return j
}

func (j *judge) collect(e expr.Expr) {
	switch e := e.(type) {
	case expr.And:
		for _, o := range e {
			j.collect(o)
		}
	case expr.Or:
		for _, o := range e {
			j.collect(o)
		}
	case expr.Not:
		j.collect(e.Operand)
	case *expr.Atom:
		if _, known := j.atoms[e.Key()]; !known {
			j.atoms[e.Key()] = len(j.list)
			j.list = append(j.list, e)
		}
	}
}

// truth is what is known about a condition.
type truth int

const (
	no truth = iota
	maybe
	yes
)

// can reports whether a record of the kind and operations of r can satisfy the condition.
func (j *judge) can(r *field.Record) bool {
	held := make(map[int]bool)
	for _, i := range j.engine.Match(j.engine.Subject(r.Process), r).Rules {
		held[i] = true
	}
	return j.truth(j.expr, r, held) != no
}

func (j *judge) truth(e expr.Expr, r *field.Record, held map[int]bool) truth {
	switch e := e.(type) {
	case expr.Const:
		if e {
			return yes
		}
		return no
	case expr.And:
		out := yes
		for _, o := range e {
			out = min(out, j.truth(o, r, held))
		}
		return out
	case expr.Or:
		out := no
		for _, o := range e {
			out = max(out, j.truth(o, r, held))
		}
		return out
	case expr.Not:
		return yes - j.truth(e.Operand, r, held)
	case *expr.Atom:
		switch {
		case !decided(e, r):
			return maybe
		case held[j.atoms[e.Key()]]:
			return yes
		}
		return no
	}
	return maybe
}

// byKind are the fields that depend on nothing but kind and operations.
var byKind = map[string]bool{"sf.type": true, "sf.opflags": true, "evt.type": true}

// decided reports whether kind and operations decide a test: because it is about them, or
// because records of the kind have no such value.
func decided(a *expr.Atom, r *field.Record) bool {
	all := true
	for _, f := range a.Source.Fields {
		all = all && byKind[f.Name]
	}
	if all {
		return true
	}
	var v field.Value
	a.Source.Get(r, &v)
	return !v.Present || a.Source.EmptyIfMissing && v.Str == ""
}

// sample returns a record of a kind that has every value that records of its kind can have.
func sample(kind sysflow.Kind, ops sysflow.OpFlags) *field.Record {
	node := &field.Node{Name: "x", IP: "192.0.2.1", SchemaVersion: 1, TraceFile: "x"}
	r := &field.Record{Kind: kind, Ops: ops, TS: 1, TID: 1, FD: -1, Proto: sysflow.ProtoUnknown, Node: node}
	if kind == sysflow.KindK8sEvent {
		r.K8sKind, r.K8sAction, r.K8sMessage = sysflow.K8sPods, sysflow.K8sComponentAdded, `{"x":1}`
		return r
	}
	parent := process(node, nil)
	r.Process = process(node, process(node, parent))
	switch kind {
	case sysflow.KindProcessEvent, sysflow.KindFileEvent, sysflow.KindNetworkEvent:
		r.HasRet, r.Args = true, []string{"x"}
	default:
		r.EndTS = 2
		r.Counters = sysflow.Counters{NumRRecvOps: 1, NumWSendOps: 1, NumRRecvBytes: 1, NumWSendBytes: 1}
	}
	const path = "/x/x.x"
	switch kind {
	case sysflow.KindFileEvent:
		r.File, r.NewFile = field.File{Path: path, Type: 'f'}, field.File{Path: path, Type: 'f'}
	case sysflow.KindFileFlow:
		r.File, r.FD, r.OpenFlags = field.File{Path: path, Type: 'f'}, 3, sysflow.OpenReadWrite
	case sysflow.KindNetworkEvent, sysflow.KindNetworkFlow:
		addr := netip.MustParseAddr("192.0.2.1")
		r.SIP, r.DIP, r.SPort, r.DPort, r.Proto, r.FD = addr, addr, 1, 1, sysflow.ProtoTCP, 3
	}
	return r
}

func process(node *field.Node, parent *field.Process) *field.Process {
	return &field.Process{
		Process: sysflow.Process{
			OID: sysflow.OID{CreateTS: 1, HPID: 1}, POID: &sysflow.OID{CreateTS: 1, HPID: 1}, Exe: "/x/x", ExeArgs: "x", UID: 1, UserName: "x",
			GID: 1, GroupName: "x", ContainerID: "x", CWD: "/x/", Env: []string{"x=x"}, TTY: true, Entry: true,
		},
		Parent: parent, Node: node, Pod: &sysflow.Pod{ID: "x", Name: "x", NodeName: "x", Namespace: "x"},
		Container: &sysflow.Container{ID: "x", Name: "x", Image: "x/x:x", ImageID: "x", PodID: "x"},
	}
}
