//go:build linux

package guest

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/bpf"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/capture"
	"github.com/otelcol-sysflow/otelcol-sysflow/tests/internal/scenario"
	"github.com/otelcol-sysflow/otelcol-sysflow/tests/internal/trace"
)

// program is tests/scenario, compiled for this machine.
const program = "/scenario"

// TestDoctor wants all that the capture needs, and shows what it found.
func TestDoctor(t *testing.T) {
	for _, r := range capture.Check() {
		assert.True(t, r.OK, "%s: %s; %s", r.Name, r.Detail, r.Remedy)
		t.Logf("%s: %s", r.Name, r.Detail)
	}
}

// TestScenario wants every record that the scenario must yield, exactly, and none besides.
func TestScenario(t *testing.T) {
	w := startWatcher(t)
	run := scenario.Execute(t, program, without(t)...)
	compare(t, w, run)
}

// without says what the scenario leaves out: io_uring where the kernel lacks hooks for it.
func without(t *testing.T) []string {
	t.Helper()
	set, err := bpf.Load()
	require.NoError(t, err)
	if set.Spec.Programs[bpf.CaptureProgUringSubmit] == nil && set.Spec.Programs[bpf.CaptureProgUringSubmitOld] == nil {
		return []string{"-uring"}
	}
	return nil
}

// TestHeld begins the capture while a program has files and connections open.
func TestHeld(t *testing.T) {
	held := scenario.Hold(t, program)
	w := startWatcher(t)
	run := held.Continue(t)
	compare(t, w, run)
}

func compare(t *testing.T, w *watcher, run *scenario.Run) {
	t.Helper()
	exe, args := scenario.OwnImage(t)
	want, err := scenario.Expect(run, exe, args)
	require.NoError(t, err)
	f := scenario.NewFolder(want, run)
	trace.ReadAvro(t, w.stop(t), f.Add)
	scenario.Check(t, want.V6(), f)
}
