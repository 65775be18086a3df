package sysflowreceiver

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/container"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

func TestFilter(t *testing.T) {
	core, logs := observer.New(zapcore.WarnLevel)
	f, err := newFilter("proc.aname = sshd and not proc.name = sftp-server", &sysflow.Header{Exporter: "a"}, zap.New(core))
	require.NoError(t, err)
	f.lookup = func(string) (container.Info, container.State) { return container.Info{}, container.Unknown }
	told := map[int32]bool{}
	var fails error
	f.judge = func(pid int32, createTS int64, wanted bool) error {
		assert.Equal(t, int64(pid)*10, createTS)
		told[pid] = wanted
		return fails
	}
	process := func(pid, parent int64, exe string) *sysflow.Process {
		p := &sysflow.Process{OID: sysflow.OID{HPID: pid, CreateTS: pid * 10}, Exe: exe}
		if parent != 0 {
			p.POID = &sysflow.OID{HPID: parent, CreateTS: parent * 10}
		}
		return p
	}
	assert.False(t, f.Wants(process(1, 0, "/usr/sbin/sshd")))
	assert.True(t, f.Wants(process(2, 1, "/bin/bash")))
	assert.True(t, f.Wants(process(3, 2, "/bin/ls")))
	assert.False(t, f.Wants(process(4, 1, "/usr/lib/sftp-server")))
	assert.True(t, f.Wants(process(4, 1, "/bin/sh")))
	assert.Equal(t, map[int32]bool{1: false, 2: true, 3: true, 4: true}, told)
	assert.Zero(t, logs.Len())
	fails = errors.New("no such map")
	assert.True(t, f.Wants(process(4, 1, "/bin/sh")))
	assert.Equal(t, 1, logs.Len())
}

// A process is wanted until more is known of its container, if that is what matters.
func TestFilterByContainer(t *testing.T) {
	f, err := newFilter("container.image.repository = nginx", &sysflow.Header{}, zap.NewNop())
	require.NoError(t, err)
	state, info := container.Pending, container.Info{}
	f.lookup = func(id string) (container.Info, container.State) {
		if id == "" {
			return container.Info{}, container.Unknown
		}
		return info, state
	}
	f.judge = func(int32, int64, bool) error { return nil }
	p := &sysflow.Process{OID: sysflow.OID{HPID: 1}, ContainerID: "c0ffee000001"}
	assert.False(t, f.Wants(&sysflow.Process{OID: sysflow.OID{HPID: 2}}), "of the host")
	assert.True(t, f.Wants(p))
	assert.Empty(t, f.decided())
	state, info.Container = container.Known, &sysflow.Container{ID: "c0ffee000001", Image: "redis:7"}
	assert.Equal(t, []string{"c0ffee000001"}, f.decided())
	assert.False(t, f.Wants(p))
	assert.Empty(t, f.decided())
	info.Container = &sysflow.Container{ID: "c0ffee000001", Image: "nginx:1.27"}
	assert.True(t, f.Wants(p))
}
