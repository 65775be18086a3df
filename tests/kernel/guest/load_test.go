//go:build linux

package guest

import (
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/cilium/ebpf"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/bpf"
)

// logTail is how many lines of the verifier's log are shown of a program that is refused.
const logTail = 60

// TestLoad loads every program by itself, so that one that is refused does not hide the next, and
// shows how much of the verifier's limit (a million instructions) each takes.
func TestLoad(t *testing.T) {
	set, err := bpf.Load()
	require.NoError(t, err)
	t.Log(set)
	// what is switched off is not verified
	for name, knob := range set.Spec.Variables {
		if strings.HasPrefix(name, "want_") || name == bpf.CaptureVarFiltering {
			require.NoError(t, knob.Set(uint8(1)))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(set.Spec.Programs)) {
		t.Run(name, func(t *testing.T) {
			alone := set.Spec.Copy()
			alone.Programs = map[string]*ebpf.ProgramSpec{name: alone.Programs[name]}
			programs, err := ebpf.NewCollection(alone)
			if refused := new(ebpf.VerifierError); errors.As(err, &refused) {
				from := max(0, len(refused.Log)-logTail)
				t.Fatalf("%v\n%s", refused, strings.Join(refused.Log[from:], "\n"))
			}
			require.NoError(t, err)
			defer programs.Close()
			info, err := programs.Programs[name].Info()
			require.NoError(t, err)
			verified := "?"
			if n, ok := info.VerifiedInstructions(); ok {
				verified = strconv.FormatUint(uint64(n), 10)
			}
			t.Logf("%s verified instructions", verified)
		})
	}
}
