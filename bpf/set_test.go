//go:build linux && (amd64 || arm64)

package bpf

import (
	"errors"
	"strings"
	"testing"

	"github.com/cilium/ebpf"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestFit leaves out what a kernel has no hook for, and one of two programs for the same hook.
func TestFit(t *testing.T) {
	for _, tt := range []struct {
		name          string
		exitArguments int
		missing       string
		want          string
		left          []string
	}{
		{name: "since 6.16", exitArguments: 2, missing: "none", want: CaptureProgProcessExit},
		{name: "before", exitArguments: 1, missing: "none", want: CaptureProgProcessExitOld},
		{
			name: "no such tracepoint", exitArguments: 2, missing: "sched_process_fork",
			want: CaptureProgProcessExit, left: []string{"process_fork (sched_process_fork)"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			spec, err := LoadCapture()
			require.NoError(t, err)
			s := &Set{Spec: spec}
			require.NoError(t, s.fit(func(p *ebpf.ProgramSpec) (int, error) {
				switch hook(p) {
				case tt.missing:
					return 0, errNoHook
				case "sched_process_exit":
					return tt.exitArguments, nil
				}
				return 1, nil
			}))
			for _, name := range []string{CaptureProgProcessExit, CaptureProgProcessExitOld} {
				assert.Equal(t, name == tt.want, spec.Programs[name] != nil, name)
			}
			assert.Equal(t, tt.left, s.Left)
			assert.Contains(t, s.Hooks(), "sys_exit")
			assert.Contains(t, s.Hooks(), "iter/task_file")
		})
	}

	s := &Set{Spec: &ebpf.CollectionSpec{Programs: map[string]*ebpf.ProgramSpec{
		"p": {AttachType: ebpf.AttachTraceRawTp, AttachTo: "x"},
	}}}
	broken := errors.New("broken")
	require.ErrorIs(t, s.fit(func(*ebpf.ProgramSpec) (int, error) { return 0, broken }), broken)
}

// TestSameNames: the Go side uses the names of the current programs for both sets, but for those of
// io_uring, which no kernel of the legacy set has hooks for, and of the table of flows, which there
// is a plain one.
func TestSameNames(t *testing.T) {
	current, err := LoadCapture()
	require.NoError(t, err)
	legacy, err := loadLegacy()
	require.NoError(t, err)
	assert.ElementsMatch(t, common(current.Programs), common(legacy.Programs))
	assert.ElementsMatch(t, common(current.Variables), common(legacy.Variables))
	assert.Subset(t, common(legacy.Maps), common(current.Maps))
}

func common[T any](named map[string]T) (names []string) {
	for name := range named {
		if !strings.HasPrefix(name, "uring_") && !strings.HasPrefix(name, "slot_") && name != CaptureMapFlowSlots {
			names = append(names, name)
		}
	}
	return names
}

func TestString(t *testing.T) {
	s := &Set{
		Spec: &ebpf.CollectionSpec{Programs: map[string]*ebpf.ProgramSpec{
			"a": {AttachType: ebpf.AttachTraceRawTp, AttachTo: "sys_exit"},
			"b": {AttachType: ebpf.AttachTraceIter, AttachTo: "task"},
			"c": {AttachType: ebpf.AttachTraceIter, AttachTo: "task"},
			"d": {},
		}},
		Left: []string{"e (f)"},
	}
	assert.Equal(t, "current programs on iter/task, sys_exit; this kernel has nothing for e (f)", s.String())
	s.Legacy, s.Left = true, nil
	assert.Equal(t, "legacy programs on iter/task, sys_exit", s.String())
}
