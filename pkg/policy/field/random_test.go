package field

import (
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// world draws records in which everything occurs, unlikely combinations included.
type world struct {
	*rand.Rand
	texts []string
}

func newWorld(seed uint64, texts ...string) *world {
	return &world{
		Rand: rand.New(rand.NewPCG(seed, 1)),
		texts: append(texts, "", "/", "/etc/passwd", "/usr/bin/bash", "relative", "/dir/", "ff0a->bb01 /run/x.sock", "/dev/log",
			"a b  c", "/a-rather-long-name-of-a-program", "10.0.0.1", "nginx:1.25", "docker.io/library/nginx:1@sha256:aa"),
	}
}

func (w *world) text() string { return w.texts[w.IntN(len(w.texts))] }
func (w *world) coin() bool   { return w.IntN(2) == 0 }
func (w *world) small() int64 { return w.Int64N(6) - 1 }
func (w *world) bits() int32  { return w.Int32N(1<<21) & w.Int32N(1<<21) }
func (w *world) ops() sysflow.OpFlags {
	return sysflow.OpFlags(w.Int64N(int64(sysflow.OpDup)<<1) & w.Int64N(int64(sysflow.OpDup)<<1))
}
func (w *world) port() int32 { return w.Int32N(1 << 16) }

func (w *world) fileType() sysflow.FileType {
	return [...]sysflow.FileType{'f', 'f', 'd', 'u', 'p', '4', '6', '?', 0, 'x'}[w.IntN(10)]
}

func (w *world) addr() netip.Addr {
	return [...]netip.Addr{
		{},
		netip.MustParseAddr("10.0.0.1"), netip.MustParseAddr("192.0.2.7"), netip.MustParseAddr("127.0.0.1"),
		netip.MustParseAddr("::1"), netip.MustParseAddr("2001:db8::1"), netip.MustParseAddr("0.0.0.0"),
	}[w.IntN(7)]
}

func (w *world) node() *Node {
	return &Node{Name: w.text(), IP: w.text(), SchemaVersion: w.small(), TraceFile: w.text()}
}

func (w *world) process(depth int) *Process {
	if depth == 0 || w.IntN(8) == 0 {
		return nil
	}
	p := &Process{Process: sysflow.Process{
		OID: sysflow.OID{HPID: w.small(), CreateTS: w.small()}, Exe: w.text(), ExeArgs: w.text(),
		UID: int32(w.small()), UserName: w.text(), GID: int32(w.small()), GroupName: w.text(),
		TTY: w.coin(), Entry: w.coin(), CWD: w.text(), Env: []string{"A=1", w.text(), "PATH=/bin"}[:w.IntN(4)],
	}, Node: w.node(), Version: w.Uint64N(3)}
	if w.coin() {
		p.ContainerID = w.text()
		p.Container = w.container(p.ContainerID)
		p.Pod = &sysflow.Pod{
			TS: w.small(), ID: w.text(), Name: w.text(), NodeName: w.text(), Namespace: w.text(), RestartCount: w.small(),
			HostIP: []int64{w.Int64N(1 << 32), -1}[:w.IntN(3)], InternalIP: []int64{w.Int64N(1 << 32), 1 << 40}[:w.IntN(3)],
			Labels:   map[string]string{"app": w.text(), "b": w.text()},
			Services: []sysflow.Service{{Name: w.text(), PortList: []sysflow.Port{{Port: w.port()}, {}}, ClusterIP: []int64{1, 0x0100000a}}, {}}[:w.IntN(3)],
		}
	}
	if w.coin() {
		p.Details = w.details()
	}
	if p.Parent = w.process(depth - 1); p.Parent != nil && w.coin() {
		p.POID = &p.Parent.OID
	} else if w.coin() {
		p.POID = &sysflow.OID{HPID: w.small(), CreateTS: w.small()}
	}
	return p
}

func (w *world) container(id string) *sysflow.Container {
	return &sysflow.Container{
		ID: id, Name: w.text(), Image: w.text(), ImageID: w.text(), Type: sysflow.ContainerType(w.IntN(12)), Privileged: w.coin(),
		Runtime: []string{"", "", "podman", w.text()}[w.IntN(4)], ImageDigest: w.text(),
		Labels: []map[string]string{nil, {"app": w.text(), "b": "", "annotation.x": "y"}}[w.IntN(2)],
		Mounts: []sysflow.Mount{
			{Source: w.text(), Destination: "A", Mode: w.text(), RW: w.coin(), Propagation: w.text()},
			{Source: "A", Destination: w.text(), Mode: "ro", Propagation: "rprivate"},
		}[:w.IntN(3)],
	}
}

func (w *world) details() *sysflow.ProcessDetails {
	id := func() int32 { return int32(w.small()) }
	namespace := func() int64 { return [...]int64{0, 1, firstPIDNamespace, firstIPCNamespace}[w.IntN(4)] }
	return &sysflow.ProcessDetails{
		Comm: w.text(), Argv0: w.text(), ExeFlags: sysflow.ExeFlags(w.IntN(16)), ExeIno: w.small(), ExeCTime: w.small(), ExeMTime: w.small(),
		CapPermitted: w.Int64(), CapEffective: w.Int64(), CapInheritable: w.Int64(),
		RealUID: id(), SavedUID: id(), RealGID: id(), SavedGID: id(), LoginUID: id(), LoginUser: w.text(),
		SID: id(), PGID: id(), VPID: id(), VSID: id(), VPGID: id(),
		Namespaces: sysflow.Namespaces{
			Cgroup: namespace(), IPC: namespace(), Mnt: namespace(), Net: namespace(), PID: namespace(), User: namespace(), UTS: namespace(),
		},
	}
}

// args may have any name that fields ask for.
func (w *world) args() []string {
	var list []string
	for range w.IntN(4) {
		names := namesOfArgs
		if w.coin() {
			names = []string{"uid", "name", "flags", "mode", "addr"}
		}
		list = append(list, names[w.IntN(len(names))]+"="+[...]string{
			w.text(), "0644", "4755", "0", "7", "-1", "0x10", "O_RDONLY|O_CREAT", "0o17", "9999999999999999999999", "99999999",
		}[w.IntN(11)])
	}
	if w.IntN(4) == 0 {
		list = append([]string{w.text()}, list...)
	}
	return list
}

// namesOfArgs are those that fields ask for.
var namesOfArgs = func() []string {
	var names []string
	for _, list := range [][][2]string{symbolArgs, numberArgs} {
		for _, a := range list {
			names = append(names, a[0])
		}
	}
	return names
}()

func (w *world) record() *Record {
	r := &Record{
		Kind: sysflow.Kind(w.IntN(int(sysflow.KindGap))), Ops: w.ops(), TS: w.small() * 1e9, EndTS: w.small(), TID: w.small(),
		Ret: int32(w.IntN(200) - 150), HasRet: w.coin(), Args: w.args(), FD: int32(w.small()), Origin: sysflow.Origin(w.IntN(4)),
		File: File{Path: w.text(), Type: w.fileType()}, NewFile: File{Path: w.text(), Type: w.fileType()}, OpenFlags: sysflow.OpenFlags(w.bits()),
		SIP: w.addr(), DIP: w.addr(), SPort: w.port(), DPort: w.port(), Proto: [...]int32{6, 17, 1, 254, -1, 132}[w.IntN(6)],
		Counters: sysflow.Counters{NumRRecvOps: w.small(), NumWSendBytes: w.small()},
		K8sKind:  sysflow.K8sComponent(w.IntN(12)), K8sAction: sysflow.K8sAction(w.IntN(8)), K8sMessage: `{"items":[{"namespace":"kube"}]}`,
		Process: w.process(5), Node: w.node(),
	}
	if w.coin() {
		r.File.OID = &sysflow.FOID{byte(w.IntN(256))}
	}
	return r
}

// alter returns another record that has in common with r only what the scope names.
func (w *world) alter(r *Record, scope Scope) *Record {
	o := w.record()
	switch scope {
	case ScopeProcess:
		o.Process = r.Process
	case ScopeFile:
		o.File.Path = r.File.Path
	case ScopeNewFile:
		o.NewFile.Path = r.NewFile.Path
	case ScopeShape:
		o.Kind, o.Ops, o.OpenFlags, o.Proto, o.HasRet, o.Origin = r.Kind, r.Ops, r.OpenFlags, r.Proto, r.HasRet, r.Origin
		o.File.Type, o.NewFile.Type = r.File.Type, r.NewFile.Type
		for o.SIP.Is6() != r.SIP.Is6() || o.SIP.IsValid() != r.SIP.IsValid() {
			o.SIP = w.addr()
		}
		if r.HasRet && (r.Ret < 0 || o.Ret < 0) {
			o.Ret = r.Ret
		}
	case ScopeRecord:
		return r
	}
	return o
}

// refs are all fields that can be asked, with arguments where they take some.
func refs() []Ref {
	var list []Ref
	for _, d := range All() {
		if d.Answer == Unanswerable {
			continue
		}
		one := d
		if d.single != nil {
			one = d.single
		}
		if d.Arg != RequiredKey && d.Arg != RequiredIndex {
			list = append(list, Ref{Def: d, Text: d.Name})
		}
		switch d.Arg {
		case OptionalIndex, RequiredIndex:
			for _, n := range []int{0, 1, 2, 63, 64, 1 << 30} {
				list = append(list, Ref{Def: one, Text: d.Name + "[n]", Arg: Arg{Given: true, Index: n}})
			}
		case OptionalKey, RequiredKey, JSONPath:
			for _, key := range []string{"A", "PATH", "app", "mode", "1", "99999999999", "items.0.namespace", "#", "0.ports.0.port", "0", "[", "@this|@pretty"} {
				list = append(list, Ref{Def: one, Text: d.Name + "[" + key + "]", Arg: Arg{Given: true, Key: key}})
			}
		}
	}
	return list
}

func (r Ref) ask(rec *Record) *Value {
	v := &Value{}
	r.Get(rec, r.Arg, v)
	return v
}

func sameValue(a, b *Value) bool {
	return a.Present == b.Present && a.Str == b.Str && a.Int == b.Int && a.Addr == b.Addr &&
		slices.Equal(a.Strs, b.Strs) && slices.Equal(a.Ints, b.Ints) && slices.Equal(a.Addrs, b.Addrs)
}

// An engine remembers values by scope, so that a value must not depend on more.
func TestScopes(t *testing.T) {
	w, all := newWorld(1), refs()
	for range 300 {
		r := w.record()
		for _, ref := range all {
			o := w.alter(r, ref.Scope)
			if ref.Scope == ScopeShape {
				require.Equal(t, r.Shape(), o.Shape())
			}
			require.True(t, sameValue(ref.ask(r), ref.ask(o)), "%s depends on more than its scope: %q and %q",
				ref.Text, ref.ask(r).Text(ref.Def), ref.ask(o).Text(ref.Def))
		}
	}
}

func TestEveryAnswerableFieldHasValues(t *testing.T) {
	w, all := newWorld(2), refs()
	silent := map[string]bool{}
	for _, d := range All() {
		silent[d.Name] = d.Answer != Unanswerable
	}
	for range 3000 {
		r := w.record()
		for _, ref := range all {
			if !silent[ref.Name] {
				continue
			}
			if v := ref.ask(r); v.Present {
				silent[ref.Name] = false
				assert.False(t, ref.Multi && len(v.Strs)+len(v.Ints)+len(v.Addrs) == 0, "%s: a value without elements", ref.Text)
			}
		}
	}
	for name, is := range silent {
		assert.False(t, is, "%s never has a value", name)
	}
}

func TestValuesAreClean(t *testing.T) {
	w, all := newWorld(3), refs()
	for range 100 {
		r := w.record()
		for _, ref := range all {
			v := ref.ask(r)
			if !v.Present {
				require.Empty(t, v.Str, ref.Text)
				require.Zero(t, v.Int, ref.Text)
				require.False(t, v.Addr.IsValid(), ref.Text)
				require.Empty(t, v.Text(ref.Def), ref.Text)
			}
			if ref.Type == Bool {
				require.Contains(t, []int64{0, 1}, v.Int, ref.Text)
			}
		}
	}
}

// A rule that compares with a text which is none of Def.Values is told so.
func TestClosedFieldsHaveNoOtherValues(t *testing.T) {
	w := newWorld(4)
	seen := map[string]map[string]bool{}
	for range 5000 {
		r := w.record()
		if r.Kind.IsEntity() {
			continue
		}
		for _, d := range All() {
			if d.Values == nil {
				continue
			}
			if seen[d.Name] == nil {
				seen[d.Name] = map[string]bool{}
			}
			v := Ref{Def: d}.ask(r)
			for _, text := range append(v.Strs, v.Str) {
				require.True(t, d.Allows(text), "%s: %q", d.Name, text)
				seen[d.Name][text] = true
			}
		}
	}
	for name, texts := range seen {
		d, _ := Lookup(name)
		for _, text := range d.Values {
			assert.True(t, texts[text], "%s is never %q", name, text)
		}
	}
	assert.Len(t, seen, 26)
}

func FuzzGetters(f *testing.F) {
	f.Add(uint64(1), "/bin/sh", "ff->ee x")
	f.Add(uint64(2), ":", "@")
	all := refs()
	f.Fuzz(func(_ *testing.T, seed uint64, one, two string) {
		w := newWorld(seed, one, two)
		strange := w.record()
		strange.K8sMessage = one
		orphan := w.record()
		orphan.Process, orphan.Node = nil, nil
		var v Value
		for _, r := range []*Record{strange, orphan, {}, {Process: &Process{}}} {
			for _, ref := range all {
				v.Reset()
				ref.Get(r, ref.Arg, &v)
				_ = v.Text(ref.Def)
			}
		}
	})
}
