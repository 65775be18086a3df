package field

import (
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/diag"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

//go:generate go run ../../../internal/cmd/fielddoc -o ../../../docs/rule-fields.md

// table is built when first asked for and never changed.
type table struct {
	all    []*Def
	byName map[string]*Def
}

var fields = sync.OnceValue(func() *table {
	t := &table{byName: map[string]*Def{}}
	for _, part := range [][]*Def{
		sfRecord(), sfProc(), sfDetails(), sfFile(), sfNet(), sfContainer(),
		falcoEvt(), falcoEvtArgs(), falcoEvtUnanswerable(),
		falcoProc(), falcoExe(), falcoSessions(), falcoCapabilities(), falcoProcUnanswerable(), falcoThread(), falcoUser(),
		falcoFD(), falcoNet(), falcoNames(), falcoFDUnanswerable(), falcoFSPath(),
		falcoContainer(), falcoMounts(), falcoSharedNamespaces(), falcoContainerUnanswerable(), falcoK8s(),
	} {
		t.all = append(t.all, part...)
	}
	t.all = append(t.all, typeIs()...)
	for _, d := range t.all {
		t.byName[d.Name] = d
	}
	for name, domain := range domains() {
		t.byName[name].within(domain)
	}
	for _, name := range earlyTexts() {
		t.byName[name].Early = true
	}
	slices.SortFunc(t.all, func(a, b *Def) int { return strings.Compare(a.Name, b.Name) })
	return t
})

// earlyTexts are those of Def.Early.
func earlyTexts() []string {
	list := []string{"fd.nameraw", evtArg + "flags", evtArg + "mode"}
	for _, args := range [...][][2]string{symbolArgs, numberArgs} {
		for _, a := range args {
			list = append(list, evtArg+a[0])
		}
	}
	return list
}

// All returns every field that rules may name, by name. The slice is the caller's, the
// fields are shared.
func All() []*Def { return slices.Clone(fields().all) }

// Lookup returns the field of a name without brackets.
func Lookup(name string) (*Def, bool) {
	d, ok := fields().byName[name]
	return d, ok
}

// corrections are the names that published policies of SysFlow misspell.
var corrections = map[string]string{
	"sf.prog.args":     "sf.proc.args",
	"sf-process.args":  "sf.proc.args",
	"srf.proc.name":    "sf.proc.name",
	"sf.poc.name":      "sf.proc.name",
	"sf.proc.username": "sf.proc.user",
	"sf.file.typechar": "sf.file.type",
	"sf.is_open_read":  "sf.file.is_open_read",
	"sf.is_open_write": "sf.file.is_open_write",
}

// Correction returns what a misspelt name of a published policy means.
func Correction(name string) (string, bool) {
	means, ok := corrections[name]
	return means, ok
}

// Misspellings returns the names that Correction knows.
func Misspellings() []string { return slices.Sorted(maps.Keys(corrections)) }

// suggest returns the known field whose name is nearest, empty if none is near.
func suggest(name string) string { return diag.Nearest(name, maps.Keys(fields().byName)) }

// typeIs are evt.type.is.NAME: 1 if the record may stand for the event, otherwise 0.
func typeIs() []*Def {
	g := group{Falco, ScopeShape}
	var list []*Def
	for i := range events {
		e := &events[i]
		list = append(list, g.byKind("evt.type.is."+e.name, "1 if evt.type is "+e.name+", otherwise 0", Int, func(v *Value, kind sysflow.Kind, ops sysflow.OpFlags, socket bool) {
			v.Present = true
			if e.fits(kind, ops, socket) {
				v.Int = 1
			}
		}).note("see evt.type"))
	}
	return list
}
