package reach

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/diag"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/expr"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/syntax"
)

func bind(t *testing.T, condition string) expr.Expr {
	t.Helper()
	n, problem := syntax.ParseCondition(condition, func(int) diag.Position { return diag.Position{} })
	require.Nil(t, problem)
	bound, found := expr.Bind(n)
	require.False(t, found.HasErrors(), "%v", found)
	return bound.Expr
}

func TestNever(t *testing.T) {
	never := []string{
		"sf.type = PE and sf.opflags = OPEN",
		"sf.type = PE and sf.type = FE",
		"evt.type = execve and fd.sport = 3",
		"sf.type in (FF) and sf.opflags = EXEC",
		"evt.type = execve and not sf.opflags = EXEC",
		"sf.type = NF and fd.name = x and sf.file.path = /x",
		"sf.type = FF and evt.type = execve",
		"sf.type = FF and sf.opflags = OPEN and sf.opflags = EXEC",
		"sf.type = KE and proc.name = x",
		"1 = 2",
	}
	can := []string{
		"sf.type = PE and sf.opflags = EXEC",
		"evt.type = openat and fd.name = /etc/shadow",
		"sf.opflags = OPEN and sf.opflags = READ",
		"sf.opflags = OPEN and sf.opflags = READ and not sf.opflags = CLOSE",
		"sf.opflags = OPEN and sf.opflags != CLOSE",
		"not sf.type = PE",
		"proc.name = a and proc.name = b",
		"sf.type = KE and sf.ke.action = K8S_COMPONENT_DELETED",
		"evt.type = execve or fd.sport = 3",
		"evt.type = setuid and evt.arg.uid = 0",
		"1 = 1",
		"sf.type = PF and sf.opflags = TRUNCATE",
		"sf.type = NF and evt.type = mmap",
		"sf.type = FF and sf.opflags = DIGEST",
		"fd.sockfamily = unix and sf.opflags = READ",
		"sf.opflags = WRITE and fd.sockfamily = unix",
		"sf.type = FF and fd.sockfamily = unix",
		"sf.type = FF and evt.type = connect",
		"evt.type = sendto and sf.type in (PE, FF)",
		"sf.type = FF and not sf.opflags exists",
		"sf.type = FF and len(sf.opflags) = 3",
		"sf.pod.hostip = 10.0.0.0/8",
		"sf.pod.services[0.name] = web",
		"container.label[app] = web",
		"proc.env[LD_PRELOAD] exists",
		`getopt(proc.args, "x:")[x] = foo`,
		"b64(proc.env[B]) = hello",
		"proc.loginshellid exists",
		"container.host_network exists",
		"sf.file.path = sf.proc.cwd and sf.type = PE",
	}
	list := make([]expr.Expr, 0, len(never)+len(can))
	for _, c := range append(append([]string{}, never...), can...) {
		list = append(list, bind(t, c))
	}
	for i, got := range Never(list...) {
		c := i < len(never)
		if c {
			assert.True(t, got, never[i])
		} else {
			assert.False(t, got, can[i-len(never)])
		}
		assert.Equal(t, got, len(Of(list[i])) == 0, "one by one")
	}
}

// TestEveryFieldCanBeThere: a field that is answered may have a value, with whatever stands in its brackets.
func TestEveryFieldCanBeThere(t *testing.T) {
	for _, name := range asked() {
		assert.False(t, Never(bind(t, name+" exists"))[0], name)
	}
}

func TestNeverOfMany(t *testing.T) {
	var list []expr.Expr
	for i := range 2*atOnce + 10 {
		list = append(list, bind(t, fmt.Sprintf("sf.type = %s and sf.opflags = OPEN and sf.proc.pid = %d", []string{"PE", "FF"}[i%2], i)))
	}
	for i, never := range Never(list...) {
		require.Equal(t, i%2 == 0, never, i)
	}
	assert.Empty(t, Never())
}

func TestOf(t *testing.T) {
	tests := map[string]string{
		"evt.type = execve":                      "[{PE [EXEC] false false}]",
		"sf.opflags = RECV":                      "[{NE [RECV] false false} {NF [RECV] false false}]",
		"sf.type = KE":                           "[{KE [] true false}]",
		"evt.type = connect":                     "[{FE [CONNECT] false false} {NE [CONNECT] false false} {FF [CONNECT] false false} {NF [CONNECT] false false}]",
		"sf.type = FF and not sf.opflags exists": "[{FF [] false true}]",
		"sf.type = PF":                           "[{PF [CLONE EXIT TRUNCATE] true true}]",
		"sf.type = FF and sf.opflags = OPEN and sf.opflags = READ": "[{FF [] false false}]",
		"sf.type = PE and sf.opflags = OPEN":                       "[]",
	}
	for condition, want := range tests {
		assert.Equal(t, want, fmt.Sprint(Of(bind(t, condition))), condition)
	}
}
