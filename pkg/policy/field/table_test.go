package field

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/syntax"
)

func TestTableIsSound(t *testing.T) {
	seen := map[string]bool{}
	for _, d := range All() {
		assert.False(t, seen[d.Name], "%s is there twice", d.Name)
		seen[d.Name] = true
		assert.NotEmpty(t, d.Desc, d.Name)
		assert.Equal(t, d.Language == SysFlow, strings.HasPrefix(d.Name, "sf."), d.Name)
		assert.Equal(t, d.Answer == Unanswerable, d.Get == nil, "%s: getter", d.Name)
		if d.Answer != Exact {
			assert.NotEmpty(t, d.Note, "%s: why", d.Name)
		}
		found, ok := Lookup(d.Name)
		assert.True(t, ok)
		assert.Same(t, d, found)
	}
}

func TestAllows(t *testing.T) {
	for _, test := range []struct {
		name, text string
		want       bool
	}{
		{"sf.type", "PE", true},
		{"sf.type", "pe", false},
		{"sf.type", "P", false},
		{"sf.file.type", "f", true},
		{"sf.file.type", "", true},
		{"sf.file.type", "file", false},
		{"sf.file.openflags", "O_CREAT", false},
		{"sf.net.proto", "tcp", true},
		{"sf.net.proto", "132", true},
		{"sf.net.proto", "-1", false},
		{"sf.net.proto", "TCP", false},
		{"fd.l4proto", "6", false},
		{"fd.typechar", "4", true},
		{"evt.dir", ">", false},
		{"sf.container.type", "DOCKER", true},
		{"sf.container.type", "docker", false},
		{"container.type", "cri-o", true},
		{"sf.ke.action", "K8S_COMPONENT_DELETED", true},
		{"sf.ke.kind", "K8S_PODS", true},
		{"sf.ke.kind", "PODS", false},
		{"evt.res", "anything", true},
	} {
		d, ok := Lookup(test.name)
		assert.True(t, ok, test.name)
		assert.Equal(t, test.want, d.Allows(test.text), "%s = %q", test.name, test.text)
	}
}

func TestResolve(t *testing.T) {
	for _, test := range []struct{ name, arg, want, hint string }{
		{name: "proc.name", want: "proc.name"},
		{name: "proc.aname", arg: "2", want: "proc.aname[2]"},
		{name: "proc.aname", arg: "x", want: `proc.aname takes a number in brackets, not "x"`, hint: "write proc.aname[1]"},
		{name: "proc.aname", arg: "-1", want: `proc.aname takes a number in brackets, not "-1"`, hint: "write proc.aname[1]"},
		{name: "proc.name", arg: "1", want: "proc.name takes nothing in brackets", hint: "write proc.name"},
		{name: "proc.env", arg: "PATH", want: "proc.env[PATH]"},
		{name: "k8s.pod.label", want: "k8s.pod.label needs a name in brackets", hint: "write k8s.pod.label[name]"},
		{name: "k8s.pod.label.app", want: "k8s.pod.label[app]"},
		{name: "k8s.pod.label.app.kubernetes.io/part-of", want: "k8s.pod.label[app.kubernetes.io/part-of]"},
		{name: "k8smeta.pod.label.a.label.b", want: "k8smeta.pod.label[a.label.b]"},
		{name: "k8s.ns.label.a-b", want: "k8s.ns.label[a-b]"},
		{name: "k8s.rc.label.a", want: "k8s.rc.label[a]"},
		{name: "k8s.rs.label.a", want: "k8s.rs.label[a]"},
		{name: "k8s.svc.label.a", want: "k8s.svc.label[a]"},
		{name: "container.label.a", want: "container.label[a]"},
		{name: "k8s.pod.label.", want: "k8s.pod.label needs something in the brackets", hint: "write k8s.pod.label[name]"},
		{name: "k8s.pod.label.a", arg: "b", want: `unknown field "k8s.pod.label.a"`, hint: "did you mean k8s.pod.label?"},
		{name: "k8s.pood.label.app", want: `unknown field "k8s.pood.label.app"`},
		{name: "evt.arg", arg: "flags", want: "evt.arg.flags"},
		{name: "evt.arg", arg: "0", want: "evt.arg[0]"},
		{name: "evt.arg.flags", want: "evt.arg.flags"},
		{name: "evt.arg.flaqs", want: `no system call has a parameter "flaqs"`, hint: "did you mean evt.arg.flags?"},
		{name: "evt.type.is.openat", want: "evt.type.is.openat"},
		{name: "sf.proc.nmae", want: `unknown field "sf.proc.nmae"`, hint: "did you mean sf.proc.name?"},
		{name: "nothing.like.it.at.all", want: `unknown field "nothing.like.it.at.all"`},
		{name: "sf.prog.args", want: "sf.proc.args"},
		{name: "sf-process.args", want: "sf.proc.args"},
		{name: "sf.proc.username", want: "sf.proc.user"},
		{name: "sf.is_open_read", want: "sf.file.is_open_read"},
		{name: "sf.is_open_write", want: "sf.file.is_open_write"},
		{name: "sf.state", want: "sf.state"},
	} {
		ref, problem := Resolve(&syntax.Field{Name: test.name, Arg: test.arg, HasArg: test.arg != ""})
		if problem != nil {
			assert.Equal(t, test.want, problem.Message)
			assert.Equal(t, test.hint, problem.Hint)
			continue
		}
		assert.Equal(t, test.want, ref.Text)
	}
}
