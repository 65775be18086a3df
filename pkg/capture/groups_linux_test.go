//go:build amd64 || arm64

package capture

import (
	"reflect"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/bpf"
)

// tableOf returns the table of system calls as the groups leave it.
func tableOf(t *testing.T, g EventGroups) []uint8 {
	t.Helper()
	spec, err := bpf.LoadCapture()
	require.NoError(t, err)
	require.NoError(t, g.switchOff(spec))
	classes := make([]uint8, spec.Variables[bpf.CaptureVarClassOf].Size())
	require.NoError(t, spec.Variables[bpf.CaptureVarClassOf].Get(classes))
	return classes
}

func allGroups() EventGroups {
	var all EventGroups
	for i := range reflect.ValueOf(all).NumField() {
		reflect.ValueOf(&all).Elem().Field(i).SetBool(true)
	}
	return all
}

func TestSwitchOff(t *testing.T) {
	on, off := tableOf(t, allGroups()), tableOf(t, EventGroups{})
	operations := classesOf(t, "CLASS_SETGID", "CLASS_PERSONALITY")
	for _, class := range operations {
		assert.Contains(t, on, uint8(class))
		assert.NotContains(t, off, uint8(class))
	}
	for nr, class := range on {
		if !slices.Contains(operations, bpf.CaptureSyscallClass(class)) {
			assert.LessOrEqual(t, off[nr], class, "system call %d", nr)
		}
	}
	// what changes a process is still looked at
	for nr, want := range map[int]bpf.CaptureSyscallClass{
		106: bpf.CaptureSyscallClassCLASS_CREDENTIALS, 126: bpf.CaptureSyscallClassCLASS_CREDENTIALS,
		272: bpf.CaptureSyscallClassCLASS_NAMESPACES, 157: bpf.CaptureSyscallClassCLASS_RENAME_TASK,
		101: bpf.CaptureSyscallClassCLASS_NONE, 62: bpf.CaptureSyscallClassCLASS_NONE, 161: bpf.CaptureSyscallClassCLASS_NONE,
	} {
		assert.Equal(t, want, bpf.CaptureSyscallClass(off[nr]), "system call %d", nr)
	}
}

// TestSwitchOffOne: a group switches nothing but its own.
func TestSwitchOffOne(t *testing.T) {
	g := DefaultEventGroups()
	before := tableOf(t, g)
	g.Ptrace = false
	after := tableOf(t, g)
	before[101] = uint8(bpf.CaptureSyscallClassCLASS_NONE)
	assert.Equal(t, before, after)
}

func TestSwitchOffFilesAndSockets(t *testing.T) {
	attributes := classesOf(t, "CLASS_CHMOD", "CLASS_SETXATTRAT")
	sockets := classesOf(t, "CLASS_DUP", "CLASS_LISTEN")
	all := tableOf(t, allGroups())
	for _, class := range append(attributes, sockets...) {
		assert.Contains(t, all, uint8(class))
	}
	g := allGroups()
	g.FileAttributes = false
	for _, class := range attributes {
		assert.NotContains(t, tableOf(t, g), uint8(class))
	}
	g = allGroups()
	g.Sockets = false
	for _, class := range sockets {
		assert.NotContains(t, tableOf(t, g), uint8(class))
	}
}
