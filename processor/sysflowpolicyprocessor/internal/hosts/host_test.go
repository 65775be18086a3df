package hosts

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/plogs"
	"github.com/otelcol-sysflow/otelcol-sysflow/processor/sysflowpolicyprocessor/internal/reading"
)

// process reads a resource with some attributes and returns its process.
func process(t *testing.T, h *Host, attributes ...map[string]any) *field.Process {
	t.Helper()
	all := pcommon.NewMap()
	for _, m := range attributes {
		for k, v := range m {
			require.NoError(t, all.PutEmpty(k).FromRaw(v))
		}
	}
	var res reading.Resource
	res.Read(all)
	return h.Process(&res)
}

var (
	pid7      = map[string]any{"process.pid": 7}
	shell     = map[string]any{"process.executable.path": "/bin/sh", "process.parent_pid": 1}
	inWeb     = map[string]any{"container.id": "c"}
	web       = map[string]any{"container.name": "web", "container.image.name": "nginx"}
	inPod     = map[string]any{"k8s.pod.uid": "p"}
	pod       = map[string]any{"k8s.pod.name": "web-1", "k8s.namespace.name": "shop"}
	otherNode = map[string]any{"host.name": "n", "sysflow.trace.file": "b.sf"}
)

func TestProcessChanges(t *testing.T) {
	h := New()
	p := process(t, h, pid7, shell, inWeb, web, inPod, pod)
	require.NotNil(t, p)
	assert.Equal(t, "/bin/sh", p.Exe)
	assert.Equal(t, "web", p.Container.Name)
	assert.Equal(t, "p", p.Container.PodID)
	assert.Equal(t, "web-1", p.Pod.Name)
	version := p.Version

	same := []struct {
		name  string
		attrs []map[string]any
	}{
		{"the same", []map[string]any{pid7, shell, inWeb, web, inPod, pod}},
		{"ids of container and pod only", []map[string]any{pid7, shell, inWeb, inPod}},
		{"its id only", []map[string]any{pid7}},
	}
	for _, s := range same {
		assert.Same(t, p, process(t, h, s.attrs...), s.name)
		assert.Equal(t, version, p.Version, s.name)
		assert.Equal(t, "web", p.Container.Name, s.name)
	}

	changes := []struct {
		name  string
		attrs []map[string]any
	}{
		{"another program", []map[string]any{pid7, {"process.executable.path": "/bin/ls"}, inWeb, web, inPod, pod}},
		{"another name of the container", []map[string]any{pid7, {"process.executable.path": "/bin/ls"}, inWeb, {"container.name": "db"}, inPod, pod}},
		{"another trace", []map[string]any{pid7, {"process.executable.path": "/bin/ls"}, inWeb, inPod, otherNode}},
	}
	for _, s := range changes {
		version = p.Version
		assert.Same(t, p, process(t, h, s.attrs...), s.name)
		assert.Greater(t, p.Version, version, s.name)
	}
	assert.Equal(t, 1, h.processes.Len())
	assert.Zero(t, h.processes.Evicted())
}

func TestParentsThatComeLater(t *testing.T) {
	h := New()
	child := process(t, h, pid7, shell)
	assert.Nil(t, child.Parent)
	parent := process(t, h, map[string]any{"process.pid": 1, "process.executable.path": "/sbin/init"})
	assert.Same(t, parent, child.Parent)
}

func TestNoProcess(t *testing.T) {
	h := New()
	assert.Nil(t, process(t, h, map[string]any{"host.name": "n"}))
	a, b := process(t, h, shell), process(t, h, shell)
	assert.NotSame(t, a, b, "without id they cannot be told from others")
	assert.Zero(t, h.processes.Len())
	assert.Equal(t, int64(7), process(t, h, pid7).OID.HPID, "an id is better than nothing")
}

// The record of a pod says more than the resources of its processes, and is not forgotten
// when these say less.
func TestPodRecord(t *testing.T) {
	enc := plogs.NewEncoder(plogs.EncoderOptions{})
	enc.Add(&sysflow.Pod{ID: "p", Name: "web-1", Namespace: "shop", RestartCount: 3, Labels: map[string]string{"app": "web"}})
	ld := enc.Take()
	h := New()
	rl := ld.ResourceLogs().At(0)
	h.DescribePod(rl, rl.ScopeLogs().At(0).LogRecords().At(0))

	label := map[string]any{"k8s.pod.label.app": "web"}
	p := process(t, h, pid7, shell, inPod, pod, label)
	require.NotNil(t, p.Pod)
	assert.Equal(t, int64(3), p.Pod.RestartCount)
	version := p.Version
	p = process(t, h, pid7, shell, inPod, pod, map[string]any{"k8s.pod.label.app": "db"})
	assert.Equal(t, "db", p.Pod.Labels["app"])
	assert.Equal(t, int64(3), p.Pod.RestartCount)
	assert.Greater(t, p.Version, version)
}

func TestSteadyStateDoesNotAllocate(t *testing.T) {
	enc := plogs.NewEncoder(plogs.EncoderOptions{})
	enc.Add(&sysflow.Header{Exporter: "n"})
	enc.Add(&sysflow.Pod{ID: "p", Name: "web-1", Labels: map[string]string{"app": "web"}})
	enc.Add(&sysflow.Container{ID: "c", Name: "web", Image: "nginx:1.25", PodID: "p"})
	enc.Add(&sysflow.Process{OID: sysflow.OID{HPID: 7, CreateTS: 9}, Exe: "/bin/sh", ExeArgs: "-i", ContainerID: "c", Env: []string{"A=b"}})
	enc.Add(&sysflow.ProcessEvent{ProcOID: sysflow.OID{HPID: 7, CreateTS: 9}, OpFlags: sysflow.OpExec})
	var last plog.ResourceLogs
	for _, rl := range enc.Take().ResourceLogs().All() {
		last = rl
	}
	h := New()
	var res reading.Resource
	read := func() {
		res.Read(last.Resource().Attributes())
		h.Process(&res)
	}
	read()
	assert.Zero(t, testing.AllocsPerRun(100, read))
}
