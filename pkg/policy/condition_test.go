package policy

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

func TestProcessCondition(t *testing.T) {
	node := &field.Node{}
	shell := &field.Process{Process: sysflow.Process{OID: sysflow.OID{HPID: 7}, Exe: "/bin/bash", ExeArgs: "-l", UserName: "root"}, Node: node}
	curl := &field.Process{
		Process: sysflow.Process{OID: sysflow.OID{HPID: 8}, Exe: "/usr/bin/curl", UID: 1000, UserName: "joe", ContainerID: "c0ffee000001"},
		Parent:  shell, Node: node,
		Container: &sysflow.Container{ID: "c0ffee000001", Image: "docker.io/library/alpine:3.20", Privileged: true},
		Pod:       &sysflow.Pod{Name: "web-0", Namespace: "shop"},
	}
	for _, tt := range []struct {
		text        string
		shell, curl bool
		inherited   bool
	}{
		{"container.id exists", false, true, true},
		{"not container.id exists", true, false, true},
		{"container.id = host", true, false, true},
		{"sf.container.id exists", false, true, true},
		{"proc.name = bash", true, false, true},
		{"proc.name in (curl, wget) and user.uid >= 1000", false, true, true},
		{"proc.cmdline contains '-l'", true, false, true},
		{"proc.args startswith -l", true, false, true},
		{"proc.pname = bash", false, true, false},
		{"proc.aname = bash", false, true, false},
		{"sf.pproc.name = bash", false, true, false},
		{"proc.pid = 8", false, true, false},
		{"k8s.ns.name = shop", false, true, true},
		{"container.image.repository endswith alpine", false, true, true},
		{"user.name = root or k8s.pod.name = web-0", true, true, true},
		{"not (user.name = root)", false, true, true},
		{"sf.proc.exe startswith /usr", false, true, true},
	} {
		t.Run(tt.text, func(t *testing.T) {
			c, err := ParseProcessCondition(tt.text)
			require.NoError(t, err)
			for range 2 {
				assert.Equal(t, tt.shell, c.Holds(shell))
				assert.Equal(t, tt.curl, c.Holds(curl))
			}
			assert.Equal(t, tt.inherited, c.Inherited())
			assert.Equal(t, strings.Contains(tt.text, "image") || strings.Contains(tt.text, "k8s"), c.AsksRuntime())
			assert.Equal(t, strings.Contains(tt.text, "container") || strings.Contains(tt.text, "k8s"), c.AsksContainer())
		})
	}
}

// A process that changes is asked about again.
func TestProcessConditionOfChangedProcess(t *testing.T) {
	c, err := ParseProcessCondition("proc.name = curl")
	require.NoError(t, err)
	p := &field.Process{Process: sysflow.Process{Exe: "/bin/sh"}, Node: &field.Node{}}
	assert.False(t, c.Holds(p))
	p.Exe = "/usr/bin/curl"
	p.Changed()
	assert.True(t, c.Holds(p))
}

func TestProcessConditionErrors(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"", "column 1: the condition is empty"},
		{"proc.name =", "column 12: "},
		{"proc.nmae = bash", `unknown field "proc.nmae"; did you mean proc.name?`},
		{"evt.type = execve", "evt.type is not about a process: ask for what processes (proc.*), users, containers and pods are"},
		{"fd.name = /etc/passwd and proc.name = cat", "fd.name is not about a process"},
		{"proc.name = a and\nproc.pid = many", "line 2, column 12: "},
		{"spawned_process and proc.name = sh", `column 1: "spawned_process" is no comparison; macros are known in rule files only`},
		{"container.ip = 10.0.0.1", "container.ip is not known of a process: "},
	} {
		t.Run(tt.text, func(t *testing.T) {
			_, err := ParseProcessCondition(tt.text)
			require.Error(t, err)
			assert.ErrorContains(t, err, tt.want)
		})
	}
}

func FuzzProcessCondition(f *testing.F) {
	for _, s := range []string{"container.id exists", "proc.name in (a, b)", "not (user.uid > 0 or proc.aname[2] = sh)", "k8s.pod.label[app] = x"} {
		f.Add(s)
	}
	p := &field.Process{Process: sysflow.Process{Exe: "/bin/sh", UID: 1}, Node: &field.Node{}}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := ParseProcessCondition(text)
		if err != nil {
			assert.NotEmpty(t, err.Error())
			return
		}
		first := c.Holds(p)
		assert.Equal(t, first, c.Holds(p))
	})
}
